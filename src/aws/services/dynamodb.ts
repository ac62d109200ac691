import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { type StatusWords, absent, defineService, presentAs, presentIf } from '../adapter.ts';
import { listing, tagsFrom } from '../listing.ts';

const tableStates: StatusWords = {
  ready: ['ACTIVE'],
  failed: ['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'ARCHIVED'],
  leaving: ['DELETING', 'ARCHIVING'],
};

export const dynamodb = defineService('dynamodb', {
  scope: 'regional',
  inUse: ['ResourceInUseException', 'BackupInUseException'],
  notFound: [
    'BackupNotFoundException',
    'PolicyNotFoundException',
    'ResourceNotFoundException',
    'TableNotFoundException',
  ],
  types: {
    aws_dynamodb_table: {
      needs: [],
      actions: {
        check: ['dynamodb:DescribeTable'],
        list: ['dynamodb:ListTables'],
        remove: ['dynamodb:DescribeTable', 'dynamodb:UpdateTable', 'dynamodb:DeleteTable'],
        tags: ['dynamodb:DescribeTable', 'dynamodb:ListTagsOfResource'],
      },
      dependsOn: ['aws_kms_key'],
      check: async (subject, client) => {
        const { Table } = await client.describeTable({ TableName: subject.id });
        return presentAs(Table?.TableStatus, tableStates);
      },
      list: listing(
        (client: DynamoDB, ExclusiveStartTableName) => client.listTables({ ExclusiveStartTableName }),
        (page) => page.LastEvaluatedTableName,
        (page) => page.TableNames,
        (name) => ({ id: name }),
      ),
      tags: async (subject, client) => {
        const { Table } = await client.describeTable({ TableName: subject.id });
        const { Tags } = await client.listTagsOfResource({ ResourceArn: Table?.TableArn });
        return tagsFrom(Tags ?? []);
      },
      remove: async (subject, client) => {
        const { Table } = await client.describeTable({ TableName: subject.id });
        if (Table?.TableStatus === 'DELETING') return { state: 'leaving', detail: 'being deleted' };
        if (Table?.DeletionProtectionEnabled)
          await client.updateTable({ TableName: subject.id, DeletionProtectionEnabled: false });
        await client.deleteTable({ TableName: subject.id });
        return undefined;
      },
    },
    aws_dynamodb_resource_policy: {
      needs: [],
      partOf: 'aws_dynamodb_table',
      actions: { check: ['dynamodb:GetResourcePolicy'] },
      check: async (subject, client) => {
        const { Policy } = await client.getResourcePolicy({ ResourceArn: subject.id });
        return presentIf(Policy);
      },
    },
    aws_dynamodb_contributor_insights: {
      needs: ['index_name', 'table_name'],
      partOf: 'aws_dynamodb_table',
      actions: { check: ['dynamodb:DescribeContributorInsights'] },
      check: async (subject, client) => {
        const IndexName = subject.optional('index_name');
        const { ContributorInsightsStatus: status } = await client.describeContributorInsights({
          TableName: subject.attribute('table_name'),
          ...(IndexName === undefined ? {} : { IndexName }),
        });
        return status === 'DISABLED' ? absent : presentAs(status, { ready: ['ENABLED'], failed: ['FAILED'] });
      },
    },
    aws_dynamodb_kinesis_streaming_destination: {
      needs: ['stream_arn', 'table_name'],
      partOf: 'aws_dynamodb_table',
      actions: { check: ['dynamodb:DescribeKinesisStreamingDestination'] },
      check: async (subject, client) => {
        const stream = subject.attribute('stream_arn');
        const { KinesisDataStreamDestinations } = await client.describeKinesisStreamingDestination({
          TableName: subject.attribute('table_name'),
        });
        const found = KinesisDataStreamDestinations?.find(({ StreamArn }) => StreamArn === stream);
        const status = found?.DestinationStatus;
        return found === undefined || status === 'DISABLED'
          ? absent
          : presentAs(status, { ready: ['ACTIVE'], failed: ['ENABLE_FAILED'] });
      },
    },
    aws_dynamodb_backup: {
      needs: [],
      actions: {
        check: ['dynamodb:DescribeBackup'],
        list: ['dynamodb:ListBackups'],
        remove: ['dynamodb:DeleteBackup'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        const { BackupDescription } = await client.describeBackup({ BackupArn: subject.id });
        const status = BackupDescription?.BackupDetails?.BackupStatus;
        return status === 'DELETED' ? absent : presentAs(status, { ready: ['AVAILABLE'] });
      },
      list: listing(
        (client: DynamoDB, ExclusiveStartBackupArn) =>
          client.listBackups({ ExclusiveStartBackupArn, BackupType: 'ALL' }),
        (page) => page.LastEvaluatedBackupArn,
        (page) => page.BackupSummaries,
        (backup) => ({
          id: backup.BackupArn,
          name: backup.BackupName,
          arn: backup.BackupArn,
          createdAt: backup.BackupCreationDateTime,
          uses: [backup.TableName, backup.TableArn],
        }),
      ),
      remove: async (subject, client) => {
        await client.deleteBackup({ BackupArn: subject.id });
        return undefined;
      },
    },
  },
});
