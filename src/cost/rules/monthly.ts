/** What has a price for each month it exists, whatever it does. */
import { isJsonObject } from '../../transfer/json.ts';
import type { Reader } from '../reader.ts';
import { type CostRules, type Part, type RuleContext, some, times } from './rule.ts';

const key = {
  kind: 'priced',
  fixed: (_at: Reader, context: RuleContext) => [(): Part => times(context, 'kms.key', [1, 'key'])],
} as const;

/** An alarm costs by the metrics it looks at; a band of anomaly detection is two more. */
function alarm(at: Reader, context: RuleContext): Part {
  const queries = at.list('metric_query').filter((one) => isJsonObject(one) && hasMetric(one['metric']));
  const band = at.isSet('threshold_metric_id') ? 2 : 0;
  const metrics = Math.max(1, queries.length) + band;
  // Below a minute it is a high-resolution alarm, whose price is three times that of the others.
  const quick = at.number('period', 60) < 60;
  return times(context, quick ? 'alarm.high-resolution' : 'alarm.standard', some(metrics, 'metric'));
}

const hasMetric = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

export const monthlyRules: CostRules = {
  aws_kms_key: key,
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
