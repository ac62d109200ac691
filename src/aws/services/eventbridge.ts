import type { EventBridge } from '@aws-sdk/client-eventbridge';
import {
  type StatusWords,
  type Subject,
  absent,
  defineService,
  presentAs,
  presentIf,
  ready,
} from '../adapter.ts';
import { listing, pages, tagsFrom, toListed, whileThere } from '../listing.ts';

const notFound = ['ResourceNotFoundException'];

const ruleStates: StatusWords = {
  ready: ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'],
};

/** A rule's bus; the call must not have the key at all for the default one. */
function busOf(subject: Subject): { EventBusName?: string } {
  const bus = subject.optional('event_bus_name');
  return bus === undefined ? {} : { EventBusName: bus };
}

const buses = listing(
  (client: EventBridge, NextToken) => client.listEventBuses({ NextToken }),
  (page) => page.NextToken,
  (page) => page.EventBuses,
  (bus) => (bus.Name?.startsWith('aws.') ? null : { id: bus.Name, arn: bus.Arn }),
);

async function tagsByArn(subject: Subject, client: EventBridge): Promise<Record<string, string>> {
  return tagsFrom((await client.listTagsForResource({ ResourceARN: subject.arn })).Tags ?? []);
}

export const eventbridge = defineService('eventbridge', {
  scope: 'regional',
  inUse: ['ConcurrentModificationException', 'ManagedRuleException', 'ValidationException'],
  notFound,
  types: {
    aws_cloudwatch_event_rule: {
      needs: ['name', 'event_bus_name'],
      actions: {
        check: ['events:DescribeRule'],
        list: ['events:ListRules', 'events:ListEventBuses'],
        remove: ['events:ListTargetsByRule', 'events:RemoveTargets', 'events:DeleteRule'],
        tags: ['events:ListTagsForResource'],
      },
      dependsOn: ['aws_cloudwatch_event_bus', 'aws_iam_role'],
      check: async (subject, client) => {
        const { State = 'ENABLED' } = await client.describeRule({
          Name: subject.attribute('name'),
          ...busOf(subject),
        });
        return presentAs(State, ruleStates);
      },
      async *list(client) {
        // Rules are listed by bus.
        for await (const bus of buses(client)) {
          const EventBusName = bus.name;
          const rules = pages(
            (NextToken) => client.listRules({ NextToken, EventBusName }),
            ({ NextToken }) => NextToken,
          );
          for await (const page of whileThere(rules, notFound)) {
            for (const rule of page.Rules ?? []) {
              // Made and kept by a service of AWS itself.
              if (rule.ManagedBy !== undefined) continue;
              const listed = toListed({
                id: EventBusName === 'default' ? rule.Name : `${EventBusName}/${rule.Name ?? ''}`,
                name: rule.Name,
                arn: rule.Arn,
                attributes: { name: rule.Name, event_bus_name: EventBusName },
                uses: [EventBusName, rule.RoleArn],
              });
              if (listed) yield listed;
            }
          }
        }
      },
      tags: tagsByArn,
      remove: async (subject, client) => {
        const rule = { Rule: subject.attribute('name'), ...busOf(subject) };
        for await (const { Targets = [] } of pages(
          (NextToken) => client.listTargetsByRule({ ...rule, NextToken }),
          ({ NextToken }) => NextToken,
        )) {
          const Ids = Targets.map(({ Id }) => Id ?? '');
          if (Ids.length > 0) await client.removeTargets({ ...rule, Ids });
        }
        await client.deleteRule({ Name: rule.Rule, ...busOf(subject) });
        return undefined;
      },
    },
    aws_cloudwatch_event_target: {
      needs: ['rule', 'target_id', 'event_bus_name'],
      partOf: 'aws_cloudwatch_event_rule',
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
      actions: {
        check: ['events:DescribeEventBus'],
        list: ['events:ListEventBuses'],
        remove: ['events:DeleteEventBus'],
        tags: ['events:ListTagsForResource'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.describeEventBus({ Name: subject.id });
        return ready;
      },
      async *list(client) {
        // The default bus is AWS's own, and so is that of a partner.
        for await (const bus of buses(client)) if (bus.name !== 'default') yield bus;
      },
      tags: tagsByArn,
      remove: async (subject, client) => {
        await client.deleteEventBus({ Name: subject.id });
        return undefined;
      },
    },
    aws_cloudwatch_event_bus_policy: {
      needs: [],
      partOf: 'aws_cloudwatch_event_bus',
      actions: { check: ['events:DescribeEventBus'] },
      check: async (subject, client) =>
        presentIf((await client.describeEventBus({ Name: subject.id })).Policy),
    },
    aws_cloudwatch_event_archive: {
      needs: [],
      actions: {
        check: ['events:DescribeArchive'],
        list: ['events:ListArchives'],
        remove: ['events:DeleteArchive'],
      },
      dependsOn: ['aws_cloudwatch_event_bus'],
      check: async (subject, client) => {
        await client.describeArchive({ ArchiveName: subject.id });
        return ready;
      },
      list: listing(
        (client: EventBridge, NextToken) => client.listArchives({ NextToken }),
        (page) => page.NextToken,
        (page) => page.Archives,
        (each) => ({ id: each.ArchiveName, createdAt: each.CreationTime, uses: [each.EventSourceArn] }),
      ),
      remove: async (subject, client) => {
        await client.deleteArchive({ ArchiveName: subject.id });
        return undefined;
      },
    },
    aws_cloudwatch_event_connection: {
      needs: [],
      actions: {
        check: ['events:DescribeConnection'],
        list: ['events:ListConnections'],
        remove: ['events:DeleteConnection'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.describeConnection({ Name: subject.id });
        return ready;
      },
      list: listing(
        (client: EventBridge, NextToken) => client.listConnections({ NextToken }),
        (page) => page.NextToken,
        (page) => page.Connections,
        (each) => ({ id: each.Name, arn: each.ConnectionArn, createdAt: each.CreationTime }),
      ),
      remove: async (subject, client) => {
        await client.deleteConnection({ Name: subject.id });
        return undefined;
      },
    },
    aws_cloudwatch_event_api_destination: {
      needs: [],
      actions: {
        check: ['events:DescribeApiDestination'],
        list: ['events:ListApiDestinations'],
        remove: ['events:DeleteApiDestination'],
      },
      dependsOn: ['aws_cloudwatch_event_connection'],
      check: async (subject, client) => {
        await client.describeApiDestination({ Name: subject.id });
        return ready;
      },
      list: listing(
        (client: EventBridge, NextToken) => client.listApiDestinations({ NextToken }),
        (page) => page.NextToken,
        (page) => page.ApiDestinations,
        (each) => ({
          id: each.Name,
          arn: each.ApiDestinationArn,
          createdAt: each.CreationTime,
          uses: [each.ConnectionArn],
        }),
      ),
      remove: async (subject, client) => {
        await client.deleteApiDestination({ Name: subject.id });
        return undefined;
      },
    },
  },
});
