import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { defineService, presentIf, ready } from '../adapter.ts';
import { listing, tagsFrom } from '../listing.ts';

export const cloudwatch = defineService('cloudwatch', {
  scope: 'regional',
  inUse: ['ResourceConflict'],
  notFound: ['ResourceNotFound', 'ResourceNotFoundException', 'DashboardNotFoundError'],
  types: {
    aws_cloudwatch_metric_alarm: {
      needs: [],
      actions: {
        check: ['cloudwatch:DescribeAlarms'],
        list: ['cloudwatch:DescribeAlarms'],
        remove: ['cloudwatch:DeleteAlarms'],
        tags: ['cloudwatch:ListTagsForResource'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        const found = await client.describeAlarms({ AlarmNames: [subject.id], AlarmTypes: ['MetricAlarm'] });
        return presentIf(found.MetricAlarms?.length);
      },
      list: listing(
        (client: CloudWatch, NextToken) =>
          client.describeAlarms({ NextToken, AlarmTypes: ['MetricAlarm'], MaxRecords: 100 }),
        (page) => page.NextToken,
        (page) => page.MetricAlarms,
        (alarm) => ({ id: alarm.AlarmName, arn: alarm.AlarmArn }),
      ),
      tags: async (subject, client) =>
        tagsFrom((await client.listTagsForResource({ ResourceARN: subject.arn })).Tags ?? []),
      remove: async (subject, client) => {
        await client.deleteAlarms({ AlarmNames: [subject.id] });
        return undefined;
      },
    },
    aws_cloudwatch_composite_alarm: {
      needs: [],
      actions: {
        check: ['cloudwatch:DescribeAlarms'],
        list: ['cloudwatch:DescribeAlarms'],
        remove: ['cloudwatch:DeleteAlarms'],
        tags: ['cloudwatch:ListTagsForResource'],
      },
      dependsOn: ['aws_cloudwatch_metric_alarm'],
      check: async (subject, client) => {
        const found = await client.describeAlarms({
          AlarmNames: [subject.id],
          AlarmTypes: ['CompositeAlarm'],
        });
        return presentIf(found.CompositeAlarms?.length);
      },
      list: listing(
        (client: CloudWatch, NextToken) =>
          client.describeAlarms({ NextToken, AlarmTypes: ['CompositeAlarm'], MaxRecords: 100 }),
        (page) => page.NextToken,
        (page) => page.CompositeAlarms,
        (alarm) => ({ id: alarm.AlarmName, arn: alarm.AlarmArn }),
      ),
      tags: async (subject, client) =>
        tagsFrom((await client.listTagsForResource({ ResourceARN: subject.arn })).Tags ?? []),
      remove: async (subject, client) => {
        await client.deleteAlarms({ AlarmNames: [subject.id] });
        return undefined;
      },
    },
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
        (board) => ({ id: board.DashboardName, arn: board.DashboardArn }),
      ),
      remove: async (subject, client) => {
        await client.deleteDashboards({ DashboardNames: [subject.id] });
        return undefined;
      },
    },
  },
});
