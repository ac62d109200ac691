import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyByHand } from '../../src/demo/by-hand.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state', apply: null });
});
afterAll(() => world.close());

async function makeDev(
  copy: World,
  folder: string,
  { init, apply }: { init: readonly string[]; apply: readonly string[] },
): Promise<void> {
  await applyByHand({
    terraform: copy.terraform,
    dir: join(copy.project, folder),
    env: {
      ...process.env,
      ...copy.env,
      TF_VAR_api_token: 'canary-token-of-dev',
      TF_DATA_DIR: `${copy.project}-data-of-dev`,
    },
    init,
    apply,
  });
}

interface Files {
  readonly devState: string;
  readonly state: string;
  /** What is written for the target, and removed with it. */
  readonly written: readonly [varFile: string, ...others: readonly string[]];
}

/** The whole life of an environment whose state lies in a file, beside that of its source. */
async function expectOwnLife(copy: World, files: Files): Promise<void> {
  const before = await copy.read(files.devState);
  expect(before).toContain('mini-dev-');
  const { exitCode, document, stderr } = await copy.json(['feature-auth', 'from=dev', '--yes']);
  expect({ exitCode, error: document.error, stderr: exitCode === 0 ? '' : stderr }).toEqual({
    exitCode: 0,
    error: null,
    stderr: '',
  });
  expect(document.status).toBe('verified');
  expect(document.record?.state).toBe(`file://${join(copy.project, files.state)}`);
  expect(document.record?.varFile).toBe(files.written[0]);
  for (const file of files.written) expect(await copy.read(file)).toContain('feature-auth');
  const state = JSON.parse((await copy.read(files.state)) ?? '{}') as {
    outputs?: { table?: { value?: string } };
  };
  expect(state.outputs?.table?.value).toMatch(/^mini-feature-auth-(?:x-)?notes$/);
  expect(await copy.read(files.devState)).toBe(before);

  const destroyed = await copy.json(['destroy', 'feature-auth', '--yes']);
  expect(destroyed.document.error).toBeNull();
  expect([destroyed.exitCode, destroyed.document.status]).toEqual([0, 'destroyed']);
  for (const file of [files.state, `${files.state}.backup`, ...files.written])
    expect({ file, text: await copy.read(file) }).toEqual({ file, text: null });
  expect(await copy.read(files.devState)).toBe(before);
}

describe('a local backend', () => {
  it('keeps the state of each environment in its own file', async () => {
    const copy = await world.copy();
    await copy.edit('terraform/main.tf', (text) => text.replace('backend "s3" {}', 'backend "local" {}'));
    await copy.write('terraform/envs/dev/backend.hcl', 'path = "states/dev/terraform.tfstate"\n');
    await makeDev(copy, 'terraform', {
      init: ['-backend-config=envs/dev/backend.hcl'],
      apply: ['-var-file=terraform.dev.tfvars'],
    });
    await expectOwnLife(copy, {
      devState: 'terraform/states/dev/terraform.tfstate',
      state: 'terraform/states/feature-auth/terraform.tfstate',
      written: ['terraform/terraform.feature-auth.tfvars', 'terraform/envs/feature-auth/backend.hcl'],
    });
  });
});

describe('no backend, the root module in infra/, and a variable called stage', () => {
  let copy: World;
  beforeAll(async () => {
    copy = await world.copy();
    const at = (path: string): string => join(copy.project, path);
    await rename(at('terraform'), at('infra'));
    await rename(at('infra/terraform.dev.tfvars'), at('infra/dev.tfvars'));
    await rename(at('infra/envs'), at('unused'));
    await copy.edit('infra/main.tf', (text) =>
      text
        .replace('  backend "s3" {}\n', '')
        .replaceAll('var.environment', 'var.stage')
        .replace('variable "environment"', 'variable "stage"')
        // Not the names of the other test, on the same account.
        .replace('"mini-${var.stage}"', '"mini-${var.stage}-x"'),
    );
    await copy.edit('infra/dev.tfvars', (text) => text.replace(/^environment /m, 'stage '));
    await makeDev(copy, 'infra', {
      init: [],
      apply: ['-var-file=dev.tfvars', '-state=terraform.dev.tfstate'],
    });
  });

  it('keeps a state file for each environment', async () => {
    await expectOwnLife(copy, {
      devState: 'infra/terraform.dev.tfstate',
      state: 'infra/terraform.feature-auth.tfstate',
      written: ['infra/feature-auth.tfvars'],
    });
  });

  it("leaves alone the source's state where that is Terraform's own default", async () => {
    const state = 'infra/terraform.tfstate';
    await rename(join(copy.project, 'infra/terraform.dev.tfstate'), join(copy.project, state));
    const before = await copy.read(state);
    const { exitCode, document } = await copy.json(['plan', 'feature-auth', 'from=dev']);
    expect(document.error).toBeNull();
    expect([exitCode, document.status]).toEqual([0, 'planned']);
    const target = document.steps.find(({ id }) => id === 'analyze-target');
    expect(target?.output).toMatchObject({
      backend: { location: `file://${join(copy.project, 'infra/terraform.feature-auth.tfstate')}` },
    });
    expect(await copy.read(state)).toBe(before);
    expect(await copy.read('infra/terraform.feature-auth.tfstate')).toBeNull();
  });
});

describe('an s3 backend that locks with a table', () => {
  const table = 'mini-locks';
  const targetState = 'mini-state/locked/feature-auth/terraform.tfstate';
  let copy: World;
  let dynamodb: DynamoDB;
  beforeAll(async () => {
    copy = await world.copy();
    dynamodb = new DynamoDB({
      region: 'ap-southeast-1',
      endpoint: copy.sandbox.endpoint,
      credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
    });
    await dynamodb.createTable({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
    });
    // Not the names of the other tests, on the same account.
    await copy.edit('terraform/main.tf', (text) =>
      text.replace('"mini-${var.environment}"', '"mini-${var.environment}-t"'),
    );
    await copy.edit('terraform/envs/dev/backend.hcl', (text) =>
      text.replace('mini/dev/', 'locked/dev/').replace(/use_lockfile.*/, `dynamodb_table = "${table}"`),
    );
    await makeDev(copy, 'terraform', {
      init: ['-backend-config=envs/dev/backend.hcl'],
      apply: ['-var-file=terraform.dev.tfvars'],
    });
  });
  afterAll(() => dynamodb.destroy());

  const locks = async (): Promise<string[]> =>
    ((await dynamodb.scan({ TableName: table })).Items ?? []).map(({ LockID }) => LockID?.S ?? '').sort();

  it('says who holds the lock, and changes nothing', async () => {
    const Info = JSON.stringify({
      ID: '5b0b1c1e-0000-4000-8000-000000000001',
      Operation: 'OperationTypeApply',
      Info: '',
      Who: 'kim@laptop',
      Version: '1.11.4',
      Created: '2026-11-23T08:00:00Z',
      Path: targetState,
    });
    await dynamodb.putItem({ TableName: table, Item: { LockID: { S: targetState }, Info: { S: Info } } });
    const { exitCode, document } = await copy.json(['feature-auth', 'from=dev', '--yes']);
    await dynamodb.deleteItem({ TableName: table, Key: { LockID: { S: targetState } } });
    expect([exitCode, document.error?.code]).toEqual([1, 'state-locked']);
    expect(`${document.error?.message} ${document.error?.hint}`).toContain('kim@laptop');
    expect(await copy.read('terraform/terraform.feature-auth.tfvars')).toBeNull();
  });

  it("leaves no lock and no digest behind, and the source's as they were", async () => {
    const before = await copy.object('locked/dev/terraform.tfstate');
    const digests = await locks();
    expect(digests).toEqual(['mini-state/locked/dev/terraform.tfstate-md5']);
    const made = await copy.json(['feature-auth', 'from=dev', '--yes']);
    expect([made.exitCode, made.document.error, made.document.status]).toEqual([0, null, 'verified']);
    expect(await locks()).toContain(`${targetState}-md5`);

    const destroyed = await copy.json(['destroy', 'feature-auth', '--yes']);
    expect([destroyed.exitCode, destroyed.document.error, destroyed.document.status]).toEqual([
      0,
      null,
      'destroyed',
    ]);
    expect(await locks()).toEqual(digests);
    expect(await copy.object('locked/feature-auth/terraform.tfstate')).toBeNull();
    expect(await copy.object('locked/dev/terraform.tfstate')).toBe(before);
  });
});
