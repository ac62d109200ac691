import type { ListObjectVersionsCommandOutput, S3 } from '@aws-sdk/client-s3';
import { type Subject, type TypeDefinition, defineService, presentIf, ready } from '../adapter.ts';
import { errorCode } from '../errors.ts';
import { listing, tagsFrom } from '../listing.ts';

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
    partOf: 'aws_s3_bucket',
    actions: { check: [action] },
    check: async (subject, client) => presentIf(await read(client, bucketOf(subject))),
  };
}

async function* objectVersions(Bucket: string, client: S3): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let page: ListObjectVersionsCommandOutput | undefined;
  do {
    page = await client.listObjectVersions({
      Bucket,
      KeyMarker: page?.NextKeyMarker,
      VersionIdMarker: page?.NextVersionIdMarker,
    });
    yield page;
  } while (page.IsTruncated);
}

/** Every version of every object, and every upload that was begun: a bucket that holds anything is not deleted. */
async function emptyBucket(Bucket: string, client: S3): Promise<void> {
  for await (const page of objectVersions(Bucket, client)) {
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
      Key,
      VersionId,
    }));
    if (Objects.length === 0) continue;
    const { Errors } = await client.deleteObjects({ Bucket, Delete: { Objects, Quiet: true } });
    const [first] = Errors ?? [];
    // Legal hold, retention or a policy of the bucket: deleting the rest would not help.
    if (first) throw Object.assign(new Error('an object stays'), { name: first.Code ?? 'ObjectStays' });
  }
  const uploads = await client.listMultipartUploads({ Bucket });
  for (const { Key, UploadId } of uploads.Uploads ?? [])
    await client.abortMultipartUpload({ Bucket, Key, UploadId });
}

export const s3 = defineService('s3', {
  scope: 'global',
  inUse: ['BucketNotEmpty', 'OperationAborted'],
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
      actions: {
        check: ['s3:ListBucket'],
        list: ['s3:ListAllMyBuckets'],
        remove: [
          's3:DeleteBucket',
          's3:ListBucketVersions',
          's3:DeleteObject',
          's3:DeleteObjectVersion',
          's3:ListBucketMultipartUploads',
          's3:AbortMultipartUpload',
        ],
        tags: ['s3:GetBucketTagging'],
      },
      dependsOn: ['aws_kms_key'],
      check: async (subject, client) => {
        await client.headBucket({ Bucket: subject.id });
        return ready;
      },
      list: listing(
        (client: S3, ContinuationToken) => client.listBuckets({ ContinuationToken, MaxBuckets: 1000 }),
        (page) => page.ContinuationToken,
        (page) => page.Buckets,
        (bucket) => ({
          id: bucket.Name,
          arn: `arn:aws:s3:::${bucket.Name ?? ''}`,
          createdAt: bucket.CreationDate,
        }),
      ),
      tags: async (subject, client) => {
        try {
          return tagsFrom((await client.getBucketTagging({ Bucket: subject.id })).TagSet ?? []);
        } catch (error) {
          if (errorCode(error) === 'NoSuchTagSet') return {};
          throw error;
        }
      },
      remove: async (subject, client) => {
        await emptyBucket(subject.id, client);
        await client.deleteBucket({ Bucket: subject.id });
        return undefined;
      },
    },
    aws_s3_object: {
      needs: ['bucket', 'key'],
      partOf: 'aws_s3_bucket',
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
