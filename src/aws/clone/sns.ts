import type { SNS } from '@aws-sdk/client-sns';
import { isJsonObject, type Json } from '../../transfer/json.ts';
import { type CloneRequest, cloneService, type Cloned } from '../clone.ts';
import { reportedProtocols } from '../sns-feedback.ts';
import { StateValues } from '../state-values.ts';
import { sibling } from './arn.ts';
import { alreadyThere, answered, refuseTaken } from './refusals.ts';
import { onceKnown, type Passing, waitFor } from './wait.ts';

const notThere = ['NotFound', 'NotFoundException'];

/** A policy or a filter may name what was made a moment ago. */
const notYetKnown: readonly Passing[] = [
  { code: 'InvalidParameter', message: /polic|principal/i },
  { code: 'InvalidParameterException', message: /polic|principal/i },
  ...notThere.map((code) => ({ code })),
];

type Attributes = Record<string, string>;

function given(attributes: Readonly<Record<string, string | undefined>>): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const yes = (value: boolean | undefined): string | undefined => (value === true ? 'true' : undefined);

function topicAttributes(values: StateValues): Attributes {
  const feedback = Object.entries(reportedProtocols).flatMap(([own, word]) => [
    [`${word}FailureFeedbackRoleArn`, values.text(`${own}_failure_feedback_role_arn`)] as const,
    [`${word}SuccessFeedbackRoleArn`, values.text(`${own}_success_feedback_role_arn`)] as const,
    [
      `${word}SuccessFeedbackSampleRate`,
      values.positive(`${own}_success_feedback_sample_rate`)?.toString(),
    ] as const,
  ]);
  return given({
    ArchivePolicy: values.text('archive_policy'),
    ContentBasedDeduplication: yes(values.flag('content_based_deduplication')),
    DeliveryPolicy: values.text('delivery_policy'),
    DisplayName: values.text('display_name'),
    FifoThroughputScope: values.text('fifo_throughput_scope'),
    FifoTopic: yes(values.flag('fifo_topic')),
    KmsMasterKeyId: values.text('kms_master_key_id'),
    SignatureVersion: values.positive('signature_version')?.toString(),
    TracingConfig: values.text('tracing_config'),
    ...Object.fromEntries(feedback),
  });
}

async function cloneTopic({ values: of, source, signal }: CloneRequest, client: SNS): Promise<Cloned> {
  const values = new StateValues(of);
  const Name = values.needed('name');
  // The service gives out an equal topic that is there already as if it had made it.
  const TopicArn = sibling(source.id, await client.config.region(), Name);
  await refuseTaken(`the topic ${Name}`, () => client.getTopicAttributes({ TopicArn }), notThere);
  const made = await client.createTopic({
    Name,
    Attributes: topicAttributes(values),
    Tags: values.tagList,
  });
  const arn = answered(made.TopicArn, `the ARN of the topic ${Name}`);
  const { Attributes } = await onceKnown(
    () => client.getTopicAttributes({ TopicArn: arn }),
    notYetKnown,
    signal,
  );
  return { id: arn, values: { arn, id: arn, owner: Attributes?.['Owner'] ?? '' } };
}

/** The policy that every topic is born with has one statement, of this name. */
function isOwnDefault(policy: string | undefined): boolean {
  if (policy === undefined || policy === '') return true;
  const document = JSON.parse(policy) as Json;
  const statements = isJsonObject(document) ? document['Statement'] : undefined;
  return (
    Array.isArray(statements) &&
    statements.every((each) => isJsonObject(each) && each['Sid'] === '__default_statement_ID')
  );
}

async function cloneTopicPolicy({ values: of, signal }: CloneRequest, client: SNS): Promise<Cloned> {
  const values = new StateValues(of);
  const TopicArn = values.needed('arn');
  const { Attributes } = await client.getTopicAttributes({ TopicArn });
  if (!isOwnDefault(Attributes?.['Policy'])) throw alreadyThere(`a policy of the topic ${TopicArn}`);
  await onceKnown(
    () =>
      client.setTopicAttributes({
        TopicArn,
        AttributeName: 'Policy',
        AttributeValue: values.needed('policy'),
      }),
    notYetKnown,
    signal,
  );
  return { id: TopicArn, values: { id: TopicArn } };
}

/** Subscriptions of people and of web addresses are confirmed by them; until then they stay pending. */
async function cloneSubscription({ values: of, signal }: CloneRequest, client: SNS): Promise<Cloned> {
  const values = new StateValues(of);
  const TopicArn = values.needed('topic_arn');
  const Protocol = values.needed('protocol');
  const Endpoint = values.needed('endpoint');
  const what = `the subscription of ${Protocol} to ${TopicArn}`;
  await refuseTaken(what, () => subscribed(TopicArn, Protocol, Endpoint, client), []);
  const filter = values.text('filter_policy');
  const { SubscriptionArn } = await onceKnown(
    () =>
      client.subscribe({
        TopicArn,
        Protocol,
        Endpoint,
        Attributes: given({
          DeliveryPolicy: values.text('delivery_policy'),
          FilterPolicy: filter,
          FilterPolicyScope: filter === undefined ? undefined : values.text('filter_policy_scope'),
          RawMessageDelivery: yes(values.flag('raw_message_delivery')),
          RedrivePolicy: values.text('redrive_policy'),
          ReplayPolicy: values.text('replay_policy'),
          SubscriptionRoleArn: values.text('subscription_role_arn'),
        }),
        ReturnSubscriptionArn: true,
      }),
    notYetKnown,
    signal,
  );
  const arn = answered(SubscriptionArn, `the ARN of ${what}`);
  const found = await waitFor(
    async () => (await client.getSubscriptionAttributes({ SubscriptionArn: arn })).Attributes,
    { what, signal, limitMs: 60_000 },
  );
  return {
    id: arn,
    values: {
      arn,
      id: arn,
      owner_id: found['Owner'] ?? '',
      pending_confirmation: found['PendingConfirmation'] === 'true',
    },
  };
}

async function subscribed(
  TopicArn: string,
  protocol: string,
  endpoint: string,
  client: SNS,
): Promise<boolean> {
  let NextToken: string | undefined;
  do {
    const page = await client.listSubscriptionsByTopic({ TopicArn, NextToken });
    if (page.Subscriptions?.some((each) => each.Protocol === protocol && each.Endpoint === endpoint))
      return true;
    ({ NextToken } = page);
  } while (NextToken !== undefined && NextToken !== '');
  return false;
}

export const sns = cloneService('sns', {
  aws_sns_topic: {
    actions: ['sns:CreateTopic', 'sns:GetTopicAttributes', 'sns:TagResource', 'iam:PassRole'],
    clone: cloneTopic,
  },
  aws_sns_topic_policy: {
    actions: ['sns:SetTopicAttributes', 'sns:GetTopicAttributes'],
    clone: cloneTopicPolicy,
  },
  aws_sns_topic_subscription: {
    actions: ['sns:Subscribe', 'sns:GetSubscriptionAttributes', 'sns:ListSubscriptionsByTopic'],
    clone: cloneSubscription,
  },
});
