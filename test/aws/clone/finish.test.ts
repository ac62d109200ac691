/** What a run was killed over is finished by the next one: what is lacking is set, and what is so already is let be. */
import { describe, expect, it } from 'vitest';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import type { JsonObject } from '../../../src/transfer/json.ts';
import { fakeClients, type Operations } from '../../sweep/fake-account.ts';

const parameter = [{ name: 'time_zone', value: 'UTC', apply_method: 'immediate' }];
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: '*' }],
});

interface Case {
  readonly type: string;
  readonly wanted: JsonObject;
  /** Left out of `values` because it names the thing itself. */
  readonly named?: JsonObject;
  /** What the service has set by itself; nothing if not said. */
  readonly there?: JsonObject;
  /** The calls that set what is wanted, where nothing of it is so. */
  readonly calls: readonly string[];
}

const cases: readonly Case[] = [
  {
    type: 'aws_dynamodb_table',
    wanted: {
      ttl: [{ attribute_name: 'expires', enabled: true }],
      point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 7 }],
    },
    calls: ['dynamodb.updateTimeToLive', 'dynamodb.updateContinuousBackups'],
  },
  {
    type: 'aws_kms_key',
    wanted: { enable_key_rotation: true, is_enabled: false },
    named: { policy },
    there: { is_enabled: true },
    calls: ['kms.putKeyPolicy', 'kms.enableKeyRotation', 'kms.disableKey'],
  },
  {
    type: 'aws_lambda_function',
    wanted: { reserved_concurrent_executions: 2 },
    calls: ['lambda.putFunctionConcurrency'],
  },
  {
    type: 'aws_cloudwatch_log_group',
    wanted: { retention_in_days: 14 },
    calls: ['logs.putRetentionPolicy'],
  },
  { type: 'aws_db_parameter_group', wanted: { parameter }, calls: ['rds.modifyDBParameterGroup'] },
  {
    type: 'aws_rds_cluster_parameter_group',
    wanted: { parameter },
    calls: ['rds.modifyDBClusterParameterGroup'],
  },
  {
    type: 'aws_rds_cluster',
    wanted: { iam_roles: ['arn:role/reads', 'arn:role/writes'] },
    calls: ['rds.describeDBClusters', 'rds.addRoleToDBCluster', 'rds.addRoleToDBCluster'],
  },
  {
    type: 'aws_secretsmanager_secret',
    wanted: {},
    named: { policy },
    calls: ['secretsmanager.putResourcePolicy'],
  },
];

async function finished({ type, wanted, named = {}, calls }: Case, there: JsonObject): Promise<string[]> {
  const made: string[] = [];
  const account: Operations = Object.fromEntries(
    calls.map((call) => [
      call,
      () => {
        made.push(call);
        return {};
      },
    ]),
  );
  await clonerOf(type)?.finish(
    { id: 'copy', values: there },
    {
      values: wanted,
      source: { id: 'source', values: wanted },
      withOwnId: () => ({ ...wanted, ...named }),
      signal: new AbortController().signal,
    },
    fakeClients(account),
  );
  return made;
}

describe.each(cases)('$type', (each) => {
  it('is given what it lacks', async () => {
    expect(await finished(each, each.there ?? {})).toEqual(each.calls);
  });

  it('is let be where nothing is lacking', async () => {
    expect(await finished(each, { ...each.wanted, ...each.named })).toEqual([]);
  });
});

it('a table is not asked twice for what it refuses twice', async () => {
  const [table] = cases;
  if (!table) throw new Error('no table');
  expect(await finished(table, { ttl: table.wanted['ttl'] ?? null })).toEqual([
    'dynamodb.updateContinuousBackups',
  ]);
});

it('a cluster is not given a role that it has', async () => {
  const cluster = cases.find(({ type }) => type === 'aws_rds_cluster');
  if (!cluster) throw new Error('no cluster');
  expect(await finished(cluster, { iam_roles: ['arn:role/reads'] })).toEqual([
    'rds.describeDBClusters',
    'rds.addRoleToDBCluster',
  ]);
});

it('what is made with all that it has is let be', async () => {
  expect(await finished({ type: 'aws_sqs_queue', wanted: { name: 'q' }, calls: [] }, {})).toEqual([]);
});
