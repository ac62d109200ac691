import type {
  CloudWatch,
  ComparisonOperator,
  Dimension,
  MetricDataQuery,
  StandardUnit,
  Statistic,
} from '@aws-sdk/client-cloudwatch';
import { type Cloned, type CloneRequest, cloneService } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { answered, refuseTaken } from './refusals.ts';

const notFound = ['ResourceNotFound', 'ResourceNotFoundException', 'DashboardNotFoundError'];

function dimensions(values: StateValues): Dimension[] | undefined {
  const entries = Object.entries(values.map('dimensions') ?? {});
  return entries.length === 0 ? undefined : entries.map(([Name, Value]) => ({ Name, Value }));
}

function query(values: StateValues): MetricDataQuery {
  const metric = values.block('metric');
  return {
    Id: values.needed('id'),
    AccountId: values.text('account_id'),
    Expression: values.text('expression'),
    Label: values.text('label'),
    Period: values.positive('period'),
    ReturnData: values.flag('return_data') ?? false,
    ...(metric && {
      MetricStat: {
        Metric: {
          MetricName: metric.needed('metric_name'),
          Namespace: metric.text('namespace'),
          Dimensions: dimensions(metric),
        },
        Period: metric.number('period'),
        Stat: metric.needed('stat'),
        Unit: metric.word<StandardUnit>('unit'),
      },
    }),
  };
}

/** What alarms of either kind have in common. */
function common(values: StateValues): {
  ActionsEnabled: boolean;
  AlarmActions: string[] | undefined;
  AlarmDescription: string | undefined;
  AlarmName: string;
  InsufficientDataActions: string[] | undefined;
  OKActions: string[] | undefined;
  Tags: { Key: string; Value: string }[] | undefined;
} {
  return {
    ActionsEnabled: values.flag('actions_enabled') ?? true,
    AlarmActions: values.texts('alarm_actions'),
    AlarmDescription: values.text('alarm_description'),
    AlarmName: values.needed('alarm_name'),
    InsufficientDataActions: values.texts('insufficient_data_actions'),
    OKActions: values.texts('ok_actions'),
    Tags: values.tagList,
  };
}

async function cloneMetricAlarm({ values: given }: CloneRequest, client: CloudWatch): Promise<Cloned> {
  const values = new StateValues(given);
  const id = values.needed('alarm_name');
  const queries = values.blocks('metric_query').map(query);
  const read = async () =>
    (await client.describeAlarms({ AlarmNames: [id], AlarmTypes: ['MetricAlarm'] })).MetricAlarms?.[0];
  await refuseTaken(`the alarm ${id}`, read, notFound);
  await client.putMetricAlarm({
    ...common(values),
    ComparisonOperator: values.needed('comparison_operator') as ComparisonOperator,
    DatapointsToAlarm: values.positive('datapoints_to_alarm'),
    EvaluateLowSampleCountPercentile: values.text('evaluate_low_sample_count_percentiles'),
    EvaluationPeriods: values.number('evaluation_periods'),
    Threshold: values.text('threshold_metric_id') === undefined ? values.number('threshold') : undefined,
    ThresholdMetricId: values.text('threshold_metric_id'),
    TreatMissingData: values.text('treat_missing_data'),
    ...(queries.length > 0
      ? { Metrics: queries }
      : {
          Dimensions: dimensions(values),
          ExtendedStatistic: values.text('extended_statistic'),
          MetricName: values.needed('metric_name'),
          Namespace: values.needed('namespace'),
          Period: values.positive('period'),
          Statistic: values.word<Statistic>('statistic'),
          Unit: values.word<StandardUnit>('unit'),
        }),
  });
  const arn = answered((await read())?.AlarmArn, `the ARN of the alarm ${id}`);
  return { id, values: { arn, id } };
}

async function cloneCompositeAlarm({ values: given }: CloneRequest, client: CloudWatch): Promise<Cloned> {
  const values = new StateValues(given);
  const id = values.needed('alarm_name');
  const suppressor = values.block('actions_suppressor');
  const read = async () =>
    (await client.describeAlarms({ AlarmNames: [id], AlarmTypes: ['CompositeAlarm'] })).CompositeAlarms?.[0];
  await refuseTaken(`the alarm ${id}`, read, notFound);
  await client.putCompositeAlarm({
    ...common(values),
    AlarmRule: values.needed('alarm_rule'),
    ...(suppressor && {
      ActionsSuppressor: suppressor.needed('alarm'),
      ActionsSuppressorExtensionPeriod: suppressor.number('extension_period'),
      ActionsSuppressorWaitPeriod: suppressor.number('wait_period'),
    }),
  });
  const arn = answered((await read())?.AlarmArn, `the ARN of the alarm ${id}`);
  return { id, values: { arn, id } };
}

async function cloneDashboard({ values: given }: CloneRequest, client: CloudWatch): Promise<Cloned> {
  const values = new StateValues(given);
  const id = values.needed('dashboard_name');
  await refuseTaken(`the dashboard ${id}`, () => client.getDashboard({ DashboardName: id }), notFound);
  await client.putDashboard({ DashboardName: id, DashboardBody: values.needed('dashboard_body') });
  const { DashboardArn } = await client.getDashboard({ DashboardName: id });
  return { id, values: { dashboard_arn: answered(DashboardArn, `the ARN of the dashboard ${id}`), id } };
}

const alarmActions = ['cloudwatch:DescribeAlarms', 'cloudwatch:TagResource'];

/** Alarms and dashboards. Here a name that is taken is written over by the service: hence the look first. */
export const cloudwatch = cloneService('cloudwatch', {
  aws_cloudwatch_metric_alarm: {
    actions: ['cloudwatch:PutMetricAlarm', ...alarmActions],
    clone: cloneMetricAlarm,
  },
  aws_cloudwatch_composite_alarm: {
    actions: ['cloudwatch:PutCompositeAlarm', ...alarmActions],
    clone: cloneCompositeAlarm,
  },
  aws_cloudwatch_dashboard: {
    actions: ['cloudwatch:PutDashboard', 'cloudwatch:GetDashboard'],
    clone: cloneDashboard,
  },
});
