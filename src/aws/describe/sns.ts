import { describeService, known } from '../describe.ts';
import { tagsFrom } from '../listing.ts';
import { reportedProtocols } from '../sns-feedback.ts';
import { tagged } from '../state-values.ts';

type Attributes = Readonly<Record<string, string>>;

function feedback(attributes: Attributes): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(reportedProtocols).flatMap(([own, word]): [string, string | number][] => [
      [`${own}_failure_feedback_role_arn`, attributes[`${word}FailureFeedbackRoleArn`] ?? ''],
      [`${own}_success_feedback_role_arn`, attributes[`${word}SuccessFeedbackRoleArn`] ?? ''],
      [`${own}_success_feedback_sample_rate`, Number(attributes[`${word}SuccessFeedbackSampleRate`] ?? 0)],
    ]),
  );
}

/** A topic's policy is described as a part: it names what is made later. */
export const sns = describeService('sns', ['NotFound', 'NotFoundException'], {
  aws_sns_topic: {
    actions: ['sns:GetTopicAttributes', 'sns:ListTagsForResource'],
    describe: async (subject, client) => {
      const arn = subject.id;
      const { Attributes: found = {} } = await client.getTopicAttributes({ TopicArn: arn });
      const { Tags } = await client.listTagsForResource({ ResourceArn: arn });
      const owner = found['Owner'] ?? '';
      const policy = found['Policy'] ?? '';
      return [
        {
          type: 'aws_sns_topic',
          id: arn,
          values: known({
            ...feedback(found),
            archive_policy: found['ArchivePolicy'] ?? '',
            arn,
            content_based_deduplication: found['ContentBasedDeduplication'] === 'true',
            delivery_policy: found['DeliveryPolicy'] ?? '',
            display_name: found['DisplayName'] ?? '',
            fifo_throughput_scope: found['FifoThroughputScope'] ?? '',
            fifo_topic: found['FifoTopic'] === 'true',
            id: arn,
            kms_master_key_id: found['KmsMasterKeyId'] ?? '',
            name: arn.slice(arn.lastIndexOf(':') + 1),
            owner,
            signature_version: Number(found['SignatureVersion'] ?? 0),
            tracing_config: found['TracingConfig'] ?? '',
            ...tagged(tagsFrom(Tags)),
          }),
        },
        ...(policy === ''
          ? []
          : [{ type: 'aws_sns_topic_policy', id: arn, values: { arn, id: arn, owner, policy } }]),
      ];
    },
  },
  aws_sns_topic_subscription: {
    actions: ['sns:GetSubscriptionAttributes'],
    describe: async (subject, client) => {
      const arn = subject.id;
      const { Attributes: found = {} } = await client.getSubscriptionAttributes({ SubscriptionArn: arn });
      const filter = found['FilterPolicy'] ?? '';
      return [
        {
          type: 'aws_sns_topic_subscription',
          id: arn,
          values: known({
            arn,
            confirmation_was_authenticated: found['ConfirmationWasAuthenticated'] === 'true',
            delivery_policy: found['DeliveryPolicy'] ?? '',
            endpoint: found['Endpoint'],
            filter_policy: filter,
            filter_policy_scope: found['FilterPolicyScope'] ?? (filter === '' ? '' : 'MessageAttributes'),
            id: arn,
            owner_id: found['Owner'],
            pending_confirmation: found['PendingConfirmation'] === 'true',
            protocol: found['Protocol'],
            raw_message_delivery: found['RawMessageDelivery'] === 'true',
            redrive_policy: found['RedrivePolicy'] ?? '',
            replay_policy: found['ReplayPolicy'] ?? '',
            subscription_role_arn: found['SubscriptionRoleArn'] ?? '',
            topic_arn: found['TopicArn'],
          }),
        },
      ];
    },
  },
});
