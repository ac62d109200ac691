import type { QueueAttributeName, SQS } from '@aws-sdk/client-sqs';
import { type TypeDefinition, defineService, presentIf, ready } from '../adapter.ts';

/** A setting of a queue; the id of all of them is the queue's URL. */
function setting(attribute: QueueAttributeName): TypeDefinition<SQS> {
  return {
    needs: [],
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

export const sqs = defineService('sqs', {
  notFound: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
  types: {
    aws_sqs_queue: {
      needs: [],
      actions: { check: ['sqs:GetQueueAttributes'] },
      check: async (subject, client) => {
        await client.getQueueAttributes({ QueueUrl: subject.id, AttributeNames: ['QueueArn'] });
        return ready;
      },
    },
    aws_sqs_queue_policy: setting('Policy'),
    aws_sqs_queue_redrive_policy: setting('RedrivePolicy'),
    aws_sqs_queue_redrive_allow_policy: setting('RedriveAllowPolicy'),
  },
});
