import type {
  CloudWatchLogs,
  Distribution,
  LogGroupClass,
  StandardUnit,
} from '@aws-sdk/client-cloudwatch-logs';
import { type CloneRequest, cloneService, type Cloned, type Later } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { answered, refuseTaken } from './refusals.ts';
import { onceKnown, type Passing, waitFor } from './wait.ts';

/** The service tries the destination: a permission, a role or a stream that was made a moment ago. */
const destinationUnknown: readonly Passing[] = [
  { code: 'InvalidParameterException', message: /could not execute|could not deliver|permission|assume/i },
  { code: 'OperationAbortedException' },
];

async function cloneGroup({ values: given, signal }: CloneRequest, client: CloudWatchLogs): Promise<Cloned> {
  const values = new StateValues(given);
  const logGroupName = values.needed('name');
  const tags = values.tags;
  await client.createLogGroup({
    logGroupName,
    kmsKeyId: values.text('kms_key_id'),
    logGroupClass: values.word<LogGroupClass>('log_group_class'),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
  });
  const group = await waitFor(
    async () => {
      const { logGroups } = await client.describeLogGroups({ logGroupNamePrefix: logGroupName, limit: 1 });
      return logGroups?.[0]?.logGroupName === logGroupName ? logGroups[0] : undefined;
    },
    { what: `the log group ${logGroupName}`, signal, limitMs: 60_000 },
  );
  const arn = answered(group.logGroupArn ?? group.arn, `the ARN of the log group ${logGroupName}`);
  return { id: logGroupName, values: { arn: arn.replace(/:\*$/, ''), id: logGroupName } };
}

const laterOfGroup: Later<CloudWatchLogs> = {
  attributes: ['retention_in_days'],
  async set({ id: logGroupName }, { values, signal }, client) {
    const retentionInDays = new StateValues(values).positive('retention_in_days');
    if (retentionInDays !== undefined)
      await onceKnown(
        () => client.putRetentionPolicy({ logGroupName, retentionInDays }),
        [{ code: 'ResourceNotFoundException' }, { code: 'OperationAbortedException' }],
        signal,
      );
  },
};

async function cloneMetricFilter({ values: given }: CloneRequest, client: CloudWatchLogs): Promise<Cloned> {
  const values = new StateValues(given);
  const logGroupName = values.needed('log_group_name');
  const filterName = values.needed('name');
  await refuseTaken(
    `the metric filter ${filterName} of ${logGroupName}`,
    async () => {
      const { metricFilters } = await client.describeMetricFilters({
        logGroupName,
        filterNamePrefix: filterName,
      });
      return metricFilters?.some((each) => each.filterName === filterName);
    },
    [],
  );
  await client.putMetricFilter({
    logGroupName,
    filterName,
    filterPattern: values.text('pattern') ?? '',
    metricTransformations: values.blocks('metric_transformation').map((metric) => {
      const standard = metric.text('default_value');
      return {
        metricName: metric.needed('name'),
        metricNamespace: metric.needed('namespace'),
        metricValue: metric.needed('value'),
        defaultValue: standard === undefined ? undefined : Number(standard),
        dimensions: metric.map('dimensions'),
        unit: metric.word<StandardUnit>('unit'),
      };
    }),
  });
  return { id: filterName, values: { id: filterName } };
}

async function cloneSubscriptionFilter(
  { values: given, signal }: CloneRequest,
  client: CloudWatchLogs,
): Promise<Cloned> {
  const values = new StateValues(given);
  const logGroupName = values.needed('log_group_name');
  const filterName = values.needed('name');
  await refuseTaken(
    `the subscription filter ${filterName} of ${logGroupName}`,
    async () => {
      const { subscriptionFilters } = await client.describeSubscriptionFilters({
        logGroupName,
        filterNamePrefix: filterName,
      });
      return subscriptionFilters?.some((each) => each.filterName === filterName);
    },
    [],
  );
  await onceKnown(
    () =>
      client.putSubscriptionFilter({
        logGroupName,
        filterName,
        filterPattern: values.text('filter_pattern') ?? '',
        destinationArn: values.needed('destination_arn'),
        distribution: values.word<Distribution>('distribution'),
        roleArn: values.text('role_arn'),
      }),
    destinationUnknown,
    signal,
  );
  const id = `${logGroupName}|${filterName}`;
  return { id, values: { id } };
}

export const logs = cloneService('logs', {
  aws_cloudwatch_log_group: {
    actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:DescribeLogGroups', 'logs:TagResource'],
    later: laterOfGroup,
    clone: cloneGroup,
  },
  aws_cloudwatch_log_metric_filter: {
    actions: ['logs:PutMetricFilter', 'logs:DescribeMetricFilters'],
    clone: cloneMetricFilter,
  },
  aws_cloudwatch_log_subscription_filter: {
    actions: ['logs:PutSubscriptionFilter', 'logs:DescribeSubscriptionFilters', 'iam:PassRole'],
    clone: cloneSubscriptionFilter,
  },
});
