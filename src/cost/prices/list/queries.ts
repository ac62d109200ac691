/**
 * What to ask the AWS Price List API for, by key of a price. Facts and no logic. Services, product families and usage
 * types are those of the offers at https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html
 * (attributes of `GetProducts`); the region stands before the usage type (`APS1-NatGateway-Hours`) or not (us-east-1).
 */
import type { ClassKey, PriceKey, RateKey } from '../model.ts';

export interface PriceQuery {
  /** Offers that may have it, the likeliest first: AWS has moved products from one to another. */
  readonly services: readonly string[];
  /** Equal attributes, `productFamily` among them. */
  readonly filters: Readonly<Record<string, string>>;
  /** Usage type without its region, as the source of a regular expression. */
  readonly usage: string;
  /** Units in which the answer may be; anything else is no answer to this question. */
  readonly units: readonly string[];
  /** Our price is so many of theirs: a million requests. */
  readonly times?: number;
}

const hours = ['Hrs', 'Hours', 'hours', 'Hour', 'hour'] as const;
const months = ['GB-Mo', 'GB-month', 'GB-Month'] as const;
const requests = ['Requests', 'Request', 'API Requests', 'API Calls', 'Count'] as const;
const million = 1_000_000;

type Many = string | readonly string[];

const ask = (
  services: Many,
  productFamily: string | null,
  usage: string,
  units: readonly string[],
  more: { readonly filters?: Readonly<Record<string, string>>; readonly times?: number } = {},
): PriceQuery => ({
  services: typeof services === 'string' ? [services] : services,
  filters: { ...(productFamily === null ? {} : { productFamily }), ...more.filters },
  usage,
  units,
  ...(more.times === undefined ? {} : { times: more.times }),
});

/** Aurora prices of both engines are one product, or the same price twice. */
const aurora = (usage: string, units: readonly string[], family: string, times?: number): PriceQuery =>
  ask('AmazonRDS', family, usage, units, times === undefined ? {} : { times });

const nat = ['AmazonEC2', 'AmazonVPC'] as const;

const rates: Readonly<Partial<Record<RateKey, PriceQuery>>> = {
  'aurora.acu': aurora('Aurora:ServerlessV2Usage', ['ACU-Hr', 'ACU-hour', ...hours], 'ServerlessV2'),
  'aurora.acu-io-optimized': aurora(
    'Aurora:ServerlessV2IOOptimizedUsage',
    ['ACU-Hr', 'ACU-hour', ...hours],
    'ServerlessV2',
  ),
  'aurora.storage': aurora('Aurora:StorageUsage', months, 'Database Storage'),
  'aurora.storage-io-optimized': aurora('Aurora:IO-OptimizedStorageUsage', months, 'Database Storage'),
  'aurora.io': aurora('Aurora:StorageIOUsage', ['IOs', 'IO'], 'System Operation', million),
  'rds.gp2': ask('AmazonRDS', 'Database Storage', 'RDS:GP2-Storage', months, {
    filters: { deploymentOption: 'Single-AZ' },
  }),
  'rds.gp3': ask('AmazonRDS', 'Database Storage', 'RDS:GP3-Storage', months, {
    filters: { deploymentOption: 'Single-AZ' },
  }),
  'rds.gp3-iops': ask('AmazonRDS', 'Provisioned IOPS', 'RDS:GP3-PIOPS', ['IOPS-Mo'], {
    filters: { deploymentOption: 'Single-AZ' },
  }),
  'rds.io1': ask('AmazonRDS', 'Database Storage', 'RDS:PIOPS-Storage', months, {
    filters: { deploymentOption: 'Single-AZ' },
  }),
  'rds.io1-iops': ask('AmazonRDS', 'Provisioned IOPS', 'RDS:PIOPS', ['IOPS-Mo'], {
    filters: { deploymentOption: 'Single-AZ' },
  }),
  'rds.io2': ask('AmazonRDS', 'Database Storage', 'RDS:(?:IO2-PIOPS-Storage|PIOPS-Storage-IO2)', months, {
    filters: { deploymentOption: 'Single-AZ' },
  }),
  'rds.io2-iops': ask('AmazonRDS', 'Provisioned IOPS', 'RDS:IO2-PIOPS', ['IOPS-Mo'], {
    filters: { deploymentOption: 'Single-AZ' },
  }),
  'ebs.gp2': ask('AmazonEC2', 'Storage', 'EBS:VolumeUsage.gp2', months),
  'ebs.gp3': ask('AmazonEC2', 'Storage', 'EBS:VolumeUsage.gp3', months),
  'ebs.gp3-iops': ask('AmazonEC2', 'System Operation', 'EBS:VolumeP-IOPS.gp3', ['IOPS-Mo']),
  // The list counts in GiB/s.
  'ebs.gp3-throughput': ask(
    'AmazonEC2',
    'Provisioned Throughput',
    'EBS:VolumeP-Throughput.gp3',
    ['GiBps-mo'],
    { times: 1 / 1024 },
  ),
  'nat.hour': ask(nat, 'NAT Gateway', 'NatGateway-Hours', hours),
  'nat.gb': ask(nat, 'NAT Gateway', 'NatGateway-Bytes', ['GB', 'Quantity']),
  'alb.hour': ask('AWSELB', 'Load Balancer-Application', 'LoadBalancerUsage', hours),
  'alb.lcu': ask('AWSELB', 'Load Balancer-Application', 'LCUUsage', ['LCU-Hrs', ...hours]),
  'nlb.hour': ask('AWSELB', 'Load Balancer-Network', 'LoadBalancerUsage', hours),
  'clb.hour': ask('AWSELB', 'Load Balancer', 'LoadBalancerUsage', hours),
  'endpoint.hour': ask('AmazonVPC', 'VpcEndpoint', 'VpcEndpoint-Hours', hours),
  'endpoint.gb': ask('AmazonVPC', 'VpcEndpoint', 'VpcEndpoint-Bytes', ['GB']),
  'ipv4.hour': ask('AmazonVPC', null, 'PublicIPv4:InUseAddress', hours),
  'kms.key': ask('awskms', null, 'KMS-Keys', ['Keys', 'Key', 'months']),
  'secret.month': ask('AWSSecretsManager', 'Secret', 'AWSSecretsManager-Secrets', ['Secrets', 'Secret']),
  'alarm.standard': ask('AmazonCloudWatch', 'Alarm', 'CW:AlarmMonitorUsage', ['Alarms', 'Alarm']),
  'alarm.high-resolution': ask('AmazonCloudWatch', 'Alarm', 'CW:HighResAlarmMonitorUsage', [
    'Alarms',
    'Alarm',
  ]),
  'alarm.composite': ask('AmazonCloudWatch', 'Alarm', 'CW:CompositeAlarmMonitorUsage', ['Alarms', 'Alarm']),
  'fargate.vcpu': ask('AmazonECS', 'Compute', 'Fargate-vCPU-Hours:perCPU', hours),
  'fargate.gb': ask('AmazonECS', 'Compute', 'Fargate-GB-Hours', hours),
  'fargate.arm-vcpu': ask('AmazonECS', 'Compute', 'Fargate-ARM-vCPU-Hours:perCPU', hours),
  'fargate.arm-gb': ask('AmazonECS', 'Compute', 'Fargate-ARM-GB-Hours', hours),
  'eks.cluster': ask('AmazonEKS', 'Compute', 'AmazonEKS-Hours:perCluster', hours),
  'lambda.requests': ask('AWSLambda', 'Serverless', 'Request', requests, {
    filters: { group: 'AWS-Lambda-Requests' },
    times: million,
  }),
  'lambda.gb-second': ask(
    'AWSLambda',
    'Serverless',
    'Lambda-GB-Second',
    ['Lambda-GB-Second', 'Second', 'Seconds'],
    {
      filters: { group: 'AWS-Lambda-Duration' },
    },
  ),
  'lambda.arm-gb-second': ask(
    'AWSLambda',
    'Serverless',
    'Lambda-GB-Second-ARM',
    ['Lambda-GB-Second', 'Lambda-GB-Second-ARM', 'Second', 'Seconds'],
    { filters: { group: 'AWS-Lambda-Duration-ARM' } },
  ),
  'lambda.provisioned-gb-second': ask(
    'AWSLambda',
    'Serverless',
    'Lambda-Provisioned-Concurrency',
    ['Lambda-GB-Second', 'Second', 'Seconds'],
    { filters: { group: 'AWS-Lambda-Provisioned-Concurrency' } },
  ),
  'lambda.provisioned-arm-gb-second': ask(
    'AWSLambda',
    'Serverless',
    'Lambda-Provisioned-Concurrency-ARM',
    ['Lambda-GB-Second', 'Lambda-GB-Second-ARM', 'Second', 'Seconds'],
    { filters: { group: 'AWS-Lambda-Provisioned-Concurrency-ARM' } },
  ),
  'dynamodb.reads': ask(
    'AmazonDynamoDB',
    'Amazon DynamoDB PayPerRequest Throughput',
    'ReadRequestUnits',
    ['ReadRequestUnits'],
    { filters: { group: 'DDB-ReadUnits' }, times: million },
  ),
  'dynamodb.writes': ask(
    'AmazonDynamoDB',
    'Amazon DynamoDB PayPerRequest Throughput',
    'WriteRequestUnits',
    ['WriteRequestUnits'],
    { filters: { group: 'DDB-WriteUnits' }, times: million },
  ),
  'dynamodb.storage': ask('AmazonDynamoDB', 'Database Storage', 'TimedStorage-ByteHrs', months),
  'dynamodb.rcu': ask(
    'AmazonDynamoDB',
    'Provisioned IOPS',
    'ReadCapacityUnit-Hrs',
    ['ReadCapacityUnit-Hrs', ...hours],
    {
      filters: { group: 'DDB-ReadUnits' },
    },
  ),
  'dynamodb.wcu': ask(
    'AmazonDynamoDB',
    'Provisioned IOPS',
    'WriteCapacityUnit-Hrs',
    ['WriteCapacityUnit-Hrs', ...hours],
    { filters: { group: 'DDB-WriteUnits' } },
  ),
  'api.http': ask('AmazonApiGateway', 'API Calls', 'ApiGatewayHttpRequest', requests, { times: million }),
  'api.rest': ask('AmazonApiGateway', 'API Calls', 'ApiGatewayRequest', requests, { times: million }),
  'logs.ingest': ask('AmazonCloudWatch', 'Data Payload', 'DataProcessing-Bytes', ['GB']),
  'logs.storage': ask('AmazonCloudWatch', 'Storage Snapshot', 'TimedStorage-ByteHrs', months),
  's3.storage': ask('AmazonS3', 'Storage', 'TimedStorage-ByteHrs', months, {
    filters: { volumeType: 'Standard' },
  }),
  'ecr.storage': ask('AmazonECR', 'EC2 Container Registry', 'TimedStorage-ByteHrs', months),
  'efs.storage': ask('AmazonEFS', 'Storage', 'TimedStorage-ByteHrs', months),
  'kinesis.shard': ask('AmazonKinesis', 'Kinesis Streams', 'Storage-ShardHour', ['ShardHour', ...hours]),
};

const quoted = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const engines: Readonly<Record<string, string>> = { mysql: 'MySQL', postgres: 'PostgreSQL' };
const caches: Readonly<Record<string, string>> = { redis: 'Redis', valkey: 'Valkey' };

/** Prices by class: one product for each instance type. */
function byClass(key: ClassKey): PriceQuery | null {
  const [kind = '', ...rest] = key.split(':');
  const instanceType = rest.at(-1) ?? '';
  const filters = { instanceType };
  switch (kind) {
    case 'ec2':
      return ask('AmazonEC2', 'Compute Instance', `BoxUsage:${quoted(instanceType)}`, hours, {
        filters: {
          ...filters,
          operatingSystem: 'Linux',
          tenancy: 'Shared',
          preInstalledSw: 'NA',
          capacitystatus: 'Used',
        },
      });
    case 'rds': {
      const databaseEngine = engines[rest[0] ?? ''];
      if (databaseEngine === undefined) return null;
      return ask('AmazonRDS', 'Database Instance', `InstanceUsage:${quoted(instanceType)}`, hours, {
        filters: { ...filters, databaseEngine, deploymentOption: 'Single-AZ' },
      });
    }
    case 'aurora':
      return ask('AmazonRDS', 'Database Instance', `InstanceUsage:${quoted(instanceType)}`, hours, {
        filters: { ...filters, databaseEngine: 'Aurora MySQL' },
      });
    case 'elasticache': {
      const cacheEngine = caches[rest[0] ?? ''];
      if (cacheEngine === undefined) return null;
      return ask('AmazonElastiCache', 'Cache Instance', `NodeUsage:${quoted(instanceType)}`, hours, {
        filters: { ...filters, cacheEngine },
      });
    }
    case 'opensearch':
      return ask(
        'AmazonES',
        'Amazon OpenSearch Service Instance',
        `ESInstance:${quoted(instanceType.replace(/\.search$/, ''))}`,
        hours,
        {
          filters,
        },
      );
    default:
      return null;
  }
}

/** How to ask for a price; `null` where only the bundled table may have it. */
export function queryFor(key: PriceKey): PriceQuery | null {
  if (Object.hasOwn(rates, key)) return rates[key as RateKey] ?? null;
  return key.includes(':') ? byClass(key as ClassKey) : null;
}
