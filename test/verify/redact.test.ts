import { describe, expect, it } from 'vitest';
import { explainerOf } from '../../src/verify/explain.ts';
import { createRedactor, type Redactor } from '../../src/redact/redactor.ts';
import { learnState } from '../../src/secrets/learn.ts';
import { redact, shortened } from '../../src/verify/redact.ts';
import { functionResource, stateOf } from './state.ts';

function knowing(...secrets: readonly string[]): Redactor {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.learn('SECRET', secret);
  return redactor;
}

describe('of a state', () => {
  it('takes sensitive values, what is in them, and variables with a telling name', () => {
    const state = stateOf({
      ...functionResource('f', {
        environment: [{ variables: { LINE_CHANNEL_SECRET: 'channel-secret', LOG: 'verbose' } }],
      }),
      sensitivePaths: ['settings', 'list.0.value'],
    });
    const [resource] = state.resources;
    const values = {
      ...resource?.values,
      settings: JSON.stringify({ password: 'pass-in-json' }),
      list: [{ value: 'in-a-list' }, { value: 'not-marked' }],
    };
    const redactor = createRedactor();
    learnState(redactor, { ...state, resources: resource ? [{ ...resource, values }] : [] });
    expect(redactor.text('channel-secret, pass-in-json, in-a-list, verbose, not-marked')).toBe(
      '«secret LINE_CHANNEL_SECRET», «secret aws_lambda_function.f.settings.password», «secret aws_lambda_function.f.list.0.value», verbose, not-marked',
    );
  });
});

describe('redact', () => {
  it.each([
    ['mysql://admin:hunter22@db:3306/x', 'hunter22'],
    ['Authorization: Bearer abcdefgh12345678', 'abcdefgh12345678'],
    [
      'https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1/x',
      'AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1',
    ],
    ['key AKIAIOSFODNN7EXAMPLE refused', 'AKIAIOSFODNN7EXAMPLE'],
    ['jwt eyJhbGciOiJI.eyJzdWIiOiIx.c2ln', 'eyJzdWIiOiIx'],
    ['password=hunter22 is wrong', 'hunter22'],
    ['{"token": "hunter22"}', 'hunter22'],
    ['deadbeefdeadbeefdeadbeefdeadbeef', 'deadbeefdeadbeef'],
    ['Xk29dLs8Qm20PzW7aBcD1 is no token', 'Xk29dLs8Qm20PzW7aBcD1'],
  ])('%s', (text, secret) => {
    expect(redact(text, createRedactor())).not.toContain(secret);
  });

  it('leaves what people need: ARNs, request ids, names', () => {
    const text =
      'arn:aws:dynamodb:eu-central-1:123456789012:table/Watchlist2-Dev by 11111111-2222-3333-4444-555555555555 in dr-daily-report-telegram-api-feature-auth';
    expect(redact(text, createRedactor())).toBe(text);
  });

  it('takes a known secret out even of an ARN', () => {
    expect(redact('arn:aws:iam::1:user/hunter22', knowing('hunter22'))).not.toContain('hunter22');
  });

  it('takes values out under names that sound like secrets, whoever knows them', () => {
    const text = String.raw`{"STRIPE_KEY":"sk1","log":"x"} {\"SALT\":\"s4lt\"} ENCRYPTION_KEY=k9 TABLE_NAME=notes PARTITION_KEY=id`;
    expect(redact(text, createRedactor())).toBe(
      String.raw`{"STRIPE_KEY":"«secret»","log":"x"} {\"SALT\":\"«secret»\"} ENCRYPTION_KEY=«secret» TABLE_NAME=notes PARTITION_KEY=id`,
    );
  });
});

describe('shortened', () => {
  it('is one line of bounded length', () => {
    const line = shortened(`a\n${'word '.repeat(100)}`, createRedactor());
    expect(line).toMatch(/^a word/);
    expect(line.length).toBeLessThanOrEqual(120);
  });
});

describe('explain', () => {
  const arn = 'arn:aws:dynamodb:eu-central-1:1:table/watchlist-staging';
  const state = stateOf({ ...functionResource('f'), type: 'aws_dynamodb_table', values: { arn } });
  const denied = (resource: string): string =>
    `AccessDeniedException: User: r is not authorized to perform: dynamodb:PutItem on resource: ${resource} because no identity-based policy allows the dynamodb:PutItem action`;

  it('says which action on what, and on whose side it lies', () => {
    const explain = explainerOf(state);
    expect(explain(denied(arn))).toMatch(
      /^access denied: dynamodb:PutItem on \S+watchlist-staging \(.*own: the policy of the role/,
    );
    expect(explain(denied(`${arn}/index/by-user`))).toMatch(/environment's own/);
    expect(explain(denied(arn.replace('staging', 'dev')))).toMatch(
      /watchlist-dev.*not one of this environment$/,
    );
  });
});
