/** What a change of a setting loses though the thing itself stays: facts by type, each with its source. Pure. */
import type { PlanModel, PlannedResource } from '../terraform/model.ts';
import { valueAt } from '../terraform/types/paths.ts';
import type { JsonObject } from '../transfer/json.ts';
import { backups, days, expires, type Judge, numberAt, seconds, smaller, turned } from './setting-changes.ts';

/**
 * `deletes`: data that are there now go away by themselves after the apply. `shortens`: the data stay, but what they
 * could be restored from is kept shorter, or not at all. `locks`: the data stay and cannot be read. `unguards`:
 * nothing is lost yet, but what kept a later deletion from losing it is gone.
 */
export type LossEffect = 'deletes' | 'shortens' | 'locks' | 'unguards';

export interface LossInPlace {
  readonly effect: LossEffect;
  /** In words, with the values. */
  readonly what: string;
}

interface Fact extends Pick<LossInPlace, 'effect'> {
  readonly types: readonly string[];
  /** Page that says so. */
  readonly source: string;
  readonly judge: Judge;
}

const relational = ['aws_db_instance', 'aws_rds_cluster', 'aws_docdb_cluster', 'aws_neptune_cluster'];
const keys = ['aws_kms_key', 'aws_kms_replica_key', 'aws_kms_external_key'];
const docs = 'https://docs.aws.amazon.com';
const registry = 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources';
const lifecycle = `${docs}/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html`;
const suspended = 'versioning is suspended: what is written over or deleted from now on is gone';

const facts: readonly Fact[] = [
  {
    types: ['aws_cloudwatch_log_group'],
    source: `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`,
    effect: 'deletes',
    judge(before, after) {
      // 0 is for ever; so is what was never set.
      const [from, to] = [before, after].map((values) => numberAt(values, 'retention_in_days') ?? 0);
      if (!to || (from && to >= from)) return null;
      return `log events older than ${days(to)} are deleted; so far they are kept ${from ? `for ${days(from)}` : 'for ever'}`;
    },
  },
  {
    types: ['aws_sqs_queue'],
    source: `${docs}/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html`,
    effect: 'deletes',
    judge: smaller(
      'message_retention_seconds',
      (to, from) =>
        `messages older than ${seconds(to)} are deleted; so far they are kept for ${seconds(from)}`,
    ),
  },
  {
    // In hours.
    types: ['aws_kinesis_stream'],
    source: `${docs}/kinesis/latest/APIReference/API_DecreaseStreamRetentionPeriod.html`,
    effect: 'deletes',
    judge: smaller(
      'retention_period',
      (to, from) =>
        `records older than ${seconds(to * 3600)} are out of reach at once; so far they are kept for ${seconds(from * 3600)}`,
    ),
  },
  {
    types: ['aws_dynamodb_table'],
    source: `${docs}/amazondynamodb/latest/developerguide/TTL.html`,
    effect: 'deletes',
    judge(before, after) {
      const [from, to] = [before, after].map((values) =>
        valueAt(values, 'ttl.0.enabled') === true ? (valueAt(values, 'ttl.0.attribute_name') ?? null) : null,
      );
      return typeof to === 'string' && to !== from
        ? `items whose attribute ${JSON.stringify(to)} holds a time in the past are deleted`
        : null;
    },
  },
  {
    types: ['aws_s3_bucket_lifecycle_configuration'],
    source: lifecycle,
    effect: 'deletes',
    judge: expires('objects', 'rule', 'expiration', 'days'),
  },
  {
    types: ['aws_s3_bucket_lifecycle_configuration'],
    source: lifecycle,
    effect: 'deletes',
    judge: expires('earlier versions of objects', 'rule', 'noncurrent_version_expiration', 'noncurrent_days'),
  },
  {
    types: ['aws_s3_bucket'],
    source: lifecycle,
    effect: 'deletes',
    judge: expires('objects', 'lifecycle_rule', 'expiration', 'days'),
  },
  {
    types: ['aws_s3_bucket'],
    source: lifecycle,
    effect: 'deletes',
    judge: expires('earlier versions of objects', 'lifecycle_rule', 'noncurrent_version_expiration', 'days'),
  },
  {
    types: ['aws_dynamodb_table'],
    source: `${docs}/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html`,
    effect: 'shortens',
    judge: turned(
      'point_in_time_recovery.0.enabled',
      'off',
      'point-in-time recovery is switched off: the table cannot be restored to an earlier time',
    ),
  },
  {
    types: ['aws_dynamodb_table'],
    source: `${docs}/amazondynamodb/latest/APIReference/API_PointInTimeRecoverySpecification.html`,
    effect: 'shortens',
    judge: smaller(
      'point_in_time_recovery.0.recovery_period_in_days',
      (to, from) => `the table can be restored to any time of the last ${days(to)}, not ${from}`,
    ),
  },
  {
    // 0 switches them off and deletes those that there are; a cluster has at least one day.
    types: relational,
    source: `${docs}/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html`,
    effect: 'shortens',
    judge: backups('automated backups', 'backup_retention_period'),
  },
  {
    types: ['aws_elasticache_replication_group', 'aws_elasticache_cluster'],
    source: `${docs}/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html`,
    effect: 'shortens',
    judge: backups('automatic snapshots', 'snapshot_retention_limit'),
  },
  {
    types: ['aws_redshift_cluster'],
    source: `${docs}/redshift/latest/APIReference/API_ModifyCluster.html`,
    effect: 'shortens',
    judge: backups('automated snapshots', 'automated_snapshot_retention_period'),
  },
  {
    // Deleting the resource suspends it, too.
    types: ['aws_s3_bucket_versioning'],
    source: `${registry}/s3_bucket_versioning`,
    effect: 'shortens',
    judge(before, after) {
      const [from, to] = [before, after].map((values) =>
        valueAt(values, 'versioning_configuration.0.status'),
      );
      return from === 'Enabled' && (to === 'Suspended' || Object.keys(after).length === 0) ? suspended : null;
    },
  },
  {
    types: ['aws_s3_bucket'],
    source: `${docs}/AmazonS3/latest/userguide/Versioning.html`,
    effect: 'shortens',
    judge: turned('versioning.0.enabled', 'off', suspended),
  },
  {
    types: keys,
    source: `${docs}/kms/latest/developerguide/enabling-keys.html`,
    effect: 'locks',
    judge(before, after) {
      // Two of the three call it otherwise.
      const off = ['is_enabled', 'enabled'].some(
        (path) => valueAt(before, path) === true && valueAt(after, path) === false,
      );
      return off ? 'what the key encrypted cannot be read until it is enabled again' : null;
    },
  },
  {
    types: keys,
    source: `${docs}/kms/latest/APIReference/API_ScheduleKeyDeletion.html`,
    effect: 'unguards',
    judge: smaller(
      'deletion_window_in_days',
      (to, from) => `once deleted, the key can be saved for ${days(to)}, not ${from}`,
    ),
  },
  {
    types: ['aws_secretsmanager_secret'],
    source: `${docs}/secretsmanager/latest/apireference/API_DeleteSecret.html`,
    effect: 'unguards',
    judge: smaller('recovery_window_in_days', (to, from) =>
      to === 0
        ? `once deleted, the secret cannot be restored; so far for ${days(from)}`
        : `once deleted, the secret can be restored for ${days(to)}, not ${from}`,
    ),
  },
  {
    types: relational,
    source: `${docs}/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html`,
    effect: 'unguards',
    judge: turned('deletion_protection', 'off', 'deletion protection is switched off'),
  },
  {
    types: ['aws_dynamodb_table'],
    source: `${docs}/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html`,
    effect: 'unguards',
    judge: turned('deletion_protection_enabled', 'off', 'deletion protection is switched off'),
  },
  {
    types: [...relational, 'aws_redshift_cluster'],
    source: `${docs}/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html`,
    effect: 'unguards',
    judge: turned('skip_final_snapshot', 'on', 'once deleted, no final snapshot of it is taken'),
  },
  {
    types: ['aws_s3_bucket'],
    source: `${registry}/s3_bucket#force_destroy`,
    effect: 'unguards',
    judge: turned('force_destroy', 'on', 'deleting it is no longer refused while objects are in it'),
  },
  {
    types: ['aws_ecr_repository'],
    source: `${registry}/ecr_repository#force_delete`,
    effect: 'unguards',
    judge: turned('force_delete', 'on', 'deleting it is no longer refused while images are in it'),
  },
];

/** Settings that are a resource of their own: making or deleting one changes what it belongs to. */
const settingsOf: Readonly<Record<string, { readonly type: string; readonly attribute: string }>> = {
  aws_s3_bucket_lifecycle_configuration: { type: 'aws_s3_bucket', attribute: 'bucket' },
  aws_s3_bucket_versioning: { type: 'aws_s3_bucket', attribute: 'bucket' },
};

/** Empty for what is deleted or made anew as a whole: that is another question. */
export function lossesInPlace(change: PlannedResource, plan: PlanModel): readonly LossInPlace[] {
  if (change.mode !== 'managed' || !changesInPlace(change, plan)) return [];
  const [before, after]: readonly JsonObject[] = [change.before ?? {}, change.after ?? {}];
  return facts.flatMap(({ types, effect, judge }) => {
    if (!types.includes(change.type)) return [];
    const what = judge(before ?? {}, after ?? {});
    return what === null ? [] : [{ effect, what }];
  });
}

function changesInPlace({ type, action, before, after }: PlannedResource, plan: PlanModel): boolean {
  if (action === 'update') return true;
  const owner = settingsOf[type];
  if (owner === undefined || !['create', 'delete', 'replace'].includes(action)) return false;
  const name = (after ?? before ?? {})[owner.attribute];
  // Of a bucket that is made or deleted with it nothing is lost by its settings.
  return plan.changes.some(
    (other) =>
      other.type === owner.type &&
      other.mode === 'managed' &&
      (other.action === 'no-op' || other.action === 'update') &&
      other.before?.[owner.attribute] === name,
  );
}
