import type { FunctionConfiguration, FunctionUrlConfig, Lambda } from '@aws-sdk/client-lambda';
import type { Json, JsonObject } from '../../transfer/json.ts';
import { isJsonObject } from '../../transfer/json.ts';
import { type DescribedResource, describeService, known } from '../describe.ts';
import { errorCode } from '../errors.ts';
import { invokeArn } from '../function-arn.ts';
import { pages } from '../listing.ts';
import { block, sorted, tagged } from '../state-values.ts';
import { refuseSettings } from './refusals.ts';

function settings(found: FunctionConfiguration): JsonObject {
  const { VpcConfig, DeadLetterConfig, ImageConfigResponse, LoggingConfig, SnapStart } = found;
  const image = ImageConfigResponse?.ImageConfig;
  const inVpc = (VpcConfig?.SubnetIds?.length ?? 0) > 0;
  return known({
    architectures: [...(found.Architectures ?? [])],
    dead_letter_config: block(
      DeadLetterConfig?.TargetArn ? { target_arn: DeadLetterConfig.TargetArn } : undefined,
    ),
    description: found.Description ?? '',
    environment: block(
      found.Environment?.Variables && Object.keys(found.Environment.Variables).length > 0
        ? { variables: found.Environment.Variables }
        : undefined,
    ),
    ephemeral_storage: block(found.EphemeralStorage && { size: found.EphemeralStorage.Size }),
    file_system_config: (found.FileSystemConfigs ?? []).map(({ Arn, LocalMountPath }) =>
      known({ arn: Arn, local_mount_path: LocalMountPath }),
    ),
    function_name: found.FunctionName,
    handler: found.Handler ?? '',
    image_config: block(
      image && {
        command: [...(image.Command ?? [])],
        entry_point: [...(image.EntryPoint ?? [])],
        working_directory: image.WorkingDirectory ?? '',
      },
    ),
    kms_key_arn: found.KMSKeyArn ?? '',
    layers: (found.Layers ?? []).flatMap(({ Arn }) => (Arn === undefined ? [] : [Arn])),
    logging_config: block(
      LoggingConfig && {
        application_log_level: LoggingConfig.ApplicationLogLevel ?? '',
        log_format: LoggingConfig.LogFormat,
        log_group: LoggingConfig.LogGroup,
        system_log_level: LoggingConfig.SystemLogLevel ?? '',
      },
    ),
    memory_size: found.MemorySize,
    package_type: found.PackageType ?? 'Zip',
    role: found.Role,
    runtime: found.Runtime ?? '',
    snap_start: block(
      SnapStart?.ApplyOn && SnapStart.ApplyOn !== 'None'
        ? { apply_on: SnapStart.ApplyOn, optimization_status: SnapStart.OptimizationStatus }
        : undefined,
    ),
    timeout: found.Timeout,
    tracing_config: block(found.TracingConfig && { mode: found.TracingConfig.Mode }),
    vpc_config: block(
      inVpc
        ? {
            ipv6_allowed_for_dual_stack: VpcConfig?.Ipv6AllowedForDualStack ?? false,
            security_group_ids: sorted(VpcConfig?.SecurityGroupIds),
            subnet_ids: sorted(VpcConfig?.SubnetIds),
            vpc_id: VpcConfig?.VpcId,
          }
        : undefined,
    ),
  });
}

async function functionItself(name: string, client: Lambda): Promise<DescribedResource[]> {
  const { Configuration, Code, Concurrency, Tags } = await client.getFunction({ FunctionName: name });
  const arn = Configuration?.FunctionArn;
  if (Configuration === undefined || arn === undefined) return [];
  const values = known({
    ...settings(Configuration),
    arn,
    code_sha256: Configuration.CodeSha256,
    id: name,
    image_uri: Code?.ImageUri ?? '',
    invoke_arn: invokeArn(arn),
    last_modified: Configuration.LastModified,
    reserved_concurrent_executions: Concurrency?.ReservedConcurrentExecutions ?? -1,
    // The provider keeps what the configuration says; written there is nearly always this.
    source_code_hash: Configuration.PackageType === 'Image' ? undefined : Configuration.CodeSha256,
    source_code_size: Configuration.CodeSize,
    version: Configuration.Version,
    ...tagged(Tags),
  });
  return [
    {
      type: 'aws_lambda_function',
      id: name,
      values,
      sensitivePaths: hasEnvironment(values) ? ['environment.0.variables'] : [],
    },
  ];
}

function hasEnvironment({ environment }: JsonObject): boolean {
  return Array.isArray(environment) && environment.length > 0;
}

async function aliasesOf(name: string, client: Lambda): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (Marker) => client.listAliases({ FunctionName: name, Marker }),
    ({ NextMarker }) => NextMarker,
  )) {
    for (const { AliasArn = '', Name, Description, FunctionVersion, RoutingConfig } of page.Aliases ?? []) {
      const weights = RoutingConfig?.AdditionalVersionWeights ?? {};
      found.push({
        type: 'aws_lambda_alias',
        id: AliasArn,
        values: known({
          arn: AliasArn,
          description: Description ?? '',
          function_name: name,
          function_version: FunctionVersion,
          id: AliasArn,
          invoke_arn: invokeArn(AliasArn),
          name: Name,
          routing_config: block(
            Object.keys(weights).length > 0 ? { additional_version_weights: weights } : undefined,
          ),
        }),
      });
    }
  }
  return found;
}

function corsBlock(cors: FunctionUrlConfig['Cors']): readonly JsonObject[] {
  return block(
    cors && {
      allow_credentials: cors.AllowCredentials ?? false,
      allow_headers: sorted(cors.AllowHeaders),
      allow_methods: sorted(cors.AllowMethods),
      allow_origins: sorted(cors.AllowOrigins),
      expose_headers: sorted(cors.ExposeHeaders),
      max_age: cors.MaxAge ?? 0,
    },
  );
}

async function urlsOf(name: string, client: Lambda): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (Marker) => client.listFunctionUrlConfigs({ FunctionName: name, Marker }),
    ({ NextMarker }) => NextMarker,
  )) {
    for (const each of page.FunctionUrlConfigs ?? []) {
      // The ARN has the alias behind the name, where the URL is of one.
      const qualifier = each.FunctionArn?.split(':')[7] ?? '';
      const id = qualifier === '' ? name : `${name}/${qualifier}`;
      const url = each.FunctionUrl ?? '';
      found.push({
        type: 'aws_lambda_function_url',
        id,
        values: known({
          authorization_type: each.AuthType,
          cors: corsBlock(each.Cors),
          function_arn: each.FunctionArn,
          function_name: name,
          function_url: url,
          id,
          invoke_mode: each.InvokeMode,
          qualifier,
          url_id: /^https?:\/\/([^./:]+)/.exec(url)?.[1],
        }),
      });
    }
  }
  return found;
}

/** The value of the first operator that has the key: the service writes each condition in one way only. */
function condition(statement: JsonObject, key: string): string {
  const conditions = statement['Condition'];
  if (!isJsonObject(conditions)) return '';
  for (const operator of Object.values(conditions)) {
    if (!isJsonObject(operator)) continue;
    const entry = Object.entries(operator).find(([name]) => name.toLowerCase() === key.toLowerCase());
    if (typeof entry?.[1] === 'string') return entry[1];
  }
  return '';
}

/** `"*"`, `{"Service": "x"}` and `{"AWS": "arn"}` are one text in the state. */
function principalOf(principal: Json | undefined): string {
  if (typeof principal === 'string') return principal;
  if (!isJsonObject(principal)) return '';
  const [first] = Object.values(principal);
  return typeof first === 'string' ? first : '';
}

/** Whether a statement is about the function itself, or about its alias. */
function speaksOf(statement: JsonObject, qualifier: string): boolean {
  const resource = statement['Resource'];
  return typeof resource === 'string' && (resource.split(':')[7] ?? '') === qualifier;
}

async function policyStatements(
  name: string,
  qualifier: string,
  client: Lambda,
): Promise<readonly JsonObject[]> {
  try {
    const { Policy = '{}' } = await client.getPolicy({
      FunctionName: name,
      ...(qualifier === '' ? {} : { Qualifier: qualifier }),
    });
    const document = JSON.parse(Policy) as Json;
    const statements = isJsonObject(document) ? document['Statement'] : [];
    return (Array.isArray(statements) ? statements : []).filter(
      (each): each is JsonObject => isJsonObject(each) && speaksOf(each, qualifier),
    );
  } catch (error) {
    // The service's word for "has no policy".
    if (errorCode(error) === 'ResourceNotFoundException') return [];
    throw error;
  }
}

async function permissionsOf(name: string, qualifier: string, client: Lambda): Promise<DescribedResource[]> {
  const statements = await policyStatements(name, qualifier, client);
  return statements.map((statement) => {
    const id = typeof statement['Sid'] === 'string' ? statement['Sid'] : '';
    return {
      type: 'aws_lambda_permission',
      id,
      values: known({
        action: statement['Action'],
        event_source_token: condition(statement, 'lambda:EventSourceToken'),
        function_name: name,
        function_url_auth_type: condition(statement, 'lambda:FunctionUrlAuthType'),
        id,
        principal: principalOf(statement['Principal']),
        principal_org_id: condition(statement, 'aws:PrincipalOrgID'),
        qualifier,
        source_account: condition(statement, 'AWS:SourceAccount'),
        source_arn: condition(statement, 'AWS:SourceArn'),
        statement_id: id,
      }),
    };
  });
}

export const lambda = describeService('lambda', ['ResourceNotFoundException'], {
  aws_lambda_function: {
    actions: [
      'lambda:GetFunction',
      'lambda:ListAliases',
      'lambda:ListFunctionUrlConfigs',
      'lambda:GetPolicy',
    ],
    describe: async (subject, client) => {
      const name = subject.id;
      const itself = await functionItself(name, client);
      if (itself.length === 0) return [];
      const aliases = await aliasesOf(name, client);
      const urls = await urlsOf(name, client);
      const permissions = [await permissionsOf(name, '', client)];
      // Each alias has a policy of its own.
      for (const { values } of aliases) {
        const alias = values['name'];
        if (typeof alias === 'string') permissions.push(await permissionsOf(name, alias, client));
      }
      return [...itself, ...aliases, ...urls, ...permissions.flat()];
    },
  },
  aws_lambda_event_source_mapping: {
    actions: ['lambda:GetEventSourceMapping', 'lambda:ListTags'],
    describe: async (subject, client) => {
      const found = await client.getEventSourceMapping({ UUID: subject.id });
      const arn = found.EventSourceMappingArn;
      const { Tags } = arn === undefined ? { Tags: undefined } : await client.listTags({ Resource: arn });
      const access = found.SourceAccessConfigurations ?? [];
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
          id: subject.id,
          values: known({
            arn,
            batch_size: found.BatchSize,
            bisect_batch_on_function_error: found.BisectBatchOnFunctionError ?? false,
            destination_config: block(
              OnFailure?.Destination
                ? { on_failure: [{ destination_arn: OnFailure.Destination }] }
                : undefined,
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
            id: subject.id,
            kms_key_arn: found.KMSKeyArn ?? '',
            maximum_batching_window_in_seconds: found.MaximumBatchingWindowInSeconds ?? 0,
            maximum_record_age_in_seconds: found.MaximumRecordAgeInSeconds ?? 0,
            maximum_retry_attempts: found.MaximumRetryAttempts ?? 0,
            parallelization_factor: found.ParallelizationFactor ?? 0,
            queues: [...(found.Queues ?? [])],
            scaling_config: block(
              found.ScalingConfig?.MaximumConcurrency === undefined
                ? undefined
                : { maximum_concurrency: found.ScalingConfig.MaximumConcurrency },
            ),
            source_access_configuration: access.map(({ Type, URI }) => known({ type: Type, uri: URI })),
            starting_position: found.StartingPosition ?? '',
            state: found.State,
            topics: sorted(found.Topics),
            tumbling_window_in_seconds: found.TumblingWindowInSeconds ?? 0,
            uuid: found.UUID,
            ...tagged(Tags),
          }),
        },
      ];
    },
  },
  aws_lambda_layer_version: {
    actions: ['lambda:GetLayerVersion'],
    describe: async (subject, client) => {
      const [layer, version] = subject.lastPart(':');
      const name = layer.slice(layer.lastIndexOf(':') + 1);
      const found = await client.getLayerVersion({ LayerName: name, VersionNumber: Number(version) });
      return [
        {
          type: 'aws_lambda_layer_version',
          id: subject.id,
          values: known({
            arn: found.LayerVersionArn,
            code_sha256: found.Content?.CodeSha256,
            compatible_architectures: sorted(found.CompatibleArchitectures),
            compatible_runtimes: sorted(found.CompatibleRuntimes),
            created_date: found.CreatedDate,
            description: found.Description ?? '',
            id: subject.id,
            layer_arn: found.LayerArn,
            layer_name: name,
            license_info: found.LicenseInfo ?? '',
            source_code_size: found.Content?.CodeSize,
            version,
          }),
        },
      ];
    },
  },
});
