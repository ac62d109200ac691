import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases(
  'cloudwatch',
  {
    aws_cloudwatch_metric_alarm: {
      // Deleting an alarm that is not there is no error.
      again: 'removed',
      make: async (clients, AlarmName) => {
        const client = await clients.get('cloudwatch');
        await client.putMetricAlarm({
          AlarmName,
          ComparisonOperator: 'GreaterThanThreshold',
          EvaluationPeriods: 1,
          MetricName: 'm',
          Namespace: 'n',
          Period: 60,
          Statistic: 'Sum',
          Threshold: 1,
          Tags: [{ Key: purposeTag, Value: AlarmName }],
        });
        return AlarmName;
      },
    },
    aws_cloudwatch_dashboard: {
      tagged: false,
      make: async (clients, DashboardName) => {
        const client = await clients.get('cloudwatch');
        await client.putDashboard({ DashboardName, DashboardBody: '{"widgets":[]}' });
        return DashboardName;
      },
    },
  },
  {
    aws_cloudwatch_composite_alarm: {
      reason: 'it has no composite alarms',
      attempt: async (clients) => {
        const client = await clients.get('cloudwatch');
        return client.putCompositeAlarm({ AlarmName: 'both', AlarmRule: 'TRUE' });
      },
    },
  },
);
