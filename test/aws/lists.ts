/**
 * How the services answer a listing: where the items stand, where the token for the next page, and one item with as
 * little as the adapter reads. Items get the id `first` and `second`; `named` says in which of their fields.
 */
interface ListAnswer {
  /** Path to the items, and to the token; `null` for services that answer in one page. */
  readonly items: string;
  readonly token: string | null;
  readonly item: (id: string) => unknown;
  /** Part of every page, beside the two. */
  readonly also?: object;
  /** Only of the pages that have a following one. */
  readonly more?: object;
}

const by =
  (...fields: string[]) =>
  (id: string): object =>
    Object.fromEntries(fields.map((field) => [field, id]));

const alarms = (kind: string): ListAnswer => ({
  items: `${kind}Alarms`,
  token: 'NextToken',
  item: by('AlarmName'),
});

const iam = (items: string, ...fields: string[]): ListAnswer => ({
  items,
  token: 'Marker',
  item: by(...fields),
  more: { IsTruncated: true },
});

const policies = (kind: string): ListAnswer => ({
  items: `${kind}List.Items`,
  token: `${kind}List.NextMarker`,
  item: (id) => ({ [kind]: { Id: id, [`${kind}Config`]: { Name: id } } }),
});

const rds = (items: string, field: string, more: object = {}): ListAnswer => ({
  items,
  token: 'Marker',
  item: (id) => ({ [field]: id, ...more }),
});

const ec2 = (items: string, field: string, more: object = {}): ListAnswer => ({
  items,
  token: 'NextToken',
  item: (id) => ({ [field]: id, ...more }),
});

export const listAnswers: Readonly<Record<string, ListAnswer>> = {
  aws_api_gateway_api_key: { items: 'items', token: 'position', item: by('id', 'name') },
  aws_api_gateway_rest_api: { items: 'items', token: 'position', item: by('id', 'name') },
  aws_api_gateway_usage_plan: { items: 'items', token: 'position', item: by('id', 'name') },
  aws_apigatewayv2_api: { items: 'Items', token: 'NextToken', item: by('ApiId', 'Name') },
  aws_apigatewayv2_domain_name: { items: 'Items', token: 'NextToken', item: by('DomainName') },
  aws_apigatewayv2_vpc_link: { items: 'Items', token: 'NextToken', item: by('VpcLinkId', 'Name') },
  aws_cloudfront_cache_policy: policies('CachePolicy'),
  aws_cloudfront_distribution: {
    items: 'DistributionList.Items',
    token: 'DistributionList.NextMarker',
    item: by('Id'),
  },
  aws_cloudfront_function: {
    items: 'FunctionList.Items',
    token: 'FunctionList.NextMarker',
    item: by('Name'),
  },
  aws_cloudfront_origin_access_control: {
    items: 'OriginAccessControlList.Items',
    token: 'OriginAccessControlList.NextMarker',
    item: by('Id', 'Name'),
  },
  aws_cloudfront_origin_access_identity: {
    items: 'CloudFrontOriginAccessIdentityList.Items',
    token: 'CloudFrontOriginAccessIdentityList.NextMarker',
    item: by('Id'),
  },
  aws_cloudfront_origin_request_policy: policies('OriginRequestPolicy'),
  aws_cloudfront_response_headers_policy: policies('ResponseHeadersPolicy'),
  aws_cloudwatch_composite_alarm: alarms('Composite'),
  aws_cloudwatch_dashboard: { items: 'DashboardEntries', token: 'NextToken', item: by('DashboardName') },
  aws_cloudwatch_event_api_destination: {
    items: 'ApiDestinations',
    token: 'NextToken',
    item: by('Name'),
  },
  aws_cloudwatch_event_archive: { items: 'Archives', token: 'NextToken', item: by('ArchiveName') },
  aws_cloudwatch_event_bus: { items: 'EventBuses', token: 'NextToken', item: by('Name') },
  aws_cloudwatch_event_connection: { items: 'Connections', token: 'NextToken', item: by('Name') },
  // Listed by bus: the answer stands for that of both calls.
  aws_cloudwatch_event_rule: {
    items: 'Rules',
    token: 'NextToken',
    item: by('Name'),
    also: { EventBuses: [{ Name: 'default' }] },
  },
  aws_cloudwatch_log_group: { items: 'logGroups', token: 'nextToken', item: by('logGroupName') },
  aws_cloudwatch_log_resource_policy: {
    items: 'resourcePolicies',
    token: 'nextToken',
    item: by('policyName'),
  },
  aws_cloudwatch_metric_alarm: alarms('Metric'),
  aws_db_cluster_snapshot: rds('DBClusterSnapshots', 'DBClusterSnapshotIdentifier'),
  aws_db_instance: rds('DBInstances', 'DBInstanceIdentifier'),
  aws_db_instance_automated_backup: rds('DBInstanceAutomatedBackups', 'DbiResourceId', {
    Status: 'retained',
  }),
  aws_db_option_group: rds('OptionGroupsList', 'OptionGroupName'),
  aws_db_parameter_group: rds('DBParameterGroups', 'DBParameterGroupName'),
  aws_db_proxy: rds('DBProxies', 'DBProxyName'),
  aws_db_snapshot: rds('DBSnapshots', 'DBSnapshotIdentifier'),
  aws_db_subnet_group: rds('DBSubnetGroups', 'DBSubnetGroupName'),
  aws_dynamodb_backup: { items: 'BackupSummaries', token: 'LastEvaluatedBackupArn', item: by('BackupArn') },
  aws_dynamodb_table: { items: 'TableNames', token: 'LastEvaluatedTableName', item: (id) => id },
  aws_ecr_image: {
    items: 'imageIds',
    token: 'nextToken',
    item: (name) => ({ imageTag: name }),
    also: { repositories: [{ repositoryName: 'r' }] },
  },
  aws_ecr_repository: { items: 'repositories', token: 'nextToken', item: by('repositoryName') },
  aws_eip: { items: 'Addresses', token: null, item: by('AllocationId') },
  aws_iam_group: iam('Groups', 'GroupName'),
  aws_iam_instance_profile: iam('InstanceProfiles', 'InstanceProfileName'),
  aws_iam_openid_connect_provider: { items: 'OpenIDConnectProviderList', token: null, item: by('Arn') },
  aws_iam_policy: iam('Policies', 'Arn', 'PolicyName'),
  aws_iam_role: iam('Roles', 'RoleName'),
  aws_iam_user: iam('Users', 'UserName'),
  aws_instance: {
    items: 'Reservations',
    token: 'NextToken',
    item: (id) => ({ Instances: [{ InstanceId: id }] }),
  },
  aws_internet_gateway: ec2('InternetGateways', 'InternetGatewayId'),
  aws_key_pair: { items: 'KeyPairs', token: null, item: by('KeyName') },
  aws_kms_alias: { items: 'Aliases', token: 'NextMarker', item: by('AliasName') },
  aws_kms_key: { items: 'Keys', token: 'NextMarker', item: by('KeyId') },
  aws_lambda_event_source_mapping: { items: 'EventSourceMappings', token: 'NextMarker', item: by('UUID') },
  aws_lambda_function: { items: 'Functions', token: 'NextMarker', item: by('FunctionName') },
  // Versions are listed by layer: the same answer stands for both calls.
  aws_lambda_layer_version: {
    items: 'LayerVersions',
    token: null,
    item: by('LayerVersionArn'),
    also: { Layers: [{ LayerName: 'layer' }] },
  },
  aws_launch_template: ec2('LaunchTemplates', 'LaunchTemplateId'),
  aws_nat_gateway: ec2('NatGateways', 'NatGatewayId'),
  aws_network_acl: ec2('NetworkAcls', 'NetworkAclId'),
  aws_network_interface: ec2('NetworkInterfaces', 'NetworkInterfaceId'),
  aws_rds_cluster: rds('DBClusters', 'DBClusterIdentifier'),
  aws_rds_cluster_automated_backup: rds('DBClusterAutomatedBackups', 'DbClusterResourceId', {
    Status: 'retained',
    DBClusterIdentifier: 'cluster',
  }),
  aws_rds_cluster_instance: rds('DBInstances', 'DBInstanceIdentifier', { DBClusterIdentifier: 'cluster' }),
  aws_rds_cluster_parameter_group: rds('DBClusterParameterGroups', 'DBClusterParameterGroupName'),
  aws_rds_global_cluster: rds('GlobalClusters', 'GlobalClusterIdentifier'),
  aws_route_table: ec2('RouteTables', 'RouteTableId'),
  aws_s3_bucket: { items: 'Buckets', token: 'ContinuationToken', item: by('Name') },
  aws_scheduler_schedule: {
    items: 'Schedules',
    token: 'NextToken',
    item: (id) => ({ GroupName: id, Name: 'daily' }),
  },
  aws_scheduler_schedule_group: { items: 'ScheduleGroups', token: 'NextToken', item: by('Name') },
  aws_secretsmanager_secret: { items: 'SecretList', token: 'NextToken', item: by('ARN', 'Name') },
  aws_security_group: ec2('SecurityGroups', 'GroupId', { GroupName: 'group' }),
  aws_sfn_activity: { items: 'activities', token: 'nextToken', item: by('activityArn', 'name') },
  aws_sfn_state_machine: { items: 'stateMachines', token: 'nextToken', item: by('stateMachineArn', 'name') },
  aws_sns_topic: { items: 'Topics', token: 'NextToken', item: by('TopicArn') },
  aws_sns_topic_subscription: {
    items: 'Subscriptions',
    token: 'NextToken',
    item: (id) => ({ SubscriptionArn: `arn:${id}`, TopicArn: 'arn:aws:sns:r:a:topic' }),
  },
  aws_sqs_queue: { items: 'QueueUrls', token: 'NextToken', item: (id) => `https://sqs/1/${id}` },
  aws_ssm_parameter: { items: 'Parameters', token: 'NextToken', item: by('Name') },
  aws_subnet: ec2('Subnets', 'SubnetId'),
  aws_vpc: ec2('Vpcs', 'VpcId'),
  aws_vpc_endpoint: ec2('VpcEndpoints', 'VpcEndpointId'),
};

/** The pages of an answer, each with one item. */
export function pagesOf(answer: ListAnswer): readonly object[] {
  const ids = ['first', 'second'];
  if (answer.token === null) return [page(answer, ids, null)];
  return [page(answer, ids.slice(0, 1), 'token'), page(answer, ids.slice(1), null)];
}

function page(answer: ListAnswer, ids: readonly string[], token: string | null): object {
  const made: Record<string, unknown> = { ...answer.also, ...(token === null ? {} : answer.more) };
  put(made, answer.items, ids.map(answer.item));
  if (token !== null && answer.token !== null) put(made, answer.token, token);
  return made;
}

function put(object: Record<string, unknown>, path: string, value: unknown): void {
  const [head = '', ...rest] = path.split('.');
  if (rest.length === 0) object[head] = value;
  else put((object[head] ??= {}) as Record<string, unknown>, rest.join('.'), value);
}
