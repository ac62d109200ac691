import type { SNS } from '@aws-sdk/client-sns';
import { defineService, presentIf, ready } from '../adapter.ts';
import { listing, tagsFrom } from '../listing.ts';

export const sns = defineService('sns', {
  scope: 'regional',
  inUse: ['ConcurrentAccess', 'ConcurrentAccessException', 'StaleTag', 'StaleTagException'],
  notFound: ['NotFound', 'NotFoundException'],
  types: {
    aws_sns_topic: {
      needs: [],
      actions: {
        check: ['sns:GetTopicAttributes'],
        list: ['sns:ListTopics'],
        remove: ['sns:DeleteTopic'],
        tags: ['sns:ListTagsForResource'],
      },
      dependsOn: ['aws_kms_key'],
      check: async (subject, client) => {
        await client.getTopicAttributes({ TopicArn: subject.id });
        return ready;
      },
      list: listing(
        (client: SNS, NextToken) => client.listTopics({ NextToken }),
        (page) => page.NextToken,
        (page) => page.Topics,
        ({ TopicArn }) => ({ id: TopicArn, name: TopicArn?.split(':').at(-1), arn: TopicArn }),
      ),
      tags: async (subject, client) =>
        tagsFrom((await client.listTagsForResource({ ResourceArn: subject.id })).Tags ?? []),
      remove: async (subject, client) => {
        await client.deleteTopic({ TopicArn: subject.id });
        return undefined;
      },
    },
    aws_sns_topic_policy: {
      needs: [],
      partOf: 'aws_sns_topic',
      actions: { check: ['sns:GetTopicAttributes'] },
      check: async (subject, client) => {
        const { Attributes } = await client.getTopicAttributes({ TopicArn: subject.id });
        return presentIf(Attributes?.['Policy']);
      },
    },
    aws_sns_topic_subscription: {
      needs: [],
      actions: {
        check: ['sns:GetSubscriptionAttributes'],
        list: ['sns:ListSubscriptions'],
        remove: ['sns:Unsubscribe'],
      },
      dependsOn: ['aws_sns_topic', 'aws_sqs_queue', 'aws_lambda_function'],
      check: async (subject, client) => {
        await client.getSubscriptionAttributes({ SubscriptionArn: subject.id });
        return ready;
      },
      list: listing(
        (client: SNS, NextToken) => client.listSubscriptions({ NextToken }),
        (page) => page.NextToken,
        (page) => page.Subscriptions,
        (each) =>
          // One that nobody has confirmed yet has no ARN; the service forgets it after some days.
          each.SubscriptionArn?.startsWith('arn:')
            ? {
                id: each.SubscriptionArn,
                name: each.TopicArn?.split(':').at(-1),
                arn: each.SubscriptionArn,
                uses: [each.TopicArn, each.Endpoint?.startsWith('arn:') ? each.Endpoint : undefined],
              }
            : null,
      ),
      remove: async (subject, client) => {
        await client.unsubscribe({ SubscriptionArn: subject.id });
        return undefined;
      },
    },
  },
});
