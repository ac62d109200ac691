import {
  type Presence,
  type StatusWords,
  type Subject,
  absent,
  defineService,
  presentAs,
  ready,
} from '../adapter.ts';

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

export const lambda = defineService('lambda', {
  notFound: ['ResourceNotFoundException', 'ProvisionedConcurrencyConfigNotFoundException'],
  types: {
    aws_lambda_function: {
      needs: [],
      actions: { check: ['lambda:GetFunctionConfiguration'] },
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
    },
    aws_lambda_alias: {
      needs: ['function_name', 'name'],
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
      actions: { check: ['lambda:GetPolicy'] },
      check: async (subject, client) => {
        const name = subject.attribute('function_name');
        const { Policy } = await client.getPolicy(qualified(name, subject.optional('qualifier')));
        return statementIds(Policy).includes(subject.optional('statement_id') ?? subject.id) ? ready : absent;
      },
    },
    aws_lambda_function_url: {
      needs: [],
      actions: { check: ['lambda:GetFunctionUrlConfig'] },
      check: async (subject, client) => {
        await client.getFunctionUrlConfig(split(subject, '/'));
        return ready;
      },
    },
    aws_lambda_event_source_mapping: {
      needs: [],
      actions: { check: ['lambda:GetEventSourceMapping'] },
      check: async (subject, client) => {
        const found = await client.getEventSourceMapping({ UUID: subject.id });
        return presentAs(found.State, mappingStates, found.StateTransitionReason);
      },
    },
    aws_lambda_layer_version: {
      needs: [],
      actions: { check: ['lambda:GetLayerVersion'] },
      check: async (subject, client) => {
        await client.getLayerVersionByArn({ Arn: subject.id });
        return ready;
      },
    },
    aws_lambda_function_event_invoke_config: {
      needs: [],
      actions: { check: ['lambda:GetFunctionEventInvokeConfig'] },
      check: async (subject, client) => {
        await client.getFunctionEventInvokeConfig(split(subject, ':'));
        return ready;
      },
    },
    aws_lambda_provisioned_concurrency_config: {
      needs: ['function_name', 'qualifier'],
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
