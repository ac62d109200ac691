import type { QueueAttributeName, SQS } from '@aws-sdk/client-sqs';
import { type CloneRequest, cloneService, type Cloned } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { alreadyThere, answered, refuseTaken } from './refusals.ts';
import { onceKnown, type Passing } from './wait.ts';

const notThere = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

type Attributes = Partial<Record<QueueAttributeName, string>>;

/** A policy may name a role that was made a moment ago; a queue may. */
const notYetKnown: readonly Passing[] = [
  { code: 'InvalidAttributeValue', message: /polic|principal/i },
  ...notThere.map((code) => ({ code })),
];

const text = (value: string | number | boolean | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

function attributesOf(values: StateValues): Attributes {
  const fifo = values.flag('fifo_queue') === true;
  const key = values.text('kms_master_key_id');
  const attributes: Record<string, string | undefined> = {
    DelaySeconds: text(values.number('delay_seconds')),
    MaximumMessageSize: text(values.positive('max_message_size')),
    MessageRetentionPeriod: text(values.positive('message_retention_seconds')),
    ReceiveMessageWaitTimeSeconds: text(values.number('receive_wait_time_seconds')),
    VisibilityTimeout: text(values.number('visibility_timeout_seconds')),
    RedrivePolicy: values.text('redrive_policy'),
    KmsMasterKeyId: key,
    KmsDataKeyReusePeriodSeconds:
      key === undefined ? undefined : text(values.positive('kms_data_key_reuse_period_seconds')),
    // With a key of KMS it is off, and may not be said.
    SqsManagedSseEnabled: key === undefined ? text(values.flag('sqs_managed_sse_enabled')) : undefined,
    // A queue that is none refuses to be told so.
    ...(fifo
      ? {
          FifoQueue: 'true',
          ContentBasedDeduplication: text(values.flag('content_based_deduplication')),
          DeduplicationScope: values.text('deduplication_scope'),
          FifoThroughputLimit: values.text('fifo_throughput_limit'),
        }
      : {}),
  };
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

async function cloneQueue({ values: given, signal }: CloneRequest, client: SQS): Promise<Cloned> {
  const values = new StateValues(given);
  const QueueName = values.needed('name');
  // The service gives out an equal queue that is there already as if it had made it.
  await refuseTaken(`the queue ${QueueName}`, () => client.getQueueUrl({ QueueName }), notThere);
  const { QueueUrl } = await client.createQueue({
    QueueName,
    Attributes: attributesOf(values),
    tags: values.tags,
  });
  const url = answered(QueueUrl, `the URL of the queue ${QueueName}`);
  const { Attributes } = await onceKnown(
    () => client.getQueueAttributes({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
    notYetKnown,
    signal,
  );
  const arn = answered(Attributes?.QueueArn, `the ARN of the queue ${QueueName}`);
  return { id: url, values: { arn, id: url, url } };
}

/** @param name of the service, @param own of the provider */
function setting(name: QueueAttributeName, own: string, what: string) {
  return {
    actions: ['sqs:SetQueueAttributes', 'sqs:GetQueueAttributes'],
    clone: async ({ values: given, signal }: CloneRequest, client: SQS): Promise<Cloned> => {
      const values = new StateValues(given);
      const QueueUrl = values.needed('queue_url');
      const { Attributes } = await onceKnown(
        () => client.getQueueAttributes({ QueueUrl, AttributeNames: [name] }),
        notYetKnown,
        signal,
      );
      if (Attributes?.[name])
        throw alreadyThere(`the ${what} of the queue ${QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)}`);
      const attributes: Attributes = { [name]: values.needed(own) };
      await onceKnown(
        () => client.setQueueAttributes({ QueueUrl, Attributes: attributes }),
        notYetKnown,
        signal,
      );
      return { id: QueueUrl, values: { id: QueueUrl } };
    },
  };
}

export const sqs = cloneService('sqs', {
  aws_sqs_queue: {
    actions: ['sqs:CreateQueue', 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes', 'sqs:TagQueue'],
    clone: cloneQueue,
  },
  aws_sqs_queue_policy: setting('Policy', 'policy', 'policy'),
  aws_sqs_queue_redrive_policy: setting('RedrivePolicy', 'redrive_policy', 'redrive policy'),
  aws_sqs_queue_redrive_allow_policy: setting(
    'RedriveAllowPolicy',
    'redrive_allow_policy',
    'redrive allow policy',
  ),
});
