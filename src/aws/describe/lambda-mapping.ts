/** What feeds a function from a queue or a stream. */
import type { Lambda } from '@aws-sdk/client-lambda';
import { type DescribedResource, known } from '../describe.ts';
import { block, sorted, tagged } from '../state-values.ts';
import { refuseSettings } from './refusals.ts';

/** @param id the UUID of the mapping */
export async function mappingOf(id: string, client: Lambda): Promise<DescribedResource[]> {
  const found = await client.getEventSourceMapping({ UUID: id });
  const arn = found.EventSourceMappingArn;
  const { Tags } = arn === undefined ? { Tags: undefined } : await client.listTags({ Resource: arn });
  const access = found.SourceAccessConfigurations ?? [];
  const mappingLogs = found.LoggingConfig;
  const { OnFailure } = found.DestinationConfig ?? {};
  const { AmazonManagedKafkaEventSourceConfig, DocumentDBEventSourceConfig } = found;
  const { SelfManagedEventSource, SelfManagedKafkaEventSourceConfig, ProvisionedPollerConfig } = found;
  refuseSettings({
    AmazonManagedKafkaEventSourceConfig,
    DocumentDBEventSourceConfig,
    SelfManagedEventSource,
    SelfManagedKafkaEventSourceConfig,
    ProvisionedPollerConfig,
  });
  return [
    {
      type: 'aws_lambda_event_source_mapping',
      id: id,
      values: known({
        arn,
        batch_size: found.BatchSize,
        bisect_batch_on_function_error: found.BisectBatchOnFunctionError ?? false,
        destination_config: block(
          OnFailure?.Destination ? { on_failure: [{ destination_arn: OnFailure.Destination }] } : undefined,
        ),
        enabled: found.State === undefined ? undefined : found.State.startsWith('Enabl'),
        event_source_arn: found.EventSourceArn ?? '',
        filter_criteria: block(
          (found.FilterCriteria?.Filters?.length ?? 0) > 0
            ? {
                filter: (found.FilterCriteria?.Filters ?? []).map(({ Pattern }) =>
                  known({ pattern: Pattern }),
                ),
              }
            : undefined,
        ),
        function_arn: found.FunctionArn,
        function_name: found.FunctionArn,
        function_response_types: sorted(found.FunctionResponseTypes),
        id: id,
        kms_key_arn: found.KMSKeyArn ?? '',
        logging_config: mappingLogs && block({ system_log_level: mappingLogs.SystemLogLevel }),
        maximum_batching_window_in_seconds: found.MaximumBatchingWindowInSeconds ?? 0,
        maximum_record_age_in_seconds: found.MaximumRecordAgeInSeconds ?? 0,
        maximum_retry_attempts: found.MaximumRetryAttempts ?? 0,
        metrics_config: found.MetricsConfig && block({ metrics: sorted(found.MetricsConfig.Metrics) }),
        parallelization_factor: found.ParallelizationFactor ?? 0,
        queues: [...(found.Queues ?? [])],
        scaling_config: block(
          found.ScalingConfig?.MaximumConcurrency === undefined
            ? undefined
            : { maximum_concurrency: found.ScalingConfig.MaximumConcurrency },
        ),
        source_access_configuration: access.map(({ Type, URI }) => known({ type: Type, uri: URI })),
        starting_position: found.StartingPosition ?? '',
        starting_position_timestamp: found.StartingPositionTimestamp?.toISOString(),
        state: found.State,
        topics: sorted(found.Topics),
        tumbling_window_in_seconds: found.TumblingWindowInSeconds ?? 0,
        uuid: found.UUID,
        ...tagged(Tags),
      }),
    },
  ];
}
