import type { Scheduler } from '@aws-sdk/client-scheduler';
import { defineService, presentAs } from '../adapter.ts';
import { listing, tagsFrom } from '../listing.ts';

export const scheduler = defineService('scheduler', {
  scope: 'regional',
  inUse: ['ConflictException'],
  notFound: ['ResourceNotFoundException'],
  types: {
    aws_scheduler_schedule: {
      needs: [],
      actions: {
        check: ['scheduler:GetSchedule'],
        list: ['scheduler:ListSchedules'],
        remove: ['scheduler:DeleteSchedule'],
      },
      dependsOn: ['aws_scheduler_schedule_group', 'aws_iam_role'],
      check: async (subject, client) => {
        const [GroupName, Name] = subject.idParts('/');
        const { State = 'ENABLED' } = await client.getSchedule({ GroupName, Name });
        return presentAs(State, { ready: ['ENABLED', 'DISABLED'] });
      },
      list: listing(
        (client: Scheduler, NextToken) => client.listSchedules({ NextToken, MaxResults: 100 }),
        (page) => page.NextToken,
        (page) => page.Schedules,
        (each) => ({
          id: `${each.GroupName ?? 'default'}/${each.Name ?? ''}`,
          name: each.Name,
          arn: each.Arn,
          createdAt: each.CreationDate,
          uses: [each.GroupName === 'default' ? undefined : each.GroupName, each.Target?.Arn],
        }),
      ),
      remove: async (subject, client) => {
        const [GroupName, Name] = subject.idParts('/');
        await client.deleteSchedule({ GroupName, Name });
        return undefined;
      },
    },
    aws_scheduler_schedule_group: {
      needs: [],
      actions: {
        check: ['scheduler:GetScheduleGroup'],
        list: ['scheduler:ListScheduleGroups'],
        remove: ['scheduler:DeleteScheduleGroup'],
        tags: ['scheduler:ListTagsForResource'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        const found = await client.getScheduleGroup({ Name: subject.id });
        return presentAs(found.State, { ready: ['ACTIVE'], leaving: ['DELETING'] });
      },
      list: listing(
        (client: Scheduler, NextToken) => client.listScheduleGroups({ NextToken, MaxResults: 100 }),
        (page) => page.NextToken,
        (page) => page.ScheduleGroups,
        (group) =>
          group.Name === 'default'
            ? null
            : {
                id: group.Name,
                arn: group.Arn,
                createdAt: group.CreationDate,
                leaving: group.State === 'DELETING' ? 'being deleted' : undefined,
              },
      ),
      tags: async (subject, client) =>
        tagsFrom((await client.listTagsForResource({ ResourceArn: subject.arn })).Tags ?? []),
      remove: async (subject, client) => {
        await client.deleteScheduleGroup({ Name: subject.id });
        return undefined;
      },
    },
  },
});
