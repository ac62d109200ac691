import { defineService, presentAs, ready } from '../adapter.ts';

export const scheduler = defineService('scheduler', {
  notFound: ['ResourceNotFoundException'],
  types: {
    aws_scheduler_schedule: {
      needs: [],
      actions: { check: ['scheduler:GetSchedule'] },
      check: async (subject, client) => {
        const [GroupName, Name] = subject.idParts('/');
        await client.getSchedule({ GroupName, Name });
        return ready;
      },
    },
    aws_scheduler_schedule_group: {
      needs: [],
      actions: { check: ['scheduler:GetScheduleGroup'] },
      check: async (subject, client) => {
        const found = await client.getScheduleGroup({ Name: subject.id });
        return presentAs(found.State, { ready: ['ACTIVE'], leaving: ['DELETING'] });
      },
    },
  },
});
