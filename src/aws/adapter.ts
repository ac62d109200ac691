/**
 * What every service adapter is: one file per service, one entry per resource type, the same verbs for all.
 *
 * An adapter that lacks a verb does not compile, because a silent default would read "nothing there". What is only a
 * part of another thing (a permission of a function, a setting of a bucket) says of what: it is neither listed nor
 * removed by itself.
 */
import type { RecordedResource } from '../transfer/record.ts';
import { type AwsClients, type ClientOf, type ServiceName } from './clients.ts';
import { classify, describeFailure, errorCode, isFatal } from './errors.ts';
import type { Listed } from './listing.ts';

/**
 * How something that is there is doing. `changing` is on its way (or in a state that we do not know), `leaving` is
 * being deleted or waits out its recovery window: its name is taken, but it cannot be used.
 */
export type Condition = 'ready' | 'changing' | 'failed' | 'leaving';

export interface Present {
  readonly state: 'present';
  readonly condition: Condition;
  /** The service's own word: `Active`, `available`. */
  readonly status?: string;
  readonly detail?: string;
}

export type Presence =
  | Present
  | { readonly state: 'absent' }
  /** Neither: makes the run incomplete, never clean. `permission` is the action that lacks, if that is the reason. */
  | { readonly state: 'unreadable'; readonly reason: string; readonly permission?: string }
  /**
   * No adapter knows the type, or it lies in another account (`account`) than ours: nobody asked. Shown as such, and
   * proof of nothing.
   */
  | { readonly state: 'not-asked'; readonly reason: string; readonly account?: string }
  /** Nothing of it is in the cloud, for example `null_resource`. */
  | { readonly state: 'not-applicable' };

/** A resource as an adapter looks for it. */
export interface CheckedResource extends RecordedResource {
  /** Values of the attributes that the adapter's `needs` names; never secret ones. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What became of an attempt to remove something. Whatever is not one of the first three is still there. */
export type Removal =
  | { readonly state: 'removed' }
  /** It was not there any more: somebody else was faster, and that is as good. */
  | { readonly state: 'gone' }
  /** Accepted, and it takes the service a while. */
  | { readonly state: 'leaving'; readonly detail: string }
  /** Something that is still there uses it: worth another attempt once that is gone. */
  | {
      readonly state: 'refused';
      readonly reason: string;
      /** It will be possible in a while, whatever else happens. */
      readonly passing?: true;
    }
  | { readonly state: 'denied'; readonly reason: string; readonly permission?: string }
  | { readonly state: 'failed'; readonly reason: string };

/** Something listed, with the type of which it is one. */
export interface FoundItem extends Listed {
  readonly type: string;
}

/** How a listing ended. What was visited before an error stays true; the rest was not seen. */
export type ListOutcome =
  | { readonly state: 'complete' }
  | { readonly state: 'unreadable'; readonly reason: string; readonly permission?: string };

interface Checkable<Client> {
  /** Attributes beside `id` and `arn` without which it cannot be found. */
  readonly needs: readonly string[];
  check(resource: Subject, client: Client): Promise<Presence>;
}

/** Goes with another thing, and is never there without it. */
export interface PartDefinition<Client> extends Checkable<Client> {
  readonly partOf: string;
  /** The IAM actions the verb calls; the first is the one named when access is denied without saying to what. */
  readonly actions: { readonly check: readonly string[] };
}

/** Can be there by itself: hence it can be left behind. */
export interface WholeDefinition<Client> extends Checkable<Client> {
  readonly actions: VerbActions;
  /** Types of which it uses something: it has to be removed before these. */
  readonly dependsOn: readonly string[];
  list(client: Client): AsyncIterable<Listed>;
  /** Removes it with all its parts. What is not there any more may end in the service's "not found". */
  remove(resource: Subject, client: Client): Promise<Removal | undefined>;
  /** For services whose listing does not tell the tags. */
  tags?(resource: Subject, client: Client): Promise<Readonly<Record<string, string>>>;
}

export interface VerbActions {
  readonly check: readonly string[];
  readonly list: readonly string[];
  readonly remove: readonly string[];
  readonly tags?: readonly string[];
}

export type TypeDefinition<Client> = PartDefinition<Client> | WholeDefinition<Client>;

export interface TypeAdapter {
  readonly type: string;
  readonly service: ServiceName;
  readonly needs: readonly string[];
  readonly actions: { readonly check: readonly string[] };
  /** Throws only what concerns the whole session: no or expired credentials, an interrupt. */
  check(resource: CheckedResource, clients: AwsClients): Promise<Presence>;
  /** Type of the thing that it is part of; `null` for what can be there by itself. */
  readonly partOf: string | null;
  /** The verbs of what can be there by itself; `null` for a part. */
  readonly whole: WholeAdapter | null;
}

/** The verbs of what can be left behind. As `check`, they throw only what concerns the whole session. */
export interface WholeAdapter {
  readonly type: string;
  readonly service: ServiceName;
  readonly actions: VerbActions;
  readonly dependsOn: readonly string[];
  /** True if `tags` has to be asked, because the listing does not tell. */
  readonly tagsApart: boolean;
  /** Visits everything of the type in the region of the clients, page by page. */
  list(clients: AwsClients, visit: (item: FoundItem) => void): Promise<ListOutcome>;
  /** Doing it twice is doing it once. */
  remove(item: FoundItem, clients: AwsClients): Promise<Removal>;
  /** The item with its tags, or why they cannot be read. Asks nothing where the listing told them. */
  tagged(
    item: FoundItem,
    clients: AwsClients,
  ): Promise<FoundItem | Exclude<ListOutcome, { state: 'complete' }>>;
}

export interface ServiceAdapter {
  readonly service: ServiceName;
  /** `global`: the same answer whichever region is asked. */
  readonly scope: 'global' | 'regional';
  /** Codes with which the service says that a thing is not there. */
  readonly notFound: readonly string[];
  /** Codes with which it says that a thing cannot be removed because of another one, or not at this moment. */
  readonly inUse: readonly string[];
  readonly types: readonly TypeAdapter[];
}

/** What was asked for is not in the record: such a resource cannot be looked for. */
class MissingAttribute extends Error {
  readonly attribute: string;

  constructor(attribute: string) {
    super(`no ${attribute}`);
    this.attribute = attribute;
  }
}

/** Reads a resource's identifiers; a missing one ends the check as unreadable. */
export class Subject {
  readonly #resource: CheckedResource;

  constructor(resource: CheckedResource) {
    this.#resource = resource;
  }

  get id(): string {
    return this.#resource.id ?? this.#resource.identity ?? missing('id');
  }

  get arn(): string {
    return this.#resource.arn ?? missing('arn');
  }

  /** Last part of the ARN (after the last `:` or `/`), or the id where there is no ARN. */
  get arnName(): string {
    const { arn } = this.#resource;
    return arn === null ? this.id : arn.slice(Math.max(arn.lastIndexOf(':'), arn.lastIndexOf('/')) + 1);
  }

  attribute(name: string): string {
    return this.optional(name) ?? missing(name);
  }

  /** For attributes that may be empty, such as a qualifier. */
  optional(name: string): string | undefined {
    const value = this.#resource.attributes?.[name];
    return value === undefined || value === '' ? undefined : value;
  }

  /** The parts of an id that the provider joins, for example `role:policy`. */
  idParts(separator: string): readonly [string, string] {
    const at = this.id.indexOf(separator);
    if (at < 1 || at === this.id.length - 1) return missing(`id of the form a${separator}b`);
    return [this.id.slice(0, at), this.id.slice(at + 1)];
  }

  /** The same, cut at the last separator: the version at the end of an ARN. */
  lastPart(separator: string): readonly [string, string] {
    const at = this.id.lastIndexOf(separator);
    if (at < 1 || at === this.id.length - 1) return missing(`id of the form a${separator}b`);
    return [this.id.slice(0, at), this.id.slice(at + 1)];
  }
}

function missing(attribute: string): never {
  throw new MissingAttribute(attribute);
}

export const ready: Present = { state: 'present', condition: 'ready' };

export const absent: Presence = { state: 'absent' };

/** Ready if the answer holds the thing, absent if not. */
export function presentIf(there: unknown): Presence {
  return there ? ready : absent;
}

/** The service's words for a condition. What is not among them counts as `changing`: seen, and not yet good. */
export type StatusWords = Readonly<Partial<Record<Exclude<Condition, 'changing'>, readonly string[]>>>;

export function presentAs(status: string | undefined, words: StatusWords, detail?: string): Present {
  const condition = (['ready', 'failed', 'leaving'] as const).find((each) =>
    words[each]?.includes(status ?? ''),
  );
  return {
    state: 'present',
    condition: condition ?? 'changing',
    ...(status === undefined ? {} : { status }),
    ...(detail === undefined || detail === '' ? {} : { detail }),
  };
}

export interface ServiceDefinition<S extends ServiceName> {
  readonly scope: ServiceAdapter['scope'];
  readonly notFound: ServiceAdapter['notFound'];
  readonly inUse: ServiceAdapter['inUse'];
  readonly types: Readonly<Record<string, TypeDefinition<ClientOf<S>>>>;
}

/** Makes an adapter: what all types have in common, above all what an error means, stands here. */
export function defineService<S extends ServiceName>(
  service: S,
  definition: ServiceDefinition<S>,
): ServiceAdapter {
  const { scope, notFound, inUse } = definition;
  const types = Object.entries(definition.types).map(([type, facts]): TypeAdapter => ({
    type,
    service,
    needs: facts.needs,
    actions: facts.actions,
    check: async (resource, clients) => {
      try {
        return await facts.check(new Subject(resource), await clients.get(service));
      } catch (error) {
        return presenceOfError(error, notFound, facts.actions.check);
      }
    },
    partOf: 'partOf' in facts ? facts.partOf : null,
    whole: 'partOf' in facts ? null : wholeAdapter(service, type, facts, { notFound, inUse }),
  }));
  return { service, scope, notFound, inUse, types };
}

interface Codes {
  readonly notFound: readonly string[];
  readonly inUse: readonly string[];
}

/** Attempts at one removal whose parts vanish under it, because somebody else removes the same thing. */
const longestRace = 5;

function wholeAdapter<S extends ServiceName>(
  service: S,
  type: string,
  facts: WholeDefinition<ClientOf<S>>,
  codes: Codes,
): WholeAdapter {
  const { actions, dependsOn } = facts;
  return {
    type,
    service,
    actions,
    dependsOn,
    tagsApart: facts.tags !== undefined,
    list: async (clients, visit) => {
      try {
        for await (const item of facts.list(await clients.get(service))) visit({ ...item, type });
        return { state: 'complete' };
      } catch (error) {
        return unreadable(error, actions.list);
      }
    },
    remove: async (item, clients) => {
      const client = await clients.get(service);
      const subject = subjectOf(item);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return (await facts.remove(subject, client)) ?? { state: 'removed' };
        } catch (error) {
          const removal = removalOfError(error, codes, actions.remove);
          if (removal.state !== 'gone' && removal.state !== 'failed') return removal;
          // "Not found" may be said of one of its parts, and a service that somebody else asks for the same deletion
          // may break in any way: what counts is whether it is still there.
          const presence = await facts
            .check(subject, client)
            .catch((failure: unknown) => presenceOfError(failure, codes.notFound, actions.check));
          if (presence.state === 'absent' || isLeaving(presence)) return { state: 'gone' };
          if (presence.state !== 'present')
            return { state: 'failed', reason: 'reason' in presence ? presence.reason : presence.state };
          if (removal.state === 'failed') return removal;
          if (attempt === longestRace) return { state: 'failed', reason: 'its parts were not found' };
        }
      }
    },
    tagged: async (item, clients) => {
      if (facts.tags === undefined || item.tags !== undefined) return item;
      try {
        return { ...item, tags: await facts.tags(subjectOf(item), await clients.get(service)) };
      } catch (error) {
        // Gone since it was listed: nothing that could be anybody's.
        if (classify(error, codes.notFound).kind === 'not-found') return { ...item, tags: {} };
        return unreadable(error, actions.tags ?? []);
      }
    },
  };
}

const isLeaving = (presence: Presence): boolean =>
  presence.state === 'present' && presence.condition === 'leaving';

/** A listed thing as something that can be checked, for `check` and for the record. */
export function toResource(item: FoundItem): CheckedResource {
  return {
    address: `${item.type}.${item.name}`,
    type: item.type,
    identity: item.name,
    id: item.id,
    arn: item.arn ?? null,
    ...(item.attributes === undefined ? {} : { attributes: item.attributes }),
  };
}

const subjectOf = (item: FoundItem): Subject => new Subject(toResource(item));

function presenceOfError(error: unknown, notFound: readonly string[], actions: readonly string[]): Presence {
  if (!(error instanceof MissingAttribute) && classify(error, notFound).kind === 'not-found') return absent;
  return unreadable(error, actions);
}

interface Unreadable {
  readonly state: 'unreadable';
  readonly reason: string;
  readonly permission?: string;
}

/** @throws what concerns the whole session */
export function unreadable(error: unknown, actions: readonly string[]): Unreadable {
  if (error instanceof MissingAttribute)
    return { state: 'unreadable', reason: `recorded without its ${error.attribute}` };
  const failure = classify(error);
  if (isFatal(failure)) throw error;
  if (failure.kind !== 'denied') return { state: 'unreadable', reason: describeFailure(failure) };
  const permission = failure.action ?? actions[0];
  return {
    state: 'unreadable',
    reason: describeFailure(permission === undefined ? failure : { ...failure, action: permission }),
    ...(permission === undefined ? {} : { permission }),
  };
}

/** @throws what concerns the whole session */
function removalOfError(error: unknown, { notFound, inUse }: Codes, actions: readonly string[]): Removal {
  if (!(error instanceof MissingAttribute)) {
    if (classify(error, notFound).kind === 'not-found') return { state: 'gone' };
    if (inUse.includes(errorCode(error)))
      return { state: 'refused', reason: `it is in use: ${errorCode(error)}` };
  }
  const { reason, permission } = unreadable(error, actions);
  return permission === undefined ? { state: 'failed', reason } : { state: 'denied', reason, permission };
}
