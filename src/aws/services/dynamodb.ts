import { type StatusWords, defineService, presentAs, presentIf } from '../adapter.ts';

const tableStates: StatusWords = {
  ready: ['ACTIVE'],
  failed: ['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'ARCHIVED'],
  leaving: ['DELETING', 'ARCHIVING'],
};

export const dynamodb = defineService('dynamodb', {
  notFound: ['ResourceNotFoundException'],
  types: {
    aws_dynamodb_table: {
      needs: [],
      actions: { check: ['dynamodb:DescribeTable'] },
      check: async (subject, client) => {
        const { Table } = await client.describeTable({ TableName: subject.id });
        return presentAs(Table?.TableStatus, tableStates);
      },
    },
    aws_dynamodb_resource_policy: {
      needs: [],
      actions: { check: ['dynamodb:GetResourcePolicy'] },
      check: async (subject, client) => {
        const { Policy } = await client.getResourcePolicy({ ResourceArn: subject.id });
        return presentIf(Policy);
      },
    },
  },
});
