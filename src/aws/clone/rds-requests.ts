/** What RDS is asked for to make a database like another one. Pure. */
import type {
  CreateDBClusterCommandInput,
  CreateDBInstanceCommandInput,
  DatabaseInsightsMode,
} from '@aws-sdk/client-rds';
import { ProvisionError } from '../../transfer/errors.ts';
import type { StateValues } from '../state-values.ts';

type Password =
  | { readonly MasterUserPassword: string }
  | { readonly ManageMasterUserPassword: true; readonly MasterUserSecretKmsKeyId?: string | undefined };

/**
 * A password can be written and never read: it is the one that somebody gives, or RDS makes it where it did for the
 * source.
 * @throws ProvisionError `configuration-invalid` where there is neither
 */
function passwordOf(values: StateValues, attribute: string, what: string): Password {
  const given = values.text(attribute);
  if (given !== undefined) return { MasterUserPassword: given };
  if (values.flag('manage_master_user_password'))
    return {
      ManageMasterUserPassword: true,
      MasterUserSecretKmsKeyId: values.text('master_user_secret_kms_key_id'),
    };
  throw new ProvisionError('configuration-invalid', `${what} has no ${attribute}`, {
    hint: `AWS does not give back the source's. Give one among the secrets of the target, as DATABASE_PASSWORD or under the key by which its functions know it, or let RDS keep that of the source.`,
  });
}

/** @returns why it cannot be made: a clause whose subject is the database */
export function replicaOf(values: StateValues): string | null {
  const replicated = values.text('replication_source_identifier') ?? values.text('replicate_source_db');
  return replicated === undefined ? null : `it is a replica of ${replicated}`;
}

/** What only few have chosen, and is said only then: the service has a default, and not every engine takes the setting. */
function chosen(
  values: StateValues,
): Pick<CreateDBClusterCommandInput, 'DatabaseInsightsMode' | 'EngineLifecycleSupport' | 'NetworkType'> {
  return {
    DatabaseInsightsMode: values.word<DatabaseInsightsMode>('database_insights_mode'),
    EngineLifecycleSupport: values.text('engine_lifecycle_support'),
    ...(values.text('network_type') === 'DUAL' ? { NetworkType: 'DUAL' } : {}),
  };
}

/** The service refuses those that have run out. */
function certificateOf(values: StateValues): string | undefined {
  const authority = values.text('ca_cert_identifier');
  return authority === 'rds-ca-2015' || authority === 'rds-ca-2019' ? undefined : authority;
}

const isAurora = (values: StateValues): boolean => values.text('engine')?.startsWith('aurora') ?? false;

/** Watching is the same for clusters and instances. */
function watching(values: StateValues): {
  MonitoringInterval?: number | undefined;
  MonitoringRoleArn?: string | undefined;
  EnablePerformanceInsights?: boolean;
  PerformanceInsightsKMSKeyId?: string | undefined;
  PerformanceInsightsRetentionPeriod?: number | undefined;
} {
  return {
    MonitoringInterval: values.positive('monitoring_interval'),
    MonitoringRoleArn: values.text('monitoring_role_arn'),
    ...(values.flag('performance_insights_enabled')
      ? {
          EnablePerformanceInsights: true,
          PerformanceInsightsKMSKeyId: values.text('performance_insights_kms_key_id'),
          PerformanceInsightsRetentionPeriod: values.positive('performance_insights_retention_period'),
        }
      : {}),
  };
}

/** @throws ProvisionError `configuration-invalid` without a name, an engine or a password */
export function clusterRequest(values: StateValues): CreateDBClusterCommandInput {
  const id = values.needed('cluster_identifier');
  const v1 = values.block('scaling_configuration');
  const v2 = values.block('serverlessv2_scaling_configuration');
  const encrypted = values.flag('storage_encrypted') ?? false;
  return {
    DBClusterIdentifier: id,
    Engine: values.needed('engine'),
    EngineVersion: values.text('engine_version'),
    DatabaseName: values.text('database_name'),
    MasterUsername: values.text('master_username'),
    ...passwordOf(values, 'master_password', `the cluster ${id}`),
    DBSubnetGroupName: values.text('db_subnet_group_name'),
    DBClusterParameterGroupName: values.text('db_cluster_parameter_group_name'),
    VpcSecurityGroupIds: values.texts('vpc_security_group_ids'),
    BackupRetentionPeriod: values.positive('backup_retention_period'),
    PreferredBackupWindow: values.text('preferred_backup_window'),
    PreferredMaintenanceWindow: values.text('preferred_maintenance_window'),
    Port: values.positive('port'),
    StorageEncrypted: encrypted,
    KmsKeyId: encrypted ? values.text('kms_key_id') : undefined,
    CopyTagsToSnapshot: values.flag('copy_tags_to_snapshot') ?? false,
    DeletionProtection: values.flag('deletion_protection') ?? false,
    EnableCloudwatchLogsExports: values.texts('enabled_cloudwatch_logs_exports'),
    EnableIAMDatabaseAuthentication: values.flag('iam_database_authentication_enabled') ?? false,
    Tags: values.tagList,
    ...watching(values),
    ...chosen(values),
    ...(values.flag('enable_local_write_forwarding') ? { EnableLocalWriteForwarding: true } : {}),
    ...(values.flag('enable_http_endpoint') ? { EnableHttpEndpoint: true } : {}),
    ...(v2 && {
      ServerlessV2ScalingConfiguration: {
        MinCapacity: v2.number('min_capacity'),
        MaxCapacity: v2.number('max_capacity'),
        SecondsUntilAutoPause: v2.positive('seconds_until_auto_pause'),
      },
    }),
    ...(values.text('engine_mode') === 'serverless' && { EngineMode: 'serverless' }),
    ...(values.text('engine_mode') === 'serverless' &&
      v1 && {
        ScalingConfiguration: {
          AutoPause: v1.flag('auto_pause'),
          MinCapacity: v1.positive('min_capacity'),
          MaxCapacity: v1.positive('max_capacity'),
          SecondsBeforeTimeout: v1.positive('seconds_before_timeout'),
          SecondsUntilAutoPause: v1.positive('seconds_until_auto_pause'),
          TimeoutAction: v1.text('timeout_action'),
        },
      }),
    ...(isAurora(values) ? auroraStorage(values) : ownStorage(values)),
  };
}

/** Aurora grows by itself; what it answers for its storage is refused in a request, but for this. */
function auroraStorage(values: StateValues): Partial<CreateDBClusterCommandInput> {
  return {
    BacktrackWindow: values.positive('backtrack_window'),
    ...(values.text('storage_type') === 'aurora-iopt1' ? { StorageType: 'aurora-iopt1' } : {}),
  };
}

function ownStorage(values: StateValues): Partial<CreateDBClusterCommandInput> {
  return {
    AllocatedStorage: values.positive('allocated_storage'),
    DBClusterInstanceClass: values.text('db_cluster_instance_class'),
    Iops: values.positive('iops'),
    StorageType: values.text('storage_type'),
  };
}

/** @throws ProvisionError `configuration-invalid` without a name, a class or an engine */
export function clusterInstanceRequest(values: StateValues): CreateDBInstanceCommandInput {
  return {
    DBInstanceIdentifier: values.needed('identifier'),
    DBClusterIdentifier: values.needed('cluster_identifier'),
    DBInstanceClass: values.needed('instance_class'),
    Engine: values.needed('engine'),
    DBParameterGroupName: values.text('db_parameter_group_name'),
    PubliclyAccessible: values.flag('publicly_accessible') ?? false,
    PromotionTier: values.number('promotion_tier'),
    CACertificateIdentifier: certificateOf(values),
    AutoMinorVersionUpgrade: values.flag('auto_minor_version_upgrade'),
    CopyTagsToSnapshot: values.flag('copy_tags_to_snapshot'),
    PreferredMaintenanceWindow: values.text('preferred_maintenance_window'),
    Tags: values.tagList,
    ...watching(values),
  };
}

/** From this size on, in GiB, the speed of gp3 can be chosen. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html */
const fastFrom = 400;

function speed(values: StateValues): Pick<CreateDBInstanceCommandInput, 'Iops' | 'StorageThroughput'> {
  const type = values.text('storage_type');
  if (type === 'io1' || type === 'io2') return { Iops: values.positive('iops') };
  if (type !== 'gp3' || (values.number('allocated_storage') ?? 0) < fastFrom) return {};
  return { Iops: values.positive('iops'), StorageThroughput: values.positive('storage_throughput') };
}

/** @throws ProvisionError `configuration-invalid` without a name, a class, an engine or a password */
export function instanceRequest(values: StateValues): CreateDBInstanceCommandInput {
  const id = values.needed('identifier');
  const encrypted = values.flag('storage_encrypted') ?? false;
  const options = values.text('option_group_name');
  return {
    DBInstanceIdentifier: id,
    DBInstanceClass: values.needed('instance_class'),
    Engine: values.needed('engine'),
    EngineVersion: values.text('engine_version'),
    DBName: values.text('db_name'),
    MasterUsername: values.text('username'),
    ...passwordOf(values, 'password', `the database ${id}`),
    AllocatedStorage: values.positive('allocated_storage'),
    MaxAllocatedStorage: values.positive('max_allocated_storage'),
    StorageType: values.text('storage_type'),
    ...speed(values),
    DBSubnetGroupName: values.text('db_subnet_group_name'),
    DBParameterGroupName: values.text('parameter_group_name'),
    // The default one is chosen by the engine and is no setting.
    OptionGroupName: options?.startsWith('default:') ? undefined : options,
    VpcSecurityGroupIds: values.texts('vpc_security_group_ids'),
    BackupRetentionPeriod: values.number('backup_retention_period'),
    PreferredBackupWindow: values.text('backup_window'),
    PreferredMaintenanceWindow: values.text('maintenance_window'),
    Port: values.positive('port'),
    MultiAZ: values.flag('multi_az') ?? false,
    PubliclyAccessible: values.flag('publicly_accessible') ?? false,
    StorageEncrypted: encrypted,
    KmsKeyId: encrypted ? values.text('kms_key_id') : undefined,
    AutoMinorVersionUpgrade: values.flag('auto_minor_version_upgrade'),
    CopyTagsToSnapshot: values.flag('copy_tags_to_snapshot') ?? false,
    DeletionProtection: values.flag('deletion_protection') ?? false,
    EnableCloudwatchLogsExports: values.texts('enabled_cloudwatch_logs_exports'),
    EnableIAMDatabaseAuthentication: values.flag('iam_database_authentication_enabled') ?? false,
    LicenseModel: values.text('license_model'),
    CharacterSetName: values.text('character_set_name'),
    Timezone: values.text('timezone'),
    NcharCharacterSetName: values.text('nchar_character_set_name'),
    CACertificateIdentifier: certificateOf(values),
    BackupTarget: values.text('backup_target') === 'outposts' ? 'outposts' : undefined,
    DedicatedLogVolume: values.flag('dedicated_log_volume') === true ? true : undefined,
    Tags: values.tagList,
    ...watching(values),
    ...chosen(values),
  };
}
