import type { AwsClients } from '../../src/aws/clients.ts';
import { unique } from '../sandbox/aws.ts';
import { adapterCases, purposeTag } from './support/adapter-cases.ts';

const tagsOf = (name: string): { Key: string; Value: string }[] => [{ Key: purposeTag, Value: name }];

async function makeCluster(
  clients: AwsClients,
  DBClusterIdentifier: string,
  DeletionProtection = true,
): Promise<void> {
  const rds = await clients.get('rds');
  await rds.createDBCluster({
    DBClusterIdentifier,
    Engine: 'aurora-postgresql',
    MasterUsername: 'admin1',
    MasterUserPassword: 'not-a-secret-1',
    DeletionProtection,
    Tags: tagsOf(DBClusterIdentifier),
  });
}

async function makeInstance(
  clients: AwsClients,
  DBInstanceIdentifier: string,
  DeletionProtection = true,
): Promise<void> {
  const rds = await clients.get('rds');
  await rds.createDBInstance({
    DBInstanceIdentifier,
    DBInstanceClass: 'db.t3.micro',
    Engine: 'postgres',
    AllocatedStorage: 20,
    MasterUsername: 'admin1',
    MasterUserPassword: 'not-a-secret-1',
    DeletionProtection,
    Tags: tagsOf(DBInstanceIdentifier),
  });
}

async function subnetsOf(clients: AwsClients): Promise<string[]> {
  const ec2 = await clients.get('ec2');
  // Other files make networks beside this one.
  const Filters = [{ Name: 'default-for-az', Values: ['true'] }];
  const { Subnets = [] } = await ec2.describeSubnets({ Filters });
  return Subnets.map(({ SubnetId }) => SubnetId ?? '');
}

adapterCases(
  'rds',
  {
    aws_rds_cluster: {
      removal: 'leaving',
      make: async (clients, name) => {
        await makeCluster(clients, name);
        return name;
      },
    },
    aws_rds_cluster_instance: {
      removal: 'leaving',
      pages: { DescribeDBInstances: { MaxRecords: 1 } },
      make: async (clients, name) => {
        const rds = await clients.get('rds');
        await makeCluster(clients, `of-${name}`);
        await rds.createDBInstance({
          DBInstanceIdentifier: name,
          DBClusterIdentifier: `of-${name}`,
          DBInstanceClass: 'db.serverless',
          Engine: 'aurora-postgresql',
          Tags: tagsOf(name),
        });
        return name;
      },
    },
    aws_db_instance: {
      removal: 'leaving',
      pages: { DescribeDBInstances: { MaxRecords: 1 } },
      make: async (clients, name) => {
        await makeInstance(clients, name);
        return name;
      },
    },
    aws_db_subnet_group: {
      make: async (clients, name) => {
        const rds = await clients.get('rds');
        await rds.createDBSubnetGroup({
          DBSubnetGroupName: name,
          DBSubnetGroupDescription: 'x',
          SubnetIds: await subnetsOf(clients),
          Tags: tagsOf(name),
        });
        return name;
      },
    },
    aws_rds_cluster_parameter_group: {
      make: async (clients, name) => {
        const rds = await clients.get('rds');
        await rds.createDBClusterParameterGroup({
          DBClusterParameterGroupName: name,
          DBParameterGroupFamily: 'aurora-postgresql16',
          Description: 'x',
          Tags: tagsOf(name),
        });
        return name;
      },
    },
    aws_db_parameter_group: {
      make: async (clients, name) => {
        const rds = await clients.get('rds');
        await rds.createDBParameterGroup({
          DBParameterGroupName: name,
          DBParameterGroupFamily: 'postgres16',
          Description: 'x',
          Tags: tagsOf(name),
        });
        return name;
      },
    },
    aws_db_option_group: {
      make: async (clients, name) => {
        const rds = await clients.get('rds');
        await rds.createOptionGroup({
          OptionGroupName: name,
          EngineName: 'mysql',
          MajorEngineVersion: '8.0',
          OptionGroupDescription: 'x',
          Tags: tagsOf(name),
        });
        return name;
      },
    },
    aws_db_proxy: {
      make: async (clients, name) => {
        const rds = await clients.get('rds');
        await rds.createDBProxy({
          DBProxyName: name,
          EngineFamily: 'POSTGRESQL',
          RoleArn: 'arn:aws:iam::123456789012:role/x',
          VpcSubnetIds: await subnetsOf(clients),
          Auth: [],
          Tags: tagsOf(name),
        });
        return name;
      },
    },
    aws_rds_global_cluster: {
      tagged: false,
      make: async (clients, name) => {
        const rds = await clients.get('rds');
        await rds.createGlobalCluster({ GlobalClusterIdentifier: name, Engine: 'aurora-postgresql' });
        return name;
      },
    },
    aws_db_cluster_snapshot: {
      make: async (clients, name) => {
        const rds = await clients.get('rds');
        await makeCluster(clients, `of-${name}`);
        await rds.createDBClusterSnapshot({
          DBClusterIdentifier: `of-${name}`,
          DBClusterSnapshotIdentifier: name,
          Tags: tagsOf(name),
        });
        return name;
      },
    },
    aws_db_snapshot: {
      make: async (clients, name) => {
        const rds = await clients.get('rds');
        await makeInstance(clients, `of-${name}`);
        await rds.createDBSnapshot({
          DBInstanceIdentifier: `of-${name}`,
          DBSnapshotIdentifier: name,
          Tags: tagsOf(name),
        });
        return name;
      },
    },
  },
  {
    aws_rds_cluster_automated_backup: {
      reason: 'it keeps no backups of a cluster that is gone',
      attempt: async (clients) => {
        const rds = await clients.get('rds');
        const DBClusterIdentifier = unique('cluster');
        await makeCluster(clients, DBClusterIdentifier, false);
        await rds.deleteDBCluster({
          DBClusterIdentifier,
          SkipFinalSnapshot: true,
          DeleteAutomatedBackups: false,
        });
        const { DBClusterAutomatedBackups = [] } = await rds.describeDBClusterAutomatedBackups({});
        if (DBClusterAutomatedBackups.length === 0) throw new Error('none is kept');
      },
    },
    aws_db_instance_automated_backup: {
      reason: 'its backups have no resource id, by which they are known',
      attempt: async (clients) => {
        const rds = await clients.get('rds');
        const DBInstanceIdentifier = unique('instance');
        await makeInstance(clients, DBInstanceIdentifier, false);
        await rds.deleteDBInstance({
          DBInstanceIdentifier,
          SkipFinalSnapshot: true,
          DeleteAutomatedBackups: false,
        });
        const { DBInstanceAutomatedBackups = [] } = await rds.describeDBInstanceAutomatedBackups({});
        if (!DBInstanceAutomatedBackups.some(({ DbiResourceId }) => DbiResourceId)) throw new Error('none');
      },
    },
  },
);
