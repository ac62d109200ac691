import type {
  ActionAfterCompletion,
  FlexibleTimeWindowMode,
  Scheduler,
  ScheduleState,
  Target,
} from '@aws-sdk/client-scheduler';
import { type CloneRequest, cloneService, type Cloned } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { answered } from './refusals.ts';
import { onceKnown, type Passing, waitFor } from './wait.ts';

/** The service tries the role; a group that was made a moment ago may not be known. */
const notYetKnown: readonly Passing[] = [
  { code: 'ValidationException', message: /assume|role/i },
  { code: 'InvalidParameterValueException', message: /cannot be assumed/i },
  { code: 'ResourceNotFoundException', message: /group/i },
];

function targetOf(values: StateValues): Target {
  const letters = values.block('dead_letter_config')?.text('arn');
  const bus = values.block('eventbridge_parameters');
  const key = values.block('kinesis_parameters')?.text('partition_key');
  const group = values.block('sqs_parameters')?.text('message_group_id');
  const retry = values.block('retry_policy');
  return {
    Arn: values.needed('arn'),
    RoleArn: values.needed('role_arn'),
    DeadLetterConfig: letters === undefined ? undefined : { Arn: letters },
    EventBridgeParameters: bus && { DetailType: bus.needed('detail_type'), Source: bus.needed('source') },
    Input: values.text('input'),
    KinesisParameters: key === undefined ? undefined : { PartitionKey: key },
    RetryPolicy: retry && {
      MaximumEventAgeInSeconds: retry.positive('maximum_event_age_in_seconds'),
      MaximumRetryAttempts: retry.number('maximum_retry_attempts'),
    },
    SqsParameters: group === undefined ? undefined : { MessageGroupId: group },
  };
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

async function cloneSchedule({ values: given, signal }: CloneRequest, client: Scheduler): Promise<Cloned> {
  const values = new StateValues(given);
  const Name = values.needed('name');
  const GroupName = values.text('group_name') ?? 'default';
  const window = values.block('flexible_time_window');
  const target = values.block('target') ?? new StateValues({});
  const { ScheduleArn } = await onceKnown(
    () =>
      client.createSchedule({
        Name,
        GroupName,
        ActionAfterCompletion: values.word<ActionAfterCompletion>('action_after_completion'),
        Description: values.text('description'),
        EndDate: dateOf(values.text('end_date')),
        FlexibleTimeWindow: {
          Mode: window?.word<FlexibleTimeWindowMode>('mode') ?? 'OFF',
          MaximumWindowInMinutes: window?.positive('maximum_window_in_minutes'),
        },
        KmsKeyArn: values.text('kms_key_arn'),
        ScheduleExpression: values.needed('schedule_expression'),
        ScheduleExpressionTimezone: values.text('schedule_expression_timezone'),
        StartDate: dateOf(values.text('start_date')),
        State: values.word<ScheduleState>('state'),
        Target: targetOf(target),
      }),
    notYetKnown,
    signal,
  );
  const id = `${GroupName}/${Name}`;
  return { id, values: { arn: answered(ScheduleArn, `the ARN of the schedule ${id}`), id } };
}

async function cloneGroup({ values: given, signal }: CloneRequest, client: Scheduler): Promise<Cloned> {
  const values = new StateValues(given);
  const Name = values.needed('name');
  const { ScheduleGroupArn } = await client.createScheduleGroup({ Name, Tags: values.tagList });
  await waitFor(
    async () => {
      const { State } = await client.getScheduleGroup({ Name });
      return State === 'ACTIVE' ? true : undefined;
    },
    { what: `the schedule group ${Name} to become active`, signal },
  );
  return {
    id: Name,
    values: { arn: answered(ScheduleGroupArn, `the ARN of the schedule group ${Name}`), id: Name },
  };
}

export const scheduler = cloneService('scheduler', {
  aws_scheduler_schedule: {
    actions: ['scheduler:CreateSchedule', 'iam:PassRole'],
    clone: cloneSchedule,
  },
  aws_scheduler_schedule_group: {
    actions: ['scheduler:CreateScheduleGroup', 'scheduler:GetScheduleGroup', 'scheduler:TagResource'],
    clone: cloneGroup,
  },
});
