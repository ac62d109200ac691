import type { AwsClients } from '../../src/aws/clients.ts';
import { adapterCases, purposeTag } from './support/adapter-cases.ts';

async function makeTable(clients: AwsClients, TableName: string): Promise<void> {
  const dynamodb = await clients.get('dynamodb');
  await dynamodb.createTable({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    DeletionProtectionEnabled: true,
    Tags: [{ Key: purposeTag, Value: TableName }],
  });
}

adapterCases('dynamodb', {
  aws_dynamodb_table: {
    pages: { ListTables: { Limit: 1 } },
    make: async (clients, name) => {
      await makeTable(clients, name);
      return name;
    },
  },
  aws_dynamodb_backup: {
    tagged: false,
    make: async (clients, name) => {
      await makeTable(clients, name);
      const dynamodb = await clients.get('dynamodb');
      return (await dynamodb.createBackup({ TableName: name, BackupName: name })).BackupDetails?.BackupArn;
    },
  },
});
