import type { DescribedResource } from '../describe.ts';
import { describeService, known } from '../describe.ts';
import { tagged } from '../state-values.ts';

/** The service answers everything as text. */
function readers(attributes: Readonly<Record<string, string>>) {
  return {
    text: (name: string): string => attributes[name] ?? '',
    number: (name: string): number | undefined =>
      attributes[name] === undefined ? undefined : Number(attributes[name]),
    flag: (name: string): boolean => attributes[name] === 'true',
  };
}

/**
 * The policy and the list of queues that may send their dead letters here are described as parts, not as attributes of
 * the queue: they name what is made later, such as the topic that writes into it.
 */
export const sqs = describeService('sqs', ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'], {
  aws_sqs_queue: {
    actions: ['sqs:GetQueueAttributes', 'sqs:ListQueueTags'],
    describe: async (subject, client) => {
      const url = subject.id;
      const { Attributes = {} } = await client.getQueueAttributes({
        QueueUrl: url,
        AttributeNames: ['All'],
      });
      const { Tags } = await client.listQueueTags({ QueueUrl: url });
      const { text, number, flag } = readers(Attributes);
      const found: DescribedResource[] = [
        {
          type: 'aws_sqs_queue',
          id: url,
          values: known({
            arn: text('QueueArn'),
            content_based_deduplication: flag('ContentBasedDeduplication'),
            deduplication_scope: text('DeduplicationScope'),
            delay_seconds: number('DelaySeconds'),
            fifo_queue: flag('FifoQueue'),
            fifo_throughput_limit: text('FifoThroughputLimit'),
            id: url,
            kms_data_key_reuse_period_seconds: number('KmsDataKeyReusePeriodSeconds'),
            kms_master_key_id: text('KmsMasterKeyId'),
            max_message_size: number('MaximumMessageSize'),
            message_retention_seconds: number('MessageRetentionPeriod'),
            name: url.slice(url.lastIndexOf('/') + 1),
            receive_wait_time_seconds: number('ReceiveMessageWaitTimeSeconds'),
            redrive_policy: text('RedrivePolicy'),
            sqs_managed_sse_enabled: flag('SqsManagedSseEnabled'),
            url,
            visibility_timeout_seconds: number('VisibilityTimeout'),
            ...tagged(Tags),
          }),
        },
      ];
      if (text('Policy') !== '')
        found.push({
          type: 'aws_sqs_queue_policy',
          id: url,
          values: { id: url, policy: text('Policy'), queue_url: url },
        });
      if (text('RedriveAllowPolicy') !== '')
        found.push({
          type: 'aws_sqs_queue_redrive_allow_policy',
          id: url,
          values: { id: url, queue_url: url, redrive_allow_policy: text('RedriveAllowPolicy') },
        });
      return found;
    },
  },
});
