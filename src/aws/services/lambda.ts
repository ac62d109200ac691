import type { Lambda } from '@aws-sdk/client-lambda';
import {
  type Presence,
  type StatusWords,
  type Subject,
  absent,
  defineService,
  presentAs,
  ready,
} from '../adapter.ts';
import { type Listed, listing, pages, toListed, whileThere } from '../listing.ts';

const notFound = ['ResourceNotFoundException', 'ProvisionedConcurrencyConfigNotFoundException'];

const functionStates: StatusWords = {
  ready: ['Active', 'Inactive', 'ActiveNonInvocable'],
  failed: ['Failed'],
  leaving: ['Deleting'],
};

const mappingStates: StatusWords = { ready: ['Enabled', 'Disabled'], leaving: ['Deleting'] };

const concurrencyStates: StatusWords = { ready: ['READY'], failed: ['FAILED'] };

/** `qualifier` is a version or an alias; the call must not have the key at all where there is none. */
function qualified(
  name: string,
  qualifier: string | undefined,
): { FunctionName: string; Qualifier?: string } {
  return qualifier === undefined ? { FunctionName: name } : { FunctionName: name, Qualifier: qualifier };
}

/** `function`, `function<separator>qualifier`, or the function's ARN. */
function split(subject: Subject, separator: string): { FunctionName: string; Qualifier?: string } {
  if (subject.id.startsWith('arn:')) return { FunctionName: subject.id };
  const [name = '', qualifier] = subject.id.split(separator);
  return qualified(name, qualifier);
}

/** A policy document's statement ids. */
function statementIds(policy: string | undefined): readonly unknown[] {
  const document: unknown = JSON.parse(policy ?? '{}');
  if (typeof document !== 'object' || document === null || !('Statement' in document)) return [];
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  return statements.map((each: unknown) =>
    typeof each === 'object' && each !== null && 'Sid' in each ? each.Sid : null,
  );
}

/** `arn:…:layer:deps:3`, taken apart. */
function layerVersion(subject: Subject): { LayerName: string; VersionNumber: number } {
  const [layer, version] = subject.lastPart(':');
  return { LayerName: layer.slice(layer.lastIndexOf(':') + 1), VersionNumber: Number(version) };
}

async function* layerVersions(
  client: Lambda,
  LayerName: string | undefined,
  LayerArn: string | undefined,
): AsyncGenerator<Listed> {
  for await (const page of pages(
    (Marker) => client.listLayerVersions({ LayerName, Marker }),
    ({ NextMarker }) => NextMarker,
  )) {
    for (const { LayerVersionArn, CreatedDate } of page.LayerVersions ?? []) {
      const listed = toListed({
        id: LayerVersionArn,
        name: LayerName,
        arn: LayerVersionArn,
        createdAt: CreatedDate,
        uses: [LayerName, LayerArn],
      });
      if (listed) yield listed;
    }
  }
}

export const lambda = defineService('lambda', {
  scope: 'regional',
  inUse: ['ResourceConflictException', 'ResourceInUseException'],
  notFound,
  types: {
    aws_lambda_function: {
      needs: [],
      actions: {
        check: ['lambda:GetFunctionConfiguration'],
        list: ['lambda:ListFunctions'],
        remove: ['lambda:DeleteFunction'],
        tags: ['lambda:ListTags'],
      },
      dependsOn: [
        'aws_iam_role',
        'aws_security_group',
        'aws_subnet',
        'aws_network_interface',
        'aws_lambda_layer_version',
        'aws_ecr_repository',
        'aws_cloudwatch_log_group',
        'aws_kms_key',
      ],
      check: async (subject, client): Promise<Presence> => {
        const found = await client.getFunctionConfiguration({ FunctionName: subject.id });
        const update = found.LastUpdateStatus;
        if (update === 'Failed')
          return {
            state: 'present',
            condition: 'failed',
            status: 'update Failed',
            detail: found.LastUpdateStatusReason ?? '',
          };
        if (update === 'InProgress')
          return { state: 'present', condition: 'changing', status: 'update InProgress' };
        return presentAs(found.State ?? 'Active', functionStates, found.StateReason);
      },
      list: listing(
        (client: Lambda, Marker) => client.listFunctions({ Marker }),
        (page) => page.NextMarker,
        (page) => page.Functions,
        (each) => ({
          id: each.FunctionName,
          arn: each.FunctionArn,
          uses: [
            each.Role,
            each.KMSKeyArn,
            ...(each.Layers ?? []).map(({ Arn }) => Arn),
            ...(each.VpcConfig?.SecurityGroupIds ?? []),
            ...(each.VpcConfig?.SubnetIds ?? []),
            each.LoggingConfig?.LogGroup ?? `/aws/lambda/${each.FunctionName ?? ''}`,
          ],
        }),
      ),
      tags: async (subject, client) => (await client.listTags({ Resource: subject.arn })).Tags ?? {},
      remove: async (subject, client) => {
        // With all its versions and aliases.
        await client.deleteFunction({ FunctionName: subject.id });
        return undefined;
      },
    },
    aws_lambda_alias: {
      needs: ['function_name', 'name'],
      partOf: 'aws_lambda_function',
      actions: { check: ['lambda:GetAlias'] },
      check: async (subject, client) => {
        await client.getAlias({
          FunctionName: subject.attribute('function_name'),
          Name: subject.attribute('name'),
        });
        return ready;
      },
    },
    aws_lambda_permission: {
      needs: ['function_name', 'qualifier', 'statement_id'],
      partOf: 'aws_lambda_function',
      actions: { check: ['lambda:GetPolicy'] },
      check: async (subject, client) => {
        const name = subject.attribute('function_name');
        const { Policy } = await client.getPolicy(qualified(name, subject.optional('qualifier')));
        return statementIds(Policy).includes(subject.optional('statement_id') ?? subject.id) ? ready : absent;
      },
    },
    aws_lambda_function_url: {
      needs: [],
      partOf: 'aws_lambda_function',
      actions: { check: ['lambda:GetFunctionUrlConfig'] },
      check: async (subject, client) => {
        await client.getFunctionUrlConfig(split(subject, '/'));
        return ready;
      },
    },
    aws_lambda_event_source_mapping: {
      needs: [],
      actions: {
        check: ['lambda:GetEventSourceMapping'],
        list: ['lambda:ListEventSourceMappings'],
        remove: ['lambda:DeleteEventSourceMapping'],
      },
      dependsOn: ['aws_lambda_function', 'aws_sqs_queue', 'aws_dynamodb_table'],
      check: async (subject, client) => {
        const found = await client.getEventSourceMapping({ UUID: subject.id });
        return presentAs(found.State, mappingStates, found.StateTransitionReason);
      },
      list: listing(
        (client: Lambda, Marker) => client.listEventSourceMappings({ Marker }),
        (page) => page.NextMarker,
        (page) => page.EventSourceMappings,
        (mapping) => ({
          id: mapping.UUID,
          // It has no name: it is known by the function that it feeds.
          name: mapping.FunctionArn?.split(':')[6] ?? mapping.UUID,
          arn: mapping.EventSourceMappingArn,
          uses: [mapping.FunctionArn, mapping.EventSourceArn],
          leaving: mapping.State === 'Deleting' ? 'being deleted' : undefined,
        }),
      ),
      remove: async (subject, client) => {
        await client.deleteEventSourceMapping({ UUID: subject.id });
        return undefined;
      },
    },
    aws_lambda_layer_version: {
      needs: [],
      actions: {
        check: ['lambda:GetLayerVersion'],
        list: ['lambda:ListLayers', 'lambda:ListLayerVersions'],
        remove: ['lambda:DeleteLayerVersion'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.getLayerVersion(layerVersion(subject));
        return ready;
      },
      async *list(client) {
        for await (const page of pages(
          (Marker) => client.listLayers({ Marker }),
          ({ NextMarker }) => NextMarker,
        )) {
          for (const { LayerName, LayerArn } of page.Layers ?? [])
            yield* whileThere(layerVersions(client, LayerName, LayerArn), notFound);
        }
      },
      remove: async (subject, client) => {
        await client.deleteLayerVersion(layerVersion(subject));
        return undefined;
      },
    },
    aws_lambda_function_event_invoke_config: {
      needs: [],
      partOf: 'aws_lambda_function',
      actions: { check: ['lambda:GetFunctionEventInvokeConfig'] },
      check: async (subject, client) => {
        await client.getFunctionEventInvokeConfig(split(subject, ':'));
        return ready;
      },
    },
    aws_lambda_provisioned_concurrency_config: {
      needs: ['function_name', 'qualifier'],
      partOf: 'aws_lambda_function',
      actions: { check: ['lambda:GetProvisionedConcurrencyConfig'] },
      check: async (subject, client) => {
        const found = await client.getProvisionedConcurrencyConfig({
          FunctionName: subject.attribute('function_name'),
          Qualifier: subject.attribute('qualifier'),
        });
        return presentAs(found.Status, concurrencyStates, found.StatusReason);
      },
    },
  },
});
