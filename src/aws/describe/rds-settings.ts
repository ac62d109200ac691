/** Settings of databases that few choose, and those that no request of ours can say. */
import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Json, JsonObject } from '../../transfer/json.ts';
import { settingsNotRead } from '../state-values.ts';

/** Only what somebody chose: most have never heard of these. */
export function notStandard(found: DBCluster | DBInstance): Readonly<Record<string, Json | undefined>> {
  const { DatabaseInsightsMode: mode, EngineLifecycleSupport: support } = found;
  return {
    database_insights_mode: mode === 'advanced' ? mode : undefined,
    engine_lifecycle_support: support?.endsWith('-disabled') ? support : undefined,
  };
}

const isOn = (status: string | undefined): boolean => status === 'started' || status === 'starting';

/** Of a cluster, what no request of ours says. */
export const clusterNotRead = (found: DBCluster): JsonObject =>
  settingsNotRead({
    ActivityStream: isOn(found.ActivityStreamStatus),
    ClusterScalabilityType: found.ClusterScalabilityType === 'limitless',
    DomainMemberships: found.DomainMemberships,
    GlobalClusterIdentifier: found.GlobalClusterIdentifier,
    RdsCustomClusterConfiguration: found.RdsCustomClusterConfiguration,
    'custom endpoints': found.CustomEndpoints,
  });

/** Of an instance, what no request of ours says. */
export const instanceNotRead = (found: DBInstance): JsonObject =>
  settingsNotRead({
    ActivityStream: isOn(found.ActivityStreamStatus),
    AdditionalStorageVolumes: found.AdditionalStorageVolumes,
    AssociatedRoles: found.AssociatedRoles,
    CustomIamInstanceProfile: found.CustomIamInstanceProfile,
    CustomerOwnedIpEnabled: found.CustomerOwnedIpEnabled,
    DBSystemId: found.DBSystemId,
    DomainMemberships: found.DomainMemberships,
    MultiTenant: found.MultiTenant,
    ProcessorFeatures: found.ProcessorFeatures,
    ReadReplicaSourceDBClusterIdentifier: found.ReadReplicaSourceDBClusterIdentifier,
    TdeCredentialArn: found.TdeCredentialArn,
  });
