/** Where else a bucket's objects and its history go, and how long objects are kept. */
import type { Destination, ReplicationRule } from '@aws-sdk/client-s3';
import type { JsonObject } from '../../transfer/json.ts';
import { known } from '../describe.ts';
import { tagsFrom } from '../listing.ts';
import { block } from '../state-values.ts';
import { grantee, type Maybe, nobody, type Setting } from './s3-setting.ts';

function destination({ AccessControlTranslation: translation, ...found }: Destination): Maybe {
  return {
    access_control_translation: block(translation && { owner: translation.Owner }),
    account: found.Account ?? '',
    bucket: found.Bucket,
    encryption_configuration: block(
      found.EncryptionConfiguration && {
        replica_kms_key_id: found.EncryptionConfiguration.ReplicaKmsKeyID ?? '',
      },
    ),
    metrics: block(
      found.Metrics && {
        event_threshold: block(
          found.Metrics.EventThreshold && { minutes: found.Metrics.EventThreshold.Minutes },
        ),
        status: found.Metrics.Status,
      },
    ),
    replication_time: block(
      found.ReplicationTime && {
        status: found.ReplicationTime.Status,
        time: block(found.ReplicationTime.Time && { minutes: found.ReplicationTime.Time.Minutes }),
      },
    ),
    storage_class: found.StorageClass ?? '',
  };
}

function filter({ And, Prefix, Tag }: NonNullable<ReplicationRule['Filter']>): Maybe {
  return {
    and: block(And && { prefix: And.Prefix ?? '', tags: tagsFrom(And.Tags ?? []) }),
    prefix: Prefix ?? '',
    tag: block(Tag && { key: Tag.Key, value: Tag.Value }),
  };
}

function replicationRule(rule: ReplicationRule): JsonObject {
  const status = (found: { readonly Status?: string | undefined } | undefined): readonly JsonObject[] =>
    block(found && { status: found.Status });
  const chosen = rule.SourceSelectionCriteria;
  return known({
    delete_marker_replication: status(rule.DeleteMarkerReplication),
    destination: block(rule.Destination && destination(rule.Destination)),
    existing_object_replication: status(rule.ExistingObjectReplication),
    filter: block(rule.Filter && filter(rule.Filter)),
    id: rule.ID,
    prefix: rule.Prefix ?? '',
    priority: rule.Priority ?? 0,
    source_selection_criteria: block(
      chosen && {
        replica_modifications: status(chosen.ReplicaModifications),
        sse_kms_encrypted_objects: status(chosen.SseKmsEncryptedObjects),
      },
    ),
    status: rule.Status,
  });
}

export const keeping: readonly Setting[] = [
  {
    type: 'aws_s3_bucket_logging',
    read: async (client, bucket) => {
      const { LoggingEnabled: found } = await client.getBucketLogging(bucket);
      const format = found?.TargetObjectKeyFormat;
      return (
        found && {
          target_bucket: found.TargetBucket,
          target_grant: (found.TargetGrants ?? []).map(({ Grantee, Permission }) =>
            known({ grantee: grantee(Grantee), permission: Permission }),
          ),
          target_object_key_format: block(
            format && {
              partitioned_prefix: block(
                format.PartitionedPrefix && {
                  partition_date_source: format.PartitionedPrefix.PartitionDateSource,
                },
              ),
              simple_prefix: format.SimplePrefix === undefined ? [] : [{}],
            },
          ),
          target_prefix: found.TargetPrefix ?? '',
          ...nobody,
        }
      );
    },
  },
  {
    type: 'aws_s3_bucket_replication_configuration',
    read: async (client, bucket) => {
      const { ReplicationConfiguration: found } = await client.getBucketReplication(bucket);
      return found && { role: found.Role, rule: (found.Rules ?? []).map(replicationRule) };
    },
  },
  {
    type: 'aws_s3_bucket_object_lock_configuration',
    read: async (client, bucket) => {
      const { ObjectLockConfiguration: found } = await client.getObjectLockConfiguration(bucket);
      const kept = found?.Rule?.DefaultRetention;
      // That it is switched on at all is said of the bucket itself.
      return (
        kept && {
          object_lock_enabled: found.ObjectLockEnabled,
          rule: [
            { default_retention: block({ days: kept.Days ?? 0, mode: kept.Mode, years: kept.Years ?? 0 }) },
          ],
          ...nobody,
        }
      );
    },
  },
];
