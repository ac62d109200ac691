import type {
  EventBridge,
  IncludeDetail,
  Level,
  PutTargetsResponse,
  RuleState,
  Target,
} from '@aws-sdk/client-eventbridge';
import { type CloneRequest, cloneService, type Cloned } from '../clone.ts';
import { pages } from '../listing.ts';
import { StateValues } from '../state-values.ts';
import { answered, refuseTaken } from './refusals.ts';
import { onceKnown, type Passing } from './wait.ts';

const notThere = ['ResourceNotFoundException'];

const defaultBus = 'default';

/** A role or a bus that was made a moment ago. */
const notYetKnown: readonly Passing[] = [
  { code: 'ValidationException', message: /assume|role|principal/i },
  { code: 'ConcurrentModificationException' },
];

async function cloneBus({ values: given }: CloneRequest, client: EventBridge): Promise<Cloned> {
  const values = new StateValues(given);
  const Name = values.needed('name');
  const letters = values.block('dead_letter_config')?.text('arn');
  const logs = values.block('log_config');
  const { EventBusArn } = await client.createEventBus({
    Name,
    Description: values.text('description'),
    KmsKeyIdentifier: values.text('kms_key_identifier'),
    DeadLetterConfig: letters === undefined ? undefined : { Arn: letters },
    LogConfig: logs && {
      IncludeDetail: logs.word<IncludeDetail>('include_detail'),
      Level: logs.word<Level>('level'),
    },
    Tags: values.tagList,
  });
  return { id: Name, values: { arn: answered(EventBusArn, `the ARN of the event bus ${Name}`), id: Name } };
}

async function cloneBusPolicy({ values: given, signal }: CloneRequest, client: EventBridge): Promise<Cloned> {
  const values = new StateValues(given);
  const Name = values.needed('event_bus_name');
  await refuseTaken(
    `the policy of the event bus ${Name}`,
    async () => (await client.describeEventBus({ Name })).Policy,
    [],
  );
  const request = { EventBusName: Name, Policy: values.needed('policy') };
  await onceKnown(() => client.putPermission(request), notYetKnown, signal);
  return { id: Name, values: { id: Name } };
}

async function cloneRule({ values: given, signal }: CloneRequest, client: EventBridge): Promise<Cloned> {
  const values = new StateValues(given);
  const Name = values.needed('name');
  const EventBusName = values.text('event_bus_name') ?? defaultBus;
  // Otherwise the service changes the one that is there.
  await refuseTaken(`the rule ${Name}`, () => client.describeRule({ Name, EventBusName }), notThere);
  const { RuleArn } = await onceKnown(
    () =>
      client.putRule({
        Name,
        EventBusName,
        Description: values.text('description'),
        EventPattern: values.text('event_pattern'),
        RoleArn: values.text('role_arn'),
        ScheduleExpression: values.text('schedule_expression'),
        State:
          values.word<RuleState>('state') ?? (values.flag('is_enabled') === false ? 'DISABLED' : 'ENABLED'),
        Tags: values.tagList,
      }),
    notYetKnown,
    signal,
  );
  const id = EventBusName === defaultBus ? Name : `${EventBusName}/${Name}`;
  return { id, values: { arn: answered(RuleArn, `the ARN of the rule ${Name}`), id } };
}

function targetOf(values: StateValues): Target {
  const letters = values.block('dead_letter_config')?.text('arn');
  const http = values.block('http_target');
  const key = values.block('kinesis_target')?.text('partition_key_path');
  const group = values.block('sqs_target')?.text('message_group_id');
  const retry = values.block('retry_policy');
  const transformer = values.block('input_transformer');
  return {
    Id: values.needed('target_id'),
    Arn: values.needed('arn'),
    DeadLetterConfig: letters === undefined ? undefined : { Arn: letters },
    HttpParameters: http && {
      HeaderParameters: http.map('header_parameters'),
      PathParameterValues: http.texts('path_parameter_values'),
      QueryStringParameters: http.map('query_string_parameters'),
    },
    Input: values.text('input'),
    InputPath: values.text('input_path'),
    InputTransformer: transformer && {
      InputPathsMap: transformer.map('input_paths'),
      InputTemplate: transformer.needed('input_template'),
    },
    KinesisParameters: key === undefined ? undefined : { PartitionKeyPath: key },
    RetryPolicy: retry && {
      MaximumEventAgeInSeconds: retry.positive('maximum_event_age_in_seconds'),
      MaximumRetryAttempts: retry.number('maximum_retry_attempts'),
    },
    RoleArn: values.text('role_arn'),
    SqsParameters: group === undefined ? undefined : { MessageGroupId: group },
  };
}

/** The service answers well to a call of which it did nothing. */
function accepted({ FailedEntries = [] }: PutTargetsResponse): void {
  const [failed] = FailedEntries;
  if (failed !== undefined)
    throw Object.assign(new Error(failed.ErrorMessage), { name: failed.ErrorCode ?? 'FailedEntry' });
}

async function cloneTarget({ values: given, signal }: CloneRequest, client: EventBridge): Promise<Cloned> {
  const values = new StateValues(given);
  const Rule = values.needed('rule');
  const EventBusName = values.text('event_bus_name') ?? defaultBus;
  const target = targetOf(values);
  await refuseTaken(
    `the target ${target.Id} of the rule ${Rule}`,
    async () => {
      for await (const { Targets } of pages(
        (NextToken) => client.listTargetsByRule({ Rule, EventBusName, NextToken }),
        ({ NextToken }) => NextToken,
      ))
        if (Targets?.some(({ Id }) => Id === target.Id)) return true;
      return false;
    },
    [],
  );
  await onceKnown(
    async () => accepted(await client.putTargets({ Rule, EventBusName, Targets: [target] })),
    notYetKnown,
    signal,
  );
  const id = EventBusName === defaultBus ? `${Rule}-${target.Id}` : `${EventBusName}-${Rule}-${target.Id}`;
  return { id, values: { id } };
}

export const eventbridge = cloneService('eventbridge', {
  aws_cloudwatch_event_bus: {
    actions: ['events:CreateEventBus', 'events:TagResource'],
    clone: cloneBus,
  },
  aws_cloudwatch_event_bus_policy: {
    actions: ['events:PutPermission', 'events:DescribeEventBus'],
    clone: cloneBusPolicy,
  },
  aws_cloudwatch_event_rule: {
    actions: ['events:PutRule', 'events:DescribeRule', 'events:TagResource', 'iam:PassRole'],
    clone: cloneRule,
  },
  aws_cloudwatch_event_target: {
    actions: ['events:PutTargets', 'events:ListTargetsByRule', 'iam:PassRole'],
    clone: cloneTarget,
  },
});
