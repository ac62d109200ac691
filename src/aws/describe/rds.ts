import type { DBCluster, DBInstance, MasterUserSecret, Parameter, RDS } from '@aws-sdk/client-rds';
import type { Json, JsonObject } from '../../transfer/json.ts';
import type { Subject } from '../adapter.ts';
import { type DescribedResource, describeService, known } from '../describe.ts';
import { pages, tagsFrom } from '../listing.ts';
import { rds as adapter } from '../services/rds.ts';
import { settingsNotRead, sorted, tagged } from '../state-values.ts';
import { clusterNotRead, instanceNotRead, notStandard } from './rds-settings.ts';

type Maybe = Readonly<Record<string, Json | undefined>>;

/** What the provider writes where RDS keeps the password itself. */
function masterSecret(secret: MasterUserSecret | undefined): Maybe {
  if (secret === undefined) return { master_user_secret: [] };
  return {
    manage_master_user_password: true,
    master_user_secret: [
      known({
        kms_key_id: secret.KmsKeyId ?? '',
        secret_arn: secret.SecretArn,
        secret_status: secret.SecretStatus ?? '',
      }),
    ],
    master_user_secret_kms_key_id: secret.KmsKeyId,
  };
}

/** What Aurora calls serverless v1 is in `scaling_configuration`, which moto and the service fill in for others too. */
function clusterScaling(found: DBCluster): Maybe {
  const v1 = found.EngineMode === 'serverless' ? found.ScalingConfigurationInfo : undefined;
  const v2 = found.ServerlessV2ScalingConfiguration;
  return {
    ...(v1 === undefined
      ? {}
      : {
          scaling_configuration: [
            known({
              auto_pause: v1.AutoPause,
              max_capacity: v1.MaxCapacity,
              min_capacity: v1.MinCapacity,
              seconds_before_timeout: v1.SecondsBeforeTimeout,
              seconds_until_auto_pause: v1.SecondsUntilAutoPause,
              timeout_action: v1.TimeoutAction,
            }),
          ],
        }),
    serverlessv2_scaling_configuration:
      v2 === undefined
        ? []
        : [
            known({
              max_capacity: v2.MaxCapacity,
              min_capacity: v2.MinCapacity,
              seconds_until_auto_pause: v2.SecondsUntilAutoPause ?? 0,
            }),
          ],
  };
}

/** All of a cluster, but for its password. */
export function clusterValues(found: DBCluster): JsonObject {
  return known({
    allocated_storage: found.AllocatedStorage,
    arn: found.DBClusterArn,
    availability_zones: sorted(found.AvailabilityZones),
    backtrack_window: found.BacktrackWindow ?? 0,
    backup_retention_period: found.BackupRetentionPeriod,
    cluster_identifier: found.DBClusterIdentifier,
    cluster_members: sorted(found.DBClusterMembers?.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)),
    cluster_resource_id: found.DbClusterResourceId,
    copy_tags_to_snapshot: found.CopyTagsToSnapshot ?? false,
    database_name: found.DatabaseName ?? '',
    db_cluster_instance_class: found.DBClusterInstanceClass ?? '',
    db_cluster_parameter_group_name: found.DBClusterParameterGroup,
    db_subnet_group_name: found.DBSubnetGroup,
    deletion_protection: found.DeletionProtection ?? false,
    enable_global_write_forwarding: found.GlobalWriteForwardingRequested ?? false,
    enable_http_endpoint: found.HttpEndpointEnabled ?? false,
    enable_local_write_forwarding: found.LocalWriteForwardingStatus === 'enabled',
    enabled_cloudwatch_logs_exports: sorted(found.EnabledCloudwatchLogsExports),
    endpoint: found.Endpoint ?? '',
    engine: found.Engine,
    engine_mode: found.EngineMode,
    engine_version: found.EngineVersion,
    engine_version_actual: found.EngineVersion,
    hosted_zone_id: found.HostedZoneId,
    iam_database_authentication_enabled: found.IAMDatabaseAuthenticationEnabled ?? false,
    iam_roles: sorted(found.AssociatedRoles?.map(({ RoleArn }) => RoleArn)),
    id: found.DBClusterIdentifier,
    iops: found.Iops ?? 0,
    kms_key_id: found.KmsKeyId ?? '',
    ...masterSecret(found.MasterUserSecret),
    master_username: found.MasterUsername,
    monitoring_interval: found.MonitoringInterval ?? 0,
    monitoring_role_arn: found.MonitoringRoleArn ?? '',
    network_type: found.NetworkType,
    performance_insights_enabled: found.PerformanceInsightsEnabled ?? false,
    performance_insights_kms_key_id: found.PerformanceInsightsKMSKeyId ?? '',
    performance_insights_retention_period: found.PerformanceInsightsRetentionPeriod ?? 0,
    port: found.Port,
    preferred_backup_window: found.PreferredBackupWindow,
    preferred_maintenance_window: found.PreferredMaintenanceWindow,
    reader_endpoint: found.ReaderEndpoint ?? '',
    replication_source_identifier: found.ReplicationSourceIdentifier ?? '',
    ...clusterScaling(found),
    storage_encrypted: found.StorageEncrypted ?? false,
    storage_type: found.StorageType,
    ...tagged(tagsFrom(found.TagList ?? [])),
    vpc_security_group_ids: sorted(
      found.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
    ),
    ...notStandard(found),
    ...clusterNotRead(found),
  });
}

/** What an instance of a cluster and one that stands alone have in common. */
function sharedInstanceValues(found: DBInstance): Maybe {
  return {
    arn: found.DBInstanceArn,
    auto_minor_version_upgrade: found.AutoMinorVersionUpgrade ?? false,
    availability_zone: found.AvailabilityZone,
    ca_cert_identifier: found.CACertificateIdentifier ?? '',
    copy_tags_to_snapshot: found.CopyTagsToSnapshot ?? false,
    engine: found.Engine,
    engine_version: found.EngineVersion,
    engine_version_actual: found.EngineVersion,
    identifier: found.DBInstanceIdentifier,
    instance_class: found.DBInstanceClass,
    kms_key_id: found.KmsKeyId ?? '',
    monitoring_interval: found.MonitoringInterval ?? 0,
    monitoring_role_arn: found.MonitoringRoleArn ?? '',
    network_type: found.NetworkType ?? '',
    performance_insights_enabled: found.PerformanceInsightsEnabled ?? false,
    performance_insights_kms_key_id: found.PerformanceInsightsKMSKeyId ?? '',
    performance_insights_retention_period: found.PerformanceInsightsRetentionPeriod ?? 0,
    port: found.Endpoint?.Port,
    publicly_accessible: found.PubliclyAccessible ?? false,
    storage_encrypted: found.StorageEncrypted ?? false,
    ...tagged(tagsFrom(found.TagList ?? [])),
  };
}

/** @param writer absent where the cluster was not asked */
export function clusterInstanceValues(found: DBInstance, writer: boolean | undefined): JsonObject {
  const host = found.Endpoint?.Address;
  return known({
    ...sharedInstanceValues(found),
    cluster_identifier: found.DBClusterIdentifier,
    db_parameter_group_name: found.DBParameterGroups?.[0]?.DBParameterGroupName,
    db_subnet_group_name: found.DBSubnetGroup?.DBSubnetGroupName,
    dbi_resource_id: found.DbiResourceId,
    endpoint: host,
    id: found.DBInstanceIdentifier,
    preferred_backup_window: found.PreferredBackupWindow,
    preferred_maintenance_window: found.PreferredMaintenanceWindow,
    promotion_tier: found.PromotionTier,
    writer,
    ...settingsNotRead({
      AssociatedRoles: found.AssociatedRoles,
      CustomIamInstanceProfile: found.CustomIamInstanceProfile,
      DBSystemId: found.DBSystemId,
    }),
  });
}

/** All of an instance that stands alone, but for its password. */
export function instanceValues(found: DBInstance): JsonObject {
  const { Address, Port, HostedZoneId } = found.Endpoint ?? {};
  return known({
    ...sharedInstanceValues(found),
    address: Address ?? '',
    allocated_storage: found.AllocatedStorage,
    backup_retention_period: found.BackupRetentionPeriod,
    backup_target: found.BackupTarget,
    backup_window: found.PreferredBackupWindow,
    character_set_name: found.CharacterSetName ?? '',
    db_name: found.DBName ?? '',
    db_subnet_group_name: found.DBSubnetGroup?.DBSubnetGroupName,
    dedicated_log_volume: found.DedicatedLogVolume ?? false,
    deletion_protection: found.DeletionProtection ?? false,
    enabled_cloudwatch_logs_exports: sorted(found.EnabledCloudwatchLogsExports),
    endpoint: Address === undefined ? '' : `${Address}:${Port ?? 0}`,
    hosted_zone_id: HostedZoneId ?? '',
    iam_database_authentication_enabled: found.IAMDatabaseAuthenticationEnabled ?? false,
    id: found.DbiResourceId ?? found.DBInstanceIdentifier,
    iops: found.Iops ?? 0,
    license_model: found.LicenseModel,
    maintenance_window: found.PreferredMaintenanceWindow,
    ...masterSecret(found.MasterUserSecret),
    max_allocated_storage: found.MaxAllocatedStorage ?? 0,
    multi_az: found.MultiAZ ?? false,
    option_group_name: found.OptionGroupMemberships?.[0]?.OptionGroupName,
    parameter_group_name: found.DBParameterGroups?.[0]?.DBParameterGroupName,
    replica_mode: found.ReplicaMode ?? '',
    replicas: sorted(found.ReadReplicaDBInstanceIdentifiers),
    replicate_source_db: found.ReadReplicaSourceDBInstanceIdentifier ?? '',
    resource_id: found.DbiResourceId,
    status: found.DBInstanceStatus,
    storage_throughput: found.StorageThroughput ?? 0,
    storage_type: found.StorageType,
    timezone: found.Timezone ?? '',
    username: found.MasterUsername,
    nchar_character_set_name: found.NcharCharacterSetName,
    ...notStandard(found),
    ...instanceNotRead(found),
    vpc_security_group_ids: sorted(
      found.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
    ),
  });
}

export async function tagsOf(arn: string | undefined, client: RDS): Promise<JsonObject> {
  const { TagList } = await client.listTagsForResource({ ResourceName: arn });
  return tagged(tagsFrom(TagList ?? []));
}

/** Its id may be the one that AWS gives; the API asks for the name, which is in the ARN. */
async function instanceOf(subject: Subject, client: RDS): Promise<DBInstance | undefined> {
  const { DBInstances } = await client.describeDBInstances(
    /^db-[A-Z0-9]+$/.test(subject.arnName)
      ? { Filters: [{ Name: 'dbi-resource-id', Values: [subject.arnName] }] }
      : { DBInstanceIdentifier: subject.arnName },
  );
  return DBInstances?.[0];
}

/** Only what somebody set: the defaults of the family are some hundred. */
async function parametersOf(
  read: (
    Marker: string | undefined,
  ) => Promise<{ Parameters?: Parameter[] | undefined; Marker?: string | undefined }>,
): Promise<JsonObject[]> {
  const parameters: JsonObject[] = [];
  for await (const page of pages(read, ({ Marker }) => Marker)) {
    for (const { ParameterName, ParameterValue, ApplyMethod } of page.Parameters ?? []) {
      if (ParameterName === undefined || ParameterValue === undefined) continue;
      parameters.push({
        apply_method: ApplyMethod?.toLowerCase() ?? 'immediate',
        name: ParameterName.toLowerCase(),
        value: ParameterValue,
      });
    }
  }
  return parameters.toSorted((a, b) => JSON.stringify(a['name']).localeCompare(JSON.stringify(b['name'])));
}

interface GroupFacts {
  readonly name: string | undefined;
  readonly arn: string | undefined;
  readonly family: string | undefined;
  readonly description: string | undefined;
}

const parameterGroup = async (
  type: string,
  { name, arn, family, description }: GroupFacts,
  client: RDS,
  read: Parameters<typeof parametersOf>[0],
): Promise<DescribedResource[]> => {
  if (name === undefined) return [];
  const [tags, parameter] = await Promise.all([tagsOf(arn, client), parametersOf(read)]);
  const values = known({ arn, description, family, id: name, name, parameter, ...tags });
  return [{ type, id: name, values }];
};

/** Databases without their data, and without the password of their owner, which nothing gives back. */
export const rds = describeService('rds', adapter.notFound, {
  aws_rds_cluster: {
    actions: ['rds:DescribeDBClusters'],
    describe: async ({ id }, client) => {
      const { DBClusters } = await client.describeDBClusters({ DBClusterIdentifier: id });
      return (DBClusters ?? []).slice(0, 1).map((found) => ({
        type: 'aws_rds_cluster',
        id: found.DBClusterIdentifier ?? id,
        values: clusterValues(found),
        sensitivePaths: ['master_password'],
      }));
    },
  },
  aws_rds_cluster_instance: {
    actions: ['rds:DescribeDBInstances', 'rds:DescribeDBClusters'],
    describe: async (subject, client) => {
      const found = await instanceOf(subject, client);
      if (found?.DBClusterIdentifier === undefined) return [];
      const { DBClusters } = await client.describeDBClusters({
        DBClusterIdentifier: found.DBClusterIdentifier,
      });
      const member = DBClusters?.[0]?.DBClusterMembers?.find(
        ({ DBInstanceIdentifier }) => DBInstanceIdentifier === found.DBInstanceIdentifier,
      );
      const id = found.DBInstanceIdentifier ?? subject.id;
      const values = clusterInstanceValues(found, member?.IsClusterWriter);
      return [{ type: 'aws_rds_cluster_instance', id, values }];
    },
  },
  aws_db_instance: {
    actions: ['rds:DescribeDBInstances'],
    describe: async (subject, client) => {
      const found = await instanceOf(subject, client);
      if (found === undefined || found.DBClusterIdentifier) return [];
      const id = found.DbiResourceId ?? subject.id;
      return [{ type: 'aws_db_instance', id, values: instanceValues(found), sensitivePaths: ['password'] }];
    },
  },
  aws_db_subnet_group: {
    actions: ['rds:DescribeDBSubnetGroups', 'rds:ListTagsForResource'],
    describe: async ({ id }, client) => {
      const found = (await client.describeDBSubnetGroups({ DBSubnetGroupName: id })).DBSubnetGroups?.[0];
      if (found === undefined) return [];
      const values = known({
        arn: found.DBSubnetGroupArn,
        description: found.DBSubnetGroupDescription,
        id: found.DBSubnetGroupName,
        name: found.DBSubnetGroupName,
        subnet_ids: sorted(found.Subnets?.map(({ SubnetIdentifier }) => SubnetIdentifier)),
        supported_network_types: sorted(found.SupportedNetworkTypes),
        ...(await tagsOf(found.DBSubnetGroupArn, client)),
        vpc_id: found.VpcId,
      });
      return [{ type: 'aws_db_subnet_group', id: found.DBSubnetGroupName ?? id, values }];
    },
  },
  aws_db_parameter_group: {
    actions: ['rds:DescribeDBParameterGroups', 'rds:DescribeDBParameters', 'rds:ListTagsForResource'],
    describe: async ({ id }, client) => {
      const { DBParameterGroups } = await client.describeDBParameterGroups({ DBParameterGroupName: id });
      const found = DBParameterGroups?.[0];
      return parameterGroup(
        'aws_db_parameter_group',
        {
          name: found?.DBParameterGroupName,
          arn: found?.DBParameterGroupArn,
          family: found?.DBParameterGroupFamily,
          description: found?.Description,
        },
        client,
        (Marker) => client.describeDBParameters({ DBParameterGroupName: id, Source: 'user', Marker }),
      );
    },
  },
  aws_rds_cluster_parameter_group: {
    actions: [
      'rds:DescribeDBClusterParameterGroups',
      'rds:DescribeDBClusterParameters',
      'rds:ListTagsForResource',
    ],
    describe: async ({ id }, client) => {
      const { DBClusterParameterGroups } = await client.describeDBClusterParameterGroups({
        DBClusterParameterGroupName: id,
      });
      const found = DBClusterParameterGroups?.[0];
      return parameterGroup(
        'aws_rds_cluster_parameter_group',
        {
          name: found?.DBClusterParameterGroupName,
          arn: found?.DBClusterParameterGroupArn,
          family: found?.DBParameterGroupFamily,
          description: found?.Description,
        },
        client,
        (Marker) =>
          client.describeDBClusterParameters({ DBClusterParameterGroupName: id, Source: 'user', Marker }),
      );
    },
  },
});
