import { unique } from '../../sandbox/aws.ts';
import type { Maker } from './makers.ts';

/** What keeps data: databases, tables, buckets, registries. */
export const databases: Maker = async (clients) => {
  const [rds, dynamodb, s3, ecr, ec2] = await Promise.all([
    clients.get('rds'),
    clients.get('dynamodb'),
    clients.get('s3'),
    clients.get('ecr'),
    clients.get('ec2'),
  ]);
  const subnets = (await ec2.describeSubnets({})).Subnets?.map(({ SubnetId }) => SubnetId ?? '') ?? [];
  const [group, parameters, cluster, instance, table, bucket, repository] = [
    'subnets',
    'parameters',
    'cluster',
    'instance',
    'table',
    'bucket',
    'repository',
  ].map(unique) as [string, string, string, string, string, string, string];
  await rds.createDBSubnetGroup({
    DBSubnetGroupName: group,
    DBSubnetGroupDescription: 'x',
    SubnetIds: subnets,
  });
  await rds.createDBClusterParameterGroup({
    DBClusterParameterGroupName: parameters,
    DBParameterGroupFamily: 'aurora-mysql8.0',
    Description: 'x',
  });
  await rds.createDBCluster({
    DBClusterIdentifier: cluster,
    Engine: 'aurora-mysql',
    MasterUsername: 'admin',
    MasterUserPassword: 'not-a-secret-1',
    DBSubnetGroupName: group,
  });
  const made = await rds.createDBInstance({
    DBInstanceIdentifier: instance,
    DBClusterIdentifier: cluster,
    DBInstanceClass: 'db.serverless',
    Engine: 'aurora-mysql',
  });
  await dynamodb.createTable({
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await s3.createBucket({
    Bucket: bucket,
    CreateBucketConfiguration: { LocationConstraint: 'ap-southeast-1' },
  });
  await s3.putBucketVersioning({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } });
  await s3.putPublicAccessBlock({
    Bucket: bucket,
    PublicAccessBlockConfiguration: { BlockPublicAcls: true },
  });
  await s3.putBucketCors({
    Bucket: bucket,
    CORSConfiguration: { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] },
  });
  await s3.putBucketLifecycleConfiguration({
    Bucket: bucket,
    LifecycleConfiguration: {
      Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }],
    },
  });
  await s3.putBucketPolicy({
    Bucket: bucket,
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` },
      ],
    }),
  });
  await s3.putObject({ Bucket: bucket, Key: 'a', Body: 'x' });
  await ecr.createRepository({ repositoryName: repository });
  await ecr.putLifecyclePolicy({
    repositoryName: repository,
    lifecyclePolicyText: JSON.stringify({
      rules: [
        {
          rulePriority: 1,
          selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 },
          action: { type: 'expire' },
        },
      ],
    }),
  });
  const Bucket = bucket;
  return [
    {
      type: 'aws_db_instance',
      id: 'db-ABCDEFGH',
      ...(made.DBInstance?.DBInstanceArn === undefined ? {} : { arn: made.DBInstance.DBInstanceArn }),
    },
    {
      type: 'aws_rds_cluster_instance',
      id: instance,
      remove: () => rds.deleteDBInstance({ DBInstanceIdentifier: instance, SkipFinalSnapshot: true }),
    },
    {
      type: 'aws_rds_cluster',
      id: cluster,
      remove: () => rds.deleteDBCluster({ DBClusterIdentifier: cluster, SkipFinalSnapshot: true }),
    },
    {
      type: 'aws_rds_cluster_parameter_group',
      id: parameters,
      remove: () => rds.deleteDBClusterParameterGroup({ DBClusterParameterGroupName: parameters }),
    },
    {
      type: 'aws_db_subnet_group',
      id: group,
      remove: () => rds.deleteDBSubnetGroup({ DBSubnetGroupName: group }),
    },
    { type: 'aws_dynamodb_table', id: table, remove: () => dynamodb.deleteTable({ TableName: table }) },
    {
      type: 'aws_s3_object',
      id: 'a',
      attributes: { bucket, key: 'a' },
      remove: async () => {
        const { Versions } = await s3.listObjectVersions({ Bucket });
        for (const { Key, VersionId } of Versions ?? []) await s3.deleteObject({ Bucket, Key, VersionId });
      },
    },
    { type: 'aws_s3_bucket_versioning', id: bucket },
    { type: 'aws_s3_bucket_acl', id: `${bucket},private` },
    { type: 'aws_s3_bucket_policy', id: bucket, remove: () => s3.deleteBucketPolicy({ Bucket }) },
    { type: 'aws_s3_bucket_cors_configuration', id: bucket, remove: () => s3.deleteBucketCors({ Bucket }) },
    {
      type: 'aws_s3_bucket_lifecycle_configuration',
      id: bucket,
      remove: () => s3.deleteBucketLifecycle({ Bucket }),
    },
    {
      type: 'aws_s3_bucket_public_access_block',
      id: bucket,
      remove: () => s3.deletePublicAccessBlock({ Bucket }),
    },
    { type: 'aws_s3_bucket', id: bucket, remove: () => s3.deleteBucket({ Bucket }) },
    {
      type: 'aws_ecr_lifecycle_policy',
      id: repository,
      remove: () => ecr.deleteLifecyclePolicy({ repositoryName: repository }),
    },
    {
      type: 'aws_ecr_repository',
      id: repository,
      remove: () => ecr.deleteRepository({ repositoryName: repository, force: true }),
    },
  ];
};
