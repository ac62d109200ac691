/** Plants in an account what an environment leaves behind, and what must not be taken for it. */
import type { AwsClients } from '../../../src/aws/clients.ts';
import { ownershipTag } from '../../../src/sweep/classify.ts';
import type { RecordedResource } from '../../../src/transfer/record.ts';
import { ACCOUNT, REGION } from '../../sandbox/aws.ts';
import { zip } from '../../sandbox/zip.ts';

export interface Planted {
  /** What the record of the environment knows. */
  readonly recorded: readonly RecordedResource[];
  /** `type id` of everything that has to be found as the environment's. */
  readonly own: readonly string[];
}

const uuid = '0f3a2b1c-1111-2222-3333-444455556666';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

const allow = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
});

export function recorded(type: string, id: string, arn: string | null = null): RecordedResource {
  return { address: `${type}.this`, type, identity: id, id, arn };
}

/** A function with its role, its log group and a version, as two environments have one each. */
export async function plantFunction(clients: AwsClients, environment: string): Promise<Planted> {
  const [iam, lambda, logs] = await Promise.all([
    clients.get('iam'),
    clients.get('lambda'),
    clients.get('logs'),
  ]);
  const role = `role-${environment}`;
  const name = `bot-${environment}`;
  const made = await iam.createRole({ RoleName: role, AssumeRolePolicyDocument: trust });
  await iam.putRolePolicy({ RoleName: role, PolicyName: 'own', PolicyDocument: allow });
  const policy = await iam.createPolicy({ PolicyName: `policy-${environment}`, PolicyDocument: allow });
  const PolicyArn = policy.Policy?.Arn ?? '';
  await iam.attachRolePolicy({ RoleName: role, PolicyArn });
  const { FunctionArn = '' } = await lambda.createFunction({
    FunctionName: name,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Role: made.Role?.Arn ?? '',
    Code: { ZipFile: zip({ 'index.mjs': 'export const handler = () => 1' }) },
  });
  await lambda.publishVersion({ FunctionName: name });
  await logs.createLogGroup({ logGroupName: `/aws/lambda/${name}` });
  return {
    recorded: [
      recorded('aws_lambda_function', name, FunctionArn),
      recorded('aws_iam_role', role, made.Role?.Arn ?? null),
      recorded('aws_iam_policy', PolicyArn, PolicyArn),
    ],
    own: [
      `aws_lambda_function ${name}`,
      `aws_iam_role ${role}`,
      `aws_iam_policy ${PolicyArn}`,
      `aws_cloudwatch_log_group /aws/lambda/${name}`,
    ],
  };
}

/** One leaving of every kind that the emulator can make. */
export async function plantLeavings(clients: AwsClients, environment: string): Promise<Planted> {
  const parts = [
    await plantFunction(clients, environment),
    await plantData(clients, environment),
    await plantDatabases(clients, environment),
    await plantEvents(clients, environment),
    await plantNetwork(clients, environment),
  ];
  return {
    recorded: parts.flatMap((part) => part.recorded),
    own: parts.flatMap((part) => part.own),
  };
}

async function plantData(clients: AwsClients, environment: string): Promise<Planted> {
  const [dynamodb, s3, ecr, secrets, kms, lambda, sqs] = await Promise.all([
    clients.get('dynamodb'),
    clients.get('s3'),
    clients.get('ecr'),
    clients.get('secretsmanager'),
    clients.get('kms'),
    clients.get('lambda'),
    clients.get('sqs'),
  ]);
  const table = `items-${environment}`;
  await dynamodb.createTable({
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    DeletionProtectionEnabled: true,
  });
  const backup = await dynamodb.createBackup({ TableName: table, BackupName: 'nightly' });
  const bucket = `assets-${environment}`;
  await s3.createBucket({
    Bucket: bucket,
    CreateBucketConfiguration: { LocationConstraint: REGION },
  });
  await s3.putBucketVersioning({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } });
  for (const Body of ['one', 'two']) await s3.putObject({ Bucket: bucket, Key: 'a', Body });
  await s3.deleteObject({ Bucket: bucket, Key: 'a' });
  const repository = `images-${environment}`;
  await ecr.createRepository({ repositoryName: repository });
  await ecr.putImage({
    repositoryName: repository,
    imageTag: 'latest',
    imageManifest: JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      config: {
        mediaType: 'application/vnd.docker.container.image.v1+json',
        size: 1,
        digest: `sha256:${'0'.repeat(64)}`,
      },
      layers: [],
    }),
  });
  const secret = await secrets.createSecret({ Name: `token-${environment}`, SecretString: 'x' });
  await secrets.deleteSecret({ SecretId: secret.ARN, RecoveryWindowInDays: 7 });
  const key = await kms.createKey({ Tags: [{ TagKey: ownershipTag, TagValue: environment }] });
  const KeyId = key.KeyMetadata?.KeyId ?? '';
  const layer = await lambda.publishLayerVersion({
    LayerName: `deps-${environment}`,
    Content: { ZipFile: zip({ 'a.mjs': 'export {}' }) },
  });
  const older = layer.LayerVersionArn ?? '';
  const newer = await lambda.publishLayerVersion({
    LayerName: `deps-${environment}`,
    Content: { ZipFile: zip({ 'b.mjs': 'export {}' }) },
  });
  const { QueueUrl = '' } = await sqs.createQueue({
    QueueName: 'without-a-name-in-it',
    tags: { [ownershipTag]: environment },
  });
  const backupArn = backup.BackupDetails?.BackupArn ?? '';
  const newest = newer.LayerVersionArn ?? '';
  return {
    recorded: [
      recorded('aws_dynamodb_table', table, `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}`),
      recorded('aws_s3_bucket', bucket, `arn:aws:s3:::${bucket}`),
      recorded('aws_ecr_repository', repository),
      recorded('aws_secretsmanager_secret', secret.ARN ?? '', secret.ARN ?? null),
      recorded('aws_lambda_layer_version', newest, newest),
    ],
    own: [
      `aws_dynamodb_table ${table}`,
      `aws_dynamodb_backup ${backupArn}`,
      `aws_s3_bucket ${bucket}`,
      `aws_ecr_repository ${repository}`,
      `aws_secretsmanager_secret ${secret.ARN ?? ''}`,
      `aws_kms_key ${KeyId}`,
      `aws_lambda_layer_version ${older}`,
      `aws_lambda_layer_version ${newest}`,
      `aws_sqs_queue ${QueueUrl}`,
    ],
  };
}

async function plantDatabases(clients: AwsClients, environment: string): Promise<Planted> {
  const [rds, logs] = await Promise.all([clients.get('rds'), clients.get('logs')]);
  const cluster = `db-${environment}`;
  const single = `single-${environment}`;
  await rds.createDBCluster({
    DBClusterIdentifier: cluster,
    Engine: 'aurora-postgresql',
    MasterUsername: 'admin1',
    MasterUserPassword: 'not-a-secret-1',
    DeletionProtection: true,
  });
  const instance = await rds.createDBInstance({
    DBInstanceIdentifier: `${cluster}-1`,
    DBClusterIdentifier: cluster,
    DBInstanceClass: 'db.serverless',
    Engine: 'aurora-postgresql',
  });
  const alone = await rds.createDBInstance({
    DBInstanceIdentifier: single,
    DBInstanceClass: 'db.t3.micro',
    Engine: 'postgres',
    AllocatedStorage: 20,
    MasterUsername: 'admin1',
    MasterUserPassword: 'not-a-secret-1',
  });
  await rds.createDBClusterSnapshot({
    DBClusterIdentifier: cluster,
    DBClusterSnapshotIdentifier: 'the-last-one',
  });
  await rds.createDBSnapshot({ DBInstanceIdentifier: single, DBSnapshotIdentifier: 'the-last-single-one' });
  const groups = [`/aws/rds/cluster/${cluster}/postgresql`, `/aws/rds/instance/${single}/error`];
  for (const logGroupName of groups) await logs.createLogGroup({ logGroupName });
  return {
    recorded: [
      recorded('aws_rds_cluster', cluster, `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:${cluster}`),
      recorded('aws_rds_cluster_instance', `${cluster}-1`, instance.DBInstance?.DBInstanceArn ?? null),
      recorded('aws_db_instance', 'db-ABCDEFGH', alone.DBInstance?.DBInstanceArn ?? null),
    ],
    own: [
      `aws_rds_cluster ${cluster}`,
      `aws_rds_cluster_instance ${cluster}-1`,
      `aws_db_instance ${single}`,
      'aws_db_cluster_snapshot the-last-one',
      'aws_db_snapshot the-last-single-one',
      ...groups.map((group) => `aws_cloudwatch_log_group ${group}`),
    ],
  };
}

async function plantEvents(clients: AwsClients, environment: string): Promise<Planted> {
  const [events, scheduler, sns, cloudwatch, apigateway, logs, lambda, sqs, ssm] = await Promise.all([
    clients.get('eventbridge'),
    clients.get('scheduler'),
    clients.get('sns'),
    clients.get('cloudwatch'),
    clients.get('apigateway'),
    clients.get('logs'),
    clients.get('lambda'),
    clients.get('sqs'),
    clients.get('ssm'),
  ]);
  const { TopicArn = '' } = await sns.createTopic({ Name: `news-${environment}` });
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: `jobs-${environment}` });
  const queueArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:jobs-${environment}`;
  const subscription = await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: queueArn });
  const rule = `nightly-${environment}`;
  await events.putRule({ Name: rule, ScheduleExpression: 'rate(1 day)' });
  await events.putTargets({ Rule: rule, Targets: [{ Id: 't', Arn: TopicArn }] });
  const group = `schedules-${environment}`;
  await scheduler.createScheduleGroup({ Name: group });
  await scheduler.createSchedule({
    Name: 'daily',
    GroupName: group,
    ScheduleExpression: 'rate(1 day)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: TopicArn, RoleArn: `arn:aws:iam::${ACCOUNT}:role/role-${environment}` },
  });
  const alarms = [`errors-${environment}`, `TargetTracking-table/items-${environment}-AlarmHigh-${uuid}`];
  for (const AlarmName of alarms) {
    await cloudwatch.putMetricAlarm({
      AlarmName,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      MetricName: 'm',
      Namespace: 'n',
      Period: 60,
      Statistic: 'Sum',
      Threshold: 1,
    });
  }
  await cloudwatch.putDashboard({ DashboardName: `board-${environment}`, DashboardBody: '{"widgets":[]}' });
  const api = await apigateway.createRestApi({ name: `api-${environment}` });
  const groups = [`API-Gateway-Execution-Logs_${api.id ?? ''}/v1`, `/aws/codebuild/build-${environment}`];
  for (const logGroupName of groups) await logs.createLogGroup({ logGroupName });
  const mapping = await lambda.createEventSourceMapping({
    FunctionName: `bot-${environment}`,
    EventSourceArn: queueArn,
  });
  const parameter = `/app/${environment}/greeting`;
  await ssm.putParameter({ Name: parameter, Value: 'x', Type: 'String' });
  return {
    recorded: [
      recorded('aws_sns_topic', TopicArn, TopicArn),
      recorded('aws_sqs_queue', QueueUrl, queueArn),
      {
        ...recorded('aws_cloudwatch_event_rule', rule),
        attributes: { name: rule, event_bus_name: 'default' },
      },
      recorded('aws_scheduler_schedule_group', group),
      recorded('aws_cloudwatch_metric_alarm', `errors-${environment}`),
      recorded('aws_cloudwatch_dashboard', `board-${environment}`),
      recorded('aws_api_gateway_rest_api', api.id ?? ''),
      recorded('aws_codebuild_project', `build-${environment}`),
      recorded('aws_ssm_parameter', parameter),
    ],
    own: [
      `aws_sns_topic ${TopicArn}`,
      `aws_sns_topic_subscription ${subscription.SubscriptionArn ?? ''}`,
      `aws_sqs_queue ${QueueUrl}`,
      `aws_cloudwatch_event_rule ${rule}`,
      `aws_scheduler_schedule_group ${group}`,
      `aws_scheduler_schedule ${group}/daily`,
      ...alarms.map((alarm) => `aws_cloudwatch_metric_alarm ${alarm}`),
      `aws_cloudwatch_dashboard board-${environment}`,
      `aws_api_gateway_rest_api ${api.id ?? ''}`,
      ...groups.map((name) => `aws_cloudwatch_log_group ${name}`),
      `aws_lambda_event_source_mapping ${mapping.UUID ?? ''}`,
      `aws_ssm_parameter ${parameter}`,
    ],
  };
}

async function plantNetwork(clients: AwsClients, environment: string): Promise<Planted> {
  const ec2 = await clients.get('ec2');
  const { Vpc } = await ec2.createVpc({ CidrBlock: '10.9.0.0/16' });
  const VpcId = Vpc?.VpcId ?? '';
  const { Subnet } = await ec2.createSubnet({ VpcId, CidrBlock: '10.9.1.0/24' });
  const subnet = Subnet?.SubnetId ?? '';
  const groups: string[] = [];
  for (const name of ['a', 'b']) {
    const made = await ec2.createSecurityGroup({
      VpcId,
      GroupName: `${name}-${environment}`,
      Description: 'x',
    });
    groups.push(made.GroupId ?? '');
  }
  const [a = '', b = ''] = groups;
  // Two that name each other: neither can be deleted first as it is.
  for (const [GroupId, other] of [
    [a, b],
    [b, a],
  ] as const) {
    await ec2.authorizeSecurityGroupIngress({
      GroupId,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId: other }] },
      ],
    });
  }
  const face = await ec2.createNetworkInterface({
    SubnetId: subnet,
    Groups: [a],
    Description: `AWS Lambda VPC ENI-bot-${environment}-${uuid}`,
  });
  const eni = face.NetworkInterface?.NetworkInterfaceId ?? '';
  return {
    recorded: [
      recorded('aws_vpc', VpcId),
      recorded('aws_subnet', subnet),
      ...groups.map((group) => recorded('aws_security_group', group)),
    ],
    own: [
      `aws_vpc ${VpcId}`,
      `aws_subnet ${subnet}`,
      ...groups.map((group) => `aws_security_group ${group}`),
      `aws_network_interface ${eni}`,
    ],
  };
}
