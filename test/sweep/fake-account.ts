/** An account that is asked through clients of our own making: nothing is in it but what a test puts there. */
import type { AwsClients } from '../../src/aws/clients.ts';
import type { FoundItem } from '../../src/aws/adapter.ts';
import type { SweepThing } from '../../src/sweep/receipt.ts';

type Operation = (input: Readonly<Record<string, unknown>>) => unknown;

/** `service.operation` → what it answers, or throws. All others answer that there is nothing. */
export type Operations = Readonly<Record<string, Operation>>;

export interface FakeClients extends AwsClients {
  /** How often an operation was called. */
  calls(operation: string): number;
}

export function fakeClients(operations: Operations): FakeClients {
  const calls = new Map<string, number>();
  const client = (service: string): object =>
    new Proxy(
      {},
      {
        get: (_target, name) => {
          // What is awaited must not look like a promise.
          if (typeof name !== 'string' || name === 'then') return undefined;
          if (name === 'config') return { region: () => Promise.resolve('eu-west-1') };
          const operation = `${service}.${name}`;
          return async (input: Readonly<Record<string, unknown>> = {}) => {
            calls.set(operation, (calls.get(operation) ?? 0) + 1);
            // A turn of the event loop, as any real call takes.
            await new Promise((resolve) => setImmediate(resolve));
            return operations[operation]?.(input) ?? {};
          };
        },
      },
    );
  const clients: AwsClients = {
    get: ((service: string) => Promise.resolve(client(service))) as AwsClients['get'],
    identity: () =>
      Promise.resolve({ partition: 'aws', account: '123456789012', arn: 'arn:aws:iam::123456789012:root' }),
    with: () => clients,
    close: () => undefined,
  };
  return { ...clients, calls: (operation) => calls.get(operation) ?? 0 };
}

/** An error as the SDK throws it. */
export function awsError(name: string, message = 'no', httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

export function failing(error: Error): Operation {
  return () => {
    throw error;
  };
}

export function thing(type: string, id: string, more: Partial<FoundItem> = {}): SweepThing {
  return {
    item: { type, id, name: id, ...more },
    region: 'eu-west-1',
    verdict: 'ours',
    reason: 'in its record',
  };
}
