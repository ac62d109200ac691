import { REGION } from '../sandbox/aws.ts';
import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('s3', {
  aws_s3_bucket: {
    // With everything that keeps a bucket from being deleted: versions, markers, uploads that were begun.
    make: async (clients, Bucket) => {
      const s3 = await clients.get('s3');
      await s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } });
      await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
      await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: purposeTag, Value: Bucket }] } });
      for (const Key of ['a', 'a', 'b']) await s3.putObject({ Bucket, Key, Body: 'x' });
      await s3.deleteObject({ Bucket, Key: 'a' });
      await s3.createMultipartUpload({ Bucket, Key: 'large' });
      return Bucket;
    },
  },
});
