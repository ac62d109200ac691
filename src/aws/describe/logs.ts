import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { type DescribedResource, describeService, known } from '../describe.ts';
import { pages } from '../listing.ts';
import { block, settingsNotRead, tagged } from '../state-values.ts';

async function metricFilters(logGroupName: string, client: CloudWatchLogs): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (nextToken) => client.describeMetricFilters({ logGroupName, nextToken }),
    ({ nextToken }) => nextToken,
  )) {
    for (const each of page.metricFilters ?? []) {
      const { filterName = '', filterPattern, metricTransformations } = each;
      const [metric] = metricTransformations ?? [];
      found.push({
        type: 'aws_cloudwatch_log_metric_filter',
        id: filterName,
        values: {
          id: filterName,
          log_group_name: logGroupName,
          metric_transformation: block(
            metric && {
              // A number for the service, a text for the provider.
              default_value: metric.defaultValue === undefined ? '' : String(metric.defaultValue),
              dimensions: { ...metric.dimensions },
              name: metric.metricName,
              namespace: metric.metricNamespace,
              unit: metric.unit ?? 'None',
              value: metric.metricValue,
            },
          ),
          name: filterName,
          pattern: filterPattern ?? '',
          ...settingsNotRead({
            applyOnTransformedLogs: each.applyOnTransformedLogs,
            emitSystemFieldDimensions: each.emitSystemFieldDimensions,
            fieldSelectionCriteria: each.fieldSelectionCriteria,
          }),
        },
      });
    }
  }
  return found;
}

async function subscriptionFilters(
  logGroupName: string,
  client: CloudWatchLogs,
): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (nextToken) => client.describeSubscriptionFilters({ logGroupName, nextToken }),
    ({ nextToken }) => nextToken,
  )) {
    for (const each of page.subscriptionFilters ?? []) {
      // The provider's own id is a checksum of its values; this is the one by which it is imported.
      const id = `${logGroupName}|${each.filterName ?? ''}`;
      found.push({
        type: 'aws_cloudwatch_log_subscription_filter',
        id,
        values: known({
          destination_arn: each.destinationArn,
          distribution: each.distribution,
          filter_pattern: each.filterPattern ?? '',
          id,
          log_group_name: logGroupName,
          name: each.filterName,
          role_arn: each.roleArn ?? '',
          ...settingsNotRead({
            applyOnTransformedLogs: each.applyOnTransformedLogs,
            emitSystemFields: each.emitSystemFields,
            fieldSelectionCriteria: each.fieldSelectionCriteria,
          }),
        }),
      });
    }
  }
  return found;
}

export const logs = describeService('logs', ['ResourceNotFoundException'], {
  aws_cloudwatch_log_group: {
    actions: [
      'logs:DescribeLogGroups',
      'logs:ListTagsForResource',
      'logs:DescribeMetricFilters',
      'logs:DescribeSubscriptionFilters',
    ],
    describe: async (subject, client) => {
      const name = subject.id;
      // A prefix is all the service takes, and it sorts: a group's own name comes before the longer ones.
      const { logGroups } = await client.describeLogGroups({ logGroupNamePrefix: name, limit: 1 });
      const group = logGroups?.[0];
      if (group?.logGroupName !== name) return [];
      // With `:*` at the end it is the ARN of the streams in it.
      const arn = (group.logGroupArn ?? group.arn ?? '').replace(/:\*$/, '');
      const { tags } = await client.listTagsForResource({ resourceArn: arn });
      const itself: DescribedResource = {
        type: 'aws_cloudwatch_log_group',
        id: name,
        values: {
          arn,
          id: name,
          kms_key_id: group.kmsKeyId ?? '',
          log_group_class: group.logGroupClass ?? '',
          name,
          retention_in_days: group.retentionInDays ?? 0,
          ...tagged(tags),
          ...settingsNotRead({
            dataProtectionPolicy: group.dataProtectionStatus === 'ACTIVATED',
            deletionProtectionEnabled: group.deletionProtectionEnabled,
          }),
        },
      };
      const filters = await metricFilters(name, client);
      return [itself, ...filters, ...(await subscriptionFilters(name, client))];
    },
  },
});
