/** Makes one of each type as Terraform would name it, in the order in which they can be taken away. */
import { expect } from 'vitest';
import type { Sandbox } from '../../../sandbox/start.ts';
import type { Presence } from '../../../src/aws/adapter.ts';
import type { AwsClients } from '../../../src/aws/clients.ts';
import { ACCOUNT, makeFunction, makeRole, REGION, unique } from '../../sandbox/aws.ts';
import { databases } from './make-databases.ts';
import { networks } from './make-networks.ts';

export interface Made {
  readonly type: string;
  readonly id: string;
  readonly arn?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Absent where it goes with another resource, or the emulator cannot take it away. */
  readonly remove?: () => Promise<unknown>;
  /** What is there then, if it is not nothing. */
  readonly after?: Presence;
}

export type Maker = (clients: AwsClients, sandbox: Sandbox) => Promise<readonly Made[]>;

const policy = (...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

const code = {
  runtime: 'nodejs20.x',
  handler: 'index.handler',
  files: { 'index.mjs': 'export const handler = () => 1' },
} as const;

const lambda: Maker = async (clients, sandbox) => {
  const client = await clients.get('lambda');
  const sqs = await clients.get('sqs');
  const name = await makeFunction(sandbox, code);
  const queueName = unique('queue');
  await sqs.createQueue({ QueueName: queueName });
  const alias = await client.createAlias({ FunctionName: name, Name: 'live', FunctionVersion: '$LATEST' });
  await client.addPermission({
    FunctionName: name,
    StatementId: 'api',
    Action: 'lambda:InvokeFunction',
    Principal: 'x.amazonaws.com',
  });
  await client.createFunctionUrlConfig({ FunctionName: name, AuthType: 'NONE' });
  const mapping = await client.createEventSourceMapping({
    FunctionName: name,
    EventSourceArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${queueName}`,
  });
  return [
    {
      type: 'aws_lambda_alias',
      id: alias.AliasArn ?? '',
      attributes: { function_name: name, name: 'live' },
      remove: () => client.deleteAlias({ FunctionName: name, Name: 'live' }),
    },
    {
      type: 'aws_lambda_permission',
      id: 'api',
      attributes: { function_name: name, statement_id: 'api' },
      remove: () => client.removePermission({ FunctionName: name, StatementId: 'api' }),
    },
    {
      type: 'aws_lambda_function_url',
      id: name,
      remove: () => client.deleteFunctionUrlConfig({ FunctionName: name }),
    },
    {
      type: 'aws_lambda_event_source_mapping',
      id: mapping.UUID ?? '',
      remove: () => client.deleteEventSourceMapping({ UUID: mapping.UUID }),
    },
    { type: 'aws_lambda_function', id: name, remove: () => client.deleteFunction({ FunctionName: name }) },
  ];
};

const iam: Maker = async (clients, sandbox) => {
  const client = await clients.get('iam');
  const role = unique('role');
  await makeRole(sandbox, role);
  const allow = policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
  await client.putRolePolicy({ RoleName: role, PolicyName: 'own', PolicyDocument: allow });
  const made = await client.createPolicy({ PolicyName: unique('policy'), PolicyDocument: allow });
  const PolicyArn = made.Policy?.Arn ?? '';
  await client.attachRolePolicy({ RoleName: role, PolicyArn });
  const profile = unique('profile');
  await client.createInstanceProfile({ InstanceProfileName: profile });
  return [
    {
      type: 'aws_iam_role_policy',
      id: `${role}:own`,
      remove: () => client.deleteRolePolicy({ RoleName: role, PolicyName: 'own' }),
    },
    {
      type: 'aws_iam_role_policy_attachment',
      id: `${role}-20260101000000000000000001`,
      attributes: { role, policy_arn: PolicyArn },
      remove: () => client.detachRolePolicy({ RoleName: role, PolicyArn }),
    },
    { type: 'aws_iam_policy', id: PolicyArn, remove: () => client.deletePolicy({ PolicyArn }) },
    {
      type: 'aws_iam_instance_profile',
      id: profile,
      remove: () => client.deleteInstanceProfile({ InstanceProfileName: profile }),
    },
    { type: 'aws_iam_role', id: role, remove: () => client.deleteRole({ RoleName: role }) },
  ];
};

const apis: Maker = async (clients) => {
  const http = await clients.get('apigatewayv2');
  const rest = await clients.get('apigateway');
  const { ApiId = '' } = await http.createApi({ Name: unique('api'), ProtocolType: 'HTTP' });
  const { IntegrationId = '' } = await http.createIntegration({
    ApiId,
    IntegrationType: 'HTTP_PROXY',
    IntegrationUri: 'https://example.com',
    IntegrationMethod: 'GET',
  });
  const { RouteId = '' } = await http.createRoute({
    ApiId,
    RouteKey: 'GET /',
    Target: `integrations/${IntegrationId}`,
  });
  await http.createStage({ ApiId, StageName: '$default', AutoDeploy: true });
  const { id: restApiId = '', rootResourceId: resourceId = '' } = await rest.createRestApi({
    name: unique('rest'),
  });
  await rest.putMethod({ restApiId, resourceId, httpMethod: 'GET', authorizationType: 'NONE' });
  await rest.putIntegration({ restApiId, resourceId, httpMethod: 'GET', type: 'MOCK' });
  const { id: deploymentId = '' } = await rest.createDeployment({ restApiId, stageName: 'v1' });
  const attributes = { api_id: ApiId };
  const method = { rest_api_id: restApiId, resource_id: resourceId, http_method: 'GET' };
  return [
    {
      type: 'aws_apigatewayv2_route',
      id: RouteId,
      attributes,
      remove: () => http.deleteRoute({ ApiId, RouteId }),
    },
    {
      type: 'aws_apigatewayv2_integration',
      id: IntegrationId,
      attributes,
      remove: () => http.deleteIntegration({ ApiId, IntegrationId }),
    },
    {
      type: 'aws_apigatewayv2_stage',
      id: '$default',
      attributes,
      remove: () => http.deleteStage({ ApiId, StageName: '$default' }),
    },
    { type: 'aws_apigatewayv2_api', id: ApiId, remove: () => http.deleteApi({ ApiId }) },
    { type: 'aws_api_gateway_integration', id: 'agi', attributes: method },
    { type: 'aws_api_gateway_method', id: 'agm', attributes: method },
    {
      type: 'aws_api_gateway_stage',
      id: 'ags',
      attributes: { rest_api_id: restApiId, stage_name: 'v1' },
      remove: () => rest.deleteStage({ restApiId, stageName: 'v1' }),
    },
    // The emulator breaks when asked for a deployment that is gone.
    { type: 'aws_api_gateway_deployment', id: deploymentId, attributes: { rest_api_id: restApiId } },
    { type: 'aws_api_gateway_resource', id: resourceId, attributes: { rest_api_id: restApiId } },
    { type: 'aws_api_gateway_rest_api', id: restApiId, remove: () => rest.deleteRestApi({ restApiId }) },
  ];
};

const workflows: Maker = async (clients, sandbox) => {
  const sfn = await clients.get('sfn');
  const logs = await clients.get('logs');
  const cloudwatch = await clients.get('cloudwatch');
  const roleArn = await makeRole(sandbox);
  const { stateMachineArn = '' } = await sfn.createStateMachine({
    name: unique('machine'),
    roleArn,
    definition: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
  });
  const group = unique('/aws/lambda/fn');
  await logs.createLogGroup({ logGroupName: `${group}-2` });
  await logs.createLogGroup({ logGroupName: group });
  await logs.putMetricFilter({
    logGroupName: group,
    filterName: 'errors',
    filterPattern: 'ERROR',
    metricTransformations: [{ metricName: 'm', metricNamespace: 'n', metricValue: '1' }],
  });
  const alarm = unique('alarm');
  await cloudwatch.putMetricAlarm({
    AlarmName: alarm,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    MetricName: 'm',
    Namespace: 'n',
    Period: 60,
    Statistic: 'Sum',
    Threshold: 1,
  });
  const dashboard = unique('dashboard');
  await cloudwatch.putDashboard({ DashboardName: dashboard, DashboardBody: '{"widgets":[]}' });
  return [
    {
      type: 'aws_sfn_state_machine',
      id: stateMachineArn,
      remove: () => sfn.deleteStateMachine({ stateMachineArn }),
    },
    {
      type: 'aws_cloudwatch_log_metric_filter',
      id: 'errors',
      attributes: { log_group_name: group },
      remove: () => logs.deleteMetricFilter({ logGroupName: group, filterName: 'errors' }),
    },
    {
      type: 'aws_cloudwatch_log_group',
      id: group,
      remove: () => logs.deleteLogGroup({ logGroupName: group }),
    },
    {
      type: 'aws_cloudwatch_metric_alarm',
      id: alarm,
      remove: () => cloudwatch.deleteAlarms({ AlarmNames: [alarm] }),
    },
    {
      type: 'aws_cloudwatch_dashboard',
      id: dashboard,
      remove: () => cloudwatch.deleteDashboards({ DashboardNames: [dashboard] }),
    },
  ];
};

const messaging: Maker = async (clients, sandbox) => {
  const sqs = await clients.get('sqs');
  const sns = await clients.get('sns');
  const events = await clients.get('eventbridge');
  const scheduler = await clients.get('scheduler');
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: unique('queue') });
  await sqs.setQueueAttributes({
    QueueUrl,
    Attributes: {
      Policy: policy({ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }),
    },
  });
  const { TopicArn = '' } = await sns.createTopic({ Name: unique('topic') });
  const { SubscriptionArn = '' } = await sns.subscribe({
    TopicArn,
    Protocol: 'email',
    Endpoint: 'a@example.com',
  });
  const bus = unique('bus');
  await events.createEventBus({ Name: bus });
  const rule = unique('rule');
  await events.putRule({ Name: rule, EventBusName: bus, EventPattern: '{"source":["x"]}' });
  await events.putTargets({ Rule: rule, EventBusName: bus, Targets: [{ Id: 't', Arn: TopicArn }] });
  const group = unique('group');
  await scheduler.createScheduleGroup({ Name: group });
  await scheduler.createSchedule({
    Name: 'daily',
    GroupName: group,
    ScheduleExpression: 'rate(1 day)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: TopicArn, RoleArn: await makeRole(sandbox) },
  });
  return [
    {
      type: 'aws_sqs_queue_policy',
      id: QueueUrl,
      remove: () => sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy: '' } }),
    },
    { type: 'aws_sqs_queue', id: QueueUrl, remove: () => sqs.deleteQueue({ QueueUrl }) },
    {
      type: 'aws_sns_topic_subscription',
      id: SubscriptionArn,
      remove: () => sns.unsubscribe({ SubscriptionArn }),
    },
    { type: 'aws_sns_topic_policy', id: TopicArn },
    { type: 'aws_sns_topic', id: TopicArn, remove: () => sns.deleteTopic({ TopicArn }) },
    {
      type: 'aws_cloudwatch_event_target',
      id: `${bus}-${rule}-t`,
      attributes: { rule, target_id: 't', event_bus_name: bus },
      remove: () => events.removeTargets({ Rule: rule, EventBusName: bus, Ids: ['t'] }),
    },
    {
      type: 'aws_cloudwatch_event_rule',
      id: `${bus}/${rule}`,
      attributes: { name: rule, event_bus_name: bus },
      remove: () => events.deleteRule({ Name: rule, EventBusName: bus }),
    },
    { type: 'aws_cloudwatch_event_bus', id: bus, remove: () => events.deleteEventBus({ Name: bus }) },
    {
      type: 'aws_scheduler_schedule',
      id: `${group}/daily`,
      remove: () => scheduler.deleteSchedule({ GroupName: group, Name: 'daily' }),
    },
    {
      type: 'aws_scheduler_schedule_group',
      id: group,
      remove: () => scheduler.deleteScheduleGroup({ Name: group }),
    },
  ];
};

const secrets: Maker = async (clients) => {
  const manager = await clients.get('secretsmanager');
  const ssm = await clients.get('ssm');
  const kms = await clients.get('kms');
  const lingering = await manager.createSecret({ Name: unique('secret'), SecretString: 'x' });
  const gone = await manager.createSecret({ Name: unique('secret'), SecretString: 'x' });
  const [SecretId, other] = [lingering.ARN ?? '', gone.ARN ?? ''];
  const parameter = unique('/app/parameter');
  await ssm.putParameter({ Name: parameter, Value: 'x', Type: 'SecureString' });
  const { KeyMetadata } = await kms.createKey({});
  const KeyId = KeyMetadata?.KeyId ?? '';
  const alias = unique('alias/key');
  await kms.createAlias({ AliasName: alias, TargetKeyId: KeyId });
  const leaving = expect.objectContaining({ state: 'present', condition: 'leaving' }) as Presence;
  return [
    { type: 'aws_secretsmanager_secret_version', id: `${SecretId}|${lingering.VersionId ?? ''}` },
    {
      type: 'aws_secretsmanager_secret',
      id: SecretId,
      remove: () => manager.deleteSecret({ SecretId, RecoveryWindowInDays: 7 }),
      after: leaving,
    },
    {
      type: 'aws_secretsmanager_secret',
      id: other,
      remove: () => manager.deleteSecret({ SecretId: other, ForceDeleteWithoutRecovery: true }),
    },
    { type: 'aws_ssm_parameter', id: parameter, remove: () => ssm.deleteParameter({ Name: parameter }) },
    {
      type: 'aws_kms_alias',
      id: alias,
      attributes: { target_key_id: KeyId },
      remove: () => kms.deleteAlias({ AliasName: alias }),
    },
    { type: 'aws_kms_key', id: KeyId, remove: () => kms.scheduleKeyDeletion({ KeyId }), after: leaving },
  ];
};

export const makers: Readonly<Record<string, Maker>> = {
  lambda,
  iam,
  apis,
  workflows,
  messaging,
  secrets,
  databases,
  networks,
};
