/** Settings that AWS keeps apart from their function. */
import type { Lambda } from '@aws-sdk/client-lambda';
import { ProvisionError } from '../../transfer/errors.ts';
import type { CloneDefinition, Cloned, CloneRequest, Partner } from '../clone.ts';
import { functionName, isVersion } from '../function-arn.ts';
import { StateValues } from '../state-values.ts';
import { onceKnown, type Passing, waitFor } from './wait.ts';

/** What is of an alias can only be made once the alias is there, and no ARN in the values says so. */
export const afterAlias: readonly Partner[] = [
  { type: 'aws_lambda_alias', same: { function_name: 'function_name', name: 'qualifier' } },
];

/** A version is a number that the service gives: version 7 of the source is none of the copy's. */
export function ofVersion(values: StateValues): string | null {
  const qualifier = values.text('qualifier') ?? '';
  return isVersion(qualifier)
    ? `it is of version ${qualifier}, and a copy has versions of its own; point an alias at the version, and set it there`
    : null;
}

interface Qualified {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

/** The call must not have the key at all where there is no qualifier. */
export function qualifiedName(values: StateValues): Qualified {
  const FunctionName = functionName(values.needed('function_name'));
  const Qualifier = values.text('qualifier');
  return Qualifier === undefined ? { FunctionName } : { FunctionName, Qualifier };
}

/** Where nobody waits for an answer, the role has to be allowed to send to the destination: it may be new. */
const destinationUnknown: readonly Passing[] = [
  { code: 'InvalidParameterValueException', message: /destination|permission|role|not exist/i },
  { code: 'ResourceConflictException', message: /in progress|pending/i },
];

async function cloneEventInvoke({ values: given, signal }: CloneRequest, client: Lambda): Promise<Cloned> {
  const values = new StateValues(given);
  const named = qualifiedName(values);
  const to = values.block('destination_config');
  const failure = to?.block('on_failure')?.text('destination');
  const success = to?.block('on_success')?.text('destination');
  await onceKnown(
    () =>
      client.putFunctionEventInvokeConfig({
        ...named,
        MaximumEventAgeInSeconds: values.positive('maximum_event_age_in_seconds'),
        MaximumRetryAttempts: values.number('maximum_retry_attempts'),
        DestinationConfig: {
          ...(failure === undefined ? {} : { OnFailure: { Destination: failure } }),
          ...(success === undefined ? {} : { OnSuccess: { Destination: success } }),
        },
      }),
    destinationUnknown,
    signal,
  );
  const id = [named.FunctionName, ...(named.Qualifier === undefined ? [] : [named.Qualifier])].join(':');
  return { id, values: { id } };
}

/** Environments are got ready before the service calls it done: a few minutes for many of them. */
const provisioningLimitMs = 15 * 60_000;

async function cloneProvisioned({ values: given, signal }: CloneRequest, client: Lambda): Promise<Cloned> {
  const values = new StateValues(given);
  const FunctionName = functionName(values.needed('function_name'));
  const Qualifier = values.needed('qualifier');
  const what = `the provisioned concurrency of ${FunctionName}:${Qualifier}`;
  await onceKnown(
    () =>
      client.putProvisionedConcurrencyConfig({
        FunctionName,
        Qualifier,
        ProvisionedConcurrentExecutions: values.number('provisioned_concurrent_executions'),
      }),
    [{ code: 'ResourceConflictException', message: /in progress|pending/i }],
    signal,
  );
  await waitFor(
    async () => {
      const { Status, StatusReason } = await client.getProvisionedConcurrencyConfig({
        FunctionName,
        Qualifier,
      });
      if (Status === 'FAILED')
        throw new ProvisionError('apply-failed', `${what} failed: ${StatusReason ?? 'no reason was given'}`);
      return Status === 'READY' ? true : undefined;
    },
    { what: `${what} to be ready`, signal, limitMs: provisioningLimitMs },
  );
  const id = `${FunctionName},${Qualifier}`;
  return { id, values: { id } };
}

export const lambdaSettings: Readonly<Record<string, CloneDefinition<Lambda>>> = {
  aws_lambda_function_event_invoke_config: {
    actions: ['lambda:PutFunctionEventInvokeConfig'],
    after: afterAlias,
    refuses: ofVersion,
    clone: cloneEventInvoke,
  },
  aws_lambda_provisioned_concurrency_config: {
    actions: ['lambda:PutProvisionedConcurrencyConfig', 'lambda:GetProvisionedConcurrencyConfig'],
    after: afterAlias,
    refuses: ofVersion,
    clone: cloneProvisioned,
  },
};
