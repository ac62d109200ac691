/** What AWS keeps apart from a table. The emulator has the table's policy (test/e2e/clone-data.test.ts) and nothing else of it. */
import {
  DescribeKinesisStreamingDestinationCommand,
  DescribeTableCommand,
  GetResourcePolicyCommand,
  ListContributorInsightsCommand,
  PutResourcePolicyCommand,
  UpdateContributorInsightsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import { awsError, inputsOf, stubbedAws } from '../stubs.ts';

const { clients, mocked, describeIt, copyOf } = stubbedAws();

afterAll(() => {
  clients.close();
});

const TableArn = 'arn:aws:dynamodb:eu-central-1:1:table/items-dev';
const stream = `${TableArn}/stream/2026-01-01T00:00:00.000`;
const kinesis = 'arn:aws:kinesis:eu-central-1:1:stream/changes-dev';

describe('a description of a table', () => {
  it('holds the policies of table and stream, its insights, and where its changes go', async () => {
    const mock = await mocked('dynamodb');
    mock.on(DescribeTableCommand).resolves({
      Table: {
        TableName: 'items-dev',
        TableArn,
        LatestStreamArn: stream,
        StreamSpecification: { StreamEnabled: true },
      },
    });
    mock
      .on(GetResourcePolicyCommand, { ResourceArn: TableArn })
      .resolves({ Policy: '{"Version":"2012-10-17", "Statement":[]}', RevisionId: '7' })
      .on(GetResourcePolicyCommand, { ResourceArn: stream })
      .resolves({ Policy: '{}', RevisionId: '8' });
    mock.on(ListContributorInsightsCommand).resolves({
      ContributorInsightsSummaries: [
        { TableName: 'items-dev', ContributorInsightsStatus: 'DISABLED' },
        { TableName: 'items-dev', IndexName: 'by-user', ContributorInsightsStatus: 'ENABLED' },
      ],
    });
    mock.on(DescribeKinesisStreamingDestinationCommand).resolves({
      KinesisDataStreamDestinations: [
        { StreamArn: kinesis, DestinationStatus: 'ACTIVE' },
        { StreamArn: `${kinesis}-old`, DestinationStatus: 'DISABLED' },
      ],
    });
    const found = await describeIt('aws_dynamodb_table', 'items-dev');
    expect(found.state === 'described' && found.resources.slice(1)).toEqual([
      {
        type: 'aws_dynamodb_resource_policy',
        id: TableArn,
        values: {
          id: TableArn,
          policy: '{"Statement":[],"Version":"2012-10-17"}',
          resource_arn: TableArn,
          revision_id: '7',
        },
      },
      {
        type: 'aws_dynamodb_resource_policy',
        id: stream,
        values: { id: stream, policy: '{}', resource_arn: stream, revision_id: '8' },
      },
      {
        type: 'aws_dynamodb_contributor_insights',
        id: 'name:items-dev/index:by-user/1',
        values: { id: 'name:items-dev/index:by-user/1', index_name: 'by-user', table_name: 'items-dev' },
      },
      {
        type: 'aws_dynamodb_kinesis_streaming_destination',
        id: `items-dev,${kinesis}`,
        values: { id: `items-dev,${kinesis}`, stream_arn: kinesis, table_name: 'items-dev' },
      },
    ]);
  });

  it('holds none of them where there are none, and is unreadable where one is', async () => {
    const mock = await mocked('dynamodb');
    mock.on(DescribeTableCommand).resolves({ Table: { TableName: 'items-dev', TableArn } });
    mock.on(GetResourcePolicyCommand).rejects(awsError('PolicyNotFoundException'));
    expect(await describeIt('aws_dynamodb_table', 'items-dev')).toMatchObject({
      resources: [{ type: 'aws_dynamodb_table' }],
    });
    mock
      .on(ListContributorInsightsCommand)
      .rejects(awsError('AccessDenied', 'not authorized to perform: dynamodb:ListContributorInsights on x'));
    expect(await describeIt('aws_dynamodb_table', 'items-dev')).toMatchObject({
      state: 'unreadable',
      permission: 'dynamodb:ListContributorInsights',
    });
  });
});

describe('a copy', () => {
  it('has the policy, once the role in it is known', async () => {
    const mock = await mocked('dynamodb');
    mock
      .on(PutResourcePolicyCommand)
      .rejectsOnce(awsError('ValidationException', 'Invalid policy document: Invalid principal'))
      .resolves({ RevisionId: '1' });
    const values = { resource_arn: stream, policy: '{}', revision_id: '8' };
    expect(await copyOf('aws_dynamodb_resource_policy', values)).toEqual({
      id: stream,
      values: { id: stream, revision_id: '1' },
    });
    expect(mock.commandCalls(PutResourcePolicyCommand)).toHaveLength(2);
  });

  it('has the insights of the index', async () => {
    const mock = await mocked('dynamodb');
    const values = { table_name: 'items-copy', index_name: 'by-user' };
    const source = { id: 'name:items-dev/index:by-user/1', values };
    const { id } = await copyOf('aws_dynamodb_contributor_insights', values, source);
    expect(id).toBe('name:items-copy/index:by-user/1');
    expect(inputsOf(mock.commandCalls(UpdateContributorInsightsCommand))).toEqual([
      { TableName: 'items-copy', IndexName: 'by-user', ContributorInsightsAction: 'ENABLE' },
    ]);
  });

  it('may lack what scales a table with a capacity of its own, and says so before it is made', () => {
    const table = clonerOf('aws_dynamodb_table');
    const target = { name: 'items-copy' };
    expect(table?.outlook({ billing_mode: 'PAY_PER_REQUEST' }, target).lacking).toBeNull();
    expect(table?.outlook({ billing_mode: 'PROVISIONED' }, target).lacking?.hint).toContain(
      'table/items-copy',
    );
    expect(table?.outlook({ replica: [{ region_name: 'eu-west-1' }] }, target).refused).toContain('replicas');
  });
});
