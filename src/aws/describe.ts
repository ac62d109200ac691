/**
 * Reads live things in the shape in which Terraform's state holds them, so that the rules, the mapping, the cost, the
 * comparison and the drift need not know where an inventory came from.
 *
 * One file per service in `describe/`, one entry per resource type that can be there by itself; what is a part of
 * another thing is described with it.
 */
import type { Json, JsonObject } from '../transfer/json.ts';
import type { CheckedResource } from './adapter.ts';
import { Subject, unreadable } from './adapter.ts';
import type { AwsClients, ClientOf, ServiceName } from './clients.ts';
import { classify } from './errors.ts';

/** One resource as it is in the account. */
export interface DescribedResource {
  readonly type: string;
  /** The id that Terraform gives it. */
  readonly id: string;
  /**
   * Attribute names, nesting and value types of the provider (blocks are lists of objects, policies JSON text, sets
   * sorted lists). What is absent was not read: it says nothing about the thing.
   */
  readonly values: JsonObject;
  /** Paths (dot-joined, list indices as numbers) whose values may be secret. */
  readonly sensitivePaths?: readonly string[];
}

export type Description =
  /** The thing itself first, then its parts. */
  | { readonly state: 'described'; readonly resources: readonly DescribedResource[] }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly reason: string; readonly permission?: string };

export interface DescribeDefinition<Client> {
  /** The IAM actions that it calls; the first is named where access is denied without saying to what. */
  readonly actions: readonly string[];
  /**
   * Empty where it is not there; the service's own "not found" may be thrown instead. The other clients are for what
   * the service itself does not tell.
   */
  describe(subject: Subject, client: Client, clients: AwsClients): Promise<readonly DescribedResource[]>;
}

export interface Describer {
  readonly type: string;
  readonly service: ServiceName;
  readonly actions: readonly string[];
  /** Throws only what concerns the whole session: no or expired credentials, an interrupt. */
  describe(resource: CheckedResource, clients: AwsClients): Promise<Description>;
}

/** @param notFound codes with which the service says that a thing is not there */
export function describeService<S extends ServiceName>(
  service: S,
  notFound: readonly string[],
  types: Readonly<Record<string, DescribeDefinition<ClientOf<S>>>>,
): readonly Describer[] {
  return Object.entries(types).map(([type, facts]) => ({
    type,
    service,
    actions: facts.actions,
    describe: async (resource, clients) => {
      try {
        const resources = await facts.describe(new Subject(resource), await clients.get(service), clients);
        return resources.length === 0 ? { state: 'absent' } : { state: 'described', resources };
      } catch (error) {
        if (classify(error, notFound).kind === 'not-found') return { state: 'absent' };
        return unreadable(error, facts.actions);
      }
    },
  }));
}

/** The given values without those that are `undefined`: what was not read does not stand in them. */
export function known(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}
