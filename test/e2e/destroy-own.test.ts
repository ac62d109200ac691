/** Everything by which a destroy could take what is not provably its own, once with the real Terraform. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGate, type Gate } from './support/gate.ts';
import { startCli } from './support/running.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let gate: Gate;
let dynamodb: DynamoDBClient;
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
  gate = await createGate(world.sandbox.endpoint);
  dynamodb = new DynamoDBClient({
    region: 'ap-southeast-1',
    endpoint: world.sandbox.endpoint,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
});
afterAll(async () => {
  dynamodb.destroy();
  await gate.close();
  await world.close();
});

const devKey = 'mini/dev/terraform.tfstate';
const key = 'mini/feature-own/terraform.tfstate';
const backendFile = 'terraform/envs/feature-own/backend.hcl';
const recordFile = '.provision-env/records/feature-own.json';
const env = { TF_VAR_api_token: 'canary-token-of-own' };
const destroy = ['destroy', 'feature-own', '--yes'];

const tables = async (): Promise<readonly string[]> =>
  (await dynamodb.send(new ListTablesCommand({}))).TableNames ?? [];

/** Does something to a file, and takes it back. */
async function having(
  path: string,
  change: (text: string) => string,
  then: () => Promise<void>,
): Promise<void> {
  const before = (await world.read(path)) ?? '';
  await world.write(path, change(before));
  try {
    await then();
  } finally {
    await world.write(path, before);
  }
}

/** Both the look and the deed, unless it shows only once Terraform plans. */
async function expectRefused(subjects: readonly string[], code = 'blocked'): Promise<string> {
  const before = await Promise.all([world.object(devKey), world.object(key), tables()]);
  let message = '';
  for (const args of [[...destroy, '--dry-run'], destroy]) {
    const { exitCode, document, stderr } = await world.json(args, { env });
    expect({ exitCode, code: document.error?.code, stderr: exitCode === 3 ? '' : stderr }).toEqual({
      exitCode: 3,
      code,
      stderr: '',
    });
    expect(document.findings.map(({ subject }) => subject)).toEqual(expect.arrayContaining([...subjects]));
    message = document.error?.message ?? '';
  }
  expect(await Promise.all([world.object(devKey), world.object(key), tables()])).toEqual(before);
  expect(JSON.parse((await world.read(recordFile)) ?? '{}')).toMatchObject({ status: 'verified' });
  return message;
}

describe('destroy', () => {
  it('is refused where the files lead to another state, and both are named', async () => {
    const made = await world.json(['feature-own', 'from=dev', '--yes'], { env });
    expect([made.exitCode, made.document.status]).toEqual([0, 'verified']);
    expect(made.document.record?.lineage).toMatch(/^[0-9a-f-]{36}$/);
    await having(
      backendFile,
      (text) => text.replace(/mini\/feature-own\//, 'mini/dev/'),
      async () => {
        const message = await expectRefused([`s3://mini-state/${devKey}`]);
        expect(message).toContain(`s3://mini-state/${devKey}, which is dev's`);
        expect(message).toContain(`s3://mini-state/${key}`);
      },
    );
  });

  it('is refused where another state lies in its place', async () => {
    const own = (await world.object(key)) ?? '';
    await world.putObject(key, (await world.object(devKey)) ?? '');
    try {
      expect(await expectRefused([])).toContain("has the lineage of dev's");
    } finally {
      await world.putObject(key, own);
    }
  });

  it('is refused where its record names the files of another, or leads out of the project', async () => {
    const edited = (more: object) => (text: string) => JSON.stringify({ ...JSON.parse(text), ...more });
    await having(recordFile, edited({ varFile: 'terraform/terraform.dev.tfvars' }), async () => {
      expect(await expectRefused(['terraform/terraform.dev.tfvars'])).toContain("which is dev's");
    });
    for (const more of [{ varFile: '../outside.txt' }, { backendFile: '/etc/hosts' }, { name: 'dev' }]) {
      await having(recordFile, edited(more), async () => {
        const { exitCode, document } = await world.json(destroy, { env });
        expect([exitCode, document.error?.code]).toEqual([2, 'state-unreadable']);
        expect(document.error?.message).toContain('records/feature-own.json');
      });
    }
    expect(await world.read('terraform/terraform.dev.tfvars')).not.toBeNull();
  });

  it('is refused where Terraform looks in another region than it was made in', async () => {
    await having(
      'terraform/main.tf',
      (text) => text.replace('"ap-southeast-1"', '"eu-west-1"'),
      async () => {
        const message = await expectRefused([], 'place-mismatch');
        expect(message).toContain('ap-southeast-1');
        expect(message).toContain('eu-west-1');
      },
    );
  });

  it('that is interrupted while it plans says that nothing was changed, and nothing was', async () => {
    const planning = gate.hold(({ operation }) => operation === 'GetCallerIdentity');
    const running = startCli(world, [...destroy, '--json'], { ...env, AWS_ENDPOINT_URL: gate.endpoint });
    await running.reaches(planning.arrived);
    running.signal('SIGINT');
    await running.says('Interrupted');
    planning.release();
    const { exitCode, stdout, stderr } = await running.ended;
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect([exitCode, error.code, stderr.includes('Nothing is lost')]).toEqual([5, 'interrupted', false]);
    expect(error.message).toContain('nothing was changed');
    expect((await world.json(['status', 'feature-own'])).document.record?.status).toBe('verified');
  });

  it('leaves what an environment without a record has, asks for what nobody recorded, and needs no secret', async () => {
    for (const name of ['mini-staging-orders', 'mini-feature-own-by-hand'])
      await dynamodb.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        }),
      );
    const state = JSON.parse((await world.object(key)) ?? '{}') as {
      lineage: string;
      resources: { type: string; name: string; instances: { attributes: object }[] }[];
    };
    const notes = state.resources.find(({ type }) => type === 'aws_dynamodb_table');
    const table = (name: string, physical: string) => ({
      ...notes,
      name,
      instances: notes?.instances.map((instance) => ({
        ...instance,
        attributes: JSON.parse(
          JSON.stringify(instance.attributes).replaceAll('mini-feature-own-notes', physical),
        ) as object,
      })),
    });
    await world.write(
      'terraform/terraform.staging.tfvars',
      ((await world.read('terraform/terraform.dev.tfvars')) ?? '').replaceAll('"dev"', '"staging"'),
    );
    await world.write(
      'terraform/envs/staging/backend.hcl',
      ((await world.read('terraform/envs/dev/backend.hcl')) ?? '').replaceAll('mini/dev', 'mini/staging'),
    );
    const orders = table('orders', 'mini-staging-orders');
    const stagingState = JSON.stringify({
      ...state,
      lineage: '11111111-1111-4111-8111-111111111111',
      outputs: {},
      resources: [orders],
    });
    await world.putObject('mini/staging/terraform.tfstate', stagingState);
    await world.putObject(
      key,
      JSON.stringify({
        ...state,
        resources: [...state.resources, orders, table('by_hand', 'mini-feature-own-by-hand')],
      }),
    );
    // Terraform's own check of a secret that only the apply needed: the value that runs stands for it.
    await world.edit('terraform/main.tf', (text) =>
      text.replace(
        '  sensitive = true\n',
        '  sensitive = true\n\n  validation {\n    condition     = startswith(var.api_token, "canary")\n    error_message = "It begins with canary."\n  }\n',
      ),
    );
    const bare = { env: { TF_VAR_api_token: undefined } };

    const asked = await world.json(destroy, bare);
    expect([asked.exitCode, asked.document.error?.code]).toEqual([6, 'needs-person']);
    expect(asked.document.error?.message).toContain('aws_dynamodb_table.by_hand');
    expect(asked.document.error?.hint).toContain('--allow-unrecorded');

    const done = await world.json([...destroy, '--allow-unrecorded'], bare);
    expect(done.document.error).toBeNull();
    expect([done.exitCode, done.document.status]).toEqual([0, 'destroyed']);
    expect(await tables()).toEqual(['mini-dev-notes', 'mini-staging-orders']);
    expect(await world.object('mini/staging/terraform.tfstate')).toBe(stagingState);
    expect(await world.object(key)).toBeNull();
  });
});

/** Kills the Terraform that applies in a project, without a word. */
async function killTerraform(project: string): Promise<void> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const cwd = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (/terraform$|tofu$/.test(words[0] ?? '') && words[1] === 'apply' && cwd.includes(project))
      process.kill(Number(pid), 'SIGKILL');
  }
}

describe('an apply that is killed before it saved its state', () => {
  const half = async (name: string): Promise<void> => {
    const creation = gate.hold(
      ({ operation, body }) => operation.includes('/functions') && body.includes(`mini-${name}-hello`),
    );
    const running = startCli(world, [name, 'from=dev', '--yes', '--json'], {
      TF_VAR_api_token: `canary-token-of-${name}`,
      AWS_ENDPOINT_URL: gate.endpoint,
    });
    await running.reaches(creation.arrived);
    await killTerraform(world.project);
    // Nothing that was saved on the way may help.
    const { exitCode } = await running.ended;
    creation.release();
    expect(exitCode).toBe(5);
    await world.removeObject(`mini/${name}/terraform.tfstate`);
    await world.removeObject(`mini/${name}/terraform.tfstate.tflock`);
    expect(await tables()).toContain(`mini-${name}-notes`);
  };

  it('is brought to its end by resume, and taken away by destroy', async () => {
    await rm(join(world.project, 'terraform', 'terraform.staging.tfvars'), { force: true });
    await half('feature-kill');
    const env = { TF_VAR_api_token: 'canary-token-of-feature-kill' };
    const resumed = await world.json(['resume', 'feature-kill', '--yes'], { env });
    expect(resumed.document.error).toBeNull();
    expect([resumed.exitCode, resumed.document.status]).toEqual([0, 'verified']);
    expect(resumed.document.record?.resources.filter((thing) => 'planned' in thing)).toEqual([]);

    await half('feature-gone');
    const shown = await world.json(['destroy', 'feature-gone', '--dry-run']);
    expect(shown.document.destroyPlan?.removes.map(({ address }) => address)).toEqual(
      expect.arrayContaining(['aws_dynamodb_table.notes', 'aws_iam_role.function']),
    );
    const gone = await world.json(['destroy', 'feature-gone', '--yes']);
    expect(gone.document.error).toBeNull();
    expect([gone.exitCode, gone.document.status]).toEqual([0, 'destroyed']);
    expect(await tables()).not.toContain('mini-feature-gone-notes');
  });
});
