import { ACCOUNT, REGION } from '../sandbox/aws.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { adapterCases, purposeTag } from './support/adapter-cases.ts';

async function makeConnection(clients: AwsClients, Name: string): Promise<string | undefined> {
  const events = await clients.get('eventbridge');
  const made = await events.createConnection({
    Name,
    AuthorizationType: 'API_KEY',
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'x', ApiKeyValue: 'not-a-secret' } },
  });
  return made.ConnectionArn;
}

adapterCases('eventbridge', {
  aws_cloudwatch_event_rule: {
    // On a bus of its own, and with targets: as long as it has one, a rule is not deleted.
    make: async (clients, name) => {
      const events = await clients.get('eventbridge');
      const bus = `bus-${name}`;
      await events.createEventBus({ Name: bus });
      await events.putRule({
        Name: name,
        EventBusName: bus,
        EventPattern: '{"source":["x"]}',
        Tags: [{ Key: purposeTag, Value: name }],
      });
      await events.putTargets({
        Rule: name,
        EventBusName: bus,
        Targets: ['a', 'b'].map((Id) => ({ Id, Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${Id}` })),
      });
      return `${bus}/${name}`;
    },
  },
  aws_cloudwatch_event_bus: {
    // AWS and the emulator answer a second deletion as the first.
    again: 'removed',
    make: async (clients, name) => {
      const events = await clients.get('eventbridge');
      await events.createEventBus({ Name: name, Tags: [{ Key: purposeTag, Value: name }] });
      return name;
    },
  },
  aws_cloudwatch_event_archive: {
    tagged: false,
    make: async (clients, ArchiveName) => {
      const events = await clients.get('eventbridge');
      const bus = await events.createEventBus({ Name: ArchiveName });
      await events.createArchive({ ArchiveName, EventSourceArn: bus.EventBusArn });
      return ArchiveName;
    },
  },
  aws_cloudwatch_event_connection: {
    tagged: false,
    make: async (clients, name) => {
      await makeConnection(clients, name);
      return name;
    },
  },
  aws_cloudwatch_event_api_destination: {
    tagged: false,
    make: async (clients, name) => {
      const events = await clients.get('eventbridge');
      await events.createApiDestination({
        Name: name,
        ConnectionArn: await makeConnection(clients, `of-${name}`),
        InvocationEndpoint: 'https://example.com',
        HttpMethod: 'POST',
      });
      return name;
    },
  },
});
