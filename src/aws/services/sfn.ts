import type { SFN } from '@aws-sdk/client-sfn';
import { type StatusWords, defineService, presentAs, ready } from '../adapter.ts';
import { listing, tagsFrom } from '../listing.ts';

const machineStates: StatusWords = { ready: ['ACTIVE'], leaving: ['DELETING'] };

export const sfn = defineService('sfn', {
  scope: 'regional',
  inUse: ['ConflictException', 'StateMachineDeleting'],
  notFound: ['StateMachineDoesNotExist', 'ActivityDoesNotExist', 'ResourceNotFound'],
  types: {
    aws_sfn_state_machine: {
      needs: [],
      actions: {
        check: ['states:DescribeStateMachine'],
        list: ['states:ListStateMachines'],
        remove: ['states:DeleteStateMachine'],
        tags: ['states:ListTagsForResource'],
      },
      dependsOn: ['aws_iam_role', 'aws_cloudwatch_log_group'],
      check: async (subject, client) => {
        const found = await client.describeStateMachine({ stateMachineArn: subject.id });
        return presentAs(found.status, machineStates);
      },
      list: listing(
        (client: SFN, nextToken) => client.listStateMachines({ nextToken, maxResults: 1000 }),
        (page) => page.nextToken,
        (page) => page.stateMachines,
        (machine) => ({
          id: machine.stateMachineArn,
          name: machine.name,
          arn: machine.stateMachineArn,
          createdAt: machine.creationDate,
        }),
      ),
      tags: async (subject, client) =>
        tagsFrom((await client.listTagsForResource({ resourceArn: subject.id })).tags ?? []),
      remove: async (subject, client) => {
        await client.deleteStateMachine({ stateMachineArn: subject.id });
        return undefined;
      },
    },
    aws_sfn_activity: {
      needs: [],
      actions: {
        check: ['states:DescribeActivity'],
        list: ['states:ListActivities'],
        remove: ['states:DeleteActivity'],
        tags: ['states:ListTagsForResource'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.describeActivity({ activityArn: subject.id });
        return ready;
      },
      list: listing(
        (client: SFN, nextToken) => client.listActivities({ nextToken, maxResults: 1000 }),
        (page) => page.nextToken,
        (page) => page.activities,
        (activity) => ({
          id: activity.activityArn,
          name: activity.name,
          arn: activity.activityArn,
          createdAt: activity.creationDate,
        }),
      ),
      tags: async (subject, client) =>
        tagsFrom((await client.listTagsForResource({ resourceArn: subject.id })).tags ?? []),
      remove: async (subject, client) => {
        await client.deleteActivity({ activityArn: subject.id });
        return undefined;
      },
    },
    aws_sfn_alias: {
      needs: [],
      partOf: 'aws_sfn_state_machine',
      actions: { check: ['states:DescribeStateMachineAlias'] },
      check: async (subject, client) => {
        await client.describeStateMachineAlias({ stateMachineAliasArn: subject.id });
        return ready;
      },
    },
  },
});
