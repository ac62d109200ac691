/** What an environment named dev has beside its code, made by nobody's Terraform. In the order in which it is used. */
import type { AwsClients } from '../../../src/aws/clients.ts';

export interface Made {
  readonly type: string;
  readonly id: string;
  readonly arn?: string;
}

const tags = [{ Key: 'Environment', Value: 'dev' }];

export async function makeNetwork(
  clients: AwsClients,
): Promise<{ readonly vpc: string; readonly subnets: string[] }> {
  const ec2 = await clients.get('ec2');
  const vpc = (await ec2.createVpc({ CidrBlock: '10.9.0.0/16' })).Vpc?.VpcId ?? '';
  const subnets = await Promise.all(
    ['a', 'b'].map(async (zone, index) => {
      const { Subnet } = await ec2.createSubnet({
        VpcId: vpc,
        CidrBlock: `10.9.${index}.0/24`,
        AvailabilityZone: `ap-southeast-1${zone}`,
      });
      return Subnet?.SubnetId ?? '';
    }),
  );
  return { vpc, subnets };
}

/** Two groups that name each other: neither could be made with its rules before the other. */
export async function makeGroups(clients: AwsClients, VpcId: string): Promise<Made[]> {
  const ec2 = await clients.get('ec2');
  const [app = '', database = ''] = await Promise.all(
    ['app', 'database'].map(async (name) => {
      const { GroupId } = await ec2.createSecurityGroup({
        GroupName: `shop-${name}-dev`,
        Description: `The ${name}`,
        VpcId,
        TagSpecifications: [{ ResourceType: 'security-group', Tags: tags }],
      });
      return GroupId ?? '';
    }),
  );
  const postgres = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 };
  await ec2.authorizeSecurityGroupIngress({
    GroupId: database,
    IpPermissions: [
      // moto does not tell the descriptions of rules for groups, and mixes up rules for the same ports.
      { ...postgres, UserIdGroupPairs: [{ GroupId: app }] },
      { ...postgres, ToPort: 5433, UserIdGroupPairs: [{ GroupId: database }] },
      { ...postgres, ToPort: 5434, IpRanges: [{ CidrIp: '192.0.2.0/24', Description: 'Office' }] },
    ],
  });
  await ec2.authorizeSecurityGroupEgress({
    GroupId: app,
    IpPermissions: [{ ...postgres, UserIdGroupPairs: [{ GroupId: database }] }],
  });
  return [app, database].map((id) => ({ type: 'aws_security_group', id }));
}

export async function makeEndpoint(
  clients: AwsClients,
  VpcId: string,
  subnet: string,
  group: string,
): Promise<Made> {
  const ec2 = await clients.get('ec2');
  const { VpcEndpoint } = await ec2.createVpcEndpoint({
    VpcId,
    ServiceName: 'com.amazonaws.ap-southeast-1.sqs',
    VpcEndpointType: 'Interface',
    SubnetIds: [subnet],
    SecurityGroupIds: [group],
    TagSpecifications: [{ ResourceType: 'vpc-endpoint', Tags: tags }],
  });
  return { type: 'aws_vpc_endpoint', id: VpcEndpoint?.VpcEndpointId ?? '' };
}

export async function makeKey(clients: AwsClients): Promise<Made[]> {
  const kms = await clients.get('kms');
  const { KeyMetadata } = await kms.createKey({
    Description: 'Data of dev',
    Tags: [{ TagKey: 'Environment', TagValue: 'dev' }],
  });
  const id = KeyMetadata?.KeyId ?? '';
  await kms.enableKeyRotation({ KeyId: id });
  await kms.createAlias({ AliasName: 'alias/shop-dev', TargetKeyId: id });
  return [
    { type: 'aws_kms_key', id },
    { type: 'aws_kms_alias', id: 'alias/shop-dev' },
  ];
}

export async function makeBucket(clients: AwsClients, keyArn: string): Promise<Made> {
  const s3 = await clients.get('s3');
  const Bucket = 'shop-data-dev';
  await s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'ap-southeast-1' } });
  await s3.putBucketTagging({ Bucket, Tagging: { TagSet: tags } });
  await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
  await s3.putBucketEncryption({
    Bucket,
    ServerSideEncryptionConfiguration: {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
          BucketKeyEnabled: true,
        },
      ],
    },
  });
  await s3.putPublicAccessBlock({
    Bucket,
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
  });
  await s3.putBucketOwnershipControls({
    Bucket,
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  });
  await s3.putBucketPolicy({
    Bucket,
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: `arn:aws:s3:::${Bucket}/*`,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    }),
  });
  await s3.putBucketCors({
    Bucket,
    CORSConfiguration: {
      CORSRules: [
        { AllowedMethods: ['GET'], AllowedOrigins: ['https://dev.example.com'], MaxAgeSeconds: 60 },
      ],
    },
  });
  await s3.putBucketLifecycleConfiguration({
    Bucket,
    LifecycleConfiguration: {
      Rules: [
        {
          ID: 'old',
          Status: 'Enabled',
          Filter: { And: { Prefix: 'reports/', Tags: [{ Key: 'kind', Value: 'daily' }] } },
          Expiration: { Days: 90 },
          Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }],
          NoncurrentVersionExpiration: { NoncurrentDays: 7 },
        },
        {
          ID: 'uploads',
          Status: 'Disabled',
          Filter: { Prefix: '' },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
        },
      ],
    },
  });
  await s3.putBucketWebsite({
    Bucket,
    WebsiteConfiguration: {
      IndexDocument: { Suffix: 'index.html' },
      ErrorDocument: { Key: 'error.html' },
      RoutingRules: [
        {
          Condition: { KeyPrefixEquals: 'docs/' },
          Redirect: { ReplaceKeyPrefixWith: 'documents/', HttpRedirectCode: '301' },
        },
      ],
    },
  });
  await s3.putBucketAccelerateConfiguration({ Bucket, AccelerateConfiguration: { Status: 'Enabled' } });
  await s3.putBucketNotificationConfiguration({
    Bucket,
    NotificationConfiguration: { EventBridgeConfiguration: {} },
  });
  return { type: 'aws_s3_bucket', id: Bucket };
}

export async function makeSettings(clients: AwsClients, keyArn: string): Promise<Made[]> {
  const [secrets, ssm] = await Promise.all([clients.get('secretsmanager'), clients.get('ssm')]);
  const { ARN = '' } = await secrets.createSecret({
    Name: 'shop/dev/token',
    Description: 'Token of dev',
    KmsKeyId: keyArn,
    SecretString: 'canary-secret',
    Tags: tags,
  });
  await ssm.putParameter({ Name: '/shop/dev/level', Value: 'debug', Type: 'String', Tags: tags });
  return [
    { type: 'aws_secretsmanager_secret', id: ARN, arn: ARN },
    { type: 'aws_ssm_parameter', id: '/shop/dev/level' },
  ];
}

export async function makeRepository(clients: AwsClients): Promise<Made> {
  const ecr = await clients.get('ecr');
  const repositoryName = 'shop-app-dev';
  await ecr.createRepository({
    repositoryName,
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    tags,
  });
  const Principal = { Service: 'lambda.amazonaws.com' };
  await ecr.setRepositoryPolicy({
    repositoryName,
    policyText: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Sid: 'Pull', Effect: 'Allow', Principal, Action: ['ecr:BatchGetImage'] }],
    }),
  });
  await ecr.putLifecyclePolicy({
    repositoryName,
    lifecyclePolicyText: JSON.stringify({
      rules: [
        {
          rulePriority: 1,
          selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
          action: { type: 'expire' },
        },
      ],
    }),
  });
  return { type: 'aws_ecr_repository', id: repositoryName };
}

export async function makeWatching(clients: AwsClients): Promise<Made[]> {
  const cloudwatch = await clients.get('cloudwatch');
  const rule = { ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 2, Threshold: 0.5 } as const;
  const metric = { Namespace: 'AWS/Lambda', MetricName: 'Errors' };
  const Dimensions = [{ Name: 'FunctionName', Value: 'shop-dev' }];
  await cloudwatch.putMetricAlarm({
    AlarmName: 'shop-errors-dev',
    ...rule,
    ...metric,
    Dimensions,
    Period: 60,
    Statistic: 'Sum',
    TreatMissingData: 'notBreaching',
    Tags: tags,
  });
  await cloudwatch.putMetricAlarm({
    AlarmName: 'shop-rate-dev',
    ...rule,
    Metrics: [
      {
        Id: 'errors',
        MetricStat: { Metric: { ...metric, Dimensions }, Period: 60, Stat: 'Sum' },
        ReturnData: false,
      },
      { Id: 'rate', Expression: 'errors / 60', Label: 'Rate', ReturnData: true },
    ],
  });
  await cloudwatch.putDashboard({
    DashboardName: 'shop-dev',
    DashboardBody: JSON.stringify({ widgets: [{ type: 'text', properties: { markdown: 'dev' } }] }),
  });
  return [
    { type: 'aws_cloudwatch_metric_alarm', id: 'shop-errors-dev' },
    { type: 'aws_cloudwatch_metric_alarm', id: 'shop-rate-dev' },
    { type: 'aws_cloudwatch_dashboard', id: 'shop-dev' },
  ];
}

export interface DatabasePlace {
  readonly subnets: string[];
  readonly group: string;
  readonly keyArn: string;
}

export async function makeDatabases(
  clients: AwsClients,
  { subnets, group, keyArn }: DatabasePlace,
): Promise<Made[]> {
  const rds = await clients.get('rds');
  const family = 'aurora-postgresql15';
  await rds.createDBSubnetGroup({
    DBSubnetGroupName: 'shop-dev',
    DBSubnetGroupDescription: 'Databases of dev',
    SubnetIds: subnets,
    Tags: tags,
  });
  await rds.createDBParameterGroup({
    DBParameterGroupName: 'shop-instance-dev',
    DBParameterGroupFamily: family,
    Description: 'Instances of dev',
    Tags: tags,
  });
  await rds.createDBClusterParameterGroup({
    DBClusterParameterGroupName: 'shop-cluster-dev',
    DBParameterGroupFamily: family,
    Description: 'Clusters of dev',
    Tags: tags,
  });
  await rds.modifyDBClusterParameterGroup({
    DBClusterParameterGroupName: 'shop-cluster-dev',
    Parameters: [{ ParameterName: 'log_statement', ParameterValue: 'ddl', ApplyMethod: 'immediate' }],
  });
  const common = { DBSubnetGroupName: 'shop-dev', VpcSecurityGroupIds: [group], StorageEncrypted: true };
  await rds.createDBCluster({
    ...common,
    DBClusterIdentifier: 'shop-dev',
    DBClusterParameterGroupName: 'shop-cluster-dev',
    Engine: 'aurora-postgresql',
    EngineVersion: '15.4',
    DatabaseName: 'shop',
    MasterUsername: 'owner',
    MasterUserPassword: 'canary-of-cluster',
    KmsKeyId: keyArn,
    BackupRetentionPeriod: 3,
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 2 },
    Tags: tags,
  });
  await rds.createDBInstance({
    DBInstanceIdentifier: 'shop-dev-1',
    DBClusterIdentifier: 'shop-dev',
    DBInstanceClass: 'db.serverless',
    DBParameterGroupName: 'shop-instance-dev',
    Engine: 'aurora-postgresql',
    PromotionTier: 1,
    Tags: tags,
  });
  const { DBInstance } = await rds.createDBInstance({
    ...common,
    DBInstanceIdentifier: 'shop-alone-dev',
    DBInstanceClass: 'db.t4g.micro',
    Engine: 'postgres',
    EngineVersion: '15.4',
    DBName: 'alone',
    MasterUsername: 'owner',
    MasterUserPassword: 'canary-of-instance',
    AllocatedStorage: 20,
    StorageType: 'gp3',
    KmsKeyId: keyArn,
    Tags: tags,
  });
  return [
    { type: 'aws_db_subnet_group', id: 'shop-dev' },
    { type: 'aws_db_parameter_group', id: 'shop-instance-dev' },
    { type: 'aws_rds_cluster_parameter_group', id: 'shop-cluster-dev' },
    { type: 'aws_rds_cluster', id: 'shop-dev' },
    { type: 'aws_rds_cluster_instance', id: 'shop-dev-1' },
    {
      type: 'aws_db_instance',
      id: DBInstance?.DbiResourceId ?? '',
      arn: DBInstance?.DBInstanceArn ?? '',
    },
  ];
}
