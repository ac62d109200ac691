import type {
  DynamoDB,
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  OnDemandThroughput,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { JsonObject } from '../../transfer/json.ts';
import { describeService, known } from '../describe.ts';
import { pages, tagsFrom } from '../listing.ts';
import { block, settingsNotRead, sorted, tagged } from '../state-values.ts';
import { destinationsOf, insightsOf, policiesOf } from './dynamodb-parts.ts';

function keyOf(schema: readonly KeySchemaElement[] | undefined, type: 'HASH' | 'RANGE'): string {
  return schema?.find(({ KeyType }) => KeyType === type)?.AttributeName ?? '';
}

function onDemand(throughput: OnDemandThroughput | undefined): readonly JsonObject[] {
  return block(
    throughput && {
      max_read_request_units: throughput.MaxReadRequestUnits,
      max_write_request_units: throughput.MaxWriteRequestUnits,
    },
  );
}

function globalIndex(index: GlobalSecondaryIndexDescription): JsonObject {
  return known({
    hash_key: keyOf(index.KeySchema, 'HASH'),
    name: index.IndexName,
    non_key_attributes: sorted(index.Projection?.NonKeyAttributes),
    on_demand_throughput: onDemand(index.OnDemandThroughput),
    projection_type: index.Projection?.ProjectionType,
    range_key: keyOf(index.KeySchema, 'RANGE'),
    read_capacity: index.ProvisionedThroughput?.ReadCapacityUnits ?? 0,
    write_capacity: index.ProvisionedThroughput?.WriteCapacityUnits ?? 0,
  });
}

function byName(values: readonly JsonObject[]): readonly JsonObject[] {
  const name = ({ name }: JsonObject): string => (typeof name === 'string' ? name : '');
  return values.toSorted((one, other) => (name(one) < name(other) ? -1 : 1));
}

function structure(table: TableDescription): JsonObject {
  const streams = table.StreamSpecification?.StreamEnabled === true;
  const encryption = table.SSEDescription;
  return known({
    arn: table.TableArn,
    attribute: byName(
      (table.AttributeDefinitions ?? []).map((each) =>
        known({ name: each.AttributeName, type: each.AttributeType }),
      ),
    ),
    billing_mode: table.BillingModeSummary?.BillingMode ?? 'PROVISIONED',
    deletion_protection_enabled: table.DeletionProtectionEnabled ?? false,
    global_secondary_index: byName((table.GlobalSecondaryIndexes ?? []).map(globalIndex)),
    hash_key: keyOf(table.KeySchema, 'HASH'),
    local_secondary_index: byName(
      (table.LocalSecondaryIndexes ?? []).map((index) =>
        known({
          name: index.IndexName,
          non_key_attributes: sorted(index.Projection?.NonKeyAttributes),
          projection_type: index.Projection?.ProjectionType,
          range_key: keyOf(index.KeySchema, 'RANGE'),
        }),
      ),
    ),
    name: table.TableName,
    on_demand_throughput: onDemand(table.OnDemandThroughput),
    range_key: keyOf(table.KeySchema, 'RANGE'),
    read_capacity: table.ProvisionedThroughput?.ReadCapacityUnits ?? 0,
    replica: (table.Replicas ?? []).map(({ RegionName, KMSMasterKeyId }) =>
      known({ region_name: RegionName, kms_key_arn: KMSMasterKeyId }),
    ),
    server_side_encryption: block(
      encryption?.Status === 'ENABLED' || encryption?.Status === 'ENABLING'
        ? { enabled: true, kms_key_arn: encryption.KMSMasterKeyArn ?? '' }
        : undefined,
    ),
    stream_arn: streams ? (table.LatestStreamArn ?? '') : '',
    stream_enabled: streams,
    stream_label: streams ? (table.LatestStreamLabel ?? '') : '',
    stream_view_type: streams ? (table.StreamSpecification?.StreamViewType ?? '') : '',
    table_class: table.TableClassSummary?.TableClass ?? 'STANDARD',
    write_capacity: table.ProvisionedThroughput?.WriteCapacityUnits ?? 0,
    ...settingsNotRead({ VectorIndexes: table.VectorIndexes }),
  });
}

async function timeToLive(TableName: string, client: DynamoDB): Promise<readonly JsonObject[]> {
  const { TimeToLiveDescription: ttl } = await client.describeTimeToLive({ TableName });
  const enabled = ttl?.TimeToLiveStatus === 'ENABLED' || ttl?.TimeToLiveStatus === 'ENABLING';
  return block({ attribute_name: enabled ? (ttl?.AttributeName ?? '') : '', enabled });
}

async function backups(TableName: string, client: DynamoDB): Promise<readonly JsonObject[]> {
  const { ContinuousBackupsDescription: found } = await client.describeContinuousBackups({ TableName });
  const pitr = found?.PointInTimeRecoveryDescription;
  const enabled = pitr?.PointInTimeRecoveryStatus === 'ENABLED';
  return block({ enabled, recovery_period_in_days: enabled ? (pitr.RecoveryPeriodInDays ?? 35) : 0 });
}

async function tagsOf(ResourceArn: string | undefined, client: DynamoDB): Promise<Record<string, string>> {
  const tags = [];
  for await (const page of pages(
    (NextToken) => client.listTagsOfResource({ ResourceArn, NextToken }),
    ({ NextToken }) => NextToken,
  ))
    tags.push(...(page.Tags ?? []));
  return tagsFrom(tags);
}

export const dynamodb = describeService('dynamodb', ['ResourceNotFoundException', 'TableNotFoundException'], {
  aws_dynamodb_table: {
    actions: [
      'dynamodb:DescribeTable',
      'dynamodb:DescribeTimeToLive',
      'dynamodb:DescribeContinuousBackups',
      'dynamodb:ListTagsOfResource',
      'dynamodb:GetResourcePolicy',
      'dynamodb:ListContributorInsights',
      'dynamodb:DescribeKinesisStreamingDestination',
    ],
    describe: async (subject, client) => {
      const { Table } = await client.describeTable({ TableName: subject.id });
      if (Table === undefined) return [];
      return [
        {
          type: 'aws_dynamodb_table',
          id: subject.id,
          values: {
            ...structure(Table),
            id: subject.id,
            point_in_time_recovery: await backups(subject.id, client),
            ttl: await timeToLive(subject.id, client),
            ...tagged(await tagsOf(Table.TableArn, client)),
          },
        },
        ...(await policiesOf(Table, client)),
        ...(await insightsOf(Table, client)),
        ...(await destinationsOf(subject.id, client)),
      ];
    },
  },
});
