/**
 * Makes a thing like another one, from values in the shape of Terraform's state. One file per service in `clone/`,
 * one entry per resource type, parts included.
 */
import type { JsonObject } from '../transfer/json.ts';
import type { AwsClients, ClientOf, ServiceName } from './clients.ts';

export interface CloneRequest {
  /** Of the new thing: every name is the target's, every reference leads to what is there by now. Tags included. */
  readonly values: JsonObject;
  /** What it is copied from, for what no values hold: the code of a function. Only ever read. */
  readonly source: { readonly id: string; readonly values: JsonObject };
  readonly signal: AbortSignal;
}

export interface Cloned {
  /** The id that Terraform would give it. */
  readonly id: string;
  /** What is known only now: `arn`, endpoints, URLs, generated ids. */
  readonly values: JsonObject;
}

export interface CloneDefinition<Client> {
  /** The IAM actions that it calls. */
  readonly actions: readonly string[];
  /**
   * Returns once what it made can be used by others. Never takes over what is there already: a name that is taken
   * ends in the service's own error. May wait for a role that was just made to be known everywhere; bounded.
   */
  clone(request: CloneRequest, client: Client): Promise<Cloned>;
}

export interface Cloner {
  readonly type: string;
  readonly service: ServiceName;
  readonly actions: readonly string[];
  /** Throws what the service says. */
  clone(request: CloneRequest, clients: AwsClients): Promise<Cloned>;
}

export function cloneService<S extends ServiceName>(
  service: S,
  types: Readonly<Record<string, CloneDefinition<ClientOf<S>>>>,
): readonly Cloner[] {
  return Object.entries(types).map(([type, definition]) => ({
    type,
    service,
    actions: definition.actions,
    clone: async (request, clients) => definition.clone(request, await clients.get(service)),
  }));
}
