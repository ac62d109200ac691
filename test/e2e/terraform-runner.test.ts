/** Terraform itself, run by `createTerraform`: backends, plans, locks, interrupts. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import type { EnvironmentBackend } from '../../src/environment/model.ts';
import { readState } from '../../src/terraform/read-state.ts';
import { removeState } from '../../src/terraform/remove-state.ts';
import { createTerraform, type Terraform, type TerraformOptions } from '../../src/terraform/runner.ts';
import { providerSources } from '../../src/tools/provider-sources.ts';
import { findOrInstallTerraform } from '../../src/tools/terraform.ts';
import type { TransferEvent } from '../../src/transfer/host.ts';
import type { Json } from '../../src/transfer/json.ts';

const BUCKET = 'runner-states';
const LOCKS = 'runner-locks';

let sandbox: Sandbox;
let binary = '';
let cliConfigFile: string | null = null;
let root = '';
let s3: S3;
let dynamodb: DynamoDB;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'runner-test-'));
  [sandbox, binary, { cliConfigFile }] = await Promise.all([
    startSandbox(),
    findOrInstallTerraform({ notify: () => undefined }),
    providerSources(),
  ]);
  const client = {
    endpoint: sandbox.endpoint,
    region: 'ap-southeast-1',
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  };
  // States are read and deleted by the SDK, which looks at this process's own environment.
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value);
  s3 = new S3({ ...client, forcePathStyle: true });
  dynamodb = new DynamoDB(client);
  await s3.createBucket({
    Bucket: BUCKET,
    CreateBucketConfiguration: { LocationConstraint: 'ap-southeast-1' },
  });
  await dynamodb.createTable({
    TableName: LOCKS,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
  });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await sandbox?.stop();
  await rm(root, { recursive: true, force: true });
});

interface Place {
  readonly dir: string;
  readonly terraform: Terraform;
  readonly events: TransferEvent[];
  readonly varFile: string;
  readonly planFile: string;
  with(more: Partial<TerraformOptions>): Terraform;
}

async function place(name: string, fixture: string, block: string | null, values: string): Promise<Place> {
  const dir = path.join(root, name);
  await cp(path.join(import.meta.dirname, 'fixtures', fixture), dir, { recursive: true });
  if (block !== null) await writeFile(path.join(dir, 'backend.tf'), `terraform {\n${block}\n}\n`);
  const varFile = path.join(dir, 'dev.tfvars');
  await writeFile(varFile, values);
  const events: TransferEvent[] = [];
  const make = (more: Partial<TerraformOptions>): Terraform =>
    createTerraform({
      binary,
      moduleDir: dir,
      dataDir: path.join(root, `${name}-data`),
      // None of these may reach Terraform.
      env: { TF_WORKSPACE: 'elsewhere', TF_CLI_ARGS_plan: '-destroy', TF_LOG: 'trace' },
      parallelism: 4,
      notify: (event) => events.push(event),
      ...(cliConfigFile === null ? {} : { cliConfigFile }),
      ...more,
    });
  return {
    dir,
    terraform: make({}),
    events,
    varFile,
    planFile: path.join(root, `${name}.tfplan`),
    with: make,
  };
}

function backendOf(
  kind: EnvironmentBackend['kind'],
  dir: string,
  more: {
    readonly block?: string;
    readonly fileText?: string;
    readonly settings?: Readonly<Record<string, Json>>;
    readonly stateFile?: string;
  },
): EnvironmentBackend {
  const { block, fileText, settings = {}, stateFile } = more;
  return {
    kind,
    declaration:
      block === undefined
        ? null
        : { type: kind, file: path.join(dir, 'backend.tf'), line: 2, settings: {}, text: block },
    // Not written yet: as for a target whose plan is not agreed to.
    file: fileText === undefined ? null : path.join(dir, 'envs', 'dev', 'backend.hcl'),
    fileText: fileText ?? null,
    fileExists: false,
    overrides: {},
    settings,
    stateFile: stateFile ?? null,
    location: 'x',
  };
}

const s3Block = 'backend "s3" {\n  use_path_style = true\n}';

function s3Backend(
  dir: string,
  key: string,
  extra: Readonly<Record<string, string | boolean>>,
): EnvironmentBackend {
  const settings = { bucket: BUCKET, key, region: 'ap-southeast-1', ...extra };
  const fileText = Object.entries(settings)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
    .join('');
  return backendOf('s3', dir, { block: s3Block, fileText, settings: { use_path_style: true, ...settings } });
}

const processes = (events: readonly TransferEvent[]): number =>
  events.filter(({ type }) => type === 'process').length;

const lockInfo = JSON.stringify({
  ID: 'b1946ac9-2492-d234-7c1b-abcdef012345',
  Operation: 'OperationTypeApply',
  Info: '',
  Who: 'alice@laptop',
  Version: '1.11.4',
  Created: '2026-01-02T03:04:05.123456Z',
  Path: 'x',
});

describe('with the AWS provider and a state in S3', () => {
  it('plans, applies, reads, destroys and removes the state', async () => {
    const at = await place('s3', 'small-stack', s3Block, 'environment = "dev"\n');
    const { terraform, events, varFile, planFile, dir } = at;
    const backend = s3Backend(dir, 'dev/terraform.tfstate', { use_lockfile: true });
    const reading = { binary, notify: (event: TransferEvent) => events.push(event) };

    expect(await readState(backend, reading)).toBeNull();
    await terraform.init({ backend });
    expect(await terraform.statePull()).toBeNull();
    // A plan must not write the backend file of an environment that nobody agreed to.
    expect(await readdir(dir)).not.toContain('envs');

    const { changes } = await terraform.plan({ varFile, outFile: planFile });
    expect(changes).toMatchObject({ add: 3, change: 0, remove: 0 });
    const plan = await terraform.showPlan(planFile);
    expect(plan.changes.filter(({ mode }) => mode === 'managed').map(({ action }) => action)).toEqual([
      'create',
      'create',
      'create',
    ]);
    expect(plan.variables).toEqual({ environment: 'dev' });
    expect(plan.dataSources.map(({ address }) => address)).toEqual(['data.aws_region.current']);

    events.length = 0;
    const applied = await terraform.apply({ planFile });
    expect(applied).toMatchObject({
      ok: true,
      failed: [],
      interrupted: false,
      outputs: { table: 'watchlist-dev' },
    });
    expect([...applied.applied].sort()).toEqual([
      'aws_dynamodb_table.watchlist',
      'aws_iam_role.worker',
      'aws_ssm_parameter.token',
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'resource',
        address: 'aws_iam_role.worker',
        action: 'create',
        phase: 'done',
      }),
    );
    expect(processes(events)).toBe(1);
    expect(JSON.stringify([applied, events])).not.toContain('canary-token');

    const state = await terraform.statePull();
    expect(state?.resources).toHaveLength(4);
    expect(await terraform.output()).toEqual({ table: 'watchlist-dev' });

    events.length = 0;
    const read = await readState(backend, reading);
    expect(read).toEqual({ ...state, terraformVersion: read?.terraformVersion });
    expect(processes(events)).toBe(0);
    // A setting that the SDK cannot honour: Terraform reads, and sees the same.
    const viaTerraform = await readState(
      {
        ...backend,
        fileText: `${backend.fileText ?? ''}shared_config_files = ["/dev/null"]\n`,
        settings: { ...backend.settings, shared_config_files: ['/dev/null'] },
      },
      reading,
    );
    expect(viaTerraform).toEqual(state);
    expect(processes(events)).toBe(2);

    await expect(removeState(backend)).rejects.toMatchObject({ code: 'destroy-failed' });

    await s3.putObject({ Bucket: BUCKET, Key: 'dev/terraform.tfstate.tflock', Body: lockInfo });
    await expect(
      at.with({ limits: { lockSeconds: 1 } }).plan({ varFile, outFile: planFile, refresh: false }),
    ).rejects.toMatchObject({
      code: 'state-locked',
      message: expect.stringContaining('alice@laptop since 2026-01-02 03:04:05 UTC') as string,
      hint: expect.stringContaining('terraform force-unlock b1946ac9') as string,
    });
    await s3.deleteObject({ Bucket: BUCKET, Key: 'dev/terraform.tfstate.tflock' });

    // As `destroy` does with what is shared: out of the state, still in the account.
    await terraform.stateRemove(['aws_dynamodb_table.watchlist']);
    await terraform.plan({ varFile, outFile: planFile, destroy: true });
    expect(await terraform.apply({ planFile })).toMatchObject({ ok: true });
    expect(await dynamodb.listTables({})).toMatchObject({
      TableNames: expect.arrayContaining(['watchlist-dev']) as string[],
    });
    await expect(terraform.apply({ planFile })).rejects.toMatchObject({ code: 'plan-failed' });
    expect(await removeState(backend)).toEqual([`s3://${BUCKET}/dev/terraform.tfstate`]);
    expect(await readState(backend, reading)).toBeNull();
  });

  it('says which validation refuses a value, and which name is taken', async () => {
    const { terraform, varFile, planFile, dir } = await place(
      'refused',
      'small-stack',
      null,
      'environment = "bad-one"\n',
    );
    const stateFile = path.join(dir, 'terraform.dev.tfstate');
    await terraform.init({ backend: backendOf('none', dir, { stateFile }) });
    await expect(terraform.plan({ varFile, outFile: planFile, stateFile })).rejects.toMatchObject({
      code: 'variable-refused',
      message: expect.stringMatching(
        /variable environment \(main\.tf:\d+\).*must not start with bad/,
      ) as string,
    });

    await dynamodb.createTable({
      TableName: 'watchlist-taken',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    });
    await writeFile(varFile, 'environment = "taken"\n');
    await terraform.plan({ varFile, outFile: planFile, stateFile });
    const result = await terraform.apply({ planFile, stateFile });
    expect(result).toMatchObject({ ok: false, interrupted: false, unfinished: [] });
    expect([...result.applied].sort()).toEqual(['aws_iam_role.worker', 'aws_ssm_parameter.token']);
    expect(result.failed).toMatchObject([
      {
        address: 'aws_dynamodb_table.watchlist',
        diagnostic: { message: expect.stringContaining('already exists') as string },
      },
    ]);
  });
});

describe('with other places for the state', () => {
  it('keeps one state file per environment where no backend is declared', async () => {
    const { terraform, varFile, planFile, dir } = await place(
      'none',
      'no-provider',
      null,
      'environment = "dev"\n',
    );
    const stateFile = path.join(dir, 'terraform.dev.tfstate');
    const backend = backendOf('none', dir, { stateFile });
    await terraform.init({ backend });
    expect(await terraform.statePull({ stateFile })).toBeNull();
    await terraform.plan({ varFile, outFile: planFile, stateFile });
    expect(await terraform.apply({ planFile, stateFile })).toMatchObject({
      ok: true,
      outputs: { name: 'dev' },
    });
    expect((await terraform.statePull({ stateFile }))?.resources).toHaveLength(2);
    expect(await terraform.output({ stateFile })).toEqual({ name: 'dev' });

    await terraform.stateRemove(['terraform_data.slow'], { stateFile });
    const tfstates = (await readdir(dir)).filter((name) => name.includes('tfstate'));
    expect(tfstates).toEqual(['terraform.dev.tfstate']);
    await expect(removeState(backend)).rejects.toMatchObject({ code: 'destroy-failed' });
    await terraform.plan({ varFile, outFile: planFile, stateFile, destroy: true });
    expect(await terraform.apply({ planFile, stateFile })).toMatchObject({
      ok: true,
      applied: ['terraform_data.first'],
    });
    expect(await removeState(backend)).toEqual([stateFile]);
    expect((await readdir(dir)).filter((name) => name.includes('tfstate'))).toEqual([]);
  });

  it('works with the local backend, and leaves no copy of the state behind', async () => {
    const block = 'backend "local" {}';
    const { terraform, varFile, planFile, dir } = await place(
      'local',
      'no-provider',
      block,
      'environment = "dev"\n',
    );
    await mkdir(path.join(dir, 'states'));
    const stateFile = path.join(dir, 'states', 'dev.tfstate');
    const backend = backendOf('local', dir, {
      block,
      fileText: 'path = "states/dev.tfstate"\n',
      settings: { path: 'states/dev.tfstate' },
      stateFile,
    });
    await terraform.init({ backend });
    await terraform.plan({ varFile, outFile: planFile });
    expect(await terraform.apply({ planFile })).toMatchObject({ ok: true });
    expect((await terraform.statePull())?.resources).toHaveLength(2);
    expect(await readState(backend, { binary, notify: () => undefined })).toMatchObject({ serial: 3 });
    await terraform.plan({ varFile, outFile: planFile, destroy: true });
    expect(await terraform.apply({ planFile })).toMatchObject({ ok: true });
    await removeState(backend);
    expect(await readdir(path.join(dir, 'states'))).toEqual([]);
  });

  it('removes the digest of a lock table with the state', async () => {
    const { terraform, varFile, planFile, dir } = await place(
      'table',
      'no-provider',
      s3Block,
      'environment = "dev"\n',
    );
    const backend = s3Backend(dir, 'table.tfstate', { dynamodb_table: LOCKS });
    await terraform.init({ backend });
    await terraform.plan({ varFile, outFile: planFile });
    await terraform.apply({ planFile });
    await terraform.plan({ varFile, outFile: planFile, destroy: true });
    await terraform.apply({ planFile });
    const items = async (): Promise<unknown> => (await dynamodb.scan({ TableName: LOCKS })).Items;
    expect(await items()).toMatchObject([{ LockID: { S: `${BUCKET}/table.tfstate-md5` } }]);
    await removeState(backend);
    expect(await items()).toEqual([]);
  });

  it('says what is wrong with a bucket, and with a state', async () => {
    const dir = path.join(root, 'wrong');
    const reading = { binary, notify: () => undefined };
    const missing = s3Backend(dir, 'x', { bucket: 'no-such-bucket-here' });
    await expect(readState(missing, reading)).rejects.toMatchObject({
      code: 'backend-invalid',
      message: expect.stringContaining('no-such-bucket-here') as string,
    });
    await s3.putObject({ Bucket: BUCKET, Key: 'junk', Body: 'hello' });
    await expect(readState(s3Backend(dir, 'junk', {}), reading)).rejects.toMatchObject({
      code: 'state-unreadable',
    });
    await expect(
      readState(s3Backend(dir, 'x', { endpoint: 'http://127.0.0.1:9' }), reading),
    ).rejects.toMatchObject({ code: 'network-unreachable' });
  });
});

describe('an interrupted apply', () => {
  it('ends what it began, saves the state, and can go on', async () => {
    const at = await place('interrupt', 'no-provider', null, 'environment = "dev"\nseconds = 30\n');
    const { varFile, planFile, dir } = at;
    const stateFile = path.join(dir, 'terraform.dev.tfstate');
    const abort = new AbortController();
    const terraform = at.with({
      signal: abort.signal,
      notify(event) {
        const slow = event.type === 'resource' && event.address === 'terraform_data.slow';
        if (slow && event.phase === 'started') abort.abort();
      },
    });
    await terraform.init({ backend: backendOf('none', dir, { stateFile }) });
    await terraform.plan({ varFile, outFile: planFile, stateFile });
    const result = await terraform.apply({ planFile, stateFile });
    expect(result).toMatchObject({ ok: false, interrupted: true, applied: ['terraform_data.first'] });
    // What an interrupted apply left can still be read.
    const state = await terraform.statePull({ stateFile });
    expect(state?.resources.map(({ address, tainted }) => [address, tainted])).toEqual([
      ['terraform_data.first', false],
      ['terraform_data.slow', true],
    ]);
    await expect(terraform.plan({ varFile, outFile: planFile, stateFile })).rejects.toMatchObject({
      code: 'interrupted',
    });

    await writeFile(varFile, 'environment = "dev"\nseconds = 0\n');
    await at.terraform.plan({ varFile, outFile: planFile, stateFile });
    expect(await at.terraform.apply({ planFile, stateFile })).toMatchObject({ ok: true, unfinished: [] });
    expect(await readFile(stateFile, 'utf8')).not.toContain('tainted');
    expect(process.listenerCount('exit')).toBeLessThan(10);
  });
});
