import { ACCOUNT } from '../sandbox/aws.ts';
import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('sfn', {
  aws_sfn_state_machine: {
    pages: { ListStateMachines: { maxResults: 1 } },
    again: 'removed',
    make: async (clients, name) => {
      const sfn = await clients.get('sfn');
      const made = await sfn.createStateMachine({
        name,
        roleArn: `arn:aws:iam::${ACCOUNT}:role/x`,
        definition: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
        tags: [{ key: purposeTag, value: name }],
      });
      return made.stateMachineArn;
    },
  },
  aws_sfn_activity: {
    pages: { ListActivities: { maxResults: 1 } },
    again: 'removed',
    make: async (clients, name) => {
      const sfn = await clients.get('sfn');
      return (await sfn.createActivity({ name, tags: [{ key: purposeTag, value: name }] })).activityArn;
    },
  },
});
