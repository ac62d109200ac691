import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RDS } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentSchema } from '../../src/cli/document.ts';
import { createFileStore } from '../../src/store/file-store.ts';
import { stepIds } from '../../src/transfer/steps.ts';
import { createWorld, type World } from './support/world.ts';
import { writeRecord } from '../support/store.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
});
afterAll(() => world.close());

const devKey = 'mini/dev/terraform.tfstate';
const targetKey = 'mini/feature-auth/terraform.tfstate';

/** As if its database had been put to sleep: stopped in the account, and on record. */
async function putToSleep(id: string): Promise<void> {
  const rds = rdsClient();
  const { DBInstance } = await rds.createDBInstance({
    DBInstanceIdentifier: id,
    DBInstanceClass: 'db.t4g.micro',
    Engine: 'postgres',
    AllocatedStorage: 20,
    MasterUsername: 'root',
    MasterUserPassword: 'password-of-a-test',
  });
  await rds.stopDBInstance({ DBInstanceIdentifier: id });
  const store = createFileStore(join(world.project, '.provision-env'));
  const record = await store.readRecord('feature-auth');
  if (record === null) throw new Error('there is no record');
  const database = { address: 'aws_db_instance.x', type: 'aws_db_instance', id, before: null } as const;
  await writeRecord(store, {
    ...record,
    asleep: {
      since: '2026-03-01T12:00:00.000Z',
      databases: [{ ...database, way: 'stop', arn: DBInstance?.DBInstanceArn ?? null }],
    },
  });
}

const rdsClient = (): RDS =>
  new RDS({
    region: 'ap-southeast-1',
    endpoint: world.sandbox.endpoint,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });

async function statusOf(id: string): Promise<string | undefined> {
  const { DBInstances } = await rdsClient().describeDBInstances({ DBInstanceIdentifier: id });
  return DBInstances?.[0]?.DBInstanceStatus;
}

async function keyOfTable(): Promise<string | undefined> {
  const client = new DynamoDBClient({
    region: 'ap-southeast-1',
    endpoint: world.sandbox.endpoint,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'mini-feature-auth-notes' }));
  return Table?.KeySchema?.[0]?.AttributeName;
}

describe('the main job', () => {
  it('plans without writing anything', async () => {
    const { exitCode, document } = await world.json(['plan', 'feature-auth', 'from=dev']);
    expect(document.error).toBeNull();
    expect(exitCode).toBe(0);
    expect(documentSchema.parse(document)).toBeTruthy();
    expect(document).toMatchObject({
      status: 'planned',
      source: 'dev',
      target: 'feature-auth',
      proof: { held: true },
    });
    expect(await world.objects()).toEqual([devKey]);
    expect(await world.read('terraform/terraform.feature-auth.tfvars')).toBeNull();
    expect(await world.read('terraform/envs/feature-auth/backend.hcl')).toBeNull();
  });

  it('without a terminal and without --yes waits on a person and changes nothing', async () => {
    const { exitCode, document } = await world.json(['feature-auth', 'from=dev']);
    expect(document.error?.code).toBe('needs-person');
    expect(exitCode).toBe(6);
    expect(await world.objects()).toEqual([devKey]);
    expect(await world.read('terraform/terraform.feature-auth.tfvars')).toBeNull();
  });

  it('makes the target, proves and verifies it, and leaves the source as it was', async () => {
    const before = await world.object(devKey);
    const { exitCode, document, stderr } = await world.json(['feature-auth', 'from=dev', '--yes']);
    expect({ exitCode, error: document.error, stderr: exitCode === 0 ? '' : stderr }).toEqual({
      exitCode: 0,
      error: null,
      stderr: '',
    });
    expect(documentSchema.parse(document)).toBeTruthy();
    expect(document.status).toBe('verified');
    expect(document.steps.map(({ id }) => id)).toEqual([...stepIds]);
    expect(document.steps.every(({ status }) => status === 'done')).toBe(true);
    expect(document.proof).toMatchObject({ phase: 'after-apply', held: true });
    for (const layer of [1, 2, 3]) {
      const items = document.evidence.filter((item) => item.layer === layer);
      expect(items.length).toBeGreaterThan(0);
      expect(items.filter(({ status }) => status === 'fail')).toEqual([]);
    }
    expect(document.mapping.find(({ subject }) => subject === 'aws_dynamodb_table.notes')).toMatchObject({
      source: 'mini-dev-notes',
      target: 'mini-feature-auth-notes',
      action: 'clone',
    });
    expect(document.record).toMatchObject({
      name: 'feature-auth',
      source: 'dev',
      status: 'verified',
      varFileOurs: true,
    });

    expect(await world.object(devKey)).toBe(before);
    expect(await world.objects()).toContain(targetKey);
    expect(await world.read('terraform/terraform.feature-auth.tfvars')).toBe(
      [
        '# terraform/terraform.feature-auth.tfvars',
        '# Created from: terraform.dev.tfvars',
        '# Purpose: Isolated environment for feature development',
        '',
        '# What everybody develops against',
        'environment  = "feature-auth"   # the only line that a copy has to change',
        'greeting     = "hello"',
        '',
        'log_retention_days = 3',
        '',
      ].join('\n'),
    );
    expect(await world.read('terraform/envs/feature-auth/backend.hcl')).toContain(
      'mini/feature-auth/terraform.tfstate',
    );
  });

  it('shows what is known of it', async () => {
    const { document } = await world.json(['status', 'feature-auth']);
    expect(document.record).toMatchObject({
      status: 'verified',
      resources: expect.arrayContaining([expect.objectContaining({ address: 'aws_lambda_function.hello' })]),
    });
    const { stdout } = await world.cli(['list']);
    expect(stdout).toContain('feature-auth');
    const report = await world.cli(['report', 'feature-auth', '--markdown']);
    expect(report.stdout).toContain('# feature-auth from dev');
    const page = await world.cli(['report', 'feature-auth', '--format', 'html']);
    expect(page.stdout).toMatch(/^<!doctype html>/);
    expect(page.stdout).toContain('feature-auth is provisioned and verified.');
    expect(page.stdout).toContain('class="line"');
  });

  it('verifies again', async () => {
    const { exitCode, document } = await world.json(['verify', 'feature-auth']);
    expect(document.error).toBeNull();
    expect(exitCode).toBe(0);
    expect(document.status).toBe('verified');
  });

  it('updates it, and does not take --yes for the leave to destroy what holds data', async () => {
    const main = await world.read('terraform/main.tf');
    await world.edit('terraform/main.tf', (text) =>
      text.replace('hash_key     = "id"', 'hash_key     = "key"').replace('name = "id"', 'name = "key"'),
    );
    const before = await world.object(devKey);
    const refused = await world.json(['feature-auth', 'from=dev', '--yes']);
    expect([refused.exitCode, refused.document.error?.code]).toEqual([6, 'needs-person']);
    expect(refused.document.error?.message).toContain('mini-feature-auth-notes');
    expect(refused.document.findings).toContainEqual(
      expect.objectContaining({
        rule: 'plan-creates-only',
        severity: 'warning',
        subject: 'aws_dynamodb_table.notes',
        message: expect.stringContaining('deletes data') as string,
      }),
    );
    expect(await keyOfTable()).toBe('id');
    expect(refused.document.record?.status).toBe('verified');

    await putToSleep('sleeping-before-update');
    const allowed = await world.json(['feature-auth', 'from=dev', '--yes', '--allow-data-loss']);
    expect(allowed.document.error).toBeNull();
    expect(await statusOf('sleeping-before-update')).toBe('available');
    expect(allowed.document.record?.asleep).toBeUndefined();
    expect([allowed.exitCode, allowed.document.status]).toEqual([0, 'verified']);
    expect(await keyOfTable()).toBe('key');
    expect(await world.object(devKey)).toBe(before);
    await world.write('terraform/main.tf', main ?? '');
  });

  it('has nothing to resume', async () => {
    const { exitCode, document } = await world.json(['resume', 'feature-auth', '--yes']);
    expect(document.error?.code).toBe('nothing-to-resume');
    expect(exitCode).toBe(2);
  });

  it('refuses to destroy what is protected or was not made by it', async () => {
    const dev = await world.json(['destroy', 'dev', '--yes']);
    expect([dev.exitCode, dev.document.error?.code]).toEqual([2, 'protected-environment']);
    const foreign = await world.json(['destroy', 'feature-other', '--yes']);
    expect([foreign.exitCode, foreign.document.error?.code]).toEqual([2, 'not-ours']);
    const unasked = await world.json(['destroy', 'feature-auth']);
    expect([unasked.exitCode, unasked.document.error?.code]).toEqual([6, 'needs-person']);
    expect(await world.objects()).toContain(targetKey);
  });

  it('takes it away again and shows that nothing is left', async () => {
    const before = await world.object(devKey);
    await putToSleep('sleeping-before-destroy');
    const { exitCode, document } = await world.json(['destroy', 'feature-auth', '--yes']);
    expect(await statusOf('sleeping-before-destroy')).toBe('available');
    expect(document.error).toBeNull();
    expect(exitCode).toBe(0);
    expect(document.status).toBe('destroyed');
    expect(document.evidence.length).toBeGreaterThan(5);
    expect(document.evidence.every(({ status }) => status === 'pass')).toBe(true);
    expect(await world.objects()).toEqual([devKey]);
    expect(await world.object(devKey)).toBe(before);
    expect(await world.read('terraform/terraform.feature-auth.tfvars')).toBeNull();
    expect(await world.read('terraform/envs/feature-auth/backend.hcl')).toBeNull();
    const { document: after } = await world.json(['list']);
    expect(after.records).toEqual([]);
  });
});
