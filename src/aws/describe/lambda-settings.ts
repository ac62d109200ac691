/** Settings that AWS keeps apart from their function, each for the function itself or for one alias or version. */
import type { DestinationConfig, Lambda } from '@aws-sdk/client-lambda';
import type { JsonObject } from '../../transfer/json.ts';
import { type DescribedResource, known } from '../describe.ts';
import { qualifierOf } from '../function-arn.ts';
import { pages } from '../listing.ts';
import { block } from '../state-values.ts';

function destinations({ OnFailure, OnSuccess }: DestinationConfig): readonly JsonObject[] {
  const [failure, success] = [OnFailure?.Destination, OnSuccess?.Destination];
  if (failure === undefined && success === undefined) return [];
  const destination = (arn: string | undefined): readonly JsonObject[] =>
    block(arn === undefined ? undefined : { destination: arn });
  return block({ on_failure: destination(failure), on_success: destination(success) });
}

/** How often and how long a call that nobody waits for is tried again, and where it goes then. */
export async function eventInvokesOf(name: string, client: Lambda): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (Marker) => client.listFunctionEventInvokeConfigs({ FunctionName: name, Marker }),
    ({ NextMarker }) => NextMarker,
  )) {
    for (const each of page.FunctionEventInvokeConfigs ?? []) {
      const qualifier = qualifierOf(each.FunctionArn);
      const id = qualifier === '' ? name : `${name}:${qualifier}`;
      found.push({
        type: 'aws_lambda_function_event_invoke_config',
        id,
        values: known({
          destination_config: destinations(each.DestinationConfig ?? {}),
          function_name: name,
          id,
          maximum_event_age_in_seconds: each.MaximumEventAgeInSeconds ?? 0,
          // Not set means twice, and 0 means never.
          maximum_retry_attempts: each.MaximumRetryAttempts,
          qualifier,
        }),
      });
    }
  }
  return found;
}

/** As many as were asked for: how many are ready yet is no setting. */
export async function provisionedOf(name: string, client: Lambda): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (Marker) => client.listProvisionedConcurrencyConfigs({ FunctionName: name, Marker }),
    ({ NextMarker }) => NextMarker,
  )) {
    for (const each of page.ProvisionedConcurrencyConfigs ?? []) {
      const qualifier = qualifierOf(each.FunctionArn);
      const id = `${name},${qualifier}`;
      found.push({
        type: 'aws_lambda_provisioned_concurrency_config',
        id,
        values: known({
          function_name: name,
          id,
          provisioned_concurrent_executions: each.RequestedProvisionedConcurrentExecutions,
          qualifier,
        }),
      });
    }
  }
  return found;
}
