import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { absent, defineService, presentIf, ready } from '../adapter.ts';
import { listing } from '../listing.ts';

export const logs = defineService('logs', {
  scope: 'regional',
  inUse: ['OperationAbortedException'],
  notFound: ['ResourceNotFoundException'],
  types: {
    aws_cloudwatch_log_group: {
      needs: [],
      actions: {
        check: ['logs:DescribeLogGroups'],
        list: ['logs:DescribeLogGroups'],
        remove: ['logs:DeleteLogGroup'],
        tags: ['logs:ListTagsForResource'],
      },
      dependsOn: ['aws_kms_key'],
      check: async (subject, client) => {
        // A prefix is all the service takes, and it sorts: a group's own name comes before the longer ones.
        const { logGroups } = await client.describeLogGroups({ logGroupNamePrefix: subject.id, limit: 1 });
        return presentIf(logGroups?.[0]?.logGroupName === subject.id);
      },
      list: listing(
        (client: CloudWatchLogs, nextToken) => client.describeLogGroups({ nextToken, limit: 50 }),
        (page) => page.nextToken,
        (page) => page.logGroups,
        (group) => ({
          id: group.logGroupName,
          // With `:*` at the end it is the ARN of the streams in it.
          arn: group.arn?.replace(/:\*$/, ''),
          createdAt: group.creationTime,
          uses: [group.kmsKeyId],
        }),
      ),
      tags: async (subject, client) =>
        (await client.listTagsForResource({ resourceArn: subject.arn })).tags ?? {},
      remove: async (subject, client) => {
        await client.deleteLogGroup({ logGroupName: subject.id });
        return undefined;
      },
    },
    aws_cloudwatch_log_stream: {
      needs: ['log_group_name'],
      partOf: 'aws_cloudwatch_log_group',
      actions: { check: ['logs:DescribeLogStreams'] },
      check: async (subject, client) => {
        const { logStreams } = await client.describeLogStreams({
          logGroupName: subject.attribute('log_group_name'),
          logStreamNamePrefix: subject.id,
          limit: 1,
        });
        return presentIf(logStreams?.[0]?.logStreamName === subject.id);
      },
    },
    aws_cloudwatch_log_metric_filter: {
      needs: ['log_group_name'],
      partOf: 'aws_cloudwatch_log_group',
      actions: { check: ['logs:DescribeMetricFilters'] },
      check: async (subject, client) => {
        const { metricFilters } = await client.describeMetricFilters({
          logGroupName: subject.attribute('log_group_name'),
          filterNamePrefix: subject.id,
        });
        return presentIf(metricFilters?.some((filter) => filter.filterName === subject.id));
      },
    },
    aws_cloudwatch_log_subscription_filter: {
      needs: ['log_group_name', 'name'],
      partOf: 'aws_cloudwatch_log_group',
      actions: { check: ['logs:DescribeSubscriptionFilters'] },
      check: async (subject, client) => {
        const name = subject.attribute('name');
        const { subscriptionFilters } = await client.describeSubscriptionFilters({
          logGroupName: subject.attribute('log_group_name'),
          filterNamePrefix: name,
        });
        return presentIf(subscriptionFilters?.some((filter) => filter.filterName === name));
      },
    },
    aws_cloudwatch_log_resource_policy: {
      needs: [],
      actions: {
        check: ['logs:DescribeResourcePolicies'],
        list: ['logs:DescribeResourcePolicies'],
        remove: ['logs:DeleteResourcePolicy'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        const name = subject.id;
        let nextToken: string | undefined;
        do {
          const page = await client.describeResourcePolicies(nextToken === undefined ? {} : { nextToken });
          if (page.resourcePolicies?.some((policy) => policy.policyName === name)) return ready;
          ({ nextToken } = page);
        } while (nextToken !== undefined);
        return absent;
      },
      list: listing(
        (client: CloudWatchLogs, nextToken) => client.describeResourcePolicies({ nextToken }),
        (page) => page.nextToken,
        (page) => page.resourcePolicies,
        (policy) => ({ id: policy.policyName }),
      ),
      remove: async (subject, client) => {
        await client.deleteResourcePolicy({ policyName: subject.id });
        return undefined;
      },
    },
  },
});
