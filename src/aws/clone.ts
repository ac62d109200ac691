/**
 * Makes a thing like another one, from values in the shape of Terraform's state. One file per service in `clone/`,
 * one entry per resource type, parts included.
 */
import { canonical } from '../live/canonical.ts';
import type { JsonObject } from '../transfer/json.ts';
import type { AwsClients, ClientOf, ServiceName } from './clients.ts';
import { cannotBeCopied } from './clone/refusals.ts';
import { StateValues } from './state-values.ts';

export interface CloneRequest {
  /** Of the new thing: every name is the target's, every reference leads to what is there by now. Tags included. */
  readonly values: JsonObject;
  /** What it is copied from, for what no values hold: the code of a function. Only ever read. */
  readonly source: { readonly id: string; readonly values: JsonObject };
  /**
   * The values as they are if the new thing has this id: what refers to the thing itself (its own policy) is absent from
   * `values`, for nobody knows the id before it is there.
   *
   * @param known by what else it may be referred to: its `arn`
   */
  withOwnId(id: string, known?: JsonObject): JsonObject;
  readonly signal: AbortSignal;
}

export interface Cloned {
  /** The id that Terraform would give it. */
  readonly id: string;
  /** What is known only now: `arn`, endpoints, URLs, generated ids. */
  readonly values: JsonObject;
}

/** What has to be there before although no value refers to it: a deployment shows the methods that are there by then. */
export interface After {
  readonly types: readonly string[];
  /** Only those that have the same texts in these attributes: the methods of the same API. All of them if empty. */
  readonly sharing: readonly string[];
  /** What those attributes are called there, one for one; the same if not said. */
  readonly theirs?: readonly string[];
}

/** What can be told of a copy before anything is made. */
export interface CopyOutlook {
  /** Why it cannot be made, in the words of a report; `null` if nothing speaks against it. */
  readonly refused: string | null;
  /** What the source has and the copy will not, with what a person can do about it; `null` if it is whole. */
  readonly lacking: { readonly what: string; readonly hint: string } | null;
}

export interface Later<Client> {
  readonly attributes: readonly string[];
  /** @param lacking those of the attributes that are not what they are to be: all of them right after the creation */
  set(made: Cloned, request: CloneRequest, client: Client, lacking: ReadonlySet<string>): Promise<void>;
}

export interface CloneDefinition<Client> {
  /** The IAM actions that it calls. */
  readonly actions: readonly string[];
  /** Attributes that it does not read, because parts that are cloned by themselves say the same: no dependencies. */
  readonly leavesToParts?: readonly string[];
  /** Attributes in which it may be named by its own made-up id, and gets it: see `withOwnId`. */
  readonly namesItself?: readonly string[];
  /** What calls of their own set once it is there: a run that is killed between the two leaves it without. */
  readonly later?: Later<Client>;
  /** What is made before it although no value tells. */
  readonly after?: readonly After[];
  /** Attribute that names what it lies in, and without a copy of which it has none: the network of a subnet. */
  readonly liesIn?: string;
  /** Why it cannot be copied, as far as the values of source and target tell: a clause whose subject is the thing. */
  refuses?(source: StateValues, target: StateValues): string | null;
  /** What the copy lacks of what the source has, in names of the target. */
  lacks?(source: StateValues, target: StateValues): CopyOutlook['lacking'];
  /**
   * Returns once what it made can be used by others, but for what is set later. Never takes over what is there already: a name that is taken
   * ends in the service's own error. May wait for a role that was just made to be known everywhere; bounded.
   */
  clone(request: CloneRequest, client: Client): Promise<Cloned>;
}

export interface Cloner {
  readonly type: string;
  readonly service: ServiceName;
  readonly actions: readonly string[];
  /** Attributes of `values` that do not matter: what they refer to need not be there before. */
  readonly leavesToParts: readonly string[];
  readonly namesItself: readonly string[];
  readonly after: readonly After[];
  readonly liesIn: string | null;
  /**
   * Asks nobody: a plan can say it before anything is made.
   *
   * @param target the source's values under the names of the target
   */
  outlook(source: JsonObject, target: JsonObject): CopyOutlook;
  /** Throws `configuration-invalid` where the outlook is a refusal, and else what the service says. */
  clone(request: CloneRequest, clients: AwsClients): Promise<Cloned>;
  /**
   * Goes on where a run was killed after the creation: sets what would have come next, and only what is not so yet.
   *
   * @param made as it is now, described
   */
  finish(made: Cloned, request: CloneRequest, clients: AwsClients): Promise<void>;
}

/** Attributes of what is wanted that are not so. */
function lackingIn(attributes: readonly string[], wanted: JsonObject, there: JsonObject): readonly string[] {
  return attributes.filter(
    (attribute) =>
      wanted[attribute] !== undefined &&
      canonical(wanted[attribute], attribute) !== canonical(there[attribute], attribute),
  );
}

function refusesUnread({ settingsNotRead: settings }: StateValues): string | null {
  return settings.length === 0 ? null : `it has settings that are not copied: ${settings.join(', ')}`;
}

export function cloneService<S extends ServiceName>(
  service: S,
  types: Readonly<Record<string, CloneDefinition<ClientOf<S>>>>,
): readonly Cloner[] {
  return Object.entries(types).map(([type, definition]): Cloner => {
    const { later } = definition;
    const outlook = (source: JsonObject, target: JsonObject): CopyOutlook => {
      const [before, after] = [new StateValues(source), new StateValues(target)];
      return {
        refused: definition.refuses?.(before, after) ?? refusesUnread(before),
        lacking: definition.lacks?.(before, after) ?? null,
      };
    };
    return {
      type,
      service,
      actions: definition.actions,
      leavesToParts: definition.leavesToParts ?? [],
      namesItself: definition.namesItself ?? [],
      after: definition.after ?? [],
      liesIn: definition.liesIn ?? null,
      outlook,
      clone: async (request, clients) => {
        const { refused } = outlook(request.source.values, request.values);
        if (refused !== null) throw cannotBeCopied(`${type} ${request.source.id}`, refused);
        const client = await clients.get(service);
        const made = await definition.clone(request, client);
        await later?.set(made, request, client, new Set(later.attributes));
        return made;
      },
      finish: async (made, request, clients) => {
        if (later === undefined) return;
        const lacking = lackingIn(later.attributes, request.withOwnId(made.id, made.values), made.values);
        if (lacking.length > 0) await later.set(made, request, await clients.get(service), new Set(lacking));
      },
    };
  });
}
