import type { LifecycleRule, S3 } from '@aws-sdk/client-s3';
import type { JsonObject } from '../../transfer/json.ts';
import { type DescribedResource, describeService, known } from '../describe.ts';
import { tagsFrom } from '../listing.ts';
import { s3 as adapter } from '../services/s3.ts';
import { block, sorted, tagged } from '../state-values.ts';
import { keeping } from './s3-keeping.ts';
import { reportActions, reportsOf } from './s3-reports.ts';
import { serving } from './s3-serving.ts';
import { type Maybe, nobody, type Setting, unlessUnset } from './s3-setting.ts';
import { dnsSuffixOf, jsonText, partitionOf } from './texts.ts';

const settings: readonly Setting[] = [
  {
    type: 'aws_s3_bucket_versioning',
    read: async (client, bucket) => {
      const { Status, MFADelete } = await client.getBucketVersioning(bucket);
      return (
        Status && { versioning_configuration: [{ mfa_delete: MFADelete ?? '', status: Status }], ...nobody }
      );
    },
  },
  {
    type: 'aws_s3_bucket_server_side_encryption_configuration',
    read: async (client, bucket) => {
      const { ServerSideEncryptionConfiguration } = await client.getBucketEncryption(bucket);
      return (
        ServerSideEncryptionConfiguration && {
          rule: (ServerSideEncryptionConfiguration.Rules ?? []).map((rule) =>
            known({
              apply_server_side_encryption_by_default: block(
                rule.ApplyServerSideEncryptionByDefault && {
                  kms_master_key_id: rule.ApplyServerSideEncryptionByDefault.KMSMasterKeyID ?? '',
                  sse_algorithm: rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm,
                },
              ),
              blocked_encryption_types: rule.BlockedEncryptionTypes?.EncryptionType?.map((each) => each),
              bucket_key_enabled: rule.BucketKeyEnabled ?? false,
            }),
          ),
          ...nobody,
        }
      );
    },
  },
  {
    type: 'aws_s3_bucket_public_access_block',
    read: async (client, bucket) => {
      const { PublicAccessBlockConfiguration: found } = await client.getPublicAccessBlock(bucket);
      return (
        found && {
          block_public_acls: found.BlockPublicAcls ?? false,
          block_public_policy: found.BlockPublicPolicy ?? false,
          ignore_public_acls: found.IgnorePublicAcls ?? false,
          restrict_public_buckets: found.RestrictPublicBuckets ?? false,
        }
      );
    },
  },
  {
    type: 'aws_s3_bucket_ownership_controls',
    read: async (client, bucket) => {
      const { OwnershipControls } = await client.getBucketOwnershipControls(bucket);
      return (
        OwnershipControls && {
          rule: (OwnershipControls.Rules ?? []).map(({ ObjectOwnership }) =>
            known({ object_ownership: ObjectOwnership }),
          ),
        }
      );
    },
  },
  {
    type: 'aws_s3_bucket_policy',
    read: async (client, bucket) => {
      const policy = jsonText((await client.getBucketPolicy(bucket)).Policy);
      return policy === undefined ? undefined : { policy };
    },
  },
  {
    type: 'aws_s3_bucket_cors_configuration',
    read: async (client, bucket) => {
      const { CORSRules } = await client.getBucketCors(bucket);
      return (
        CORSRules && {
          cors_rule: CORSRules.map((rule) => ({
            allowed_headers: sorted(rule.AllowedHeaders),
            allowed_methods: sorted(rule.AllowedMethods),
            allowed_origins: sorted(rule.AllowedOrigins),
            expose_headers: sorted(rule.ExposeHeaders),
            id: rule.ID ?? '',
            max_age_seconds: rule.MaxAgeSeconds ?? 0,
          })),
          ...nobody,
        }
      );
    },
  },
  {
    type: 'aws_s3_bucket_lifecycle_configuration',
    read: async (client, bucket) => {
      const { Rules, TransitionDefaultMinimumObjectSize } =
        await client.getBucketLifecycleConfiguration(bucket);
      return (
        Rules && {
          rule: Rules.map(lifecycleRule),
          transition_default_minimum_object_size: TransitionDefaultMinimumObjectSize,
          ...nobody,
        }
      );
    },
  },
  {
    type: 'aws_s3_bucket_notification',
    read: async (client, bucket) => {
      const found = await client.getBucketNotificationConfiguration(bucket);
      const values = {
        eventbridge: found.EventBridgeConfiguration !== undefined,
        lambda_function: (found.LambdaFunctionConfigurations ?? []).map((each) =>
          known({ ...notice(each), lambda_function_arn: each.LambdaFunctionArn }),
        ),
        queue: (found.QueueConfigurations ?? []).map((each) =>
          known({ ...notice(each), queue_arn: each.QueueArn }),
        ),
        topic: (found.TopicConfigurations ?? []).map((each) =>
          known({ ...notice(each), topic_arn: each.TopicArn }),
        ),
      };
      const { lambda_function, queue, topic } = values;
      return values.eventbridge || lambda_function.length + queue.length + topic.length > 0
        ? values
        : undefined;
    },
  },
];

interface Notice {
  readonly Id?: string | undefined;
  readonly Events: readonly string[] | undefined;
  readonly Filter?:
    | {
        readonly Key?:
          | {
              readonly FilterRules?:
                | readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[]
                | undefined;
            }
          | undefined;
      }
    | undefined;
}

function notice({ Id, Events, Filter }: Notice): Maybe {
  const filter = (name: string): string =>
    Filter?.Key?.FilterRules?.find((rule) => rule.Name?.toLowerCase() === name)?.Value ?? '';
  return {
    events: sorted(Events),
    filter_prefix: filter('prefix'),
    filter_suffix: filter('suffix'),
    id: Id,
  };
}

const date = (value: Date | undefined): string | null =>
  value === undefined ? null : value.toISOString().replace('.000Z', 'Z');

const tag = (value: { readonly Key?: string | undefined; readonly Value?: string | undefined }): JsonObject =>
  known({ key: value.Key, value: value.Value });

function lifecycleRule(rule: LifecycleRule): JsonObject {
  return known({
    abort_incomplete_multipart_upload: block(
      rule.AbortIncompleteMultipartUpload && {
        days_after_initiation: rule.AbortIncompleteMultipartUpload.DaysAfterInitiation,
      },
    ),
    expiration: block(
      rule.Expiration && {
        date: date(rule.Expiration.Date),
        days: rule.Expiration.Days ?? 0,
        expired_object_delete_marker: rule.Expiration.ExpiredObjectDeleteMarker ?? false,
      },
    ),
    filter: block(rule.Filter && lifecycleFilter(rule.Filter)),
    id: rule.ID,
    noncurrent_version_expiration: block(
      rule.NoncurrentVersionExpiration && {
        newer_noncurrent_versions: rule.NoncurrentVersionExpiration.NewerNoncurrentVersions ?? null,
        noncurrent_days: rule.NoncurrentVersionExpiration.NoncurrentDays,
      },
    ),
    noncurrent_version_transition: (rule.NoncurrentVersionTransitions ?? []).map((each) =>
      known({
        newer_noncurrent_versions: each.NewerNoncurrentVersions ?? null,
        noncurrent_days: each.NoncurrentDays,
        storage_class: each.StorageClass,
      }),
    ),
    prefix: rule.Prefix ?? '',
    status: rule.Status,
    transition: (rule.Transitions ?? []).map((each) =>
      known({ date: date(each.Date), days: each.Days ?? 0, storage_class: each.StorageClass }),
    ),
  });
}

function lifecycleFilter(filter: NonNullable<LifecycleRule['Filter']>): Maybe {
  const { And } = filter;
  return {
    and: block(
      And && {
        object_size_greater_than: And.ObjectSizeGreaterThan ?? 0,
        object_size_less_than: And.ObjectSizeLessThan ?? 0,
        prefix: And.Prefix ?? '',
        tags: tagsFrom(And.Tags ?? []),
      },
    ),
    object_size_greater_than: filter.ObjectSizeGreaterThan ?? null,
    object_size_less_than: filter.ObjectSizeLessThan ?? null,
    prefix: filter.Prefix ?? '',
    tag: block(filter.Tag && tag(filter.Tag)),
  };
}

async function bucketItself(Bucket: string, client: S3): Promise<DescribedResource> {
  const { BucketRegion } = await client.headBucket({ Bucket });
  const region = BucketRegion ?? (await client.config.region());
  const suffix = dnsSuffixOf(region);
  const [reports, tags, locked] = await Promise.all([
    reportsOf({ Bucket }, client),
    unlessUnset(client.getBucketTagging({ Bucket })),
    unlessUnset(client.getObjectLockConfiguration({ Bucket })),
  ]);
  return {
    type: 'aws_s3_bucket',
    id: Bucket,
    values: {
      arn: `arn:${partitionOf(region)}:s3:::${Bucket}`,
      bucket: Bucket,
      bucket_domain_name: `${Bucket}.s3.${suffix}`,
      bucket_regional_domain_name: `${Bucket}.s3.${region}.${suffix}`,
      id: Bucket,
      object_lock_enabled: locked?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled',
      region,
      ...tagged(tagsFrom(tags?.TagSet ?? [])),
      ...reports,
    },
  };
}

/** Buckets with their settings; a setting that was never made is not among them. */
export const s3 = describeService('s3', adapter.notFound, {
  aws_s3_bucket: {
    actions: [
      's3:ListBucket',
      's3:GetBucketTagging',
      's3:GetBucketObjectLockConfiguration',
      's3:GetBucketVersioning',
      's3:GetEncryptionConfiguration',
      's3:GetBucketPublicAccessBlock',
      's3:GetBucketOwnershipControls',
      's3:GetBucketPolicy',
      's3:GetBucketCORS',
      's3:GetLifecycleConfiguration',
      's3:GetBucketNotification',
      's3:GetBucketWebsite',
      's3:GetBucketAcl',
      's3:GetAccelerateConfiguration',
      's3:GetBucketRequestPayment',
      's3:GetBucketLogging',
      's3:GetReplicationConfiguration',
      ...reportActions,
    ],
    describe: async ({ id }, client) => {
      const bucket = await bucketItself(id, client);
      const parts = await Promise.all(
        [...settings, ...serving, ...keeping].map(async ({ type, read }): Promise<DescribedResource[]> => {
          const values = await unlessUnset(read(client, { Bucket: id }));
          return values === undefined ? [] : [{ type, id, values: known({ ...values, bucket: id, id }) }];
        }),
      );
      return [bucket, ...parts.flat()];
    },
  },
});
