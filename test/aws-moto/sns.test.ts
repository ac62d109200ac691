import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('sns', {
  aws_sns_topic: {
    // AWS and the emulator answer a second deletion as the first.
    again: 'removed',
    make: async (clients, name) => {
      const sns = await clients.get('sns');
      return (await sns.createTopic({ Name: name, Tags: [{ Key: purposeTag, Value: name }] })).TopicArn;
    },
  },
  aws_sns_topic_subscription: {
    tagged: false,
    again: 'removed',
    make: async (clients, name) => {
      const sns = await clients.get('sns');
      const { TopicArn } = await sns.createTopic({ Name: name });
      return (await sns.subscribe({ TopicArn, Protocol: 'email', Endpoint: 'a@example.com' }))
        .SubscriptionArn;
    },
  },
});
