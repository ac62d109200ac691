import type { S3 } from '@aws-sdk/client-s3';
import { type Subject, type TypeDefinition, defineService, presentIf, ready } from '../adapter.ts';

/** Ids of a bucket's settings are the bucket, or `bucket,expected-owner`. */
function bucketOf(subject: Subject): { Bucket: string } {
  return { Bucket: subject.id.split(',')[0] ?? subject.id };
}

/** A setting of a bucket that the service answers with "not found" when it is not set. */
function setting(
  action: string,
  read: (client: S3, bucket: { Bucket: string }) => Promise<unknown>,
): TypeDefinition<S3> {
  return {
    needs: [],
    actions: { check: [action] },
    check: async (subject, client) => presentIf(await read(client, bucketOf(subject))),
  };
}

export const s3 = defineService('s3', {
  notFound: [
    '404',
    'NoSuchBucket',
    'NoSuchBucketPolicy',
    'NoSuchCORSConfiguration',
    'NoSuchConfiguration',
    'NoSuchKey',
    'NoSuchLifecycleConfiguration',
    'NoSuchPublicAccessBlockConfiguration',
    'NoSuchWebsiteConfiguration',
    'NotFound',
    'ObjectLockConfigurationNotFoundError',
    'OwnershipControlsNotFoundError',
    'ReplicationConfigurationNotFoundError',
    'ServerSideEncryptionConfigurationNotFoundError',
  ],
  types: {
    aws_s3_bucket: {
      needs: [],
      actions: { check: ['s3:ListBucket'] },
      check: async (subject, client) => {
        await client.headBucket({ Bucket: subject.id });
        return ready;
      },
    },
    aws_s3_object: {
      needs: ['bucket', 'key'],
      actions: { check: ['s3:GetObject'] },
      check: async (subject, client) => {
        await client.headObject({ Bucket: subject.attribute('bucket'), Key: subject.attribute('key') });
        return ready;
      },
    },
    // Every bucket has an ACL, encryption and a payer: what there is to find is the bucket.
    aws_s3_bucket_acl: setting('s3:GetBucketAcl', (client, bucket) => client.getBucketAcl(bucket)),
    aws_s3_bucket_request_payment_configuration: setting('s3:GetBucketRequestPayment', (client, bucket) =>
      client.getBucketRequestPayment(bucket),
    ),
    aws_s3_bucket_server_side_encryption_configuration: setting(
      's3:GetEncryptionConfiguration',
      (client, bucket) => client.getBucketEncryption(bucket),
    ),
    aws_s3_bucket_versioning: setting(
      's3:GetBucketVersioning',
      async (client, bucket) => (await client.getBucketVersioning(bucket)).Status,
    ),
    aws_s3_bucket_accelerate_configuration: setting(
      's3:GetAccelerateConfiguration',
      async (client, bucket) => (await client.getBucketAccelerateConfiguration(bucket)).Status,
    ),
    aws_s3_bucket_logging: setting(
      's3:GetBucketLogging',
      async (client, bucket) => (await client.getBucketLogging(bucket)).LoggingEnabled,
    ),
    aws_s3_bucket_notification: setting('s3:GetBucketNotification', async (client, bucket) => {
      const found = await client.getBucketNotificationConfiguration(bucket);
      return (
        found.EventBridgeConfiguration ??
        found.LambdaFunctionConfigurations?.[0] ??
        found.QueueConfigurations?.[0] ??
        found.TopicConfigurations?.[0]
      );
    }),
    aws_s3_bucket_cors_configuration: setting('s3:GetBucketCORS', (client, bucket) =>
      client.getBucketCors(bucket),
    ),
    aws_s3_bucket_lifecycle_configuration: setting('s3:GetLifecycleConfiguration', (client, bucket) =>
      client.getBucketLifecycleConfiguration(bucket),
    ),
    aws_s3_bucket_object_lock_configuration: setting(
      's3:GetBucketObjectLockConfiguration',
      (client, bucket) => client.getObjectLockConfiguration(bucket),
    ),
    aws_s3_bucket_ownership_controls: setting('s3:GetBucketOwnershipControls', (client, bucket) =>
      client.getBucketOwnershipControls(bucket),
    ),
    aws_s3_bucket_policy: setting('s3:GetBucketPolicy', (client, bucket) => client.getBucketPolicy(bucket)),
    aws_s3_bucket_public_access_block: setting('s3:GetBucketPublicAccessBlock', (client, bucket) =>
      client.getPublicAccessBlock(bucket),
    ),
    aws_s3_bucket_replication_configuration: setting('s3:GetReplicationConfiguration', (client, bucket) =>
      client.getBucketReplication(bucket),
    ),
    aws_s3_bucket_website_configuration: setting('s3:GetBucketWebsite', (client, bucket) =>
      client.getBucketWebsite(bucket),
    ),
  },
});
