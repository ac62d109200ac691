import { describe, expect, it } from 'vitest';
import { masterChecklist } from '../../src/channels/checklist.ts';
import type { Evidence, EvidenceStatus } from '../../src/transfer/evidence.ts';
import type { MappingAction, MappingRow } from '../../src/transfer/mapping.ts';
import type { Proof } from '../../src/transfer/finding.ts';
import type { EnvironmentRecord, RecordedResource, RecordedSecrets } from '../../src/transfer/record.ts';

const at = '2026-11-23T10:00:00.000Z';

function item(check: string, subject: string, status: EvidenceStatus = 'pass', observed = 'seen'): Evidence {
  return { layer: 1, check, subject, status, observed, expected: '', at, durationMs: 1 };
}

function resource(type: string, identity: string): RecordedResource {
  return { address: `${type}.x`, type, identity, id: identity, arn: null };
}

function secret(subject: string, action: MappingAction): MappingRow {
  return { kind: 'secret', subject, type: 'secret', source: subject, target: subject, action, reason: '' };
}

const resources = [
  resource('aws_lambda_function', 'line-bot-staging'),
  resource('aws_iam_role', 'line-bot-role-staging'),
  resource('aws_lambda_function_url', 'url'),
  resource('aws_dynamodb_table', 'watchlist-staging'),
];

const bot = { id: 'U1', name: 'Daily staging', handle: '@x' };

const policies = { rule: 'contract-policy', held: true, judged: 1, undecided: [], findings: [] };

const isolated = { ...policies, rule: 'credential-isolated' };

// Only what the checklist reads has to be there.
const complete = {
  version: 1,
  name: 'staging',
  source: 'dev',
  owner: 'mali',
  created: at,
  updated: at,
  expires: null,
  engine: 'terraform',
  status: 'verified',
  transfer: 't1',
  moduleDir: 'terraform',
  varFile: 'x',
  varFileOurs: true,
  backendFile: null,
  backendFileOurs: false,
  state: 's3://x/y',
  set: {},
  accepted: [],
  resources,
  proof: {
    phase: 'after-apply',
    held: true,
    verdicts: [policies, isolated],
    coverage: { handled: 4, nothingToDo: 0, unknown: [], unreadable: [] },
  },
  evidence: [
    ...resources.map(({ address }) => item('resource-exists', address)),
    item('function-invocable', 'aws_lambda_function.x'),
    item('url-answers', 'aws_lambda_function_url.x'),
    item('logs-present', 'aws_lambda_function.x'),
    item('webhook-configured', 'line'),
    item('reply-on-own-channel', 'line'),
    item('code-returned', 'line'),
  ],
  outputs: {},
  mapping: [secret('OPENROUTER_API_KEY', 'same-value'), secret('LINE_CHANNEL_SECRET', 'new-credential')],
  secrets: {
    provider: 'doppler',
    config: 'staging',
    made: true,
    sealed: true,
    fingerprints: {},
    missing: [],
  },
  channels: [{ kind: 'line', bot, sharedWith: null, webhookUrl: 'https://x' }],
} as unknown as EnvironmentRecord & {
  secrets: RecordedSecrets;
  proof: Proof;
};

const unticked = (input: EnvironmentRecord) =>
  masterChecklist(input)
    .filter(({ ticked, applicable }) => !ticked && applicable)
    .map(({ line, because }) => `${line}: ${because}`);

const withEvidence = (...changed: Evidence[]): EnvironmentRecord => ({
  ...complete,
  evidence: [
    ...complete.evidence.filter(
      (each) => !changed.some(({ check, subject }) => check === each.check && subject === each.subject),
    ),
    ...changed,
  ],
});

describe('the master checklist', () => {
  it('ticks every line of an environment that was seen to work', () => {
    expect(masterChecklist(complete)).toMatchInlineSnapshot(`
      [
        {
          "applicable": true,
          "because": "seen in the account: line-bot-staging",
          "line": "Lambda function created with correct name",
          "section": "Infrastructure",
          "ticked": true,
        },
        {
          "applicable": true,
          "because": "seen in the account: line-bot-role-staging; their policies are those of the source",
          "line": "IAM role created with correct permissions",
          "section": "Infrastructure",
          "ticked": true,
        },
        {
          "applicable": true,
          "because": "aws_lambda_function_url.x: seen",
          "line": "Function URL or API Gateway configured",
          "section": "Infrastructure",
          "ticked": true,
        },
        {
          "applicable": true,
          "because": "seen in the account: watchlist-staging",
          "line": "DynamoDB tables created",
          "section": "Infrastructure",
          "ticked": true,
        },
        {
          "applicable": true,
          "because": "Doppler: staging",
          "line": "Config created",
          "section": "Secrets",
          "ticked": true,
        },
        {
          "applicable": true,
          "because": "have a value: OPENROUTER_API_KEY",
          "line": "Shared secrets configured",
          "section": "Secrets",
          "ticked": true,
        },
        {
          "applicable": true,
          "because": "have a value: LINE_CHANNEL_SECRET; none is another environment's",
          "line": "Isolated secrets configured",
          "section": "Secrets",
          "ticked": true,
        },
        {
          "applicable": true,
          "because": ""Daily staging" (@x) is the bot of staging and of no other environment",
          "line": "New LINE channel created",
          "section": "External services",
          "ticked": true,
        },
        {
          "applicable": false,
          "because": "the environment uses none",
          "line": "New Telegram bot created",
          "section": "External services",
          "ticked": false,
        },
        {
          "applicable": true,
          "because": "line: seen",
          "line": "Webhook URL updated in external service",
          "section": "External services",
          "ticked": true,
        },
        {
          "applicable": true,
          "because": "accepted by the service: "Daily staging" (@x)",
          "line": "Access token issued and stored",
          "section": "External services",
          "ticked": true,
        },
        {
          "applicable": true,
          "because": "aws_lambda_function.x: seen",
          "line": "Lambda responds 200",
          "section": "Verification",
          "ticked": true,
        },
        {
          "applicable": true,
          "because": "aws_lambda_function.x: seen",
          "line": "Logs show execution",
          "section": "Verification",
          "ticked": true,
        },
        {
          "applicable": true,
          "because": "line: seen; line: seen",
          "line": "End-to-end test passed: user receives message",
          "section": "Verification",
          "ticked": true,
        },
      ]
    `);
  });

  it('ticks nothing by hope', () => {
    const empty: EnvironmentRecord = {
      ...complete,
      evidence: [],
      proof: null,
      secrets: null,
      channels: [{ kind: 'line', bot: null, sharedWith: null, webhookUrl: null }],
    };
    expect(masterChecklist(empty).some(({ ticked }) => ticked)).toBe(false);
    expect(masterChecklist(empty).every(({ because }) => because !== '')).toBe(true);
  });

  it('does not take a message for received before the code is back', () => {
    expect(unticked(withEvidence(item('code-returned', 'line', 'pending', 'a code was sent')))).toEqual([
      'End-to-end test passed: user receives message: line: a code was sent',
    ]);
  });

  it.each<[string, EnvironmentRecord, string]>([
    [
      'a resource that is gone',
      withEvidence(item('resource-exists', 'aws_dynamodb_table.x', 'fail')),
      'DynamoDB tables created: not seen in the account: aws_dynamodb_table.x',
    ],
    [
      'policies that differ',
      {
        ...complete,
        proof: {
          ...complete.proof,
          held: false,
          verdicts: [
            isolated,
            {
              ...policies,
              held: false,
              findings: [
                {
                  rule: 'contract-policy',
                  severity: 'error',
                  subject: 'aws_iam_role.x',
                  message: '',
                  hint: '',
                },
              ],
            },
          ],
        },
      },
      'IAM role created with correct permissions: policies differ: aws_iam_role.x',
    ],
    [
      'a URL that does not answer',
      withEvidence(item('url-answers', 'aws_lambda_function_url.x', 'fail', 'HTTP 502')),
      'Function URL or API Gateway configured: aws_lambda_function_url.x: HTTP 502',
    ],
    [
      'a secret without a value',
      {
        ...complete,
        secrets: { ...complete.secrets, missing: ['OPENROUTER_API_KEY'] },
      },
      'Shared secrets configured: without a value: OPENROUTER_API_KEY',
    ],
    [
      "another environment's bot",
      { ...complete, channels: [{ kind: 'line', bot, sharedWith: 'dev', webhookUrl: null }] },
      'New LINE channel created: "Daily staging" (@x) is the bot of dev',
    ],
  ])('names %s', (_name, input, line) => {
    expect(unticked(input)).toContain(line);
  });

  it("names a secret that is another environment's", () => {
    const finding = {
      rule: 'credential-isolated',
      severity: 'error',
      subject: 'LINE_CHANNEL_SECRET',
      message: '',
      hint: '',
    } as const;
    const proof = {
      ...complete.proof,
      verdicts: [policies, { ...isolated, held: false, findings: [finding] }],
    };
    expect(unticked({ ...complete, proof })).toEqual([
      'Isolated secrets configured: not its own: LINE_CHANNEL_SECRET',
      'Access token issued and stored: not its own: LINE_CHANNEL_SECRET',
    ]);
  });

  it('has no config to show where the caller’s environment holds the secrets', () => {
    const secrets = { ...complete.secrets, provider: 'env', config: '' } as const;
    expect(
      masterChecklist({ ...complete, secrets }).find(({ line }) => line === 'Config created'),
    ).toMatchObject({ ticked: false, applicable: false });
  });

  it('does not tick a channel that the configuration leaves out', () => {
    const item4 = { ...item('webhook-configured', 'line', 'skipped', 'no tester yet'), layer: 4 } as const;
    expect(
      unticked({ ...complete, channels: [], evidence: [...complete.evidence.slice(0, 7), item4] }),
    ).toEqual(['New LINE channel created: left out: no tester yet']);
  });

  it('has no use for channels where there are none', () => {
    const lines = masterChecklist({ ...complete, channels: [] });
    expect(lines.filter(({ applicable }) => !applicable).map(({ line }) => line)).toEqual([
      'New LINE channel created',
      'New Telegram bot created',
      'Webhook URL updated in external service',
      'Access token issued and stored',
      'End-to-end test passed: user receives message',
    ]);
  });
});
