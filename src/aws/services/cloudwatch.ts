import { defineService, presentIf, ready } from '../adapter.ts';

export const cloudwatch = defineService('cloudwatch', {
  notFound: ['ResourceNotFound', 'ResourceNotFoundException', 'DashboardNotFoundError'],
  types: {
    aws_cloudwatch_metric_alarm: {
      needs: [],
      actions: { check: ['cloudwatch:DescribeAlarms'] },
      check: async (subject, client) => {
        const found = await client.describeAlarms({ AlarmNames: [subject.id], AlarmTypes: ['MetricAlarm'] });
        return presentIf(found.MetricAlarms?.length);
      },
    },
    aws_cloudwatch_composite_alarm: {
      needs: [],
      actions: { check: ['cloudwatch:DescribeAlarms'] },
      check: async (subject, client) => {
        const found = await client.describeAlarms({
          AlarmNames: [subject.id],
          AlarmTypes: ['CompositeAlarm'],
        });
        return presentIf(found.CompositeAlarms?.length);
      },
    },
    aws_cloudwatch_dashboard: {
      needs: [],
      actions: { check: ['cloudwatch:GetDashboard'] },
      check: async (subject, client) => {
        await client.getDashboard({ DashboardName: subject.id });
        return ready;
      },
    },
  },
});
