import { everywhere } from './everywhere.ts';
import { readFrom, type RegionPrices } from './model.ts';

const august = 'a published copy of the answers of the AWS Price List API';
const bill = 'a published bill';

export const apSoutheast1: RegionPrices = {
  region: 'ap-southeast-1',
  title: 'Asia Pacific (Singapore)',
  prices: {
    ...everywhere,
    ...readFrom(
      {
        page: 'https://aws.amazon.com/rds/aurora/pricing/',
        readIn: 'two published cost estimates that name the region; not seen in a copy of the price list',
        asOf: '2025',
      },
      {
        'aurora.acu': 0.2,
        'aurora.acu-io-optimized': 0.26,
        'aurora.storage': 0.11,
        'aurora.storage-io-optimized': 0.248,
        'aurora.io': 0.22,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/vpc/pricing/', readIn: august, asOf: '2026-08-12' },
      { 'nat.hour': 0.059, 'nat.gb': 0.059 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/privatelink/pricing/', readIn: august, asOf: '2026-08-12' },
      { 'endpoint.hour': 0.013, 'endpoint.gb': 0.01 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/elasticloadbalancing/pricing/', readIn: august, asOf: '2026-08-21' },
      { 'alb.hour': 0.0252, 'alb.lcu': 0.008 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/ebs/pricing/', readIn: august, asOf: '2026-08-12' },
      { 'ebs.gp3': 0.096 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/ebs/pricing/', readIn: 'the tests of a public tool', asOf: '2026-10' },
      { 'ebs.gp2': 0.12 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/fargate/pricing/', readIn: august, asOf: '2026-08-21' },
      {
        'fargate.vcpu': 0.05056,
        'fargate.gb': 0.00553,
        'fargate.arm-vcpu': 0.04045,
        'fargate.arm-gb': 0.00442,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/lambda/pricing/', readIn: august, asOf: '2026-08-12' },
      { 'lambda.requests': 0.2, 'lambda.gb-second': 0.0000166667, 'lambda.arm-gb-second': 0.0000133334 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/s3/pricing/', readIn: august, asOf: '2026-08-12' },
      { 's3.storage': 0.025 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/ecr/pricing/', readIn: bill, asOf: '2025-05' },
      { 'ecr.storage': 0.1 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/efs/pricing/', readIn: august, asOf: '2026-08-21' },
      { 'efs.storage': 0.36 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/cloudwatch/pricing/', readIn: august, asOf: '2026-08-12' },
      { 'logs.ingest': 0.7, 'logs.storage': 0.03 },
    ),
    ...readFrom(
      {
        page: 'https://aws.amazon.com/rds/pricing/',
        readIn: 'a published bill; gp2 as half of its Multi-AZ price',
        asOf: '2025-05',
      },
      { 'rds.gp2': 0.138, 'rds.gp3': 0.138, 'rds:postgres:db.t3.small': 0.056 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/ec2/pricing/on-demand/', readIn: august, asOf: '2026-08-12' },
      { 'ec2:t3.small': 0.0264, 'ec2:t3.large': 0.1056, 'ec2:t3.xlarge': 0.2112 },
    ),
    ...readFrom(
      {
        page: 'https://aws.amazon.com/ec2/pricing/on-demand/',
        readIn: "a script with the rates of its author's bill",
        asOf: '2026-08-20',
      },
      { 'ec2:t3.micro': 0.0132 },
    ),
    ...readFrom(
      {
        page: 'https://aws.amazon.com/ec2/pricing/on-demand/',
        readIn: 'a published cost model that asked the AWS Price List API',
        asOf: '2026-08-21',
      },
      { 'ec2:t4g.nano': 0.0053 },
    ),
    ...readFrom(
      {
        page: 'https://aws.amazon.com/ec2/pricing/on-demand/',
        readIn: 'a published analysis of the price list',
        asOf: '2025-07-31',
      },
      { 'ec2:m5.xlarge': 0.24, 'ec2:m5.2xlarge': 0.48 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/ec2/pricing/on-demand/', readIn: bill, asOf: '2025-05' },
      {
        'ec2:t2.small': 0.0292,
        'ec2:t2.medium': 0.0584,
        'ec2:t2.large': 0.1168,
        'ec2:t3.medium': 0.0528,
        'ec2:c5.xlarge': 0.196,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/opensearch-service/pricing/', readIn: august, asOf: '2026-08-12' },
      {
        'opensearch:m5.xlarge.search': 0.354,
        'opensearch:m6g.xlarge.search': 0.319,
        'opensearch:r5.large.search': 0.224,
        'opensearch:r6g.large.search': 0.202,
      },
    ),
  },
};
