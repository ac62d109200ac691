/** Where else the objects and the history of a copy of a bucket go, and how long objects are kept. */
import type {
  BucketLogsPermission,
  Destination,
  MetricsStatus,
  ObjectLockRetentionMode,
  OwnerOverride,
  PartitionDateSource,
  ReplicationRule,
  ReplicationRuleFilter,
  ReplicationRuleStatus,
  ReplicationTimeStatus,
  S3,
  StorageClass,
  TargetObjectKeyFormat,
} from '@aws-sdk/client-s3';
import type { CloneDefinition } from '../clone.ts';
import type { StateValues } from '../state-values.ts';
import { grantOf } from './s3-serving.ts';
import { setting } from './s3-setting.ts';

/** `[{ status }]`: the two words are the same for all settings, each with a type of its own. */
function status(values: StateValues, name: string): { Status: 'Enabled' | 'Disabled' } | undefined {
  const word = values.block(name)?.word<'Enabled' | 'Disabled'>('status');
  return word === undefined ? undefined : { Status: word };
}

function destination(values: StateValues): Destination {
  const owner = values.block('access_control_translation')?.word<OwnerOverride>('owner');
  const key = values.block('encryption_configuration')?.text('replica_kms_key_id');
  const metrics = values.block('metrics');
  const time = values.block('replication_time');
  const minutes = (block: StateValues | undefined, name: string): { Minutes: number } | undefined => {
    const number = block?.block(name)?.positive('minutes');
    return number === undefined ? undefined : { Minutes: number };
  };
  return {
    Bucket: values.needed('bucket'),
    Account: values.text('account'),
    StorageClass: values.word<StorageClass>('storage_class'),
    ...(owner === undefined ? {} : { AccessControlTranslation: { Owner: owner } }),
    ...(key === undefined ? {} : { EncryptionConfiguration: { ReplicaKmsKeyID: key } }),
    ...(metrics && {
      Metrics: {
        Status: metrics.word<MetricsStatus>('status'),
        EventThreshold: minutes(metrics, 'event_threshold'),
      },
    }),
    ...(time && {
      ReplicationTime: { Status: time.word<ReplicationTimeStatus>('status'), Time: minutes(time, 'time') },
    }),
  };
}

function filter(values: StateValues): ReplicationRuleFilter {
  const [and, tag] = [values.block('and'), values.block('tag')];
  if (and !== undefined) {
    const Tags = Object.entries(and.map('tags') ?? {}).map(([Key, Value]) => ({ Key, Value }));
    return { And: { Prefix: and.text('prefix'), Tags } };
  }
  if (tag !== undefined) return { Tag: { Key: tag.needed('key'), Value: tag.text('value') ?? '' } };
  return { Prefix: values.text('prefix') ?? '' };
}

function rule(values: StateValues): ReplicationRule {
  const filters = values.block('filter');
  const chosen = values.block('source_selection_criteria');
  return {
    ID: values.text('id'),
    Status: values.word<ReplicationRuleStatus>('status'),
    Destination: values.blocks('destination').map(destination)[0],
    DeleteMarkerReplication: status(values, 'delete_marker_replication'),
    ExistingObjectReplication: status(values, 'existing_object_replication'),
    // Rules of the first version have a prefix and no priority; the two do not go together.
    ...(filters === undefined
      ? { Prefix: values.text('prefix') ?? '' }
      : { Filter: filter(filters), Priority: values.number('priority') }),
    ...(chosen && {
      SourceSelectionCriteria: {
        ReplicaModifications: status(chosen, 'replica_modifications'),
        SseKmsEncryptedObjects: status(chosen, 'sse_kms_encrypted_objects'),
      },
    }),
  };
}

const bucketsOf = (values: StateValues): readonly string[] =>
  values.blocks('rule').flatMap((each) => each.block('destination')?.text('bucket') ?? []);

function keyFormat(values: StateValues | undefined): TargetObjectKeyFormat | undefined {
  if (values === undefined) return undefined;
  const partitioned = values.block('partitioned_prefix');
  if (partitioned === undefined) return { SimplePrefix: {} };
  return {
    PartitionedPrefix: {
      PartitionDateSource: partitioned.word<PartitionDateSource>('partition_date_source'),
    },
  };
}

const afterVersioning = [{ types: ['aws_s3_bucket_versioning'], sharing: ['bucket'] }];

export const keeping: Readonly<Record<string, CloneDefinition<S3>>> = {
  aws_s3_bucket_logging: setting(['s3:PutBucketLogging'], (Bucket, values, client) =>
    client.putBucketLogging({
      Bucket,
      BucketLoggingStatus: {
        LoggingEnabled: {
          TargetBucket: values.needed('target_bucket'),
          TargetPrefix: values.text('target_prefix') ?? '',
          TargetGrants: values
            .blocks('target_grant')
            .map((each) => ({ ...grantOf(each), Permission: each.word<BucketLogsPermission>('permission') })),
          TargetObjectKeyFormat: keyFormat(values.block('target_object_key_format')),
        },
      },
    }),
  ),
  aws_s3_bucket_replication_configuration: setting(
    ['s3:PutReplicationConfiguration', 'iam:PassRole'],
    (Bucket, values, client) =>
      client.putBucketReplication({
        Bucket,
        ReplicationConfiguration: { Role: values.needed('role'), Rules: values.blocks('rule').map(rule) },
      }),
    {
      after: afterVersioning,
      refuses: (source, target) => {
        const own = bucketsOf(target);
        const kept = bucketsOf(source).find((bucket) => own.includes(bucket));
        return kept === undefined
          ? null
          : `its objects go to ${kept}, which does not bear the name of the environment: those of the copy would mix with them`;
      },
    },
  ),
  aws_s3_bucket_object_lock_configuration: setting(
    ['s3:PutBucketObjectLockConfiguration'],
    (Bucket, values, client) => {
      const kept = values.block('rule')?.block('default_retention');
      return client.putObjectLockConfiguration({
        Bucket,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: {
            DefaultRetention: {
              Mode: kept?.word<ObjectLockRetentionMode>('mode'),
              Days: kept?.positive('days'),
              Years: kept?.positive('years'),
            },
          },
        },
      });
    },
    { after: afterVersioning },
  ),
};
