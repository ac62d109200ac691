import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentSchema } from '../../src/cli/document.ts';
import { applyByHand } from '../../src/demo/by-hand.ts';
import { createWorld, type World } from './support/world.ts';

const main = 'terraform/main.tf';
const devKey = 'mini/dev/terraform.tfstate';
const stagingKey = 'mini/staging/terraform.tfstate';

const logs = `{
      Sid      = "Logs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "\${aws_cloudwatch_log_group.function.arn}:*"
    }, {
      Effect   = "Allow"`;

/** What a person would do for staging, without provision-env. */
async function makeStaging(world: World): Promise<void> {
  await applyByHand({
    terraform: world.terraform,
    dir: join(world.project, 'terraform'),
    env: {
      ...process.env,
      ...world.env,
      TF_VAR_api_token: 'canary-token-of-staging',
      TF_DATA_DIR: join(world.project, '..', 'staging-data'),
    },
    init: ['-backend-config=envs/staging/backend.hcl'],
    apply: ['-var-file=terraform.staging.tfvars'],
  });
}

let world: World;
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
  // A second statement, so that one can be missing.
  await world.edit(main, (text) =>
    text.replace('Statement = [{\n      Effect   = "Allow"', `Statement = [${logs}`),
  );
  const varFile = (await world.read('terraform/terraform.dev.tfvars')) ?? '';
  await world.write('terraform/terraform.staging.tfvars', varFile.replace('"dev"', '"staging"'));
  const backend = (await world.read('terraform/envs/dev/backend.hcl')) ?? '';
  await world.write('terraform/envs/staging/backend.hcl', backend.replace('mini/dev', 'mini/staging'));
  await makeStaging(world);
});
afterAll(() => world.close());

const diff = () => world.json(['diff', 'dev', 'staging']);

describe('diff of two environments that were made by hand', () => {
  it('names the statement that dev was never given', async () => {
    const { exitCode, document } = await world.json(['diff', 'staging', 'dev']);
    expect(documentSchema.parse(document)).toBeTruthy();
    expect(exitCode).toBe(1);
    expect(document.diff?.differences).toEqual([
      expect.objectContaining({
        kind: 'policy',
        change: 'missing',
        subject: 'aws_iam_role_policy.notes',
        what: 'policy, statement Logs',
      }),
    ]);
  });

  it('ends with 0 once dev has it too, and touches neither state', async () => {
    await applyByHand({
      terraform: world.terraform,
      dir: join(world.project, 'terraform'),
      env: {
        ...process.env,
        ...world.env,
        TF_VAR_api_token: 'canary-token-of-dev',
        TF_DATA_DIR: join(world.project, '..', 'dev-data'),
      },
      init: ['-backend-config=envs/dev/backend.hcl'],
      apply: ['-var-file=terraform.dev.tfvars'],
    });
    const before = [await world.object(devKey), await world.object(stagingKey)];
    const { exitCode, document, stderr } = await diff();
    expect({ exitCode, differences: document.diff?.differences, stderr }).toEqual({
      exitCode: 0,
      differences: [],
      stderr: '',
    });
    expect(document.diff).toMatchObject({ verdict: 'equal', compared: { resource: 6, function: 1 } });
    expect(await world.objects()).toEqual([devKey, stagingKey]);
    expect([await world.object(devKey), await world.object(stagingKey)]).toEqual(before);
  });

  it('finds what the original description lists: a missing key, a wrong handler, a missing permission', async () => {
    await world.edit(main, (text) =>
      text
        .replace('      GREETING    = var.greeting\n', '')
        .replace('handler       = "index.handler"', 'handler       = "main.handler"')
        .replace(logs, '{\n      Effect   = "Allow"'),
    );
    await makeStaging(world);
    const { exitCode, document, stdout } = await diff();
    expect(exitCode).toBe(1);
    expect(
      document.diff?.differences.map(({ kind, change, subject, what }) => [kind, change, subject, what]),
    ).toEqual([
      ['function', 'different', 'aws_lambda_function.hello', 'handler'],
      ['environment', 'missing', 'aws_lambda_function.hello', 'GREETING'],
      ['policy', 'missing', 'aws_iam_role_policy.notes', 'policy, statement Logs'],
    ]);
    expect(stdout).not.toContain('canary-token');
    const inWords = await world.cli(['diff', 'dev', 'staging']);
    expect(inWords.exitCode).toBe(1);
    expect(inWords.stdout).toContain('dev and staging differ: 3 differences.');
    expect(inWords.stdout).toMatch(/index\.handler\s+main\.handler/);
  });

  it('is not comparable, and never equal, where a state cannot be read', async () => {
    await world.putObject(stagingKey, '{ "version": 4, "resources": ');
    const { exitCode, document } = await diff();
    expect({ exitCode, verdict: document.diff?.verdict }).toEqual({ exitCode: 2, verdict: 'not-comparable' });
    const away = await world.json(['diff', 'dev', 'staging'], {
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' },
    });
    expect({ exitCode: away.exitCode, verdict: away.document.diff?.verdict }).toEqual({
      exitCode: 2,
      verdict: 'not-comparable',
    });
    expect(away.document.diff?.incomparable.map(({ subject }) => subject)).toEqual([
      'the state of dev',
      'the state of staging',
    ]);
  });

  it('offers near names for one that is not known', async () => {
    const { exitCode, document } = await world.json(['diff', 'dev', 'stagin']);
    expect(exitCode).toBe(2);
    expect(document.error).toMatchObject({ code: 'environment-not-found' });
    expect(document.error?.hint).toContain('`staging`');
  });
});

describe('cost of an environment that is not there yet', () => {
  it('is that of its plan, and over the maximum nothing is made', async () => {
    const copy = await world.copy();
    await copy.edit(
      main,
      (text) =>
        `${text}\nresource "aws_secretsmanager_secret" "settings" {\n  name = "\${local.prefix}-settings"\n}\n`,
    );
    const before = await copy.objects();
    const priced = await copy.json(['cost', 'feature-auth', 'from=dev', '--max-monthly', '0.40']);
    expect({ exitCode: priced.exitCode, error: priced.document.error }).toEqual({ exitCode: 0, error: null });
    expect(priced.document).toMatchObject({
      command: 'cost',
      source: 'dev',
      target: 'feature-auth',
      cost: { monthlyTotal: 0.4, monthlyDelta: 0.4, unknown: [] },
    });
    expect(priced.document.cost?.resources.find(({ monthly }) => monthly > 0)?.basis).toBe(
      '1 secret × $0.40 = $0.40',
    );

    const blocked = await copy.json(['feature-auth', 'from=dev', '--yes', '--max-monthly', '0.30']);
    expect({ exitCode: blocked.exitCode, status: blocked.document.status }).toEqual({
      exitCode: 3,
      status: 'blocked',
    });
    expect(blocked.document.findings).toContainEqual(
      expect.objectContaining({
        rule: 'cost-max',
        severity: 'error',
        message:
          'feature-auth adds $0.40 a month; at most $0.30 may be added (--max-monthly): $0.10 too much.',
      }),
    );
    expect(await copy.objects()).toEqual(before);
    expect(await copy.read('terraform/terraform.feature-auth.tfvars')).toBeNull();
    expect((await copy.json(['list'])).document.records).toEqual([]);
  });
});
