import { describe, expect, it } from 'vitest';
import { costRuleSets, ruleOf, usageMeters } from '../../src/cost/rules/index.ts';
import { resourceTypeRows } from '../../src/terraform/types/table.ts';
import type { Json, JsonObject } from '../../src/transfer/json.ts';
import { costOfOne, resource } from './build.ts';

describe('the rules as a set', () => {
  it('say something of every type in the type table', () => {
    const without = resourceTypeRows.filter(({ type }) => ruleOf(type) === undefined);
    expect(without.map(({ type }) => type)).toEqual([]);
  });

  it('hold each type once', () => {
    const all = costRuleSets.flatMap((set) => Object.keys(set));
    expect(all.filter((type, index) => all.indexOf(type) !== index)).toEqual([]);
  });

  it('list the meters that usage may be assumed for', () => {
    expect(usageMeters()).toMatchObject({
      aws_lambda_function: ['requests', 'gbSeconds'],
      aws_rds_cluster: ['storageGb', 'ioRequests'],
      aws_s3_bucket: ['storageGb'],
    });
  });
});

/** `[type, values, monthly, basis]`, in us-east-1, worked out by hand. */
const fixed: readonly [string, JsonObject, number, string][] = [
  ['aws_nat_gateway', {}, 32.85, '730 h × $0.045 = $32.85; by use, taken as none: 0 GB through it × $0.045'],
  ['aws_eip', {}, 3.65, '730 h × $0.005 = $3.65'],
  [
    'aws_lb',
    { load_balancer_type: 'application', internal: true },
    16.43,
    '730 h × $0.0225 = $16.43; by use, taken as none: 0 LCU-hours × $0.008',
  ],
  [
    'aws_lb',
    { load_balancer_type: 'application', internal: false, subnets: ['a', 'b'] },
    23.73,
    '730 h × $0.0225 + 2 public addresses × 730 h × $0.005 = $23.73; by use, taken as none: 0 LCU-hours × $0.008',
  ],
  [
    'aws_lb',
    { load_balancer_type: 'network', internal: false, subnet_mapping: [{ allocation_id: 'eipalloc-1' }] },
    16.43,
    '730 h × $0.0225 + 0 public addresses × 730 h × $0.005 = $16.43',
  ],
  ['aws_elb', { internal: true }, 18.25, '730 h × $0.025 = $18.25'],
  [
    'aws_vpc_endpoint',
    { vpc_endpoint_type: 'Interface', subnet_ids: ['a', 'b', 'c'] },
    21.9,
    '3 zones × 730 h × $0.01 = $21.90; by use, taken as none: 0 GB through it × $0.01',
  ],
  ['aws_vpc_endpoint', { vpc_endpoint_type: 'Gateway' }, 0, 'free'],
  ['aws_kms_key', {}, 1, '1 key × $1.00 = $1.00'],
  ['aws_secretsmanager_secret', {}, 0.4, '1 secret × $0.40 = $0.40'],
  ['aws_secretsmanager_secret', { replica: [{ region: 'eu-west-1' }] }, 0.8, '2 secrets × $0.40 = $0.80'],
  ['aws_cloudwatch_metric_alarm', { period: 300 }, 0.1, '1 metric × $0.10 = $0.10'],
  ['aws_cloudwatch_metric_alarm', { period: 10 }, 0.3, '1 metric × $0.30 = $0.30'],
  [
    'aws_cloudwatch_metric_alarm',
    {
      metric_query: [{ metric: [] }, { metric: [{ metric_name: 'a' }] }, { metric: [{ metric_name: 'b' }] }],
    },
    0.2,
    '2 metrics × $0.10 = $0.20',
  ],
  ['aws_cloudwatch_composite_alarm', {}, 0.5, '1 alarm × $0.50 = $0.50'],
  ['aws_cloudwatch_dashboard', {}, 3, '1 dashboard × $3.00 = $3.00'],
  ['aws_route53_zone', {}, 0.5, '1 hosted zone × $0.50 = $0.50'],
  ['aws_wafv2_web_acl', { rule: [{}, {}] }, 7, '1 web ACL × $5.00 + 2 rules × $1.00 = $7.00'],
  ['aws_eks_cluster', {}, 73, '730 h × $0.10 = $73.00'],
  ['aws_ebs_volume', { size: 100, type: 'gp3' }, 8, '100 GB × $0.08 = $8.00'],
  [
    'aws_instance',
    { instance_type: 't3.micro', root_block_device: [{ volume_size: 20, volume_type: 'gp3' }] },
    9.19,
    '730 h × $0.0104 + 20 GB × $0.08 = $9.19',
  ],
  [
    'aws_instance',
    {
      instance_type: 't3.micro',
      associate_public_ip_address: true,
      root_block_device: [{ volume_size: 20, volume_type: 'gp3' }],
      ebs_block_device: [{ volume_size: 10 }],
    },
    13.84,
    '730 h × $0.0104 + 20 GB × $0.08 + 10 GB × $0.10 + 1 public IPv4 × 730 h × $0.005 = $13.84',
  ],
  [
    'aws_db_instance',
    { engine: 'mysql', instance_class: 'db.t4g.micro', allocated_storage: 20, storage_type: 'gp3' },
    13.98,
    '730 h × $0.016 + 20 GB × $0.115 = $13.98',
  ],
  [
    'aws_db_instance',
    { engine: 'postgres', instance_class: 'db.t3.micro', allocated_storage: 20, multi_az: true },
    30.88,
    '2 zones × 730 h × $0.018 + 2 zones × 20 GB × $0.115 = $30.88',
  ],
  [
    'aws_elasticache_cluster',
    { engine: 'memcached', node_type: 'cache.t4g.micro', num_cache_nodes: 2 },
    23.36,
    '2 nodes × 730 h × $0.016 = $23.36',
  ],
  [
    'aws_elasticache_replication_group',
    { engine: 'valkey', node_type: 'cache.t4g.micro', num_node_groups: 2, replicas_per_node_group: 1 },
    37.38,
    '4 nodes × 730 h × $0.0128 = $37.38',
  ],
  [
    'aws_opensearch_domain',
    {
      cluster_config: [
        {
          instance_type: 't3.small.search',
          instance_count: 2,
          dedicated_master_enabled: true,
          dedicated_master_type: 'm6g.large.search',
          dedicated_master_count: 3,
        },
      ],
      ebs_options: [{ ebs_enabled: true, volume_type: 'gp3', volume_size: 10 }],
    },
    335.32,
    '2 nodes × 730 h × $0.036 + 3 masters × 730 h × $0.128 + 2 nodes × 10 GB × $0.122 = $335.32',
  ],
  [
    'aws_dynamodb_table',
    {
      billing_mode: 'PROVISIONED',
      read_capacity: 5,
      write_capacity: 5,
      global_secondary_index: [{ read_capacity: 5, write_capacity: 0 }],
    },
    3.32,
    '10 RCU × 730 h × $0.00013 + 5 WCU × 730 h × $0.00065 = $3.32; by use, taken as none: 0 GB stored × $0.25',
  ],
  ['aws_kinesis_stream', { shard_count: 2 }, 21.9, '2 shards × 730 h × $0.015 = $21.90'],
];

describe('what has a fixed price', () => {
  it.each(fixed)('%s %j costs $%s', (type, values, monthly, basis) => {
    expect(costOfOne([resource(type, values)])).toEqual({
      cost: { address: `${type}.this`, type, monthly, basis },
      reason: undefined,
    });
  });
});

describe('what is priced by another resource', () => {
  const cluster = resource('aws_rds_cluster', {
    cluster_identifier: 'reports',
    engine: 'aurora-mysql',
    serverlessv2_scaling_configuration: [{ min_capacity: 0.5, max_capacity: 2 }],
  });
  const serverless = (name: string) =>
    resource(
      'aws_rds_cluster_instance',
      { instance_class: 'db.serverless', cluster_identifier: 'reports' },
      { name },
    );

  it('bills the minimum of an Aurora cluster for each of its serverless instances', () => {
    const both = [serverless('a'), serverless('b'), cluster];
    expect(costOfOne(both).cost).toMatchObject({
      monthly: 43.8,
      basis: '0.5 ACU × 730 h × $0.12 = $43.80',
    });
    expect(costOfOne(both.toReversed()).cost).toMatchObject({
      address: 'aws_rds_cluster.this',
      monthly: 0,
      basis:
        'pay per use, taken as idle: 0 GB stored × $0.10 + 0 I/O requests × $0.20 per million I/O requests = $0.00',
    });
  });

  it('takes a cluster that may sleep as asleep', () => {
    const asleep = resource('aws_rds_cluster', {
      cluster_identifier: 'reports',
      engine: 'aurora-mysql',
      serverlessv2_scaling_configuration: [{ min_capacity: 0, max_capacity: 2 }],
    });
    expect(costOfOne([serverless('a'), asleep]).cost).toMatchObject({ monthly: 0 });
  });

  it('finds the one cluster there is where the identifier is not known yet', () => {
    const planned = resource(
      'aws_rds_cluster_instance',
      { instance_class: 'db.serverless' },
      { unknown: { cluster_identifier: true } },
    );
    expect(costOfOne([planned, cluster]).cost).toMatchObject({ monthly: 43.8 });
    const second = resource('aws_rds_cluster', { cluster_identifier: 'other' }, { name: 'other' });
    expect(costOfOne([planned, cluster, second])).toEqual({
      cost: undefined,
      reason: 'which cluster it belongs to is known only after the apply',
    });
  });

  it('prices an instance of Aurora by its class', () => {
    const instance = resource('aws_rds_cluster_instance', {
      instance_class: 'db.t4g.medium',
      cluster_identifier: 'reports',
    });
    expect(costOfOne([instance, cluster]).cost).toMatchObject({
      monthly: 53.29,
      basis: '730 h × $0.073 = $53.29',
    });
  });

  it('bills the memory of provisioned concurrency for every second', () => {
    const lambda = resource('aws_lambda_function', { function_name: 'bot', memory_size: 512 });
    const config = resource('aws_lambda_provisioned_concurrency_config', {
      function_name: 'arn:aws:lambda:us-east-1:123456789012:function:bot',
      provisioned_concurrent_executions: 2,
    });
    expect(costOfOne([config, lambda]).cost).toMatchObject({
      monthly: 10.95,
      basis: '2 provisioned × 0.5 GB × 2,628,000 s × $0.0000041667 = $10.95',
    });
    expect(costOfOne([config]).reason).toContain('the memory of bot is not known');
  });

  it('bills a service on Fargate by the size of its task', () => {
    const task = resource('aws_ecs_task_definition', { family: 'api', cpu: '256', memory: '512' });
    const service = resource(
      'aws_ecs_service',
      { launch_type: 'FARGATE', desired_count: 2, network_configuration: [{ assign_public_ip: true }] },
      { unknown: { task_definition: true } },
    );
    expect(costOfOne([service, task]).cost).toMatchObject({
      monthly: 25.32,
      basis:
        '2 tasks × 0.25 vCPU × 730 h × $0.04048 + 2 tasks × 0.5 GB × 730 h × $0.004445 + 2 public IPv4 × 730 h × $0.005 = $25.32',
    });
    const onInstances = resource('aws_ecs_service', { launch_type: 'EC2', desired_count: 2 });
    expect(costOfOne([onInstances]).cost).toMatchObject({ monthly: 0, basis: 'free' });
  });
});

describe('what is paid by use', () => {
  const idle: readonly [string, JsonObject, string][] = [
    [
      'aws_lambda_function',
      { architectures: ['x86_64'] },
      '0 requests × $0.20 per million requests + 0 GB-seconds × $0.0000166667',
    ],
    [
      'aws_dynamodb_table',
      { billing_mode: 'PAY_PER_REQUEST' },
      '0 reads × $0.125 per million reads + 0 writes × $0.625 per million writes + 0 GB stored × $0.25',
    ],
    ['aws_apigatewayv2_api', { protocol_type: 'HTTP' }, '0 requests × $1.00 per million requests'],
    ['aws_api_gateway_rest_api', {}, '0 requests × $3.50 per million requests'],
    ['aws_sqs_queue', {}, '0 requests × $0.40 per million requests'],
    ['aws_sns_topic', {}, '0 requests × $0.50 per million requests'],
    ['aws_sfn_state_machine', { type: 'STANDARD' }, '0 transitions × $0.025 per thousand transitions'],
    ['aws_sfn_state_machine', { type: 'EXPRESS' }, '0 requests × a rate that is not in the table'],
    ['aws_s3_bucket', {}, '0 GB stored × $0.023'],
    ['aws_cloudwatch_log_group', {}, '0 GB ingested × $0.50 + 0 GB stored × $0.03'],
    ['aws_cloudwatch_event_rule', {}, '0 custom events × $1.00 per million events'],
    [
      'aws_cloudfront_distribution',
      {},
      '0 requests × a rate that is not in the table + 0 GB sent × a rate that is not in the table',
    ],
  ];

  it.each(idle)('%s %j is nothing while idle', (type, values, rates) => {
    expect(costOfOne([resource(type, values)]).cost).toMatchObject({
      monthly: 0,
      basis: `pay per use, taken as idle: ${rates} = $0.00`,
    });
  });

  it('counts what usage is assumed', () => {
    const lambda = resource('aws_lambda_function', { architectures: ['x86_64'] });
    const usage = { aws_lambda_function: { requests: 2_000_000, gbSeconds: 100_000 } };
    expect(costOfOne([lambda], { usage }).cost).toMatchObject({
      monthly: 2.07,
      basis: '2,000,000 requests × $0.20 per million requests + 100,000 GB-seconds × $0.0000166667 = $2.07',
    });
    const part = { aws_lambda_function: { requests: 1_000_000 } };
    expect(costOfOne([lambda], { usage: part }).cost?.basis).toBe(
      '1,000,000 requests × $0.20 per million requests = $0.20; by use, taken as none: 0 GB-seconds × $0.0000166667',
    );
  });

  it('does not know what use costs at a rate that is not in the table', () => {
    const usage = { aws_cloudfront_distribution: { requests: 5 } };
    expect(costOfOne([resource('aws_cloudfront_distribution')], { usage })).toEqual({
      cost: undefined,
      reason: 'there is no rate for requests in the table',
    });
  });
});

describe('what is free', () => {
  it.each([
    ['aws_iam_role', 'free'],
    ['aws_iam_something_new', 'free'],
    ['aws_lambda_permission', 'free'],
    ['aws_db_subnet_group', 'free'],
    ['aws_security_group', 'free'],
    ['aws_ssm_parameter', 'free'],
    ['aws_lambda_function_url', 'free: its requests are priced with the function'],
    ['random_password', 'free: nothing in the cloud'],
  ])('%s', (type, basis) => {
    expect(costOfOne([resource(type)]).cost).toMatchObject({ monthly: 0, basis });
  });
});

describe('what is unknown', () => {
  const cases: readonly [string, JsonObject, Json, string][] = [
    ['aws_sagemaker_endpoint', {}, false, 'nothing is known of what aws_sagemaker_endpoint costs'],
    ['cloudflare_record', {}, false, 'nothing is known of what cloudflare_record costs'],
    ['aws_msk_cluster', {}, false, 'a broker of Kafka has no price in the table'],
    [
      'aws_instance',
      {},
      { instance_type: true },
      '`instance_type` is known only after the apply; the size of its root volume comes from the image',
    ],
    ['aws_ebs_volume', { size: 5, type: 'io2' }, false, 'no price of io2 volumes is in the table'],
    [
      'aws_db_instance',
      { engine: 'oracle-se2', instance_class: 'db.m5.large', storage_type: 'standard' },
      false,
      'no prices of the engine oracle-se2 are in the table; no price of standard storage is in the table',
    ],
    [
      'aws_elasticache_cluster',
      { node_type: 'cache.x9.huge', engine: 'redis' },
      false,
      'there is no price of elasticache:redis:cache.x9.huge in us-east-1 in the table',
    ],
    [
      'aws_vpc_endpoint',
      { vpc_endpoint_type: 'Interface' },
      { subnet_ids: true },
      '`subnet_ids` is known only after the apply',
    ],
    [
      'aws_rds_cluster',
      { engine_mode: 'serverless', engine: 'aurora-mysql' },
      false,
      'Aurora Serverless v1 has prices of its own',
    ],
    [
      'aws_ssm_parameter',
      { tier: 'Advanced' },
      false,
      'a parameter of tier Advanced has no price in the table',
    ],
    [
      'aws_lb',
      { load_balancer_type: 'gateway' },
      false,
      'no price of a gateway load balancer is in the table',
    ],
  ];

  it.each(cases)('%s %j (unknown: %j) is never zero', (type, values, unknown, reason) => {
    expect(costOfOne([resource(type, values, { unknown })])).toEqual({ cost: undefined, reason });
  });

  it('keeps the part that is known', () => {
    expect(costOfOne([resource('aws_instance', { instance_type: 't3.micro' })])).toEqual({
      cost: {
        address: 'aws_instance.this',
        type: 'aws_instance',
        monthly: 7.59,
        basis: '730 h × $0.0104 = $7.59; without what is unknown',
      },
      reason: 'the size of its root volume comes from the image',
    });
  });
});
