/** What AWS keeps apart from a table: who may use it, and where its changes and its statistics go. */
import type { DynamoDB, TableDescription } from '@aws-sdk/client-dynamodb';
import { type DescribedResource, known } from '../describe.ts';
import { errorCode } from '../errors.ts';
import { pages } from '../listing.ts';
import { jsonText } from './texts.ts';

/** A policy of the table, and one of its stream. */
export async function policiesOf(
  { TableArn, LatestStreamArn, StreamSpecification }: TableDescription,
  client: DynamoDB,
): Promise<DescribedResource[]> {
  const streams = StreamSpecification?.StreamEnabled === true;
  const arns = [TableArn, streams ? LatestStreamArn : undefined].filter((arn) => arn !== undefined);
  const found = await Promise.all(arns.map((arn) => policyOf(arn, client)));
  return found.flat();
}

/** The service says "not found" of a stream that has none, as moto does, or that is not there any more. */
const noPolicy: ReadonlySet<string> = new Set(['PolicyNotFoundException', 'ResourceNotFoundException']);

async function policyOf(ResourceArn: string, client: DynamoDB): Promise<DescribedResource[]> {
  try {
    const { Policy, RevisionId } = await client.getResourcePolicy({ ResourceArn });
    const policy = jsonText(Policy);
    if (policy === undefined) return [];
    return [
      {
        type: 'aws_dynamodb_resource_policy',
        id: ResourceArn,
        values: known({ id: ResourceArn, policy, resource_arn: ResourceArn, revision_id: RevisionId }),
      },
    ];
  } catch (error) {
    if (noPolicy.has(errorCode(error))) return [];
    throw error;
  }
}

const on: ReadonlySet<string | undefined> = new Set(['ENABLED', 'ENABLING']);

/** Statistics of the keys that are asked for most, of the table and of each index. */
export async function insightsOf(
  { TableName = '', TableArn }: TableDescription,
  client: DynamoDB,
): Promise<DescribedResource[]> {
  const account = TableArn?.split(':')[4] ?? '';
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (NextToken) => client.listContributorInsights({ TableName, NextToken }),
    ({ NextToken }) => NextToken,
  )) {
    for (const each of page.ContributorInsightsSummaries ?? []) {
      const { IndexName = '' } = each;
      const mode =
        each.ContributorInsightsMode === 'THROTTLED_KEYS' ? each.ContributorInsightsMode : undefined;
      if (!on.has(each.ContributorInsightsStatus)) continue;
      const id = `name:${TableName}/index:${IndexName}/${account}`;
      found.push({
        type: 'aws_dynamodb_contributor_insights',
        id,
        values: known({ id, index_name: IndexName, mode, table_name: TableName }),
      });
    }
  }
  return found;
}

const flowing: ReadonlySet<string | undefined> = new Set(['ACTIVE', 'ENABLING', 'UPDATING']);

/** Streams of Kinesis that get every change of the table. */
export async function destinationsOf(TableName: string, client: DynamoDB): Promise<DescribedResource[]> {
  const { KinesisDataStreamDestinations = [] } = await client.describeKinesisStreamingDestination({
    TableName,
  });
  return KinesisDataStreamDestinations.filter(({ DestinationStatus }) => flowing.has(DestinationStatus)).map(
    ({ StreamArn = '', ApproximateCreationDateTimePrecision }) => {
      const id = `${TableName},${StreamArn}`;
      return {
        type: 'aws_dynamodb_kinesis_streaming_destination',
        id,
        values: known({
          approximate_creation_date_time_precision: ApproximateCreationDateTimePrecision,
          id,
          stream_arn: StreamArn,
          table_name: TableName,
        }),
      };
    },
  );
}
