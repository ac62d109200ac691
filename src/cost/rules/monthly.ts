/** What has a price for each month it exists, whatever it does. */
import { type Reader, Unpriced } from '../reader.ts';
import { type CostRules, type Part, type RuleContext, some, times } from './rule.ts';

const minute = 60;

const key = {
  kind: 'priced',
  fixed: (_at: Reader, context: RuleContext) => [(): Part => times(context, 'kms.key', [1, 'key'])],
} as const;

/** An alarm costs by the metrics it looks at; a band of anomaly detection is two more. */
function alarm(at: Reader, context: RuleContext): Part {
  const queries = at.list('metric_query').map((_query, index) => `metric_query.${index}`);
  if (queries.some((query) => /^\s*SELECT\b/i.test(at.text(`${query}.expression`, '')))) {
    throw new Unpriced('an alarm on a query costs by the metrics that the query finds');
  }
  const looked = queries.filter((query) => at.list(`${query}.metric`).length > 0);
  const band = at.isSet('threshold_metric_id') ? 2 : 0;
  const metrics = Math.max(1, looked.length) + band;
  const periods = [
    at.number('period', minute),
    ...looked.map((query) => at.number(`${query}.metric.0.period`, minute)),
  ];
  // Below a minute it is a high-resolution alarm, whose price is three times that of the others.
  const quick = periods.some((seconds) => seconds < minute);
  return times(context, quick ? 'alarm.high-resolution' : 'alarm.standard', some(metrics, 'metric'));
}

export const monthlyRules: CostRules = {
  aws_kms_key: {
    ...key,
    // Each of the first two rotations adds the price of a key for good: https://aws.amazon.com/kms/pricing/
    meters: (at) =>
      !at.isUnknown('enable_key_rotation') && at.flag('enable_key_rotation', false)
        ? [{ id: 'rotations', key: 'kms.key', unit: 'of its first two rotations' }]
        : [],
    meterIds: ['rotations'],
  },
  aws_kms_replica_key: key,
  aws_kms_external_key: key,
  aws_secretsmanager_secret: {
    kind: 'priced',
    fixed: (at, context) => [
      () => {
        // A replica is a secret of its own. The provider fills the block in: unknown means none was asked for.
        const replicas = at.isUnknown('replica') ? 0 : at.list('replica').length;
        return times(context, 'secret.month', some(1 + replicas, 'secret'));
      },
    ],
  },
  aws_cloudwatch_metric_alarm: { kind: 'priced', fixed: (at, context) => [() => alarm(at, context)] },
  aws_cloudwatch_composite_alarm: {
    kind: 'priced',
    fixed: (_at, context) => [() => times(context, 'alarm.composite', [1, 'alarm'])],
  },
  aws_cloudwatch_dashboard: {
    kind: 'priced',
    fixed: (_at, context) => [() => times(context, 'dashboard.month', [1, 'dashboard'])],
  },
};
