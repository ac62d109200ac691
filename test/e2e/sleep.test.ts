/** Sleeping and waking against an AWS that keeps what it is told, with the real client and the real command line. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RDS } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { createFileStore } from '../../src/store/file-store.ts';
import type { RecordedResource } from '../../src/transfer/record.ts';
import { runJson } from '../cli/run.ts';
import { aRecord } from '../support/record.ts';
import { writeRecord } from '../support/store.ts';

let sandbox: Sandbox;
let clients: AwsClients;
let rds: RDS;
let project: string;
const region = 'ap-southeast-1';

beforeAll(async () => {
  sandbox = await startSandbox();
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value);
  clients = createClients({ region });
  rds = await clients.get('rds');
  project = await mkdtemp(join(tmpdir(), 'pe-sleep-'));
  await mkdir(join(project, 'terraform'));
  await writeFile(join(project, 'terraform', 'main.tf'), 'variable "environment" { type = string }\n');
  await writeFile(join(project, 'terraform', 'terraform.dev.tfvars'), 'environment = "dev"\n');
});

afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await rm(project, { recursive: true, force: true });
  await sandbox.stop();
});

async function makeCluster(id: string, version: string): Promise<RecordedResource> {
  const { DBCluster } = await rds.createDBCluster({
    DBClusterIdentifier: id,
    Engine: 'aurora-postgresql',
    EngineVersion: version,
    MasterUsername: 'root',
    MasterUserPassword: 'password-of-a-test',
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 2 },
  });
  await rds.createDBInstance({
    DBInstanceIdentifier: `${id}-1`,
    DBClusterIdentifier: id,
    DBInstanceClass: 'db.serverless',
    Engine: 'aurora-postgresql',
  });
  return {
    address: `aws_rds_cluster.${id.replaceAll('-', '_')}`,
    type: 'aws_rds_cluster',
    identity: id,
    id,
    arn: DBCluster?.DBClusterArn ?? null,
  };
}

async function given(name: string, resources: readonly RecordedResource[]): Promise<void> {
  const store = createFileStore(join(project, '.provision-env'));
  await writeRecord(store, aRecord({ name, resources }));
}

const clusterNow = async (id: string) =>
  (await rds.describeDBClusters({ DBClusterIdentifier: id })).DBClusters?.[0];

describe('sleep and wake', () => {
  it('take the capacity of Aurora Serverless v2 to zero, and give it back', async () => {
    await given('feature-pause', [await makeCluster('pausing', '16.4')]);
    const slept = await runJson(project, ['sleep', 'feature-pause']);
    expect(slept.document.error).toBeNull();
    expect(slept).toMatchObject({
      exitCode: 0,
      document: {
        status: 'done',
        sleep: { databases: [{ id: 'pausing', way: 'pause', outcome: 'asleep' }] },
      },
    });
    expect((await clusterNow('pausing'))?.ServerlessV2ScalingConfiguration).toMatchObject({ MinCapacity: 0 });
    const woken = await runJson(project, ['wake', 'feature-pause']);
    expect(woken.document.sleep?.databases).toMatchObject([{ outcome: 'awake' }]);
    expect((await clusterNow('pausing'))?.ServerlessV2ScalingConfiguration).toMatchObject({
      MinCapacity: 0.5,
      MaxCapacity: 2,
    });
  });

  it('stop what cannot pause, refuse to verify it, and start it again', async () => {
    const cluster = await makeCluster('stopping', '15.3');
    const alone = await rds.createDBInstance({
      DBInstanceIdentifier: 'alone',
      DBInstanceClass: 'db.t3.small',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'root',
      MasterUserPassword: 'password-of-a-test',
    });
    const instance = {
      address: 'aws_db_instance.alone',
      type: 'aws_db_instance',
      identity: 'alone',
      id: 'db-OF-THE-PROVIDER',
      arn: alone.DBInstance?.DBInstanceArn ?? null,
    };
    await given('feature-stop', [cluster, instance]);

    const slept = await runJson(project, ['sleep', 'feature-stop']);
    expect(slept.document.sleep?.databases.map(({ outcome }) => outcome)).toEqual(['asleep', 'asleep']);
    expect((await clusterNow('stopping'))?.Status).toBe('stopped');
    // 0.5 ACU × 730 h × $0.20 + 730 h × $0.056; the 20 GB go on being billed.
    expect(slept.document.sleep?.saves).toEqual({ currency: 'USD', monthly: 113.88, unknown: [] });

    const verified = await runJson(project, ['verify', 'feature-stop']);
    expect([verified.exitCode, verified.document.error?.code]).toEqual([2, 'asleep']);
    const again = await runJson(project, ['sleep', 'feature-stop']);
    expect(again.document.sleep?.databases.map(({ outcome }) => outcome)).toEqual([
      'was-asleep',
      'was-asleep',
    ]);

    const woken = await runJson(project, ['wake', 'feature-stop']);
    expect(woken.document.sleep?.databases.map(({ outcome }) => outcome)).toEqual(['awake', 'awake']);
    expect((await clusterNow('stopping'))?.Status).toBe('available');
    expect(woken.document.record?.asleep).toBeUndefined();
  });
});
