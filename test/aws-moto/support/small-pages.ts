import type { AwsClients, ServiceName } from '../../../src/aws/clients.ts';

/** By operation, for example `ListTables`: the input with which a page holds one thing. */
export type PageSizes = Readonly<Record<string, object>>;

interface Middleware {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: { input: object }) => Promise<object>,
        context: { readonly commandName?: string },
      ) => (args: { input: object }) => Promise<object>,
      options: { readonly step: 'initialize'; readonly name: string; readonly override: true },
    ): void;
  };
}

/**
 * Makes the listings of a client small.
 *
 * @returns how many pages were asked for, by operation
 */
export async function makePagesSmall(
  clients: AwsClients,
  service: ServiceName,
  sizes: PageSizes,
): Promise<ReadonlyMap<string, number>> {
  const asked = new Map<string, number>();
  const client = (await clients.get(service)) as unknown as Middleware;
  client.middlewareStack.add(
    (next, context) => (args) => {
      const operation = context.commandName?.replace(/Command$/, '') ?? '';
      const size = sizes[operation];
      if (size === undefined) return next(args);
      asked.set(operation, (asked.get(operation) ?? 0) + 1);
      return next({ ...args, input: { ...args.input, ...size } });
    },
    { step: 'initialize', name: 'smallPages', override: true },
  );
  return asked;
}
