import type {
  BillingMode,
  ContributorInsightsMode,
  CreateTableInput,
  DynamoDB,
  KeySchemaElement,
  OnDemandThroughput,
  Projection,
  ProjectionType,
  ProvisionedThroughput,
  ScalarAttributeType,
  StreamViewType,
  TableClass,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import { type CloneRequest, cloneService, type Cloned, type Later } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { answered } from './refusals.ts';
import { onceKnown, type Passing, waitFor } from './wait.ts';

function keySchema(hash: string, range: string | undefined): KeySchemaElement[] {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
  ];
}

function projection(index: StateValues): Projection {
  return {
    ProjectionType: index.word<ProjectionType>('projection_type'),
    NonKeyAttributes: index.texts('non_key_attributes'),
  };
}

function throughput(values: StateValues): {
  ProvisionedThroughput?: ProvisionedThroughput;
  OnDemandThroughput?: OnDemandThroughput;
} {
  const ReadCapacityUnits = values.positive('read_capacity');
  const WriteCapacityUnits = values.positive('write_capacity');
  const limits = values.block('on_demand_throughput');
  return {
    ...(ReadCapacityUnits === undefined || WriteCapacityUnits === undefined
      ? {}
      : { ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits } }),
    ...(limits === undefined
      ? {}
      : {
          OnDemandThroughput: {
            MaxReadRequestUnits: limits.number('max_read_request_units'),
            MaxWriteRequestUnits: limits.number('max_write_request_units'),
          },
        }),
  };
}

function newTable(values: StateValues): CreateTableInput {
  const hash = values.needed('hash_key');
  const globals = values.blocks('global_secondary_index').map((index) => ({
    IndexName: index.needed('name'),
    KeySchema: keySchema(index.needed('hash_key'), index.text('range_key')),
    Projection: projection(index),
    ...throughput(index),
  }));
  const locals = values.blocks('local_secondary_index').map((index) => ({
    IndexName: index.needed('name'),
    KeySchema: keySchema(hash, index.text('range_key')),
    Projection: projection(index),
  }));
  const encryption = values.block('server_side_encryption');
  const key = encryption?.text('kms_key_arn');
  return {
    TableName: values.needed('name'),
    AttributeDefinitions: values.blocks('attribute').map((each) => ({
      AttributeName: each.needed('name'),
      AttributeType: each.word<ScalarAttributeType>('type'),
    })),
    BillingMode: values.word<BillingMode>('billing_mode'),
    DeletionProtectionEnabled: values.flag('deletion_protection_enabled'),
    GlobalSecondaryIndexes: globals.length === 0 ? undefined : globals,
    KeySchema: keySchema(hash, values.text('range_key')),
    LocalSecondaryIndexes: locals.length === 0 ? undefined : locals,
    SSESpecification: encryption?.flag('enabled')
      ? { Enabled: true, SSEType: 'KMS', ...(key === undefined ? {} : { KMSMasterKeyId: key }) }
      : undefined,
    StreamSpecification: values.flag('stream_enabled')
      ? { StreamEnabled: true, StreamViewType: values.word<StreamViewType>('stream_view_type') }
      : undefined,
    TableClass: values.word<TableClass>('table_class'),
    Tags: values.tagList,
    ...throughput(values),
  };
}

async function active(TableName: string, client: DynamoDB, signal: AbortSignal): Promise<TableDescription> {
  return waitFor(
    async () => {
      const { Table } = await client.describeTable({ TableName });
      const indexes = Table?.GlobalSecondaryIndexes ?? [];
      const ready =
        Table?.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE');
      return ready ? Table : undefined;
    },
    { what: `the table ${TableName} to become active`, signal },
  );
}

/** While the table is made, and for a while after that. */
const stillMade: readonly Passing[] = [
  { code: 'ResourceInUseException' },
  { code: 'ContinuousBackupsUnavailableException' },
];

/** A copy of the table's structure and settings. No data. */
async function cloneTable({ values: given, signal }: CloneRequest, client: DynamoDB): Promise<Cloned> {
  const values = new StateValues(given);
  const TableName = values.needed('name');
  await client.createTable(newTable(values));
  const table = await active(TableName, client, signal);
  return {
    id: TableName,
    values: {
      arn: answered(table.TableArn, `the ARN of the table ${TableName}`),
      id: TableName,
      stream_arn: table.LatestStreamArn ?? '',
      stream_label: table.LatestStreamLabel ?? '',
    },
  };
}

/** What a table is not made with. */
const laterOfTable: Later<DynamoDB> = {
  attributes: ['ttl', 'point_in_time_recovery'],
  async set({ id: TableName }, { values: given, signal }, client, lacking) {
    const values = new StateValues(given);
    const ttl = values.block('ttl');
    const attribute = ttl?.text('attribute_name');
    // That it is on already is refused.
    if (lacking.has('ttl') && ttl?.flag('enabled') && attribute !== undefined)
      await onceKnown(
        () =>
          client.updateTimeToLive({
            TableName,
            TimeToLiveSpecification: { AttributeName: attribute, Enabled: true },
          }),
        stillMade,
        signal,
        120_000,
      );
    const recovery = values.block('point_in_time_recovery');
    if (!lacking.has('point_in_time_recovery') || !recovery?.flag('enabled')) return;
    const days = recovery.positive('recovery_period_in_days');
    await onceKnown(
      () =>
        client.updateContinuousBackups({
          TableName,
          PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: true,
            ...(days === undefined ? {} : { RecoveryPeriodInDays: days }),
          },
        }),
      stillMade,
      signal,
      120_000,
    );
  },
};

export const dynamodb = cloneService('dynamodb', {
  aws_dynamodb_table: {
    actions: [
      'dynamodb:CreateTable',
      'dynamodb:DescribeTable',
      'dynamodb:UpdateTimeToLive',
      'dynamodb:UpdateContinuousBackups',
      'dynamodb:TagResource',
    ],
    later: laterOfTable,
    refuses: (values) => (values.blocks('replica').length > 0 ? 'it has replicas in other regions' : null),
    // Application Auto Scaling is a service of its own: what it does to a table is no setting of the table.
    lacks: (values, target) =>
      values.text('billing_mode') === 'PROVISIONED'
        ? {
            what: 'has the capacity that the source has at this moment, and none of the scaling that Application Auto Scaling may do',
            hint: `See what the source has with: aws application-autoscaling describe-scalable-targets --service-namespace dynamodb. Register the same for table/${target.needed('name')} by hand if it is needed.`,
          }
        : null,
    clone: cloneTable,
  },
  aws_dynamodb_resource_policy: {
    actions: ['dynamodb:PutResourcePolicy'],
    clone: async ({ values: given, signal }, client) => {
      const values = new StateValues(given);
      const ResourceArn = values.needed('resource_arn');
      const { RevisionId } = await onceKnown(
        () => client.putResourcePolicy({ ResourceArn, Policy: values.needed('policy') }),
        // A role that was made a moment ago; a stream that is being set up.
        [{ code: 'ValidationException', message: /principal/i }, { code: 'ResourceInUseException' }],
        signal,
      );
      return {
        id: ResourceArn,
        values: { id: ResourceArn, ...(RevisionId === undefined ? {} : { revision_id: RevisionId }) },
      };
    },
  },
  aws_dynamodb_contributor_insights: {
    actions: ['dynamodb:UpdateContributorInsights', 'iam:CreateServiceLinkedRole'],
    clone: async ({ values: given, source, signal }, client) => {
      const values = new StateValues(given);
      const TableName = values.needed('table_name');
      const IndexName = values.text('index_name');
      await onceKnown(
        () =>
          client.updateContributorInsights({
            TableName,
            ContributorInsightsAction: 'ENABLE',
            ContributorInsightsMode: values.word<ContributorInsightsMode>('mode'),
            ...(IndexName === undefined ? {} : { IndexName }),
          }),
        [{ code: 'ResourceInUseException' }],
        signal,
      );
      const account = source.id.slice(source.id.lastIndexOf('/') + 1);
      const id = `name:${TableName}/index:${IndexName ?? ''}/${account}`;
      return { id, values: { id } };
    },
  },
});
