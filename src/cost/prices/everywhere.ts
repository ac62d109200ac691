import { readFrom } from './model.ts';

/** What AWS prices alike in all commercial regions. */
export const everywhere = {
  ...readFrom(
    {
      page: 'https://aws.amazon.com/kms/pricing/',
      readIn: 'a published copy of the price list of ap-southeast-1',
      asOf: '2026-08-12',
    },
    { 'kms.key': 1 },
  ),
  ...readFrom(
    {
      page: 'https://aws.amazon.com/secrets-manager/pricing/',
      readIn: 'a published copy of the price list of ap-southeast-1',
      asOf: '2026-08-12',
    },
    { 'secret.month': 0.4 },
  ),
  ...readFrom(
    {
      page: 'https://aws.amazon.com/cloudwatch/pricing/',
      readIn:
        'a published copy of the price list of ap-southeast-1; dashboards and the other kinds of alarm in guides',
      asOf: '2026-08-12',
    },
    { 'alarm.standard': 0.1, 'alarm.high-resolution': 0.3, 'alarm.composite': 0.5, 'dashboard.month': 3 },
  ),
  ...readFrom(
    {
      page: 'https://aws.amazon.com/vpc/pricing/',
      readIn: 'published bills of ap-southeast-1 and eu-west-1',
      asOf: '2026-07',
    },
    { 'ipv4.hour': 0.005 },
  ),
  ...readFrom(
    {
      page: 'https://aws.amazon.com/waf/pricing/',
      readIn: 'a published bill, global',
      asOf: '2025-05',
    },
    { 'waf.acl': 5, 'waf.rule': 1 },
  ),
  ...readFrom(
    {
      page: 'https://aws.amazon.com/route53/pricing/',
      readIn: 'a published bill of eu-west-1 and an audit against the price list',
      asOf: '2026-08',
    },
    { 'route53.zone': 0.5 },
  ),
  ...readFrom(
    {
      page: 'https://aws.amazon.com/eks/pricing/',
      readIn: 'a published bill of ap-southeast-1',
      asOf: '2026-08-12',
    },
    { 'eks.cluster': 0.1 },
  ),
};
