import type { Target } from '@aws-sdk/client-scheduler';
import type { JsonObject } from '../../transfer/json.ts';
import { describeService, known } from '../describe.ts';
import { tagsFrom } from '../listing.ts';
import { block, tagged } from '../state-values.ts';
import { KeptByAws, refuseSettings } from './refusals.ts';

/** Without the milliseconds, as the provider writes it. */
const second = (date: Date | undefined): string => date?.toISOString().replace(/\.\d+Z$/, 'Z') ?? '';

function target(found: Target | undefined): readonly JsonObject[] {
  if (found === undefined) return [];
  const { EcsParameters, SageMakerPipelineParameters } = found;
  const { EventBridgePutEventsV2Parameters, EventBridgePutRawEventsParameters } = found;
  refuseSettings({
    EcsParameters,
    EventBridgePutEventsV2Parameters,
    EventBridgePutRawEventsParameters,
    SageMakerPipelineParameters,
  });
  const { DeadLetterConfig, EventBridgeParameters, KinesisParameters, RetryPolicy, SqsParameters } = found;
  return block({
    arn: found.Arn,
    dead_letter_config: block(DeadLetterConfig?.Arn ? { arn: DeadLetterConfig.Arn } : undefined),
    eventbridge_parameters: block(
      EventBridgeParameters && {
        detail_type: EventBridgeParameters.DetailType,
        source: EventBridgeParameters.Source,
      },
    ),
    input: found.Input ?? '',
    kinesis_parameters: block(KinesisParameters && { partition_key: KinesisParameters.PartitionKey }),
    retry_policy: block(
      RetryPolicy && {
        maximum_event_age_in_seconds: RetryPolicy.MaximumEventAgeInSeconds,
        maximum_retry_attempts: RetryPolicy.MaximumRetryAttempts,
      },
    ),
    role_arn: found.RoleArn,
    sqs_parameters: block(SqsParameters && { message_group_id: SqsParameters.MessageGroupId }),
  });
}

export const scheduler = describeService('scheduler', ['ResourceNotFoundException'], {
  aws_scheduler_schedule: {
    actions: ['scheduler:GetSchedule'],
    describe: async (subject, client) => {
      const [GroupName, Name] = subject.idParts('/');
      const found = await client.getSchedule({ GroupName, Name });
      const { FlexibleTimeWindow: window } = found;
      return [
        {
          type: 'aws_scheduler_schedule',
          id: subject.id,
          values: known({
            action_after_completion:
              found.ActionAfterCompletion === 'DELETE' ? found.ActionAfterCompletion : undefined,
            arn: found.Arn,
            description: found.Description ?? '',
            end_date: second(found.EndDate),
            flexible_time_window: block(
              window && {
                maximum_window_in_minutes: window.MaximumWindowInMinutes,
                mode: window.Mode,
              },
            ),
            group_name: GroupName,
            id: subject.id,
            kms_key_arn: found.KmsKeyArn ?? '',
            name: Name,
            schedule_expression: found.ScheduleExpression,
            schedule_expression_timezone: found.ScheduleExpressionTimezone ?? 'UTC',
            start_date: second(found.StartDate),
            state: found.State,
            target: target(found.Target),
          }),
        },
      ];
    },
  },
  aws_scheduler_schedule_group: {
    actions: ['scheduler:GetScheduleGroup', 'scheduler:ListTagsForResource'],
    describe: async (subject, client) => {
      const name = subject.id;
      if (name === 'default') throw new KeptByAws('the schedule group default');
      const found = await client.getScheduleGroup({ Name: name });
      const { Tags } = await client.listTagsForResource({ ResourceArn: found.Arn });
      return [
        {
          type: 'aws_scheduler_schedule_group',
          id: name,
          values: known({
            arn: found.Arn,
            creation_date: second(found.CreationDate),
            id: name,
            last_modification_date: second(found.LastModificationDate),
            name,
            state: found.State,
            ...tagged(tagsFrom(Tags)),
          }),
        },
      ];
    },
  },
});
