import { describe, expect, it } from 'vitest';
import { lossesInPlace } from '../../src/proof/losses-in-place.ts';
import type { PlanModel, PlannedAction, PlannedResource } from '../../src/terraform/model.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import type { JsonObject } from '../../src/transfer/json.ts';
import { planned } from './build.ts';

const planOf = (...changes: readonly PlannedResource[]): PlanModel => ({
  terraformVersion: '1.11.4',
  changes,
  dataSources: [],
  variables: {},
  outputChanges: {},
});

const changed = (
  type: string,
  before: JsonObject | null,
  after: JsonObject | null,
  action: PlannedAction = 'update',
): PlannedResource => ({ ...planned(`${type}.x`, {}, { action }), before, after });

/** What is lost, as `effect: words`. */
function lost(change: PlannedResource, ...others: readonly PlannedResource[]): readonly string[] {
  return lossesInPlace(change, planOf(change, ...others)).map(({ effect, what }) => `${effect}: ${what}`);
}

const rule = (days: number, more: JsonObject = {}): JsonObject => ({
  rule: [{ id: 'old', status: 'Enabled', expiration: [{ days }], ...more }],
});
const status = (text: string): JsonObject => ({
  bucket: 'files',
  versioning_configuration: [{ status: text }],
});

type Case = readonly [type: string, before: JsonObject, after: JsonObject, words: RegExp];

const losses: readonly Case[] = [
  [
    'aws_cloudwatch_log_group',
    { retention_in_days: 14 },
    { retention_in_days: 1 },
    /^deletes: .*1 day .*for 14 days/,
  ],
  [
    'aws_cloudwatch_log_group',
    { retention_in_days: 0 },
    { retention_in_days: 7 },
    /^deletes: .*7 days .*for ever/,
  ],
  ['aws_cloudwatch_log_group', {}, { retention_in_days: 7 }, /for ever/],
  [
    'aws_sqs_queue',
    { message_retention_seconds: 345_600 },
    { message_retention_seconds: 60 },
    /^deletes: messages older than 1 minute .* for 4 days$/,
  ],
  [
    'aws_kinesis_stream',
    { retention_period: 168 },
    { retention_period: 36 },
    /^deletes: records older than 36 hours .* for 7 days$/,
  ],
  [
    'aws_dynamodb_table',
    { ttl: [] },
    { ttl: [{ enabled: true, attribute_name: 'ends' }] },
    /^deletes: items whose attribute "ends"/,
  ],
  [
    'aws_dynamodb_table',
    { ttl: [{ enabled: true, attribute_name: 'ends' }] },
    { ttl: [{ enabled: true, attribute_name: 'made' }] },
    /^deletes: .*"made"/,
  ],
  [
    'aws_dynamodb_table',
    { point_in_time_recovery: [{ enabled: true }] },
    { point_in_time_recovery: [{ enabled: false }] },
    /^shortens: point-in-time recovery/,
  ],
  [
    'aws_dynamodb_table',
    { point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 35 }] },
    { point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 1 }] },
    /^shortens: .*last 1 day, not 35/,
  ],
  [
    'aws_dynamodb_table',
    { point_in_time_recovery: [{ enabled: true }] },
    { point_in_time_recovery: [] },
    /^shortens/,
  ],
  [
    'aws_db_instance',
    { backup_retention_period: 7 },
    { backup_retention_period: 0 },
    /^shortens: automated backups are switched off, and those of the last 7 days deleted/,
  ],
  [
    'aws_rds_cluster',
    { backup_retention_period: 7 },
    { backup_retention_period: 1 },
    /^shortens: .*for 1 day, not 7/,
  ],
  [
    'aws_elasticache_replication_group',
    { snapshot_retention_limit: 5 },
    { snapshot_retention_limit: 0 },
    /^shortens/,
  ],
  [
    'aws_redshift_cluster',
    { automated_snapshot_retention_period: 5 },
    { automated_snapshot_retention_period: 1 },
    /^shortens/,
  ],
  [
    'aws_s3_bucket_lifecycle_configuration',
    rule(90),
    rule(3),
    /^deletes: rule old deletes objects after 3 days, so far after 90 days/,
  ],
  ['aws_s3_bucket_lifecycle_configuration', rule(3, { status: 'Disabled' }), rule(3), /so far not/],
  [
    'aws_s3_bucket_lifecycle_configuration',
    rule(3, { filter: [{ prefix: 'tmp/' }] }),
    rule(3, { filter: [{ prefix: '' }] }),
    /so far not/,
  ],
  [
    'aws_s3_bucket_lifecycle_configuration',
    { rule: [] },
    { rule: [{ id: 'v', status: 'Enabled', noncurrent_version_expiration: [{ noncurrent_days: 1 }] }] },
    /^deletes: rule v deletes earlier versions of objects after 1 day/,
  ],
  [
    'aws_s3_bucket_lifecycle_configuration',
    { rule: [] },
    { rule: [{ status: 'Enabled', expiration: [{ date: '2027-01-01T00:00:00Z' }] }] },
    /rule without a name deletes objects at a date/,
  ],
  [
    'aws_s3_bucket',
    { lifecycle_rule: [] },
    { lifecycle_rule: [{ id: 'o', enabled: true, expiration: [{ days: 9 }] }] },
    /^deletes: .*after 9 days/,
  ],
  ['aws_s3_bucket_versioning', status('Enabled'), status('Suspended'), /^shortens: versioning/],
  [
    'aws_s3_bucket',
    { versioning: [{ enabled: true }] },
    { versioning: [{ enabled: false }] },
    /^shortens: versioning/,
  ],
  ['aws_kms_key', { is_enabled: true }, { is_enabled: false }, /^locks/],
  ['aws_kms_replica_key', { enabled: true }, { enabled: false }, /^locks/],
  [
    'aws_kms_key',
    { deletion_window_in_days: 30 },
    { deletion_window_in_days: 7 },
    /^unguards: .*7 days, not 30/,
  ],
  [
    'aws_secretsmanager_secret',
    { recovery_window_in_days: 30 },
    { recovery_window_in_days: 0 },
    /^unguards: .*cannot be restored/,
  ],
  [
    'aws_secretsmanager_secret',
    { recovery_window_in_days: 30 },
    { recovery_window_in_days: 7 },
    /^unguards: .*for 7 days/,
  ],
  ['aws_rds_cluster', { deletion_protection: true }, { deletion_protection: false }, /^unguards/],
  [
    'aws_dynamodb_table',
    { deletion_protection_enabled: true },
    { deletion_protection_enabled: null },
    /^unguards/,
  ],
  ['aws_db_instance', { skip_final_snapshot: false }, { skip_final_snapshot: true }, /^unguards/],
  ['aws_s3_bucket', { force_destroy: false }, { force_destroy: true }, /^unguards/],
  ['aws_ecr_repository', {}, { force_delete: true }, /^unguards/],
];

describe('a setting that loses something', () => {
  it.each(losses)('%s %j → %j', (type, before, after, words) => {
    expect(lost(changed(type, before, after))).toEqual([expect.stringMatching(words)]);
  });

  it.each(losses)('loses nothing the other way round: %s %j ← %j', (type, before, after, words) => {
    // Another attribute, another scope: these lose something both ways.
    if (/"made"|filter/.test(`${String(words)}${JSON.stringify(before)}`)) return;
    expect(lost(changed(type, after, before))).toEqual([]);
  });

  // Deleted as a resource, versioning is suspended: that nothing comes after it says so.
  it.each(losses.filter(([type]) => type !== 'aws_s3_bucket_versioning'))(
    'is not judged before it is known: %s %j → unknown',
    (type, before) => {
      expect(lost(changed(type, before, {}))).toEqual([]);
    },
  );

  it('is of a type that is in the table, so that it is called by its name', () => {
    for (const [type] of losses) expect(resourceTypes.has(type)).toBe(true);
  });

  it('tells of each of several', () => {
    const before = { backup_retention_period: 7, deletion_protection: true };
    const after = { backup_retention_period: 0, deletion_protection: false };
    expect(lost(changed('aws_db_instance', before, after))).toEqual([
      expect.stringMatching(/^shortens/),
      expect.stringMatching(/^unguards/),
    ]);
  });

  it('is no question for what is made, or goes as a whole', () => {
    const [before, after] = [{ retention_in_days: 9 }, { retention_in_days: 1 }];
    expect(lost(changed('aws_cloudwatch_log_group', null, after, 'create'))).toEqual([]);
    expect(lost(changed('aws_cloudwatch_log_group', before, after, 'replace'))).toEqual([]);
    expect(lost(changed('aws_cloudwatch_log_group', before, null, 'delete'))).toEqual([]);
  });
});

describe('settings of a bucket that are a resource of their own', () => {
  const made = changed(
    'aws_s3_bucket_lifecycle_configuration',
    null,
    { bucket: 'files', ...rule(3) },
    'create',
  );
  const gone = changed('aws_s3_bucket_versioning', status('Enabled'), null, 'delete');
  const bucket = (action: PlannedAction): PlannedResource =>
    changed('aws_s3_bucket', { bucket: 'files' }, { bucket: 'files' }, action);

  it('lose something when they are made for, or taken from, a bucket that stays', () => {
    expect(lost(made, bucket('no-op'))).toEqual([expect.stringContaining('so far not')]);
    expect(lost(gone, bucket('update'))).toEqual([expect.stringContaining('suspended')]);
  });

  it('lose nothing of a bucket that is made or deleted with them', () => {
    expect(lost(made, { ...bucket('create'), before: null })).toEqual([]);
    expect(lost(gone, bucket('delete'))).toEqual([]);
    expect(lost(made)).toEqual([]);
  });
});
