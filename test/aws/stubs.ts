/** Describers and cloners on clients that answer what a test tells them to, in the form of the service. */
import type { Client, MetadataBearer } from '@smithy/types';
import { type AwsStub, mockClient } from 'aws-sdk-client-mock';
import { type AwsClients, createClients, type ServiceName } from '../../src/aws/clients.ts';
import type { Cloned } from '../../src/aws/clone.ts';
import { clonerOf } from '../../src/aws/clone/index.ts';
import type { Description } from '../../src/aws/describe.ts';
import { describerOf } from '../../src/aws/describe/index.ts';
import type { JsonObject } from '../../src/transfer/json.ts';

export interface StubbedAws {
  readonly clients: AwsClients;
  /** From now on the service answers nothing but what is added. */
  readonly mocked: (service: ServiceName) => Promise<AwsStub<object, MetadataBearer, unknown>>;
  readonly describeIt: (type: string, id: string) => Promise<Description>;
  /** @param source its values and id; the given values with the id `x` if absent */
  readonly copyOf: (
    type: string,
    values: JsonObject,
    source?: { readonly id: string; readonly values: JsonObject },
    signal?: AbortSignal,
  ) => Promise<Cloned>;
}

export function stubbedAws(): StubbedAws {
  const clients = createClients({ region: 'eu-central-1' });
  return {
    clients,
    async mocked(service) {
      const client = (await clients.get(service)) as unknown as Client<object, MetadataBearer, unknown>;
      const mock = mockClient(client);
      mock.onAnyCommand().resolves({});
      return mock;
    },
    async describeIt(type, id) {
      const resource = { address: 'x', type, identity: null, id, arn: null };
      const found = await describerOf(type)?.describe(resource, clients);
      if (found === undefined) throw new Error(`nobody describes a ${type}`);
      return found;
    },
    async copyOf(type, values, source = { id: 'x', values }, signal = AbortSignal.timeout(60_000)) {
      const cloned = await clonerOf(type)?.clone({ values, source, signal }, clients);
      if (cloned === undefined) throw new Error(`nobody copies a ${type}`);
      return cloned;
    },
  };
}

/** What was given with each call of the kind, in order. */
export const inputsOf = (
  calls: readonly { readonly args: readonly { readonly input: object }[] }[],
): object[] => calls.map(({ args }) => JSON.parse(JSON.stringify(args[0]?.input ?? {})) as object);

/** An error as the SDK throws it. */
export function awsError(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}
