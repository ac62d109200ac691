import { everywhere } from './everywhere.ts';
import { readFrom, type RegionPrices } from './model.ts';

const audit = 'a published audit against the AWS Price List API';
const bill = 'a published bill';

export const euWest1: RegionPrices = {
  region: 'eu-west-1',
  title: 'Europe (Ireland)',
  prices: {
    ...everywhere,
    ...readFrom(
      {
        page: 'https://aws.amazon.com/rds/aurora/pricing/',
        readIn: 'the sources of two public tools that ask the AWS Price List API',
        asOf: '2026',
      },
      { 'aurora.acu': 0.14 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/rds/aurora/pricing/', readIn: audit, asOf: '2026-05-01' },
      { 'aurora:db.r5.large': 0.32 },
    ),
    ...readFrom(
      {
        page: 'https://aws.amazon.com/vpc/pricing/',
        readIn: 'an extract of the offer file of Amazon EC2',
        asOf: '2026-09-25',
      },
      { 'nat.hour': 0.048, 'nat.gb': 0.048 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/privatelink/pricing/', readIn: 'two published bills', asOf: '2026' },
      { 'endpoint.hour': 0.011 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/elasticloadbalancing/pricing/', readIn: bill, asOf: '2026-07' },
      { 'alb.hour': 0.0252 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/ebs/pricing/', readIn: audit, asOf: '2026-04-01' },
      { 'ebs.gp2': 0.11, 'ebs.gp3': 0.088 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/fargate/pricing/', readIn: audit, asOf: '2026-05-01' },
      { 'fargate.vcpu': 0.04048, 'fargate.gb': 0.004445 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/s3/pricing/', readIn: audit, asOf: '2026-04-27' },
      { 's3.storage': 0.023 },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/rds/pricing/', readIn: audit, asOf: '2026-05-01' },
      { 'rds.gp2': 0.127, 'rds.gp3': 0.127 },
    ),
    ...readFrom(
      {
        page: 'https://aws.amazon.com/rds/pricing/',
        readIn: 'two published bills, which do not name the engine',
        asOf: '2026-07',
      },
      {
        'rds:mysql:db.t4g.micro': 0.017,
        'rds:postgres:db.t4g.micro': 0.017,
        'rds:mysql:db.t4g.small': 0.035,
        'rds:postgres:db.t4g.small': 0.035,
      },
    ),
    ...readFrom(
      {
        page: 'https://aws.amazon.com/ec2/pricing/on-demand/',
        readIn: 'a copy of answers of the AWS Price List API in the tests of public tools',
        asOf: '2026-09-01',
      },
      {
        'ec2:t3.micro': 0.0114,
        'ec2:t3.large': 0.0912,
        'ec2:t3.xlarge': 0.1824,
        'ec2:t4g.small': 0.0184,
        'ec2:t4g.medium': 0.0368,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/elasticache/pricing/', readIn: audit, asOf: '2026-04-01' },
      {
        'elasticache:redis:cache.r5.large': 0.241,
        'elasticache:redis:cache.r6g.large': 0.229,
        'elasticache:valkey:cache.r5.large': 0.1928,
        'elasticache:valkey:cache.r6g.large': 0.1832,
      },
    ),
    ...readFrom(
      { page: 'https://aws.amazon.com/opensearch-service/pricing/', readIn: audit, asOf: '2026-05-01' },
      { 'opensearch:m5.large.search': 0.158 },
    ),
  },
};
