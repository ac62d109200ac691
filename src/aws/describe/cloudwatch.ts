import type {
  CloudWatch,
  CompositeAlarm,
  Dimension,
  MetricAlarm,
  MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import type { Json, JsonObject } from '../../transfer/json.ts';
import { describeService, known } from '../describe.ts';
import { tagsFrom } from '../listing.ts';
import { cloudwatch as adapter } from '../services/cloudwatch.ts';
import { block, settingsNotRead, sorted, tagged } from '../state-values.ts';
import { jsonText } from './texts.ts';

type Maybe = Readonly<Record<string, Json | undefined>>;

async function tagsOf(arn: string | undefined, client: CloudWatch): Promise<JsonObject> {
  const { Tags } = await client.listTagsForResource({ ResourceARN: arn });
  return tagged(tagsFrom(Tags ?? []));
}

/** What alarms of either kind have in common. */
function alarmValues(found: MetricAlarm | CompositeAlarm): Maybe {
  return {
    actions_enabled: found.ActionsEnabled ?? false,
    alarm_actions: sorted(found.AlarmActions),
    alarm_description: found.AlarmDescription ?? '',
    alarm_name: found.AlarmName,
    arn: found.AlarmArn,
    id: found.AlarmName,
    insufficient_data_actions: sorted(found.InsufficientDataActions),
    ok_actions: sorted(found.OKActions),
  };
}

function dimensionsOf(dimensions: readonly Dimension[] | undefined): JsonObject {
  return Object.fromEntries((dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
}

function queryOf(query: MetricDataQuery): JsonObject {
  const { MetricStat } = query;
  return known({
    account_id: query.AccountId ?? '',
    expression: query.Expression ?? '',
    id: query.Id,
    label: query.Label ?? '',
    metric: block(
      MetricStat && {
        dimensions: dimensionsOf(MetricStat.Metric?.Dimensions),
        metric_name: MetricStat.Metric?.MetricName,
        namespace: MetricStat.Metric?.Namespace ?? '',
        period: MetricStat.Period,
        stat: MetricStat.Stat,
        unit: MetricStat.Unit ?? '',
      },
    ),

    period: query.Period ?? 0,
    return_data: query.ReturnData ?? false,
  });
}

export const cloudwatch = describeService('cloudwatch', adapter.notFound, {
  aws_cloudwatch_metric_alarm: {
    actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource'],
    describe: async ({ id }, client) => {
      const answer = await client.describeAlarms({ AlarmNames: [id], AlarmTypes: ['MetricAlarm'] });
      const found = answer.MetricAlarms?.[0];
      if (found === undefined) return [];
      const values = known({
        ...alarmValues(found),
        comparison_operator: found.ComparisonOperator,
        datapoints_to_alarm: found.DatapointsToAlarm ?? 0,
        dimensions: dimensionsOf(found.Dimensions),
        evaluate_low_sample_count_percentiles: found.EvaluateLowSampleCountPercentile ?? '',
        evaluation_periods: found.EvaluationPeriods,
        extended_statistic: found.ExtendedStatistic ?? '',
        metric_name: found.MetricName ?? '',
        metric_query: (found.Metrics ?? []).map(queryOf),
        namespace: found.Namespace ?? '',
        period: found.Period ?? 0,
        statistic: found.Statistic ?? '',
        threshold: found.Threshold,
        threshold_metric_id: found.ThresholdMetricId ?? '',
        treat_missing_data: found.TreatMissingData ?? 'missing',
        unit: found.Unit ?? '',
        ...settingsNotRead({
          ActionConfiguration: found.ActionConfiguration,
          EvaluationCriteria: found.EvaluationCriteria,
          EvaluationWindow: found.EvaluationWindow,
          WarmUpConfiguration: found.WarmUpConfiguration,
        }),
        ...(await tagsOf(found.AlarmArn, client)),
      });
      return [{ type: 'aws_cloudwatch_metric_alarm', id, values }];
    },
  },
  aws_cloudwatch_composite_alarm: {
    actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource'],
    describe: async ({ id }, client) => {
      const answer = await client.describeAlarms({ AlarmNames: [id], AlarmTypes: ['CompositeAlarm'] });
      const found = answer.CompositeAlarms?.[0];
      if (found === undefined) return [];
      const values = known({
        ...alarmValues(found),
        actions_suppressor: block(
          found.ActionsSuppressor
            ? {
                alarm: found.ActionsSuppressor,
                extension_period: found.ActionsSuppressorExtensionPeriod ?? 0,
                wait_period: found.ActionsSuppressorWaitPeriod ?? 0,
              }
            : undefined,
        ),
        alarm_rule: found.AlarmRule,
        ...(await tagsOf(found.AlarmArn, client)),
      });
      return [{ type: 'aws_cloudwatch_composite_alarm', id, values }];
    },
  },
  aws_cloudwatch_dashboard: {
    actions: ['cloudwatch:GetDashboard'],
    describe: async ({ id }, client) => {
      const found = await client.getDashboard({ DashboardName: id });
      if (found.DashboardBody === undefined) return [];
      const values = known({
        dashboard_arn: found.DashboardArn,
        dashboard_body: jsonText(found.DashboardBody),
        dashboard_name: found.DashboardName ?? id,
        id,
      });
      return [{ type: 'aws_cloudwatch_dashboard', id, values }];
    },
  },
});
