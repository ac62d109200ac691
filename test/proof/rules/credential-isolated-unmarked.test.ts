import { describe, expect, it } from 'vitest';
import { credentialIsolated } from '../../../src/proof/rules/credential-isolated.ts';
import type { ProofInput, RuleResult } from '../../../src/proof/rule.ts';
import { credentialsGiven } from '../../../src/proof/same-credentials.ts';
import type { SecretsProofInput } from '../../../src/proof/secrets.ts';
import type { StateModel } from '../../../src/terraform/model.ts';
import { type SecretRule } from '../../../src/secrets/classify.ts';
import type { Fingerprinter } from '../../../src/secrets/fingerprint.ts';
import { SecretValues } from '../../../src/secrets/in-memory.ts';
import { secretsProofInput } from '../../../src/secrets/proof-input.ts';

const fingerprinter = {
  of: (value: string) => `${value.length < 8 ? 'weak' : 'hmac'}:k:${value}`,
} as unknown as Fingerprinter;

const token = 'p8Rk2/line-token-of-dev+4711==';

type Values = Readonly<Record<string, unknown>>;

const lambda = (variables: Values) => ({ environment: [{ variables }] });

/** One function on each side, `bot`, with these values. */
function judge(
  source: Values,
  target: Values,
  more: {
    readonly rules?: readonly SecretRule[];
    readonly secrets?: Readonly<Record<string, string>>;
    readonly variables?: readonly [source: Values, target: Values];
    readonly phase?: ProofInput['phase'];
    readonly others?: SecretsProofInput['others'];
  } = {},
): RuleResult {
  const resource = {
    mode: 'managed',
    type: 'aws_lambda_function',
    name: 'bot',
    modulePath: '',
    address: 'aws_lambda_function.bot',
  };
  const phase = more.phase ?? 'before-apply';
  const [ofSource = {}, ofTarget = {}] = more.variables ?? [];
  const state = { resources: [{ ...resource, values: target, sensitivePaths: [] }] };
  const plan = {
    changes: [{ ...resource, action: 'create', after: target, afterUnknown: false, afterSensitive: false }],
    dataSources: [],
    variables: {},
  };
  const secrets = secretsProofInput({
    place: 'the environment of the command',
    target: new SecretValues(more.secrets ?? {}),
    sources: [new SecretValues(more.secrets ?? {})],
    others: more.others ?? [],
    missing: [],
    classified: [],
    facts: { rules: more.rules },
    fingerprinter,
  });
  return credentialIsolated.check({
    phase,
    source: { name: 'dev', state: { resources: [{ ...resource, values: source }] }, variables: ofSource },
    target: {
      name: 't1',
      variables: ofTarget,
      ...(phase === 'before-apply' ? { plan, state: null } : { plan: null, state }),
    },
    secrets,
  } as unknown as ProofInput);
}

describe('a credential that nobody marked', () => {
  it('is an error where the record of another environment has its fingerprint', () => {
    const kept = credentialsGiven(
      {
        resources: [
          {
            mode: 'managed',
            type: 'aws_lambda_function',
            address: 'aws_lambda_function.bot',
            values: lambda({ LINE_TOKEN: token, LOG_LEVEL: 'info', API_KEY: 'one-4711-key' }),
          },
          {
            mode: 'managed',
            type: 'aws_lambda_function',
            address: 'aws_lambda_function.two',
            values: lambda({ API_KEY: 'two-4711-key' }),
          },
        ],
      } as unknown as StateModel,
      {},
      (key, value) =>
        key === 'LOG_LEVEL' ? null : { fingerprint: fingerprinter.of(value), class: 'isolated' },
    );
    expect(kept).toEqual({
      LINE_TOKEN: `hmac:k:${token}`,
      API_KEY: 'hmac:k:one-4711-key',
      'API_KEY in aws_lambda_function.two': 'hmac:k:two-4711-key',
    });
    const others = [{ environment: 't0', fingerprints: kept }];
    const own = { LINE_CHANNEL_ACCESS_TOKEN: 'one-of-devs-own-4711' };
    expect(
      judge(lambda(own), lambda({ LINE_CHANNEL_ACCESS_TOKEN: token }), { others }).findings,
    ).toMatchObject([
      {
        severity: 'error',
        message:
          'aws_lambda_function.bot: LINE_CHANNEL_ACCESS_TOKEN would have the same value in t1 as in t0 (as LINE_TOKEN). By its name it is a credential.',
      },
    ]);
    expect(judge(lambda(own), lambda({ LINE_TOKEN: 'one-of-t1s-own-4711' }), { others }).findings).toEqual(
      [],
    );
  });

  it('is an error where the source has the same, and says whose it is and where to get another', () => {
    const { findings, judged } = judge(
      lambda({ LINE_CHANNEL_ACCESS_TOKEN: token }),
      lambda({ LINE_CHANNEL_ACCESS_TOKEN: token }),
    );
    expect(judged).toBe(1);
    expect(findings).toEqual([
      {
        rule: 'credential-isolated',
        severity: 'error',
        subject: 'LINE_CHANNEL_ACCESS_TOKEN',
        message:
          'aws_lambda_function.bot: LINE_CHANNEL_ACCESS_TOKEN would have the same value in t1 as in dev (aws_lambda_function.bot). By its name it is a credential.',
        hint: 'Issue a new one for t1, and give the variable that feeds it a value of its own. LINE: in the channel of the new environment at https://developers.line.biz/console/. If environments may share it, say so under `secrets.rules` in the configuration.',
      },
    ]);
    expect(JSON.stringify(findings)).not.toContain(token);
  });

  it('is found after the apply, under another name, in containers, jobs and variables', () => {
    const found = (result: RuleResult): readonly string[] => result.findings.map(({ message }) => message);
    expect(
      found(judge(lambda({ STRIPE_KEY: token }), lambda({ STRIPE_KEY: token }), { phase: 'after-apply' })),
    ).toHaveLength(1);
    expect(found(judge(lambda({ BOT_TOKEN: token }), lambda({ TELEGRAM_TOKEN: token })))[0]).toContain(
      'TELEGRAM_TOKEN would have the same value in t1 as in dev (aws_lambda_function.bot, as BOT_TOKEN)',
    );
    const container = {
      container_definitions: JSON.stringify([{ name: 'web', environment: [{ name: 'SALT', value: token }] }]),
    };
    expect(found(judge(container, container))).toHaveLength(1);
    const job = { environment: [{ environment_variable: [{ name: 'DEPLOY_TOKEN', value: token }] }] };
    expect(found(judge(job, job))).toHaveLength(1);
    expect(
      judge({}, {}, { variables: [{ line_token: token }, { line_token: token }] }).findings[0]?.hint,
    ).toContain('give var.line_token a value of its own (TF_VAR_line_token)');
  });

  it('is told once, however many get it', () => {
    const both = lambda({ LINE_TOKEN: token });
    const { findings } = judge(both, both, { variables: [{ line_token: token }, { line_token: token }] });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toContain('aws_lambda_function.bot and 1 more: LINE_TOKEN');
    expect(judge(both, both, { secrets: { LINE_TOKEN: token } }).findings).toHaveLength(1);
  });

  it('of a few characters is a warning', () => {
    expect(judge(lambda({ ADMIN_PIN: '47-11' }), lambda({ ADMIN_PIN: '47-11' })).findings[0]?.severity).toBe(
      'warning',
    );
  });
});

describe('no credential of one environment', () => {
  it.each([
    ['another value', { LINE_TOKEN: `${token}2` }],
    ['a key for a service that only answers', { OPENAI_API_KEY: token }],
    ['the ARN of a secret', { LINE_TOKEN: 'arn:aws:secretsmanager:eu-west-1:1:secret:line' }],
    ['where a parameter lies', { LINE_TOKEN: '/daily-report/dev/line-token' }],
    ['a reference', { LINE_TOKEN: '{{resolve:ssm:line}}' }],
    ['the name of a secret', { LINE_TOKEN_NAME: token }],
    ['a key of a table', { PARTITION_KEY: 'tenant-and-user' }],
    ['the id of a key', { KMS_KEY_ID: '1234abcd-12ab-34cd-56ef-1234567890ab' }],
    ['a public key', { JWT_PUBLIC_KEY: token }],
    ['an address without credentials', { TOKEN_URL: 'https://login.example.com/oauth' }],
    ['a flag', { AUTH: 'true' }],
    ['an empty value', { LINE_TOKEN: '' }],
    ['a number of tokens', { MAX_TOKENS: '100000' }],
    ['a setting', { GREETING: token }],
  ])('%s', (_what, variables) => {
    const source = {
      LINE_TOKEN: token,
      ...variables,
      ...('LINE_TOKEN' in variables && variables.LINE_TOKEN?.startsWith(token) ? { LINE_TOKEN: token } : {}),
    };
    expect(judge(lambda(source), lambda(variables)).findings).toEqual([]);
  });

  it('what the configuration lets environments share', () => {
    const both = lambda({ LINE_TOKEN: token });
    expect(judge(both, both, { rules: [{ key: 'line_token', class: 'shared' }] }).findings).toEqual([]);
    const plain = lambda({ GREETING: token });
    expect(judge(plain, plain, { rules: [{ key: 'GREETING', class: 'isolated' }] }).findings).toHaveLength(1);
  });
});
