import type { EventBridge, Target } from '@aws-sdk/client-eventbridge';
import type { Subject } from '../adapter.ts';
import { type DescribedResource, describeService, known } from '../describe.ts';
import { pages, tagsFrom } from '../listing.ts';
import { block, tagged } from '../state-values.ts';
import { KeptByAws, refuseSettings } from './refusals.ts';

const defaultBus = 'default';

/** `bus/rule`, or the rule alone on the default bus. A partner's bus has slashes of its own. */
function ruleOf(subject: Subject): { bus: string; name: string } {
  const at = subject.id.lastIndexOf('/');
  return at < 0
    ? { bus: subject.optional('event_bus_name') ?? defaultBus, name: subject.id }
    : { bus: subject.id.slice(0, at), name: subject.id.slice(at + 1) };
}

function target(rule: string, bus: string, found: Target): DescribedResource {
  const { Id = '', Arn, RoleArn, Input, InputPath, InputTransformer, RetryPolicy, DeadLetterConfig } = found;
  const { EcsParameters, BatchParameters, RunCommandParameters } = found;
  const { RedshiftDataParameters, SageMakerPipelineParameters, AppSyncParameters } = found;
  refuseSettings({
    EcsParameters,
    BatchParameters,
    RunCommandParameters,
    RedshiftDataParameters,
    SageMakerPipelineParameters,
    AppSyncParameters,
  });
  const id = bus === defaultBus ? `${rule}-${Id}` : `${bus}-${rule}-${Id}`;
  const http = found.HttpParameters;
  return {
    type: 'aws_cloudwatch_event_target',
    id,
    values: known({
      arn: Arn,
      dead_letter_config: block(DeadLetterConfig?.Arn ? { arn: DeadLetterConfig.Arn } : undefined),
      event_bus_name: bus,
      http_target: block(
        http && {
          header_parameters: { ...http.HeaderParameters },
          path_parameter_values: [...(http.PathParameterValues ?? [])],
          query_string_parameters: { ...http.QueryStringParameters },
        },
      ),
      id,
      input: Input ?? '',
      input_path: InputPath ?? '',
      input_transformer: block(
        InputTransformer && {
          input_paths: { ...InputTransformer.InputPathsMap },
          input_template: InputTransformer.InputTemplate,
        },
      ),
      kinesis_target: block(
        found.KinesisParameters && { partition_key_path: found.KinesisParameters.PartitionKeyPath },
      ),
      retry_policy: block(
        RetryPolicy && {
          maximum_event_age_in_seconds: RetryPolicy.MaximumEventAgeInSeconds ?? 0,
          maximum_retry_attempts: RetryPolicy.MaximumRetryAttempts ?? 0,
        },
      ),
      role_arn: RoleArn ?? '',
      rule,
      sqs_target: block(found.SqsParameters && { message_group_id: found.SqsParameters.MessageGroupId }),
      target_id: Id,
    }),
    // The headers of a call to the outside are where its credentials are.
    ...(http === undefined ? {} : { sensitivePaths: ['http_target.0.header_parameters'] }),
  };
}

async function targetsOf(rule: string, bus: string, client: EventBridge): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (NextToken) => client.listTargetsByRule({ Rule: rule, EventBusName: bus, NextToken }),
    ({ NextToken }) => NextToken,
  ))
    found.push(...(page.Targets ?? []).map((each) => target(rule, bus, each)));
  return found;
}

async function tagsOf(ResourceARN: string | undefined, client: EventBridge): Promise<Record<string, string>> {
  return tagsFrom((await client.listTagsForResource({ ResourceARN })).Tags ?? []);
}

export const eventbridge = describeService('eventbridge', ['ResourceNotFoundException'], {
  aws_cloudwatch_event_rule: {
    actions: ['events:DescribeRule', 'events:ListTargetsByRule', 'events:ListTagsForResource'],
    describe: async (subject, client) => {
      const { bus, name } = ruleOf(subject);
      const found = await client.describeRule({ Name: name, EventBusName: bus });
      if (found.ManagedBy) throw new KeptByAws(`the rule ${name}`);
      const itself: DescribedResource = {
        type: 'aws_cloudwatch_event_rule',
        id: subject.id,
        values: known({
          arn: found.Arn,
          description: found.Description ?? '',
          event_bus_name: bus,
          event_pattern: found.EventPattern ?? '',
          id: subject.id,
          is_enabled: found.State === undefined ? undefined : found.State !== 'DISABLED',
          name,
          role_arn: found.RoleArn ?? '',
          schedule_expression: found.ScheduleExpression ?? '',
          state: found.State,
          ...tagged(await tagsOf(found.Arn, client)),
        }),
      };
      return [itself, ...(await targetsOf(name, bus, client))];
    },
  },
  aws_cloudwatch_event_bus: {
    actions: ['events:DescribeEventBus', 'events:ListTagsForResource'],
    describe: async (subject, client) => {
      const name = subject.id;
      if (name === defaultBus || name.startsWith('aws.')) throw new KeptByAws(`the event bus ${name}`);
      const found = await client.describeEventBus({ Name: name });
      return [
        {
          type: 'aws_cloudwatch_event_bus',
          id: name,
          values: known({
            arn: found.Arn,
            dead_letter_config: block(
              found.DeadLetterConfig?.Arn ? { arn: found.DeadLetterConfig.Arn } : undefined,
            ),
            description: found.Description ?? '',
            id: name,
            kms_key_identifier: found.KmsKeyIdentifier ?? '',
            log_config:
              found.LogConfig &&
              block({ include_detail: found.LogConfig.IncludeDetail, level: found.LogConfig.Level }),
            name,
            ...tagged(await tagsOf(found.Arn, client)),
          }),
        },
        ...(found.Policy
          ? [
              {
                type: 'aws_cloudwatch_event_bus_policy',
                id: name,
                values: { event_bus_name: name, id: name, policy: found.Policy },
              },
            ]
          : []),
      ];
    },
  },
});
