import { type StatusWords, defineService, presentAs, ready } from '../adapter.ts';

const machineStates: StatusWords = { ready: ['ACTIVE'], leaving: ['DELETING'] };

export const sfn = defineService('sfn', {
  notFound: ['StateMachineDoesNotExist', 'ActivityDoesNotExist', 'ResourceNotFound'],
  types: {
    aws_sfn_state_machine: {
      needs: [],
      actions: { check: ['states:DescribeStateMachine'] },
      check: async (subject, client) => {
        const found = await client.describeStateMachine({ stateMachineArn: subject.id });
        return presentAs(found.status, machineStates);
      },
    },
    aws_sfn_activity: {
      needs: [],
      actions: { check: ['states:DescribeActivity'] },
      check: async (subject, client) => {
        await client.describeActivity({ activityArn: subject.id });
        return ready;
      },
    },
    aws_sfn_alias: {
      needs: [],
      actions: { check: ['states:DescribeStateMachineAlias'] },
      check: async (subject, client) => {
        await client.describeStateMachineAlias({ stateMachineAliasArn: subject.id });
        return ready;
      },
    },
  },
});
