import type { DBInstance, RDS } from '@aws-sdk/client-rds';
import {
  type Presence,
  type Removal,
  type StatusWords,
  absent,
  defineService,
  presentAs,
  presentIf,
} from '../adapter.ts';
import { groups, tagsByArn } from '../rds-groups.ts';
import { snapshots } from '../rds-snapshots.ts';
import { type Listed, type RawListed, listing, tagsFrom } from '../listing.ts';

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
const databaseStates: StatusWords = {
  ready: [
    'available',
    'backing-up',
    'configuring-enhanced-monitoring',
    'configuring-iam-database-auth',
    'configuring-log-exports',
    'maintenance',
    'storage-optimization',
  ],
  failed: [
    'failed',
    'inaccessible-encryption-credentials',
    'inaccessible-encryption-credentials-recoverable',
    'incompatible-network',
    'incompatible-option-group',
    'incompatible-parameters',
    'incompatible-restore',
    'insufficient-capacity',
    'migration-failed',
    'restore-error',
    'stopped',
    'storage-full',
  ],
  leaving: ['deleting'],
};

const proxyStates: StatusWords = {
  ready: ['available'],
  failed: ['incompatible-network', 'insufficient-resource-limits', 'suspended'],
  leaving: ['deleting'],
};

const leavingIf = (status: string | undefined): string | undefined =>
  status === 'deleting' ? 'being deleted' : undefined;

function instanceItem(instance: DBInstance): RawListed {
  return {
    id: instance.DBInstanceIdentifier,
    arn: instance.DBInstanceArn,
    tags: tagsFrom(instance.TagList ?? []),
    createdAt: instance.InstanceCreateTime,
    uses: [
      instance.DBClusterIdentifier,
      instance.DBSubnetGroup?.DBSubnetGroupName,
      ...(instance.DBParameterGroups ?? []).map(({ DBParameterGroupName }) => DBParameterGroupName),
      ...(instance.VpcSecurityGroups ?? []).map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
    ],
    leaving: leavingIf(instance.DBInstanceStatus),
  };
}

/** Instances of a cluster, or those that stand alone: two types of Terraform, one listing of the service. */
const instances = (inCluster: boolean): ((client: RDS) => AsyncIterable<Listed>) =>
  listing(
    (client: RDS, Marker) => client.describeDBInstances({ Marker, MaxRecords: 100 }),
    (page) => page.Marker,
    (page) => page.DBInstances,
    (instance) => (Boolean(instance.DBClusterIdentifier) === inCluster ? instanceItem(instance) : null),
  );

const instanceActions = {
  check: ['rds:DescribeDBInstances'],
  list: ['rds:DescribeDBInstances'],
  remove: ['rds:DeleteDBInstance', 'rds:DescribeDBInstances', 'rds:ModifyDBInstance'],
};

/** What databases use, whatever they are: it goes after them. */
const usedByDatabases = [
  'aws_db_subnet_group',
  'aws_db_parameter_group',
  'aws_db_option_group',
  'aws_security_group',
  'aws_subnet',
  'aws_iam_role',
  'aws_kms_key',
  'aws_cloudwatch_log_group',
];

async function instancePresence(DBInstanceIdentifier: string, client: RDS): Promise<Presence> {
  const { DBInstances } = await client.describeDBInstances({ DBInstanceIdentifier });
  return DBInstances?.[0] ? presentAs(DBInstances[0].DBInstanceStatus, databaseStates) : absent;
}

/** Without a final snapshot, and without the backups that would be kept: the source has the data. */
async function deleteInstance(
  DBInstanceIdentifier: string,
  inCluster: boolean,
  client: RDS,
): Promise<Removal> {
  const { DBInstances } = await client.describeDBInstances({ DBInstanceIdentifier });
  if (DBInstances?.[0]?.DBInstanceStatus === 'deleting') return { state: 'leaving', detail: 'being deleted' };
  if (DBInstances?.[0]?.DeletionProtection)
    await client.modifyDBInstance({
      DBInstanceIdentifier,
      DeletionProtection: false,
      ApplyImmediately: true,
    });
  await client.deleteDBInstance({
    DBInstanceIdentifier,
    SkipFinalSnapshot: true,
    // Backups of a cluster are the cluster's.
    ...(inCluster ? {} : { DeleteAutomatedBackups: true }),
  });
  return { state: 'leaving', detail: 'being deleted' };
}

export const rds = defineService('rds', {
  scope: 'regional',
  inUse: [
    'DBSubnetGroupInUse',
    'DependencyViolation',
    'InvalidDBClusterAutomatedBackupStateFault',
    'InvalidDBClusterSnapshotStateFault',
    'InvalidDBClusterStateFault',
    'InvalidDBInstanceAutomatedBackupState',
    'InvalidDBInstanceState',
    'InvalidDBInstanceStateFault',
    'InvalidDBParameterGroupState',
    'InvalidDBParameterGroupStateFault',
    'InvalidDBProxyStateFault',
    'InvalidDBSnapshotState',
    'InvalidDBSubnetGroupStateFault',
    'InvalidGlobalClusterStateFault',
    'InvalidOptionGroupStateFault',
  ],
  // Each with the name of the shape and the code on the wire: the SDK gives the one it can match.
  notFound: [
    'DBClusterAutomatedBackupNotFoundFault',
    'DBClusterSnapshotNotFoundFault',
    'DBInstanceAutomatedBackupNotFound',
    'DBInstanceAutomatedBackupNotFoundFault',
    'DBSnapshotNotFound',
    'DBSnapshotNotFoundFault',
    'DBClusterNotFoundFault',
    'DBClusterParameterGroupNotFoundFault',
    'DBClusterParameterGroupNotFound',
    'DBInstanceNotFound',
    'DBInstanceNotFoundFault',
    'DBParameterGroupNotFound',
    'DBParameterGroupNotFoundFault',
    'DBProxyNotFoundFault',
    'DBSubnetGroupNotFoundFault',
    'GlobalClusterNotFoundFault',
    'OptionGroupNotFoundFault',
  ],
  types: {
    aws_rds_cluster: {
      needs: [],
      actions: {
        check: ['rds:DescribeDBClusters'],
        list: ['rds:DescribeDBClusters'],
        remove: ['rds:DeleteDBCluster', 'rds:DescribeDBClusters', 'rds:ModifyDBCluster'],
      },
      dependsOn: [
        'aws_db_cluster_snapshot',
        'aws_rds_cluster_automated_backup',
        'aws_rds_cluster_parameter_group',
        'aws_rds_global_cluster',
        ...usedByDatabases,
      ],
      check: async (subject, client) => {
        const { DBClusters } = await client.describeDBClusters({ DBClusterIdentifier: subject.id });
        return DBClusters?.[0] ? presentAs(DBClusters[0].Status, databaseStates) : absent;
      },
      list: listing(
        (client: RDS, Marker) => client.describeDBClusters({ Marker, MaxRecords: 100 }),
        (page) => page.Marker,
        (page) => page.DBClusters,
        (cluster) => ({
          id: cluster.DBClusterIdentifier,
          arn: cluster.DBClusterArn,
          tags: tagsFrom(cluster.TagList ?? []),
          createdAt: cluster.ClusterCreateTime,
          uses: [
            cluster.DBSubnetGroup,
            cluster.DBClusterParameterGroup,
            ...(cluster.VpcSecurityGroups ?? []).map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
            ...(cluster.EnabledCloudwatchLogsExports ?? []).map(
              (log) => `/aws/rds/cluster/${cluster.DBClusterIdentifier ?? ''}/${log}`,
            ),
          ],
          leaving: leavingIf(cluster.Status),
        }),
      ),
      remove: async (subject, client) => {
        const DBClusterIdentifier = subject.id;
        const { DBClusters } = await client.describeDBClusters({ DBClusterIdentifier });
        if (DBClusters?.[0]?.Status === 'deleting') return { state: 'leaving', detail: 'being deleted' };
        if (DBClusters?.[0]?.DeletionProtection)
          await client.modifyDBCluster({ DBClusterIdentifier, DeletionProtection: false });
        await client.deleteDBCluster({
          DBClusterIdentifier,
          SkipFinalSnapshot: true,
          DeleteAutomatedBackups: true,
        });
        return { state: 'leaving', detail: 'being deleted' };
      },
    },
    aws_rds_cluster_instance: {
      needs: [],
      actions: instanceActions,
      dependsOn: ['aws_rds_cluster', ...usedByDatabases],
      check: (subject, client) => instancePresence(subject.id, client),
      list: instances(true),
      remove: (subject, client) => deleteInstance(subject.id, true, client),
    },
    aws_db_instance: {
      needs: [],
      actions: instanceActions,
      dependsOn: ['aws_db_snapshot', 'aws_db_instance_automated_backup', ...usedByDatabases],
      // Its id is the resource id that AWS gives; the API asks for the name, which is in the ARN.
      check: (subject, client) => instancePresence(subject.arnName, client),
      list: instances(false),
      remove: (subject, client) => deleteInstance(subject.arnName, false, client),
    },
    aws_db_proxy: {
      needs: [],
      actions: {
        check: ['rds:DescribeDBProxies'],
        list: ['rds:DescribeDBProxies'],
        remove: ['rds:DeleteDBProxy'],
        tags: ['rds:ListTagsForResource'],
      },
      dependsOn: [
        'aws_rds_cluster',
        'aws_db_instance',
        'aws_iam_role',
        'aws_security_group',
        'aws_subnet',
        'aws_secretsmanager_secret',
      ],
      check: async (subject, client) => {
        const { DBProxies } = await client.describeDBProxies({ DBProxyName: subject.id });
        return DBProxies?.[0] ? presentAs(DBProxies[0].Status, proxyStates) : absent;
      },
      list: listing(
        (client: RDS, Marker) => client.describeDBProxies({ Marker, MaxRecords: 100 }),
        (page) => page.Marker,
        (page) => page.DBProxies,
        (each) => ({
          id: each.DBProxyName,
          arn: each.DBProxyArn,
          createdAt: each.CreatedDate,
          uses: [each.RoleArn, ...(each.VpcSecurityGroupIds ?? []), ...(each.VpcSubnetIds ?? [])],
          leaving: leavingIf(each.Status),
        }),
      ),
      tags: tagsByArn,
      remove: async (subject, client) => {
        await client.deleteDBProxy({ DBProxyName: subject.id });
        return undefined;
      },
    },
    aws_db_proxy_default_target_group: {
      needs: ['db_proxy_name'],
      partOf: 'aws_db_proxy',
      actions: { check: ['rds:DescribeDBProxyTargetGroups'] },
      check: async (subject, client) => {
        const DBProxyName = subject.attribute('db_proxy_name');
        const { TargetGroups } = await client.describeDBProxyTargetGroups({ DBProxyName });
        return presentIf(TargetGroups?.[0]);
      },
    },
    aws_db_proxy_target: {
      needs: ['db_proxy_name'],
      partOf: 'aws_db_proxy',
      actions: { check: ['rds:DescribeDBProxyTargets'] },
      check: async (subject, client) => {
        const DBProxyName = subject.attribute('db_proxy_name');
        const [, name] = subject.lastPart('/');
        const { Targets } = await client.describeDBProxyTargets({ DBProxyName });
        return presentIf(Targets?.some(({ RdsResourceId }) => RdsResourceId === name));
      },
    },
    aws_rds_global_cluster: {
      needs: [],
      actions: {
        check: ['rds:DescribeGlobalClusters'],
        list: ['rds:DescribeGlobalClusters'],
        remove: ['rds:DeleteGlobalCluster'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        const { GlobalClusters } = await client.describeGlobalClusters({
          GlobalClusterIdentifier: subject.id,
        });
        // By name: an answer that holds another one must not be taken for this.
        const found = GlobalClusters?.find(
          (each) => each.GlobalClusterIdentifier?.toLowerCase() === subject.id.toLowerCase(),
        );
        return found ? presentAs(found.Status, databaseStates) : absent;
      },
      list: listing(
        (client: RDS, Marker) => client.describeGlobalClusters({ Marker, MaxRecords: 100 }),
        (page) => page.Marker,
        (page) => page.GlobalClusters,
        (each) => ({ id: each.GlobalClusterIdentifier, arn: each.GlobalClusterArn }),
      ),
      remove: async (subject, client) => {
        await client.deleteGlobalCluster({ GlobalClusterIdentifier: subject.id });
        return undefined;
      },
    },
    ...groups,
    ...snapshots,
  },
});
