import { type StatusWords, absent, defineService, presentAs, ready } from '../adapter.ts';

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

export const rds = defineService('rds', {
  // Each with the name of the shape and the code on the wire: the SDK gives the one it can match.
  notFound: [
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
      actions: { check: ['rds:DescribeDBClusters'] },
      check: async (subject, client) => {
        const { DBClusters } = await client.describeDBClusters({ DBClusterIdentifier: subject.id });
        return DBClusters?.[0] ? presentAs(DBClusters[0].Status, databaseStates) : absent;
      },
    },
    aws_rds_cluster_instance: {
      needs: [],
      actions: { check: ['rds:DescribeDBInstances'] },
      check: async (subject, client) => {
        const { DBInstances } = await client.describeDBInstances({ DBInstanceIdentifier: subject.id });
        return DBInstances?.[0] ? presentAs(DBInstances[0].DBInstanceStatus, databaseStates) : absent;
      },
    },
    aws_db_instance: {
      needs: [],
      actions: { check: ['rds:DescribeDBInstances'] },
      check: async (subject, client) => {
        // Its id is the resource id that AWS gives; the API asks for the name, which is in the ARN.
        const { DBInstances } = await client.describeDBInstances({ DBInstanceIdentifier: subject.arnName });
        return DBInstances?.[0] ? presentAs(DBInstances[0].DBInstanceStatus, databaseStates) : absent;
      },
    },
    aws_db_subnet_group: {
      needs: [],
      actions: { check: ['rds:DescribeDBSubnetGroups'] },
      check: async (subject, client) => {
        await client.describeDBSubnetGroups({ DBSubnetGroupName: subject.id });
        return ready;
      },
    },
    aws_rds_cluster_parameter_group: {
      needs: [],
      actions: { check: ['rds:DescribeDBClusterParameterGroups'] },
      check: async (subject, client) => {
        await client.describeDBClusterParameterGroups({ DBClusterParameterGroupName: subject.id });
        return ready;
      },
    },
    aws_db_parameter_group: {
      needs: [],
      actions: { check: ['rds:DescribeDBParameterGroups'] },
      check: async (subject, client) => {
        await client.describeDBParameterGroups({ DBParameterGroupName: subject.id });
        return ready;
      },
    },
    aws_db_option_group: {
      needs: [],
      actions: { check: ['rds:DescribeOptionGroups'] },
      check: async (subject, client) => {
        await client.describeOptionGroups({ OptionGroupName: subject.id });
        return ready;
      },
    },
    aws_db_proxy: {
      needs: [],
      actions: { check: ['rds:DescribeDBProxies'] },
      check: async (subject, client) => {
        const { DBProxies } = await client.describeDBProxies({ DBProxyName: subject.id });
        return DBProxies?.[0] ? presentAs(DBProxies[0].Status, proxyStates) : absent;
      },
    },
    aws_rds_global_cluster: {
      needs: [],
      actions: { check: ['rds:DescribeGlobalClusters'] },
      check: async (subject, client) => {
        const { GlobalClusters } = await client.describeGlobalClusters({
          GlobalClusterIdentifier: subject.id,
        });
        return GlobalClusters?.[0] ? presentAs(GlobalClusters[0].Status, databaseStates) : absent;
      },
    },
  },
});
