import { everywhere } from './everywhere.ts';
import { readFrom, type RegionPrices } from './model.ts';

const copy = 'a published copy of the AWS price list';
const guide = 'the price tables of public tools, which agree';

export const usEast1: RegionPrices = {
  region: 'us-east-1',
  title: 'US East (N. Virginia)',
  prices: {
    ...everywhere,
    ...readFrom(
      {
        page: 'https://aws.amazon.com/rds/aurora/pricing/',
        readIn: "the fallback table of AWS's own capacity calculator for Aurora",
        asOf: '2026-03-28',
      },
      {
        'aurora.acu': 0.12,
        'aurora.acu-io-optimized': 0.156,
        'aurora.storage': 0.1,
        'aurora.storage-io-optimized': 0.225,
        'aurora:db.t3.medium': 0.082,
        'aurora:db.t3.large': 0.164,
        'aurora:db.t4g.medium': 0.073,
        'aurora:db.t4g.large': 0.146,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/rds/aurora/pricing/', readIn: copy, asOf: '2025-10-28' },
      { 'aurora.io': 0.2 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/rds/aurora/pricing/', readIn: guide, asOf: '2025-01' },
      {
        'aurora:db.r5.large': 0.29,
        'aurora:db.r6g.large': 0.26,
        'aurora:db.r6g.xlarge': 0.52,
        'aurora:db.r6i.large': 0.29,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/vpc/pricing/', readIn: copy, asOf: '2025-10-28' },
      { 'nat.hour': 0.045, 'nat.gb': 0.045 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/privatelink/pricing/', readIn: copy, asOf: '2025-10-28' },
      { 'endpoint.hour': 0.01, 'endpoint.gb': 0.01 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/elasticloadbalancing/pricing/', readIn: guide, asOf: '2026-10' },
      { 'alb.hour': 0.0225, 'alb.lcu': 0.008, 'nlb.hour': 0.0225, 'clb.hour': 0.025 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/ebs/pricing/', readIn: guide, asOf: '2026-10' },
      { 'ebs.gp2': 0.1, 'ebs.gp3': 0.08 },
    ),
    ...readFrom(
      {
        page: 'https://aws.amazon.com/ebs/pricing/',
        readIn: 'the sources and tests of public tools that ask the AWS Price List API',
        asOf: '2026',
      },
      { 'ebs.gp3-iops': 0.005, 'ebs.gp3-throughput': 0.04 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/fargate/pricing/', readIn: guide, asOf: '2026-05-01' },
      { 'fargate.vcpu': 0.04048, 'fargate.gb': 0.004445 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/lambda/pricing/', readIn: guide, asOf: '2026-10' },
      {
        'lambda.requests': 0.2,
        'lambda.gb-second': 0.0000166667,
        'lambda.provisioned-gb-second': 0.0000041667,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/dynamodb/pricing/', readIn: copy, asOf: '2026-07-31' },
      {
        'dynamodb.reads': 0.125,
        'dynamodb.writes': 0.625,
        'dynamodb.storage': 0.25,
        'dynamodb.rcu': 0.00013,
        'dynamodb.wcu': 0.00065,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/api-gateway/pricing/', readIn: guide, asOf: '2025' },
      { 'api.http': 1, 'api.rest': 3.5 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/sqs/pricing/', readIn: guide, asOf: '2025' },
      { 'sqs.requests': 0.4 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/sns/pricing/', readIn: guide, asOf: '2025' },
      { 'sns.requests': 0.5 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/step-functions/pricing/', readIn: guide, asOf: '2026-10' },
      { 'sfn.transitions': 0.025 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/s3/pricing/', readIn: guide, asOf: '2025' },
      { 's3.storage': 0.023 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/efs/pricing/', readIn: guide, asOf: '2026-10' },
      { 'efs.storage': 0.3 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/cloudwatch/pricing/', readIn: guide, asOf: '2025' },
      { 'logs.ingest': 0.5, 'logs.storage': 0.03 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/eventbridge/pricing/', readIn: guide, asOf: '2025' },
      { 'events.custom': 1 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/kinesis/data-streams/pricing/', readIn: guide, asOf: '2026-10' },
      { 'kinesis.shard': 0.015 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/ec2/pricing/on-demand/', readIn: guide, asOf: '2026-10' },
      {
        'ec2:t2.micro': 0.0116,
        'ec2:t3.micro': 0.0104,
        'ec2:t3.small': 0.0208,
        'ec2:t3.medium': 0.0416,
        'ec2:t3.large': 0.0832,
        'ec2:t3.xlarge': 0.1664,
        'ec2:t3.2xlarge': 0.3328,
        'ec2:t4g.micro': 0.0084,
        'ec2:t4g.small': 0.0168,
        'ec2:m5.large': 0.096,
        'ec2:m5.xlarge': 0.192,
        'ec2:m5.2xlarge': 0.384,
        'ec2:m6i.large': 0.096,
        'ec2:m6i.xlarge': 0.192,
        'ec2:c5.large': 0.085,
        'ec2:c5.xlarge': 0.17,
        'ec2:r5.large': 0.126,
        'ec2:r5.xlarge': 0.252,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/rds/pricing/', readIn: guide, asOf: '2025-01' },
      {
        'rds.gp2': 0.115,
        'rds.gp3': 0.115,
        'rds:mysql:db.t3.micro': 0.017,
        'rds:mysql:db.t3.small': 0.034,
        'rds:mysql:db.t3.medium': 0.068,
        'rds:mysql:db.t3.large': 0.136,
        'rds:mysql:db.t4g.micro': 0.016,
        'rds:mysql:db.t4g.small': 0.032,
        'rds:mysql:db.t4g.medium': 0.065,
        'rds:mysql:db.t4g.large': 0.129,
        'rds:mysql:db.m5.large': 0.171,
        'rds:mysql:db.m5.xlarge': 0.342,
        'rds:mysql:db.r6g.large': 0.215,
        'rds:postgres:db.t3.micro': 0.018,
        'rds:postgres:db.t4g.micro': 0.016,
        'rds:postgres:db.m7g.xlarge': 0.337,
        'rds:postgres:db.r5.large': 0.25,
        'rds:postgres:db.r6g.large': 0.225,
        'rds:postgres:db.r6g.xlarge': 0.45,
        'rds:postgres:db.r6i.large': 0.25,
      },
    ),
    ...readFrom(
      {
        page: 'https://aws.amazon.com/rds/pricing/',
        readIn: 'a published copy of the answers of the AWS Price List API',
        asOf: '2026-07-28',
      },
      {
        'rds.gp3-iops': 0.02,
        'rds.io1': 0.125,
        'rds.io1-iops': 0.1,
        'rds.io2': 0.125,
        'rds.io2-iops': 0.1,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/elasticache/pricing/', readIn: copy, asOf: '2026-10-02' },
      {
        'elasticache:redis:cache.t3.micro': 0.017,
        'elasticache:redis:cache.t3.small': 0.034,
        'elasticache:redis:cache.t3.medium': 0.068,
        'elasticache:redis:cache.t4g.micro': 0.016,
        'elasticache:redis:cache.t4g.small': 0.032,
        'elasticache:redis:cache.t4g.medium': 0.065,
        'elasticache:redis:cache.m5.large': 0.156,
        'elasticache:redis:cache.m6g.large': 0.149,
        'elasticache:redis:cache.m7g.large': 0.158,
        'elasticache:redis:cache.r5.large': 0.216,
        'elasticache:redis:cache.r6g.large': 0.206,
        'elasticache:redis:cache.r6g.xlarge': 0.411,
        'elasticache:redis:cache.r7g.large': 0.219,
        'elasticache:valkey:cache.t3.micro': 0.0136,
        'elasticache:valkey:cache.t3.small': 0.0272,
        'elasticache:valkey:cache.t3.medium': 0.0544,
        'elasticache:valkey:cache.t4g.micro': 0.0128,
        'elasticache:valkey:cache.t4g.small': 0.0256,
        'elasticache:valkey:cache.t4g.medium': 0.052,
        'elasticache:valkey:cache.m7g.large': 0.1264,
        'elasticache:valkey:cache.r6g.large': 0.1648,
        'elasticache:valkey:cache.r7g.large': 0.1752,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/opensearch-service/pricing/', readIn: copy, asOf: '2026-10-01' },
      {
        'opensearch:t3.small.search': 0.036,
        'opensearch:t3.medium.search': 0.073,
        'opensearch:c5.large.search': 0.125,
        'opensearch:c6g.large.search': 0.113,
        'opensearch:m5.large.search': 0.142,
        'opensearch:m5.xlarge.search': 0.283,
        'opensearch:m6g.large.search': 0.128,
        'opensearch:m6g.xlarge.search': 0.256,
        'opensearch:m7g.large.search': 0.135,
        'opensearch:r5.large.search': 0.186,
        'opensearch:r6g.large.search': 0.167,
        'opensearch:r7g.large.search': 0.178,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/opensearch-service/pricing/', readIn: guide, asOf: '2025' },
      { 'opensearch.gp3': 0.122 },
    ),
  },
};
