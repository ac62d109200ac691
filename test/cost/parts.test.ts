/** Parts of a price that are easily left out: addresses, passwords, what a volume has beyond what comes with it. */
import { describe, expect, it } from 'vitest';
import { costDetails } from '../../src/cost/cost.ts';
import type { CostInput } from '../../src/cost/model.ts';
import { bundledPrices } from '../../src/cost/prices/table.ts';
import { costBlocks } from '../../src/report/cost.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import type { Json, JsonObject } from '../../src/transfer/json.ts';
import { costOfOne, resource } from './build.ts';

const instance = (values: JsonObject) => ({
  instance_type: 't3.micro',
  root_block_device: [disk()],
  ...values,
});
const disk = (values: JsonObject = {}) => ({ volume_size: 20, volume_type: 'gp3', ...values });
const database = (values: JsonObject) => ({
  engine: 'postgres',
  instance_class: 'db.t4g.micro',
  allocated_storage: 100,
  ...values,
});

describe('a price in us-east-1', () => {
  /** `[type, values, unknown, monthly, basis]`, worked out by hand. */
  const cases: readonly [string, JsonObject, Json, number, string][] = [
    [
      'aws_db_instance',
      database({ storage_type: 'gp3', iops: 3000, storage_throughput: 125 }),
      false,
      23.18,
      '730 h × $0.016 + 100 GB × $0.115 = $23.18',
    ],
    [
      'aws_db_instance',
      database({ storage_type: 'gp3', allocated_storage: 400, iops: 15_000, multi_az: true }),
      false,
      235.36,
      '2 zones × 730 h × $0.016 + 2 zones × 400 GB × $0.115 + 2 zones × 3,000 IOPS more × $0.02 = $235.36',
    ],
    [
      'aws_db_instance',
      database({ storage_type: 'io1', iops: 1000, multi_az: true }),
      false,
      248.36,
      '2 zones × 730 h × $0.016 + 2 zones × 100 GB × $0.125 + 2 zones × 1,000 IOPS × $0.10 = $248.36',
    ],
    [
      'aws_db_instance',
      database({ publicly_accessible: true, manage_master_user_password: true }),
      { storage_type: true, multi_az: true },
      27.23,
      '730 h × $0.016 + 100 GB × $0.115 + 1 public IPv4 × 730 h × $0.005 + 1 secret × $0.40 = $27.23',
    ],
    [
      'aws_rds_cluster',
      { engine: 'aurora-mysql', manage_master_user_password: true },
      { storage_type: true },
      0.4,
      '1 secret × $0.40 = $0.40; by use, taken as none: 0 GB stored × $0.10, 0 I/O requests × $0.20 per million I/O requests',
    ],
    [
      'aws_ebs_volume',
      { size: 100, type: 'gp3', iops: 4000, throughput: 250 },
      false,
      18,
      '100 GB × $0.08 + 1,000 IOPS more × $0.005 + 125 MiB/s more × $0.04 = $18.00',
    ],
    [
      'aws_ebs_volume',
      { size: 100, type: 'gp3' },
      { iops: true, throughput: true },
      8,
      '100 GB × $0.08 = $8.00',
    ],
    [
      'aws_instance',
      instance({
        associate_public_ip_address: true,
        root_block_device: [disk({ iops: 3000, throughput: 125 })],
      }),
      false,
      12.84,
      '730 h × $0.0104 + 20 GB × $0.08 + 1 public IPv4 × 730 h × $0.005 = $12.84',
    ],
    [
      'aws_elb',
      { availability_zones: ['a', 'b'] },
      { subnets: true },
      25.55,
      '730 h × $0.025 + 2 public addresses × 730 h × $0.005 = $25.55',
    ],
    [
      'aws_lb',
      { load_balancer_type: 'network', subnet_mapping: [{ subnet_id: 'a' }, { subnet_id: 'b' }] },
      { subnet_mapping: [{ allocation_id: true }, { allocation_id: true }] },
      16.43,
      '730 h × $0.0225 + 0 public addresses × 730 h × $0.005 = $16.43',
    ],
    [
      'aws_cloudwatch_metric_alarm',
      { metric_query: [{ metric: [{ period: 10 }] }, { metric: [{ period: 60 }] }, { expression: 'a/b' }] },
      false,
      0.6,
      '2 metrics × $0.30 = $0.60',
    ],
    [
      'aws_kms_key',
      { enable_key_rotation: true, multi_region: true },
      false,
      1,
      '1 key × $1.00 = $1.00; by use, taken as none: 0 of its first two rotations × $1.00',
    ],
    [
      'aws_cloudwatch_log_group',
      { log_group_class: 'INFREQUENT_ACCESS' },
      false,
      0,
      'pay per use, taken as idle: 0 GB ingested × a rate that is not in the table + 0 GB stored × a rate that is not in the table = $0.00',
    ],
    [
      'aws_cloudwatch_log_metric_filter',
      {},
      false,
      0,
      'pay per use, taken as idle: 0 metrics that get values × a rate that is not in the table = $0.00',
    ],
  ];

  it.each(cases)('of %s %j (unknown: %j) is $%s', (type, values, unknown, monthly, basis) => {
    expect(costOfOne([resource(type, values, { unknown })])).toEqual({
      cost: { address: `${type}.this`, type, monthly, basis },
      reason: undefined,
    });
  });
});

describe('what makes a price unknown', () => {
  const cases: readonly [string, JsonObject, string][] = [
    [
      'aws_db_instance',
      database({ storage_type: 'gp3', storage_throughput: 500 }),
      'no price of more throughput than gp3 storage comes with is in the table',
    ],
    ['aws_instance', instance({ monitoring: true }), 'no price of detailed monitoring is in the table'],
    [
      'aws_nat_gateway',
      { availability_mode: 'regional' },
      'a regional NAT gateway costs by the zones that it grows into',
    ],
    [
      'aws_cloudwatch_metric_alarm',
      { metric_query: [{ expression: 'SELECT AVG(Duration) FROM "AWS/Lambda"', period: 60 }] },
      'an alarm on a query costs by the metrics that the query finds',
    ],
    ['aws_elb', {}, 'in how many zones it lies is known only after the apply'],
    [
      'aws_efs_file_system',
      { throughput_mode: 'provisioned' },
      'no price of provisioned throughput is in the table',
    ],
    [
      'aws_dynamodb_table',
      { billing_mode: 'PROVISIONED', table_class: 'STANDARD_INFREQUENT_ACCESS', read_capacity: 5 },
      'no price of capacity of an infrequent-access table is in the table',
    ],
    [
      'aws_lambda_event_source_mapping',
      { provisioned_poller_config: [{ minimum_pollers: 1 }] },
      'a provisioned poller has no price in the table',
    ],
    [
      'aws_cloudfront_distribution',
      { viewer_certificate: [{ ssl_support_method: 'vip' }] },
      'no price of addresses of its own (`vip`) is in the table',
    ],
  ];

  it.each(cases)('%s %j', (type, values, reason) => {
    expect(costOfOne([resource(type, values)]).reason).toBe(reason);
  });
});

describe('the public address of an instance', () => {
  const planned = resource('aws_instance', instance({}), {
    unknown: { associate_public_ip_address: true, subnet_id: true },
  });
  const subnet = (open: boolean) => resource('aws_subnet', { map_public_ip_on_launch: open });

  it('is up to its subnet where nobody says', () => {
    expect(costOfOne([planned, subnet(true)]).cost?.monthly).toBe(12.84);
    expect(costOfOne([planned, subnet(false)])).toMatchObject({ cost: { monthly: 9.19 }, reason: undefined });
    expect(costOfOne([planned]).reason).toBe('whether it gets a public IPv4 is up to its subnet');
  });

  it('is counted once where it is that of an aws_eip', () => {
    const there = resource('aws_instance', instance({ id: 'i-1', associate_public_ip_address: true }));
    const address = resource('aws_eip', { instance: 'i-1' });
    const { cost } = costDetails({ target: [there, address], region: 'us-east-1', prices: bundledPrices });
    // 730 × 0.0104 + 20 × 0.08, and 730 × 0.005 for the address.
    expect(cost).toMatchObject({ monthlyTotal: 12.84, unknown: [] });
  });
});

describe('a region', () => {
  it('is that of the resource, where its ARN tells it', () => {
    const nat = (values: JsonObject) => [resource('aws_nat_gateway', values)];
    const elsewhere = { arn: 'arn:aws:ec2:eu-west-1:123456789012:natgateway/nat-1' };
    // 730 × 0.048 and 730 × 0.045
    expect(costOfOne(nat(elsewhere)).cost?.monthly).toBe(35.04);
    expect(costOfOne(nat({ arn: 'arn:aws:x::123456789012:y' })).cost?.monthly).toBe(32.85);
    // As `costs.region` has it.
    expect(costOfOne(nat(elsewhere), { regionIsGiven: true }).cost?.monthly).toBe(32.85);
  });
});

describe('an update', () => {
  const there = [
    resource('aws_db_instance', database({ storage_type: 'gp3' }), { action: 'present' }),
    resource('aws_nat_gateway', {}, { action: 'present' }),
    resource('aws_eip', {}, { action: 'present' }),
  ];
  const small = resource('aws_db_instance', database({ storage_type: 'gp3' }));
  const large = resource('aws_db_instance', database({ storage_type: 'gp3', allocated_storage: 120 }));
  const secret = resource('aws_secretsmanager_secret');
  const changeOf = (target: CostInput['target'], more: Partial<CostInput> = {}) =>
    costDetails({ target, before: there, region: 'us-east-1', prices: bundledPrices, ...more }).cost;

  it('says what it changes of what is paid now: what is added, grows, and goes', () => {
    // 20 × 0.115 more of storage and 0.40 for the secret; 730 × 0.045 + 730 × 0.005 less.
    expect(changeOf([large, secret]).monthlyChange).toBe(-33.8);
    expect(changeOf([large, ...there.slice(1)]).monthlyChange).toBe(2.3);
    expect(changeOf([small, ...there.slice(1)]).monthlyChange).toBe(0);
  });

  it('has nothing to say where nothing is there, or the figures are of two kinds', () => {
    expect(changeOf([small], { before: [] })).not.toHaveProperty('monthlyChange');
    const quoted = new Map([['aws_db_instance.this', { monthly: 20, basis: 'Infracost' }]]);
    expect(changeOf([small], { quoted })).not.toHaveProperty('monthlyChange');
  });

  it('says it in words', () => {
    const text = (target: CostInput['target']) =>
      toMarkdown(costBlocks(changeOf(target))).replaceAll('&#36;', '$');
    expect(text([large, secret])).toContain('This plan changes it by -$33.80.');
    expect(text([small, ...there.slice(1)])).toContain('This plan does not change that.');
    expect(text([small, ...there.slice(1), resource('aws_msk_cluster')])).toContain(
      'This plan does not change that, as far as prices are known.',
    );
  });
});
