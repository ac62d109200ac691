import { type Subject, absent, defineService, ready } from '../adapter.ts';

/** A rule's bus; the call must not have the key at all for the default one. */
function busOf(subject: Subject): { EventBusName?: string } {
  const bus = subject.optional('event_bus_name');
  return bus === undefined ? {} : { EventBusName: bus };
}

export const eventbridge = defineService('eventbridge', {
  notFound: ['ResourceNotFoundException'],
  types: {
    aws_cloudwatch_event_rule: {
      needs: ['name', 'event_bus_name'],
      actions: { check: ['events:DescribeRule'] },
      check: async (subject, client) => {
        await client.describeRule({ Name: subject.attribute('name'), ...busOf(subject) });
        return ready;
      },
    },
    aws_cloudwatch_event_target: {
      needs: ['rule', 'target_id', 'event_bus_name'],
      actions: { check: ['events:ListTargetsByRule'] },
      check: async (subject, client) => {
        const wanted = subject.attribute('target_id');
        let NextToken: string | undefined;
        do {
          const page = await client.listTargetsByRule({
            Rule: subject.attribute('rule'),
            ...busOf(subject),
            ...(NextToken === undefined ? {} : { NextToken }),
          });
          if (page.Targets?.some((target) => target.Id === wanted)) return ready;
          ({ NextToken } = page);
        } while (NextToken !== undefined);
        return absent;
      },
    },
    aws_cloudwatch_event_bus: {
      needs: [],
      actions: { check: ['events:DescribeEventBus'] },
      check: async (subject, client) => {
        await client.describeEventBus({ Name: subject.id });
        return ready;
      },
    },
    aws_cloudwatch_event_archive: {
      needs: [],
      actions: { check: ['events:DescribeArchive'] },
      check: async (subject, client) => {
        await client.describeArchive({ ArchiveName: subject.id });
        return ready;
      },
    },
    aws_cloudwatch_event_connection: {
      needs: [],
      actions: { check: ['events:DescribeConnection'] },
      check: async (subject, client) => {
        await client.describeConnection({ Name: subject.id });
        return ready;
      },
    },
    aws_cloudwatch_event_api_destination: {
      needs: [],
      actions: { check: ['events:DescribeApiDestination'] },
      check: async (subject, client) => {
        await client.describeApiDestination({ Name: subject.id });
        return ready;
      },
    },
  },
});
