/** A function itself, with the settings that are its own. */
import type { FunctionConfiguration, Lambda } from '@aws-sdk/client-lambda';
import type { JsonObject } from '../../transfer/json.ts';
import { type DescribedResource, known } from '../describe.ts';
import { invokeArn } from '../function-arn.ts';
import { block, settingsNotRead, sorted, tagged } from '../state-values.ts';

export function functionSettings(found: FunctionConfiguration): JsonObject {
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

/** Empty where the service answers without one. */
export async function functionItself(name: string, client: Lambda): Promise<DescribedResource[]> {
  const { Configuration, Code, Concurrency, Tags } = await client.getFunction({
    FunctionName: name,
  });
  const arn = Configuration?.FunctionArn;
  if (Configuration === undefined || arn === undefined) return [];
  const values = known({
    ...functionSettings(Configuration),
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
    source_kms_key_arn: Code?.SourceKMSKeyArn,
    version: Configuration.Version,
    ...tagged(Tags),
    ...settingsNotRead({
      CapacityProviderConfig: Configuration.CapacityProviderConfig,
      DurableConfig: Configuration.DurableConfig,
      TenancyConfig: Configuration.TenancyConfig,
    }),
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
