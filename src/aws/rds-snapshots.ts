/**
 * Copies of databases, which outlive them: final snapshots, automated ones, and backups that are kept after the
 * database is gone. Part of the adapter of RDS.
 */
import type { RDS } from '@aws-sdk/client-rds';
import { type StatusWords, type WholeDefinition, absent, presentAs } from './adapter.ts';
import { listing, tagsFrom } from './listing.ts';

const snapshotStates: StatusWords = { ready: ['available'], failed: ['failed'], leaving: ['deleting'] };

const backupStates: StatusWords = { ready: ['active', 'retained'], leaving: ['deleting'] };

export const snapshots: Readonly<Record<string, WholeDefinition<RDS>>> = {
  aws_db_cluster_snapshot: {
    needs: [],
    actions: {
      check: ['rds:DescribeDBClusterSnapshots'],
      list: ['rds:DescribeDBClusterSnapshots'],
      remove: ['rds:DeleteDBClusterSnapshot'],
    },
    dependsOn: ['aws_kms_key'],
    check: async (subject, client) => {
      const found = await client.describeDBClusterSnapshots({ DBClusterSnapshotIdentifier: subject.id });
      const [snapshot] = found.DBClusterSnapshots ?? [];
      return snapshot ? presentAs(snapshot.Status, snapshotStates) : absent;
    },
    list: listing(
      (client, Marker) => client.describeDBClusterSnapshots({ Marker, MaxRecords: 100 }),
      (page) => page.Marker,
      (page) => page.DBClusterSnapshots,
      (snapshot) => ({
        id: snapshot.DBClusterSnapshotIdentifier,
        arn: snapshot.DBClusterSnapshotArn,
        tags: tagsFrom(snapshot.TagList ?? []),
        createdAt: snapshot.SnapshotCreateTime,
        uses: [snapshot.DBClusterIdentifier, snapshot.KmsKeyId],
      }),
    ),
    remove: async (subject, client) => {
      await client.deleteDBClusterSnapshot({ DBClusterSnapshotIdentifier: subject.id });
      return undefined;
    },
  },
  aws_db_snapshot: {
    needs: [],
    actions: {
      check: ['rds:DescribeDBSnapshots'],
      list: ['rds:DescribeDBSnapshots'],
      remove: ['rds:DeleteDBSnapshot'],
    },
    dependsOn: ['aws_kms_key', 'aws_db_option_group'],
    check: async (subject, client) => {
      const found = await client.describeDBSnapshots({ DBSnapshotIdentifier: subject.id });
      const [snapshot] = found.DBSnapshots ?? [];
      return snapshot ? presentAs(snapshot.Status, snapshotStates) : absent;
    },
    list: listing(
      (client, Marker) => client.describeDBSnapshots({ Marker, MaxRecords: 100 }),
      (page) => page.Marker,
      (page) => page.DBSnapshots,
      (snapshot) => ({
        id: snapshot.DBSnapshotIdentifier,
        arn: snapshot.DBSnapshotArn,
        tags: tagsFrom(snapshot.TagList ?? []),
        createdAt: snapshot.SnapshotCreateTime,
        uses: [snapshot.DBInstanceIdentifier, snapshot.KmsKeyId],
      }),
    ),
    remove: async (subject, client) => {
      await client.deleteDBSnapshot({ DBSnapshotIdentifier: subject.id });
      return undefined;
    },
  },
  aws_rds_cluster_automated_backup: {
    needs: [],
    actions: {
      check: ['rds:DescribeDBClusterAutomatedBackups'],
      list: ['rds:DescribeDBClusterAutomatedBackups'],
      remove: ['rds:DeleteDBClusterAutomatedBackup'],
    },
    dependsOn: ['aws_kms_key'],
    check: async (subject, client) => {
      const found = await client.describeDBClusterAutomatedBackups({ DbClusterResourceId: subject.id });
      const [backup] = found.DBClusterAutomatedBackups ?? [];
      return backup ? presentAs(backup.Status, backupStates) : absent;
    },
    list: listing(
      (client, Marker) => client.describeDBClusterAutomatedBackups({ Marker, MaxRecords: 100 }),
      (page) => page.Marker,
      (page) => page.DBClusterAutomatedBackups,
      (backup) =>
        // That of a cluster which is still there goes with the cluster.
        backup.Status === 'retained'
          ? {
              id: backup.DbClusterResourceId,
              name: backup.DBClusterIdentifier,
              arn: backup.DBClusterAutomatedBackupsArn,
              createdAt: backup.ClusterCreateTime,
              uses: [backup.DBClusterIdentifier, backup.DBClusterArn],
            }
          : null,
    ),
    remove: async (subject, client) => {
      await client.deleteDBClusterAutomatedBackup({ DbClusterResourceId: subject.id });
      return undefined;
    },
  },
  aws_db_instance_automated_backup: {
    needs: [],
    actions: {
      check: ['rds:DescribeDBInstanceAutomatedBackups'],
      list: ['rds:DescribeDBInstanceAutomatedBackups'],
      remove: ['rds:DeleteDBInstanceAutomatedBackup'],
    },
    dependsOn: ['aws_kms_key'],
    check: async (subject, client) => {
      const found = await client.describeDBInstanceAutomatedBackups({ DbiResourceId: subject.id });
      const [backup] = found.DBInstanceAutomatedBackups ?? [];
      return backup ? presentAs(backup.Status, backupStates) : absent;
    },
    list: listing(
      (client, Marker) => client.describeDBInstanceAutomatedBackups({ Marker, MaxRecords: 100 }),
      (page) => page.Marker,
      (page) => page.DBInstanceAutomatedBackups,
      (backup) =>
        backup.Status === 'retained'
          ? {
              id: backup.DbiResourceId,
              name: backup.DBInstanceIdentifier,
              arn: backup.DBInstanceAutomatedBackupsArn,
              createdAt: backup.InstanceCreateTime,
              uses: [backup.DBInstanceIdentifier, backup.DBInstanceArn],
            }
          : null,
    ),
    remove: async (subject, client) => {
      await client.deleteDBInstanceAutomatedBackup({ DbiResourceId: subject.id });
      return undefined;
    },
  },
};
