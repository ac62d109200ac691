import type {
  BucketLocationConstraint,
  EncryptionType,
  Event,
  FilterRule,
  LifecycleRule,
  ObjectOwnership,
  S3,
  ServerSideEncryption,
  TransitionDefaultMinimumObjectSize,
  TransitionStorageClass,
} from '@aws-sdk/client-s3';
import { type Cloned, type CloneRequest, cloneService } from '../clone.ts';
import { dnsSuffixOf, partitionOf } from '../describe/texts.ts';
import { StateValues } from '../state-values.ts';
import { refuseTaken } from './refusals.ts';
import { keeping } from './s3-keeping.ts';
import { serving } from './s3-serving.ts';
import { setting } from './s3-setting.ts';

async function cloneBucket({ values: given }: CloneRequest, client: S3): Promise<Cloned> {
  const values = new StateValues(given);
  const Bucket = values.needed('bucket');
  const region = await client.config.region();
  // In the oldest region a bucket of one's own is made once more without an error.
  await refuseTaken(`the bucket ${Bucket}`, () => client.headBucket({ Bucket }), [
    '404',
    'NotFound',
    'NoSuchBucket',
  ]);
  await client.createBucket({
    Bucket,
    ObjectLockEnabledForBucket: values.flag('object_lock_enabled') ?? false,
    ...(region === 'us-east-1'
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } }),
  });
  const TagSet = values.tagList;
  if (TagSet !== undefined) await client.putBucketTagging({ Bucket, Tagging: { TagSet } });
  const suffix = dnsSuffixOf(region);
  return {
    id: Bucket,
    values: {
      arn: `arn:${partitionOf(region)}:s3:::${Bucket}`,
      bucket_domain_name: `${Bucket}.s3.${suffix}`,
      bucket_regional_domain_name: `${Bucket}.s3.${region}.${suffix}`,
      id: Bucket,
      region,
    },
  };
}

const date = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);

function lifecycleRule(rule: StateValues): LifecycleRule {
  const expiration = rule.block('expiration');
  const upload = rule.block('abort_incomplete_multipart_upload');
  const noncurrent = rule.block('noncurrent_version_expiration');
  const transitions = rule.blocks('transition');
  const later = rule.blocks('noncurrent_version_transition');
  const prefix = rule.text('prefix');
  return {
    ID: rule.text('id'),
    Status: rule.text('status') === 'Disabled' ? 'Disabled' : 'Enabled',
    ...(rule.block('filter') === undefined && prefix !== undefined
      ? { Prefix: prefix }
      : { Filter: lifecycleFilter(rule.block('filter')) }),
    ...(upload && {
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: upload.positive('days_after_initiation') },
    }),
    ...(expiration && {
      Expiration: {
        Date: date(expiration.text('date')),
        Days: expiration.positive('days'),
        ...(expiration.flag('expired_object_delete_marker') ? { ExpiredObjectDeleteMarker: true } : {}),
      },
    }),
    ...(noncurrent && {
      NoncurrentVersionExpiration: {
        NewerNoncurrentVersions: noncurrent.positive('newer_noncurrent_versions'),
        NoncurrentDays: noncurrent.positive('noncurrent_days'),
      },
    }),
    ...(transitions.length > 0 && {
      Transitions: transitions.map((each) => ({
        Date: date(each.text('date')),
        Days: each.text('date') === undefined ? each.number('days') : undefined,
        StorageClass: each.word<TransitionStorageClass>('storage_class'),
      })),
    }),
    ...(later.length > 0 && {
      NoncurrentVersionTransitions: later.map((each) => ({
        NewerNoncurrentVersions: each.positive('newer_noncurrent_versions'),
        NoncurrentDays: each.number('noncurrent_days'),
        StorageClass: each.word<TransitionStorageClass>('storage_class'),
      })),
    }),
  };
}

function lifecycleFilter(filter: StateValues | undefined): LifecycleRule['Filter'] {
  const and = filter?.block('and');
  if (and !== undefined) {
    const tags = Object.entries(and.map('tags') ?? {}).map(([Key, Value]) => ({ Key, Value }));
    return {
      And: {
        Prefix: and.text('prefix'),
        ObjectSizeGreaterThan: and.positive('object_size_greater_than'),
        ObjectSizeLessThan: and.positive('object_size_less_than'),
        ...(tags.length === 0 ? {} : { Tags: tags }),
      },
    };
  }
  const tag = filter?.block('tag');
  const more = filter?.positive('object_size_greater_than');
  const less = filter?.positive('object_size_less_than');
  if (tag !== undefined) return { Tag: { Key: tag.needed('key'), Value: tag.text('value') ?? '' } };
  if (more !== undefined) return { ObjectSizeGreaterThan: more };
  if (less !== undefined) return { ObjectSizeLessThan: less };
  return { Prefix: filter?.text('prefix') ?? '' };
}

function notice(values: StateValues): {
  Id: string | undefined;
  Events: Event[];
  Filter?: { Key: { FilterRules: FilterRule[] } };
} {
  const [prefix, suffix] = [values.text('filter_prefix'), values.text('filter_suffix')];
  const FilterRules: FilterRule[] = [
    ...(prefix === undefined ? [] : [{ Name: 'prefix' as const, Value: prefix }]),
    ...(suffix === undefined ? [] : [{ Name: 'suffix' as const, Value: suffix }]),
  ];
  return {
    Id: values.text('id'),
    Events: values.words<Event>('events') ?? [],
    ...(FilterRules.length === 0 ? {} : { Filter: { Key: { FilterRules } } }),
  };
}

/** Buckets without their objects, and the settings of buckets. */
export const s3 = cloneService('s3', {
  aws_s3_bucket: {
    actions: [
      's3:CreateBucket',
      's3:PutBucketTagging',
      's3:ListBucket',
      's3:PutBucketObjectLockConfiguration',
    ],
    clone: cloneBucket,
  },
  aws_s3_bucket_versioning: setting(
    ['s3:PutBucketVersioning'],
    (Bucket, values, client) =>
      client.putBucketVersioning({
        Bucket,
        VersioningConfiguration: {
          Status:
            values.block('versioning_configuration')?.text('status') === 'Suspended'
              ? 'Suspended'
              : 'Enabled',
        },
      }),
    {
      lacks: (values) =>
        values.block('versioning_configuration')?.text('mfa_delete') === 'Enabled'
          ? {
              what: 'lets versions be deleted without a second factor, which the source asks for',
              hint: 'Only the owner of the account can switch it on, with the device: aws s3api put-bucket-versioning --mfa.',
            }
          : null,
    },
  ),
  aws_s3_bucket_server_side_encryption_configuration: setting(
    ['s3:PutEncryptionConfiguration'],
    (Bucket, values, client) =>
      client.putBucketEncryption({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: values.blocks('rule').map((rule) => {
            const standard = rule.block('apply_server_side_encryption_by_default');
            const blocked = rule.words<EncryptionType>('blocked_encryption_types');
            return {
              BucketKeyEnabled: rule.flag('bucket_key_enabled') ?? false,
              ...(blocked && { BlockedEncryptionTypes: { EncryptionType: blocked } }),
              ...(standard && {
                ApplyServerSideEncryptionByDefault: {
                  SSEAlgorithm: standard.needed('sse_algorithm') as ServerSideEncryption,
                  KMSMasterKeyID: standard.text('kms_master_key_id'),
                },
              }),
            };
          }),
        },
      }),
  ),
  aws_s3_bucket_public_access_block: setting(['s3:PutBucketPublicAccessBlock'], (Bucket, values, client) =>
    client.putPublicAccessBlock({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: values.flag('block_public_acls') ?? false,
        BlockPublicPolicy: values.flag('block_public_policy') ?? false,
        IgnorePublicAcls: values.flag('ignore_public_acls') ?? false,
        RestrictPublicBuckets: values.flag('restrict_public_buckets') ?? false,
      },
    }),
  ),
  aws_s3_bucket_ownership_controls: setting(['s3:PutBucketOwnershipControls'], (Bucket, values, client) =>
    client.putBucketOwnershipControls({
      Bucket,
      OwnershipControls: {
        Rules: values
          .blocks('rule')
          .map((rule) => ({ ObjectOwnership: rule.needed('object_ownership') as ObjectOwnership })),
      },
    }),
  ),
  aws_s3_bucket_policy: setting(['s3:PutBucketPolicy'], (Bucket, values, client) =>
    client.putBucketPolicy({ Bucket, Policy: values.needed('policy') }),
  ),
  aws_s3_bucket_cors_configuration: setting(['s3:PutBucketCORS'], (Bucket, values, client) =>
    client.putBucketCors({
      Bucket,
      CORSConfiguration: {
        CORSRules: values.blocks('cors_rule').map((rule) => ({
          ID: rule.text('id'),
          AllowedHeaders: rule.texts('allowed_headers'),
          AllowedMethods: rule.texts('allowed_methods') ?? [],
          AllowedOrigins: rule.texts('allowed_origins') ?? [],
          ExposeHeaders: rule.texts('expose_headers'),
          MaxAgeSeconds: rule.positive('max_age_seconds'),
        })),
      },
    }),
  ),
  aws_s3_bucket_lifecycle_configuration: setting(['s3:PutLifecycleConfiguration'], (Bucket, values, client) =>
    client.putBucketLifecycleConfiguration({
      Bucket,
      TransitionDefaultMinimumObjectSize: values.word<TransitionDefaultMinimumObjectSize>(
        'transition_default_minimum_object_size',
      ),
      LifecycleConfiguration: { Rules: values.blocks('rule').map(lifecycleRule) },
    }),
  ),
  aws_s3_bucket_notification: setting(['s3:PutBucketNotification'], (Bucket, values, client) =>
    client.putBucketNotificationConfiguration({
      Bucket,
      NotificationConfiguration: {
        ...(values.flag('eventbridge') ? { EventBridgeConfiguration: {} } : {}),
        LambdaFunctionConfigurations: values
          .blocks('lambda_function')
          .map((each) => ({ ...notice(each), LambdaFunctionArn: each.needed('lambda_function_arn') })),
        QueueConfigurations: values
          .blocks('queue')
          .map((each) => ({ ...notice(each), QueueArn: each.needed('queue_arn') })),
        TopicConfigurations: values
          .blocks('topic')
          .map((each) => ({ ...notice(each), TopicArn: each.needed('topic_arn') })),
      },
    }),
  ),
  ...serving,
  ...keeping,
});
