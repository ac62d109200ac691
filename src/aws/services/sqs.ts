import type { QueueAttributeName, SQS } from '@aws-sdk/client-sqs';
import { type Subject, type TypeDefinition, defineService, presentIf, ready } from '../adapter.ts';
import { listing } from '../listing.ts';

/** A setting of a queue; the id of all of them is the queue's URL. */
function setting(attribute: QueueAttributeName): TypeDefinition<SQS> {
  return {
    needs: [],
    partOf: 'aws_sqs_queue',
    actions: { check: ['sqs:GetQueueAttributes'] },
    check: async (subject, client) => {
      const { Attributes } = await client.getQueueAttributes({
        QueueUrl: subject.id,
        AttributeNames: [attribute],
      });
      return presentIf(Attributes?.[attribute]);
    },
  };
}

/** The id is the queue's URL, or its name: of what is only planned nobody knows the URL. */
async function urlOf(subject: Subject, client: SQS): Promise<string | undefined> {
  if (subject.id.includes('://')) return subject.id;
  return (await client.getQueueUrl({ QueueName: subject.id })).QueueUrl;
}

export const sqs = defineService('sqs', {
  scope: 'regional',
  inUse: ['QueueDeletedRecently', 'AWS.SimpleQueueService.QueueDeletedRecently'],
  notFound: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
  types: {
    aws_sqs_queue: {
      needs: [],
      actions: {
        check: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
        list: ['sqs:ListQueues'],
        remove: ['sqs:DeleteQueue', 'sqs:GetQueueUrl'],
        tags: ['sqs:ListQueueTags', 'sqs:GetQueueUrl'],
      },
      dependsOn: ['aws_kms_key'],
      check: async (subject, client) => {
        const QueueUrl = await urlOf(subject, client);
        await client.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
        return ready;
      },
      list: listing(
        (client: SQS, NextToken) => client.listQueues({ NextToken, MaxResults: 1000 }),
        (page) => page.NextToken,
        (page) => page.QueueUrls,
        (url) => ({ id: url, name: url.slice(url.lastIndexOf('/') + 1) }),
      ),
      tags: async (subject, client) =>
        (await client.listQueueTags({ QueueUrl: await urlOf(subject, client) })).Tags ?? {},
      remove: async (subject, client) => {
        await client.deleteQueue({ QueueUrl: await urlOf(subject, client) });
        return undefined;
      },
    },
    aws_sqs_queue_policy: setting('Policy'),
    aws_sqs_queue_redrive_policy: setting('RedrivePolicy'),
    aws_sqs_queue_redrive_allow_policy: setting('RedriveAllowPolicy'),
  },
});
