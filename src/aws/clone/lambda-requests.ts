/** What the service is asked for, made from values in the shape of Terraform's state. Pure. */
import type {
  ApplicationLogLevel,
  Architecture,
  Cors,
  CreateEventSourceMappingRequest,
  CreateFunctionRequest,
  EventSourceMappingMetric,
  EventSourceMappingSystemLogLevel,
  EventSourcePosition,
  FunctionCode,
  FunctionResponseType,
  LogFormat,
  Runtime,
  SnapStartApplyOn,
  SourceAccessType,
  SystemLogLevel,
  TracingMode,
} from '@aws-sdk/client-lambda';
import type { StateValues } from '../state-values.ts';

/** `undefined` where the block is not there. */
function from<Values, T>(values: Values | undefined, make: (values: Values) => T): T | undefined {
  return values === undefined ? undefined : make(values);
}

export function newFunction(values: StateValues, Code: FunctionCode): CreateFunctionRequest {
  const zipped = (values.text('package_type') ?? 'Zip') === 'Zip';
  const variables = values.block('environment')?.map('variables');
  const deadLetters = values.block('dead_letter_config')?.text('target_arn');
  const storage = values.block('ephemeral_storage')?.number('size');
  const files = values.blocks('file_system_config');
  const tracing = values.block('tracing_config')?.word<TracingMode>('mode');
  const snapshots = values.block('snap_start')?.word<SnapStartApplyOn>('apply_on');
  return {
    FunctionName: values.needed('function_name'),
    Role: values.needed('role'),
    Code,
    PackageType: zipped ? 'Zip' : 'Image',
    Architectures: values.words<Architecture>('architectures'),
    DeadLetterConfig: deadLetters === undefined ? undefined : { TargetArn: deadLetters },
    Description: values.text('description'),
    Environment: variables && { Variables: variables },
    EphemeralStorage: storage === undefined ? undefined : { Size: storage },
    FileSystemConfigs:
      files.length === 0
        ? undefined
        : files.map((each) => ({
            Arn: each.needed('arn'),
            LocalMountPath: each.needed('local_mount_path'),
          })),
    Handler: zipped ? values.text('handler') : undefined,
    ImageConfig: from(values.block('image_config'), (image) => ({
      Command: image.texts('command'),
      EntryPoint: image.texts('entry_point'),
      WorkingDirectory: image.text('working_directory'),
    })),
    KMSKeyArn: values.text('kms_key_arn'),
    Layers: values.texts('layers'),
    LoggingConfig: from(values.block('logging_config'), (logging) => ({
      ApplicationLogLevel: logging.word<ApplicationLogLevel>('application_log_level'),
      LogFormat: logging.word<LogFormat>('log_format'),
      LogGroup: logging.text('log_group'),
      SystemLogLevel: logging.word<SystemLogLevel>('system_log_level'),
    })),
    MemorySize: values.positive('memory_size'),
    Publish: values.flag('publish'),
    Runtime: zipped ? values.word<Runtime>('runtime') : undefined,
    SnapStart: snapshots === undefined ? undefined : { ApplyOn: snapshots },
    Tags: values.tags,
    Timeout: values.positive('timeout'),
    TracingConfig: tracing === undefined ? undefined : { Mode: tracing },
    VpcConfig: from(values.block('vpc_config'), (vpc) => ({
      Ipv6AllowedForDualStack: vpc.flag('ipv6_allowed_for_dual_stack'),
      SecurityGroupIds: vpc.texts('security_group_ids'),
      SubnetIds: vpc.texts('subnet_ids'),
    })),
  };
}

export function corsOf(values: StateValues): Cors | undefined {
  return from(values.block('cors'), (cors) => ({
    AllowCredentials: cors.flag('allow_credentials'),
    AllowHeaders: cors.texts('allow_headers'),
    AllowMethods: cors.texts('allow_methods'),
    AllowOrigins: cors.texts('allow_origins'),
    ExposeHeaders: cors.texts('expose_headers'),
    MaxAge: cors.number('max_age'),
  }));
}

/**
 * Settings that only streams have are 0 in the state of a queue's mapping, and the service refuses them there: 0 counts
 * as "not set", but for a stream's attempts, of which "none" and "for ever" (-1) are both meant.
 */
export function newMapping(values: StateValues): CreateEventSourceMappingRequest {
  const source = values.text('event_source_arn');
  const streams = source !== undefined && /:(?:dynamodb|kinesis):/.test(source);
  const filters = values.block('filter_criteria')?.blocks('filter') ?? [];
  const failures = values.block('destination_config')?.block('on_failure')?.text('destination_arn');
  const concurrency = values.block('scaling_config')?.positive('maximum_concurrency');
  const access = values.blocks('source_access_configuration');
  const age = values.number('maximum_record_age_in_seconds');
  return {
    EventSourceArn: source,
    FunctionName: values.text('function_name') ?? values.needed('function_arn'),
    BatchSize: values.positive('batch_size'),
    BisectBatchOnFunctionError: streams ? values.flag('bisect_batch_on_function_error') : undefined,
    DestinationConfig: failures === undefined ? undefined : { OnFailure: { Destination: failures } },
    Enabled: values.flag('enabled'),
    FilterCriteria:
      filters.length === 0
        ? undefined
        : { Filters: filters.map((each) => ({ Pattern: each.text('pattern') })) },
    FunctionResponseTypes: values.words<FunctionResponseType>('function_response_types'),
    KMSKeyArn: values.text('kms_key_arn'),
    MaximumBatchingWindowInSeconds: values.positive('maximum_batching_window_in_seconds'),
    MaximumRecordAgeInSeconds: age === 0 ? undefined : age,
    MaximumRetryAttempts: streams ? values.number('maximum_retry_attempts') : undefined,
    ParallelizationFactor: values.positive('parallelization_factor'),
    Queues: values.texts('queues'),
    ScalingConfig: concurrency === undefined ? undefined : { MaximumConcurrency: concurrency },
    SourceAccessConfigurations:
      access.length === 0
        ? undefined
        : access.map((each) => ({ Type: each.word<SourceAccessType>('type'), URI: each.text('uri') })),
    StartingPosition: values.word<EventSourcePosition>('starting_position'),
    StartingPositionTimestamp: from(values.text('starting_position_timestamp'), (text) => new Date(text)),
    LoggingConfig: from(values.block('logging_config'), (logs) => ({
      SystemLogLevel: logs.word<EventSourceMappingSystemLogLevel>('system_log_level'),
    })),
    MetricsConfig: from(values.block('metrics_config'), (metrics) => ({
      Metrics: metrics.words<EventSourceMappingMetric>('metrics'),
    })),
    Tags: values.tags,
    Topics: values.texts('topics'),
    TumblingWindowInSeconds: values.positive('tumbling_window_in_seconds'),
  };
}
