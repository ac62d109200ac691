import type { AlarmType, CloudWatch, CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type WholeDefinition, defineService, presentIf, ready } from '../adapter.ts';
import { listing, tagsFrom } from '../listing.ts';

/** Two types of Terraform, one listing of the service; `MetricAlarms` and `CompositeAlarms` are the names in the answer. */
function alarms(kind: AlarmType, dependsOn: readonly string[]): WholeDefinition<CloudWatch> {
  const AlarmTypes = [kind];
  return {
    needs: [],
    actions: {
      check: ['cloudwatch:DescribeAlarms'],
      list: ['cloudwatch:DescribeAlarms'],
      remove: ['cloudwatch:DeleteAlarms'],
      tags: ['cloudwatch:ListTagsForResource'],
    },
    dependsOn,
    check: async (subject, client) =>
      presentIf((await client.describeAlarms({ AlarmNames: [subject.id], AlarmTypes }))[`${kind}s`]?.length),
    list: listing(
      (client: CloudWatch, NextToken) => client.describeAlarms({ NextToken, AlarmTypes, MaxRecords: 100 }),
      (page) => page.NextToken,
      (page): readonly (MetricAlarm | CompositeAlarm)[] | undefined => page[`${kind}s`],
      (alarm) => ({ id: alarm.AlarmName, arn: alarm.AlarmArn }),
    ),
    tags: async (subject, client) =>
      tagsFrom((await client.listTagsForResource({ ResourceARN: subject.arn })).Tags ?? []),
    remove: async (subject, client) => {
      await client.deleteAlarms({ AlarmNames: [subject.id] });
      return undefined;
    },
  };
}

export const cloudwatch = defineService('cloudwatch', {
  scope: 'regional',
  inUse: ['ResourceConflict'],
  notFound: ['ResourceNotFound', 'ResourceNotFoundException', 'DashboardNotFoundError'],
  types: {
    aws_cloudwatch_metric_alarm: alarms('MetricAlarm', []),
    aws_cloudwatch_composite_alarm: alarms('CompositeAlarm', ['aws_cloudwatch_metric_alarm']),
    aws_cloudwatch_dashboard: {
      needs: [],
      actions: {
        check: ['cloudwatch:GetDashboard'],
        list: ['cloudwatch:ListDashboards'],
        remove: ['cloudwatch:DeleteDashboards'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.getDashboard({ DashboardName: subject.id });
        return ready;
      },
      list: listing(
        (client: CloudWatch, NextToken) => client.listDashboards({ NextToken }),
        (page) => page.NextToken,
        (page) => page.DashboardEntries,
        (board) => ({
          id: board.DashboardName,
          arn: board.DashboardArn,
          // The service keeps no other date: what was changed last before a moment was there before it.
          createdAt: board.LastModified,
        }),
      ),
      remove: async (subject, client) => {
        await client.deleteDashboards({ DashboardNames: [subject.id] });
        return undefined;
      },
    },
  },
});
