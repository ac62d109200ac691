import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DopplerSandbox, type SeededEnvironment, startDoppler } from '../../sandbox/doppler/start.ts';
import type { Document } from '../../src/cli/document.ts';
import { attributesOf, type DailyReport, dailyReport, variablesOf } from './daily-report.ts';
import { runCli, runJson } from './run.ts';

let project: DailyReport;
beforeEach(async () => {
  project = await dailyReport();
});
afterEach(() => project.close());

type Difference = NonNullable<Document['diff']>['differences'][number];

const bot = 'aws_lambda_function.line_bot';
const compare = () => runJson(project.dir, ['diff', 'dev', 'feature-auth']);

async function differences(): Promise<readonly Difference[]> {
  const { exitCode, document } = await compare();
  expect(document.error).toBeNull();
  expect({ exitCode, verdict: document.diff?.verdict }).toEqual({ exitCode: 1, verdict: 'different' });
  return document.diff?.differences ?? [];
}

interface Policy {
  Statement: { Sid?: string; Action: string | string[]; Resource: string | string[] }[];
}

/** Changes the policy of feature-auth's `aws_iam_role_policy.<name>`. */
async function editPolicy(name: string, change: (policy: Policy) => void): Promise<void> {
  await project.edit('feature-auth', (state) => {
    const attributes = attributesOf(state, `aws_iam_role_policy.${name}`);
    const policy = JSON.parse(String(attributes['policy'])) as Policy;
    change(policy);
    attributes['policy'] = JSON.stringify(policy);
  });
}

const secrets = [
  'dev-line-token-0001',
  'feature-auth-line-token-0002',
  'dev-aurora-password',
  'feature-auth-aurora-password',
  'openrouter-key-shared',
];

function expectNoSecret(text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret);
}

describe('two environments that differ by their names alone', () => {
  it('are equal: exit 0, and it says what was compared', async () => {
    const { exitCode, document } = await compare();
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      command: 'diff',
      source: 'dev',
      target: 'feature-auth',
      status: 'done',
    });
    expect(document.diff).toEqual({
      a: 'dev',
      b: 'feature-auth',
      readFrom: 'states',
      verdict: 'equal',
      differences: [],
      notes: [],
      incomparable: [],
      compared: { resource: 48, function: 3, environment: 47, policy: 14, secret: 6 },
    });
  });

  it('are equal the other way round, and in words', async () => {
    const { exitCode, stdout } = await runCli(project.dir, ['diff', 'feature-auth', 'dev']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('feature-auth and dev are equal, but for their names.');
    expect(stdout).toContain('48 resources, 3 functions, 47 environment variables, 14 policies, 6 secrets');
  });

  it('need no record: both may have been made by hand', async () => {
    await compare();
    await expect(readFile(join(project.dir, '.provision-env', 'records', 'dev.json'))).rejects.toThrow(
      'ENOENT',
    );
  });
});

describe('the common failures of the original description', () => {
  it('2: a missing environment variable', async () => {
    await project.edit('feature-auth', (state) => {
      delete variablesOf(state, bot)['REPORT_TIMEZONE'];
    });
    expect(await differences()).toEqual([
      {
        kind: 'environment',
        change: 'missing',
        subject: bot,
        what: 'REPORT_TIMEZONE',
        a: 'Asia/Bangkok',
        b: null,
        message: `${bot} lacks the environment variable REPORT_TIMEZONE in feature-auth`,
        explanation: null,
      },
    ]);
  });

  it('3: a wrong handler', async () => {
    await project.edit('feature-auth', (state) => {
      attributesOf(state, bot)['handler'] = 'main.handler';
    });
    expect(await differences()).toEqual([
      expect.objectContaining({
        kind: 'function',
        change: 'different',
        subject: bot,
        what: 'handler',
        a: 'index.handler',
        b: 'main.handler',
      }),
    ]);
  });

  it('4: a missing statement of a policy, with what it grants', async () => {
    await editPolicy('report_worker', (policy) => {
      policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== 'TakeDeliveries');
    });
    const found = await differences();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      kind: 'policy',
      change: 'missing',
      subject: 'aws_iam_role_policy.report_worker',
      what: 'policy, statement TakeDeliveries',
      b: null,
    });
    expect(found[0]?.a).toContain('Allow sqs:receivemessage on arn:aws:sqs:');
    expect(found[0]?.message).toContain('is missing in feature-auth: Allow ');
  });

  it('1: a credential that is the other environment’s, by fingerprint alone', async () => {
    await project.edit('feature-auth', (state) => {
      for (const name of ['line_bot', 'report_worker'])
        variablesOf(state, `aws_lambda_function.${name}`)['LINE_CHANNEL_ACCESS_TOKEN'] =
          'dev-line-token-0001';
    });
    const found = await differences();
    expect(found).toEqual([
      expect.objectContaining({
        kind: 'secret',
        change: 'not-own',
        subject: 'LINE_CHANNEL_ACCESS_TOKEN',
        a: expect.stringMatching(/^fingerprint [\w-]{8}$/) as string,
      }),
    ]);
    expect(found[0]?.a).toBe(found[0]?.b);
    expectNoSecret(JSON.stringify(found));
  });
});

describe('resources', () => {
  it('that one lacks or has beyond are named, with what they are called', async () => {
    await project.edit('feature-auth', (state) => {
      const table = state.resources.find(
        ({ type, name }) => type === 'aws_dynamodb_table' && name === 'watchlist',
      );
      state.resources = state.resources.filter((resource) => resource !== table);
      const extra = structuredClone(table);
      if (!extra) throw new Error('The state has no watchlist.');
      extra.name = 'archive';
      for (const { attributes } of extra.instances) {
        attributes['name'] = 'dr-daily-report-archive-feature-auth';
        attributes['arn'] =
          'arn:aws:dynamodb:ap-southeast-1:123456789012:table/dr-daily-report-archive-feature-auth';
        attributes['id'] = 'dr-daily-report-archive-feature-auth';
      }
      state.resources.push(extra);
    });
    const found = (await differences()).filter(({ kind }) => kind === 'resource');
    expect(found).toEqual([
      expect.objectContaining({
        change: 'missing',
        subject: 'aws_dynamodb_table.watchlist',
        a: 'dr-daily-report-telegram-watchlist-dev',
        b: null,
      }),
      expect.objectContaining({
        change: 'extra',
        subject: 'aws_dynamodb_table.archive',
        a: null,
        b: 'dr-daily-report-archive-feature-auth',
        explanation: 'the configuration does not have it',
      }),
    ]);
  });

  it('that are declared as shared are no difference', async () => {
    await project.write('provision-env.config.json', JSON.stringify({ shared: ['aws_sqs_queue.*'] }));
    await project.edit('feature-auth', (state) => {
      state.resources = state.resources.filter(({ type }) => type !== 'aws_sqs_queue');
    });
    const { document } = await compare();
    expect(document.diff?.differences.filter(({ kind }) => kind === 'resource')).toEqual([]);
    expect(document.diff?.notes.length).toBeGreaterThan(0);
    expect(document.diff?.notes[0]?.message).toContain('declared as shared (aws_sqs_queue.*)');
  });

  it('whose number a variable decides say which', async () => {
    await project.edit('feature-auth', (state) => {
      state.resources = state.resources.filter(({ type }) => type !== 'aws_rds_cluster_instance');
    });
    expect(await differences()).toContainEqual(
      expect.objectContaining({
        subject: 'aws_rds_cluster_instance.aurora[0]',
        change: 'missing',
        explanation: expect.stringMatching(/depends on var\./) as string,
      }),
    );
  });
});

describe('what functions run', () => {
  it.each([
    ['runtime', 'runtime', 'python3.12', 'nodejs22.x', 'python3.12'],
    ['memory_size', 'memory', 1024, '512', '1024'],
    ['timeout', 'timeout', 3, '120', '3'],
    ['architectures', 'architecture', ['x86_64'], '["arm64"]', '["x86_64"]'],
    [
      'layers',
      'layers',
      ['arn:aws:lambda:ap-southeast-1:1:layer:x:1'],
      null,
      '["arn:aws:lambda:ap-southeast-1:1:layer:x:1"]',
    ],
    ['image_config', 'image command', [{ command: ['app.main'] }], null, '["app.main"]'],
    [
      'vpc_config',
      'VPC subnets',
      [{ subnet_ids: ['subnet-0a'], security_group_ids: [] }],
      null,
      '["subnet-0a"]',
    ],
    ['reserved_concurrent_executions', 'reserved concurrency', 5, '-1', '5'],
  ])('%s', async (attribute, what, value, a, b) => {
    await project.edit('feature-auth', (state) => {
      attributesOf(state, bot)[attribute] = value;
    });
    const found = await differences();
    expect(found).toEqual([expect.objectContaining({ kind: 'function', subject: bot, what, a, b })]);
  });

  it('takes the order of subnets for nothing, and another version of the code for a note', async () => {
    const vpc = (subnets: readonly string[]) => [{ subnet_ids: subnets, security_group_ids: ['sg-1'] }];
    await project.edit('dev', (state) => {
      attributesOf(state, bot)['vpc_config'] = vpc(['subnet-0a', 'subnet-0b']);
    });
    await project.edit('feature-auth', (state) => {
      attributesOf(state, bot)['vpc_config'] = vpc(['subnet-0b', 'subnet-0a']);
      attributesOf(state, bot)['code_sha256'] = 'another';
    });
    const { exitCode, document } = await compare();
    expect(exitCode).toBe(0);
    expect(document.diff?.notes).toEqual([{ subject: bot, message: 'it runs another version of the code' }]);
  });

  it('says which variable explains a difference', async () => {
    await project.write(
      'terraform/terraform.feature-auth.tfvars',
      (await readFile(join(project.dir, 'terraform', 'terraform.feature-auth.tfvars'), 'utf8')).replace(
        /lambda_memory\s*= 512/,
        'lambda_memory = 1024',
      ),
    );
    await project.edit('feature-auth', (state) => {
      attributesOf(state, bot)['memory_size'] = 1024;
    });
    expect(await differences()).toEqual([
      expect.objectContaining({ what: 'memory', explanation: 'var.lambda_memory differs' }),
    ]);
  });
});

describe('environment variables', () => {
  it('show both values where neither is secret', async () => {
    await project.edit('feature-auth', (state) => {
      variablesOf(state, bot)['LOG_LEVEL'] = 'DEBUG';
      variablesOf(state, bot)['NEW_FLAG'] = 'on';
    });
    expect(await differences()).toEqual([
      expect.objectContaining({ kind: 'environment', what: 'LOG_LEVEL', a: 'INFO', b: 'DEBUG' }),
      expect.objectContaining({ kind: 'environment', change: 'extra', what: 'NEW_FLAG', a: null, b: 'on' }),
    ]);
  });

  it('that name what belongs to the other environment are no equal ones', async () => {
    await project.edit('feature-auth', (state) => {
      variablesOf(state, bot)['WATCHLIST_TABLE'] = 'dr-daily-report-telegram-watchlist-dev';
      variablesOf(state, bot)['ENVIRONMENT'] = 'dev';
    });
    expect(await differences()).toEqual([
      expect.objectContaining({ change: 'not-own', what: 'ENVIRONMENT', b: 'dev' }),
      expect.objectContaining({
        change: 'not-own',
        what: 'WATCHLIST_TABLE',
        message: expect.stringContaining("names dev's aws_dynamodb_table.watchlist") as string,
      }),
    ]);
  });

  it('never show a value under a telling key, marked by Terraform or not', async () => {
    await project.edit('dev', (state) => {
      variablesOf(state, bot)['PARTNER_API_KEY'] = 'partner-key-of-dev-123';
      variablesOf(state, bot)['CALLBACK'] = 'https://user:pa55word@partner.example/';
    });
    await project.edit('feature-auth', (state) => {
      variablesOf(state, bot)['PARTNER_API_KEY'] = 'partner-key-of-auth-456';
      variablesOf(state, bot)['CALLBACK'] = 'https://user:an0ther@partner.example/x';
    });
    const { document, stdout } = await compare();
    expect(document.diff?.differences.map(({ kind, subject, what }) => [kind, subject, what])).toEqual([
      ['environment', bot, 'CALLBACK'],
      ['secret', 'PARTNER_API_KEY', 'the state of feature-auth'],
    ]);
    expect(stdout).not.toMatch(/partner-key|pa55word|an0ther/);
  });
});

describe('policies', () => {
  it('name a grant that is missing in a statement, and one that is too much', async () => {
    await editPolicy('telegram_api', (policy) => {
      for (const statement of policy.Statement)
        if (statement.Sid === 'WriteWatchlist')
          statement.Action = ['dynamodb:PutItem', 'dynamodb:DeleteTable'];
    });
    const found = await differences();
    expect(found.map(({ kind, change, what }) => [kind, change, what])).toEqual([
      ['policy', 'missing', 'policy, statement WriteWatchlist'],
      ['policy', 'extra', 'policy, statement WriteWatchlist'],
    ]);
    const table = 'table/dr-daily-report-telegram-watchlist';
    expect(found[0]?.message).toMatch(
      new RegExp(`is incomplete in feature-auth: Allow dynamodb:deleteitem on \\S+${table}-dev$`),
    );
    expect(found[1]?.b).toMatch(new RegExp(`^Allow dynamodb:deletetable on \\S+${table}-feature-auth$`));
  });

  it('say nothing of order and splitting', async () => {
    await editPolicy('telegram_api', (policy) => {
      policy.Statement = policy.Statement.toReversed().flatMap((statement) =>
        [statement.Action].flat().map((Action) => ({ ...statement, Action })),
      );
    });
    expect((await compare()).exitCode).toBe(0);
  });

  it('that grant the other environment’s things are no equal ones', async () => {
    await editPolicy('line_bot', (policy) => {
      for (const statement of policy.Statement)
        statement.Resource = [statement.Resource].flat().map((arn) => arn.replaceAll('feature-auth', 'dev'));
    });
    const found = await differences();
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ kind, change }) => `${kind} ${change}`))).toEqual(
      new Set(['policy not-own']),
    );
  });

  it('include those that are attached', async () => {
    const managed = 'arn:aws:iam::aws:policy/service-role/AWSLambda';
    await project.edit('feature-auth', (state) => {
      const attached = state.resources.find(({ name }) => name === 'basic_execution');
      const [first] = attached?.instances ?? [];
      if (!first) throw new Error('Nothing is attached.');
      first.attributes['policy_arn'] = `${managed}VPCAccessExecutionRole`;
    });
    expect((await differences()).map(({ message }) => message)).toEqual([
      `The role dr-daily-report-line-bot-role-feature-auth lacks ${managed}BasicExecutionRole and has ${managed}VPCAccessExecutionRole beyond dev's`,
    ]);
  });
});

describe('secrets', () => {
  const dotenv = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

  beforeEach(async () => {
    await project.write('provision-env.config.json', JSON.stringify({ secrets: { provider: 'dotenv' } }));
    await project.write(
      '.env.dev',
      dotenv([
        'LINE_CHANNEL_SECRET=dev-line-secret-0001',
        'OPENROUTER_API_KEY=openrouter-key-shared',
        'FEATURES=a,b',
      ]),
    );
  });

  it('of the store are compared by fingerprint: lacking, shared and not own', async () => {
    await project.write(
      '.env.feature-auth',
      dotenv([
        'LINE_CHANNEL_SECRET=dev-line-secret-0001',
        'OPENROUTER_API_KEY=another-key-altogether',
        'FEATURES=',
      ]),
    );
    const { document, stdout } = await compare();
    expect(
      document.diff?.differences.map(({ kind, subject, change, what }) => [kind, subject, change, what]),
    ).toEqual([
      ['secret', 'FEATURES', 'missing', 'the file .env.feature-auth'],
      ['secret', 'LINE_CHANNEL_SECRET', 'not-own', 'the file .env.feature-auth'],
      ['secret', 'OPENROUTER_API_KEY', 'different', 'the file .env.feature-auth'],
    ]);
    expect(stdout).not.toMatch(/another-key|line-secret-0001|openrouter-key/);
  });

  it('of which one environment has none at all are not comparable', async () => {
    const { exitCode, document } = await compare();
    expect({ exitCode, status: document.status }).toEqual({ exitCode: 2, status: 'failed' });
    expect(document.diff?.verdict).toBe('not-comparable');
    expect(document.diff?.incomparable).toEqual([
      expect.objectContaining({
        subject: 'the secrets of feature-auth',
        hint: expect.stringContaining('secrets.configs') as string,
      }),
    ]);
  });
});

describe('secrets in Doppler', () => {
  let doppler: DopplerSandbox;
  const seed = {
    secrets: { LINE_CHANNEL_SECRET: 'line-secret-of-dev', LOG_LEVEL: 'INFO', TABLE: 'reports-dev' },
    // What the branch does not say itself shows through from above.
    branches: {
      'dev_feature-auth': { LINE_CHANNEL_SECRET: 'line-secret-of-auth', TABLE: 'reports-feature-auth' },
    },
  };

  const serving = async (dev: SeededEnvironment): Promise<void> => {
    doppler = await startDoppler({ seed: { 'daily-report': { dev } } });
    vi.stubEnv('DOPPLER_API_HOST', doppler.url);
    vi.stubEnv('DOPPLER_TOKEN', doppler.token);
    const secrets = { provider: 'doppler', project: 'daily-report' };
    await project.write('provision-env.config.json', JSON.stringify({ secrets }));
  };
  afterEach(async () => {
    vi.unstubAllEnvs();
    await doppler.stop();
  });

  it('are equal where each environment has its own, and shared ones are the same under the names', async () => {
    await serving(seed);
    const { exitCode, document, stdout, stderr } = await compare();
    expect({ exitCode, diff: document.diff?.differences, stderr }).toEqual({
      exitCode: 0,
      diff: [],
      stderr: '',
    });
    expect(document.diff?.compared.secret).toBe(8);
    expect(`${stdout}${stderr}`).not.toMatch(/line-secret-of|reports-dev/);
  });

  it('that show through from the other environment are no own ones', async () => {
    await serving({ ...seed, branches: { 'dev_feature-auth': { TABLE: 'reports-feature-auth' } } });
    const { document } = await compare();
    expect(document.diff?.differences).toEqual([
      expect.objectContaining({
        kind: 'secret',
        change: 'not-own',
        subject: 'LINE_CHANNEL_SECRET',
        what: 'the Doppler config daily-report/dev_feature-auth',
      }),
    ]);
  });

  it('whose values these credentials may not read make the two not comparable', async () => {
    await serving({ ...seed, restricted: ['LINE_CHANNEL_SECRET'] });
    const { exitCode, document } = await compare();
    expect({ exitCode, verdict: document.diff?.verdict }).toEqual({ exitCode: 2, verdict: 'not-comparable' });
    expect(document.diff?.incomparable.map(({ subject }) => subject)).toContain(
      'LINE_CHANNEL_SECRET in the Doppler config daily-report/dev',
    );
    // Nothing is said of what could not be read.
    expect(document.diff?.differences).toEqual([]);
  });

  it('that cannot be read make the two not comparable, whatever the states say', async () => {
    await serving(seed);
    vi.stubEnv('DOPPLER_TOKEN', 'dp.pt.nobody');
    const { exitCode, document, stdout } = await compare();
    expect({ exitCode, verdict: document.diff?.verdict }).toEqual({ exitCode: 2, verdict: 'not-comparable' });
    expect(document.diff?.incomparable.map(({ subject }) => subject)).toEqual([
      'the secrets of dev',
      'the secrets of feature-auth',
    ]);
    expect(stdout).not.toContain('dp.pt.nobody');
  });
});

describe('what cannot be read', () => {
  it('an empty state: not comparable, never equal', async () => {
    await project.edit('feature-auth', (state) => {
      state.resources = [];
    });
    const { exitCode, document } = await compare();
    expect(exitCode).toBe(2);
    expect(document.diff).toMatchObject({ verdict: 'not-comparable', differences: [] });
    expect(document.diff?.incomparable[0]?.subject).toBe('the state of feature-auth');
  });

  it('a broken state: what is wrong, and with which one', async () => {
    await project.write('terraform/terraform.feature-auth.tfstate', '{ "version": 4, ');
    const { exitCode, stdout } = await runCli(project.dir, ['diff', 'dev', 'feature-auth']);
    expect(exitCode).toBe(2);
    expect(stdout).toContain(
      'Whether dev and feature-auth are equal cannot be said: 1 thing could not be read.',
    );
    expect(stdout).toContain('the state of feature-auth');
  });

  it('one state for both', async () => {
    const overrides = { 'feature-auth': { varFile: 'terraform.feature-auth.tfvars' } };
    await project.write('provision-env.config.json', JSON.stringify({ environments: { overrides } }));
    await project.write(
      'terraform/backend.tf',
      'terraform {\n  backend "local" {\n    path = "terraform.dev.tfstate"\n  }\n}\n',
    );
    const { exitCode, document } = await compare();
    expect(exitCode).toBe(2);
    expect(document.diff?.incomparable[0]?.reason).toContain('both have their state at');
  });
});

describe('names', () => {
  it('that are not known end with 2 and near ones', async () => {
    const { exitCode, document } = await runJson(project.dir, ['diff', 'dev', 'feature-aut']);
    expect(exitCode).toBe(2);
    expect(document.error).toMatchObject({ code: 'environment-not-found' });
    expect(document.error?.hint).toContain('Did you mean `feature-auth`?');
  });

  it('must be two', async () => {
    expect((await runJson(project.dir, ['diff', 'dev', 'dev'])).exitCode).toBe(2);
    expect((await runJson(project.dir, ['diff', 'dev'])).exitCode).toBe(2);
  });
});

describe('the report', () => {
  it('puts both side by side, in Markdown too', async () => {
    await project.edit('feature-auth', (state) => {
      attributesOf(state, bot)['handler'] = 'main.handler';
      delete variablesOf(state, bot)['LINE_CHANNEL_SECRET'];
    });
    const { stdout } = await runCli(project.dir, ['diff', 'dev', 'feature-auth', '--markdown']);
    expect(stdout).toContain('|  | What | dev | feature-auth |');
    expect(stdout).toContain(
      '| different | aws\\_lambda\\_function.line\\_bot: handler | `index.handler` | `main.handler` |',
    );
    expect(stdout).toContain('LINE\\_CHANNEL\\_SECRET | (not shown) | (none) |');
    expectNoSecret(stdout);
  });
});
