import { defineService, presentIf, ready } from '../adapter.ts';

export const sns = defineService('sns', {
  notFound: ['NotFound', 'NotFoundException'],
  types: {
    aws_sns_topic: {
      needs: [],
      actions: { check: ['sns:GetTopicAttributes'] },
      check: async (subject, client) => {
        await client.getTopicAttributes({ TopicArn: subject.id });
        return ready;
      },
    },
    aws_sns_topic_policy: {
      needs: [],
      actions: { check: ['sns:GetTopicAttributes'] },
      check: async (subject, client) => {
        const { Attributes } = await client.getTopicAttributes({ TopicArn: subject.id });
        return presentIf(Attributes?.['Policy']);
      },
    },
    aws_sns_topic_subscription: {
      needs: [],
      actions: { check: ['sns:GetSubscriptionAttributes'] },
      check: async (subject, client) => {
        await client.getSubscriptionAttributes({ SubscriptionArn: subject.id });
        return ready;
      },
    },
  },
});
