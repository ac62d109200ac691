import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notComparable } from '../../src/diff/compare.ts';
import type { JsonObject } from '../../src/transfer/json.ts';
import { held, withHeld, withHeldValues, withMade } from '../proof/build.ts';
import { brief, compared, inB, pair, withoutB } from './build.ts';

const bot = 'aws_lambda_function.bot';

describe('the verdict', () => {
  it('is equal only where nothing differs and everything was read', () => {
    expect(compared(pair())).toMatchObject({ verdict: 'equal', differences: [], incomparable: [] });
    const unread = [{ subject: 'the secrets of dev', reason: 'access denied', hint: null }];
    expect(compared(pair(), { unread })).toMatchObject({ verdict: 'not-comparable', incomparable: unread });
    const differs = withMade(pair(), bot, { handler: 'main.handler' });
    expect(compared(differs).verdict).toBe('different');
    expect(compared(differs, { unread })).toMatchObject({
      verdict: 'not-comparable',
      differences: [{ what: 'handler' }],
    });
    expect(notComparable('dev', 'staging', unread).verdict).toBe('not-comparable');
  });
});

describe('resources', () => {
  it('are missing or extra, whichever side has them', () => {
    const input = inB(
      withoutB(pair(), 'aws_sqs_queue.jobs'),
      held('aws_sns_topic.news', {
        name: 'app-news-feature-auth',
        arn: 'arn:aws:sns:eu-west-1:1:app-news-feature-auth',
      }),
    );
    expect(brief(compared(input))).toEqual([
      'resource missing aws_sqs_queue.jobs',
      'resource extra aws_sns_topic.news',
    ]);
  });

  it('with no environment in their names are missing too, unless the other one uses them', () => {
    const alerts = held('aws_sns_topic.alerts', {
      name: 'app-all-alerts',
      arn: 'arn:aws:sns:eu-west-1:123456789012:app-all-alerts',
    });
    const lacking = withHeld(pair(), alerts);
    expect(brief(compared(lacking))).toEqual(['resource missing aws_sns_topic.alerts']);
    const user = held('aws_cloudwatch_metric_alarm.errors', {
      alarm_name: 'app-errors-feature-auth',
      alarm_actions: ['arn:aws:sns:eu-west-1:123456789012:app-all-alerts'],
    });
    const using = inB(
      withHeld(lacking, { ...user, values: { ...user.values, alarm_name: 'app-errors-dev' } }),
      user,
    );
    expect(compared(using)).toMatchObject({
      verdict: 'equal',
      notes: [{ subject: 'aws_sns_topic.alerts', message: "feature-auth uses dev's" }],
    });
  });

  it('with an environment in their instance keys are the same ones', () => {
    const queue = (key: string) =>
      held(`aws_sqs_queue.each["${key}"]`, {
        name: `app-each-${key}`,
        arn: `arn:aws:sqs:eu-west-1:1:app-each-${key}`,
      });
    expect(compared(inB(withHeld(pair(), queue('dev')), queue('feature-auth'))).verdict).toBe('equal');
  });

  it('that are nothing in the cloud are a note', () => {
    const diff = compared(withHeld(pair(), held('null_resource.once', { id: '1' })));
    expect(diff).toMatchObject({ verdict: 'equal', notes: [{ subject: 'null_resource.once' }] });
  });

  it('that Terraform will replace are a note', () => {
    const input = pair();
    const { state } = input.target;
    const tainted = (state?.resources ?? []).map((one) => ({ ...one, tainted: one.address === bot }));
    const made = { ...input, target: { ...input.target, state: state && { ...state, resources: tainted } } };
    expect(compared(made)).toMatchObject({ verdict: 'equal', notes: [{ subject: bot }] });
  });
});

describe('containers', () => {
  const address = 'aws_ecs_task_definition.web';
  const task = (environment: string, containers: readonly JsonObject[]): JsonObject => ({
    family: `web-${environment}`,
    container_definitions: JSON.stringify(containers),
  });
  const web = (more: JsonObject = {}): JsonObject => ({
    name: 'web',
    image: 'app:41',
    command: ['serve'],
    environment: [{ name: 'LOG_LEVEL', value: 'info' }],
    secrets: [{ name: 'API_TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:1:parameter/app/dev/token' }],
    ...more,
  });
  const inAuth = web({
    secrets: [{ name: 'API_TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:1:parameter/app/feature-auth/token' }],
  });
  const both = (containers: readonly JsonObject[]) =>
    inB(
      withHeld(pair(), held(address, task('dev', [web()]))),
      held(address, task('feature-auth', containers)),
    );

  it('are equal with another version of the image, and where their secrets come from under ρ', () => {
    expect(compared(both([{ ...inAuth, image: 'app:42' }])).verdict).toBe('equal');
  });

  it('differ by command, environment, image and what secrets come from', () => {
    const other = { ...inAuth, image: 'other:41', command: ['work'], environment: [] };
    expect(brief(compared(both([other])))).toEqual([
      `function different ${address} image of the container web`,
      `function different ${address} command of the container web`,
      `environment missing ${address} LOG_LEVEL of the container web`,
    ]);
    const elsewhere = web({
      secrets: [{ name: 'API_TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:1:parameter/x' }],
    });
    expect(brief(compared(both([elsewhere])))).toEqual([
      `environment different ${address} API_TOKEN of the container web`,
    ]);
  });

  it('are missing or extra themselves', () => {
    expect(brief(compared(both([{ ...inAuth, name: 'worker' }]))).slice(0, 2)).toEqual([
      `function different ${address} the container web`,
      `function different ${address} the container worker`,
    ]);
  });
});

describe('values that Terraform marks as sensitive', () => {
  it('are not shown, whatever they are', () => {
    const input = withMade(pair(), bot, { handler: 'hidden-canary' });
    const { state } = input.source;
    const marked = state.resources.map((one) =>
      one.address === bot ? { ...one, sensitivePaths: ['handler', 'environment'] } : one,
    );
    const hidden = { ...input, source: { ...input.source, state: { ...state, resources: marked } } };
    const made = withMade(hidden, bot, {
      environment: [
        { variables: { ENVIRONMENT: 'feature-auth', ITEMS: 'app-items-feature-auth', LOG_LEVEL: 'canary' } },
      ],
    });
    const diff = compared(made);
    expect(brief(diff)).toEqual([`function different ${bot} handler`]);
    expect(JSON.stringify(diff)).not.toContain('canary');
  });
});

describe('any other setting of a function', () => {
  it('is found from both sides, and turned round it is found again', () => {
    const settings = fc.constantFrom<[string, fc.JsonValue]>(
      ['handler', 'main.handler'],
      ['runtime', 'python3.12'],
      ['memory_size', 3008],
      ['timeout', 899],
      ['architectures', ['x86_64']],
      ['package_type', 'Image'],
    );
    fc.assert(
      fc.property(settings, fc.boolean(), ([key, value], inFirst) => {
        const values = { [key]: value } as JsonObject;
        const input = inFirst ? withHeldValues(pair(), bot, values) : withMade(pair(), bot, values);
        expect(compared(input)).toMatchObject({ verdict: 'different', differences: [{ subject: bot }] });
      }),
    );
  });
});
