import { ACCOUNT, REGION } from '../sandbox/aws.ts';
import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('scheduler', {
  aws_scheduler_schedule: {
    tagged: false,
    make: async (clients, name) => {
      const scheduler = await clients.get('scheduler');
      await scheduler.createSchedule({
        Name: name,
        ScheduleExpression: 'rate(1 day)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:x`,
          RoleArn: `arn:aws:iam::${ACCOUNT}:role/x`,
        },
      });
      return `default/${name}`;
    },
  },
  aws_scheduler_schedule_group: {
    make: async (clients, name) => {
      const scheduler = await clients.get('scheduler');
      await scheduler.createScheduleGroup({ Name: name, Tags: [{ Key: purposeTag, Value: name }] });
      return name;
    },
  },
});
