/**
 * What every service adapter is: one file per service, one entry per resource type, the same verbs for all.
 *
 * The verbs that are still to come (list, describe, clone, remove) become required members of `TypeDefinition`, like
 * `check`: an adapter that lacks one must not compile, because a silent default would read "nothing there".
 */
import type { RecordedResource } from '../transfer/record.ts';
import { type AwsClients, type ClientOf, type ServiceName } from './clients.ts';
import { classify, describeFailure, isFatal } from './errors.ts';

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
  /** No adapter knows the type: nobody asked. Shown as such, and proof of nothing. */
  | { readonly state: 'not-asked'; readonly reason: string }
  /** Nothing of it is in the cloud, for example `null_resource`. */
  | { readonly state: 'not-applicable' };

/** A resource as an adapter looks for it. */
export interface CheckedResource extends RecordedResource {
  /** Values of the attributes that the adapter's `needs` names; never secret ones. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface TypeDefinition<Client> {
  /** Attributes beside `id` and `arn` without which it cannot be found. */
  readonly needs: readonly string[];
  /** The IAM actions each verb calls; the first is the one named when access is denied without saying to what. */
  readonly actions: { readonly check: readonly string[] };
  check(resource: Subject, client: Client): Promise<Presence>;
}

export interface TypeAdapter {
  readonly type: string;
  readonly service: ServiceName;
  readonly needs: readonly string[];
  readonly actions: { readonly check: readonly string[] };
  /** Throws only what concerns the whole session: no or expired credentials, an interrupt. */
  check(resource: CheckedResource, clients: AwsClients): Promise<Presence>;
}

export interface ServiceAdapter {
  readonly service: ServiceName;
  /** Codes with which the service says that a thing is not there. */
  readonly notFound: readonly string[];
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
  readonly notFound: ServiceAdapter['notFound'];
  readonly types: Readonly<Record<string, TypeDefinition<ClientOf<S>>>>;
}

/** Makes an adapter: what all types have in common, above all what an error means, stands here. */
export function defineService<S extends ServiceName>(
  service: S,
  definition: ServiceDefinition<S>,
): ServiceAdapter {
  const types = Object.entries(definition.types).map(([type, facts]): TypeAdapter => ({
    type,
    service,
    needs: facts.needs,
    actions: facts.actions,
    check: async (resource, clients) => {
      try {
        return await facts.check(new Subject(resource), await clients.get(service));
      } catch (error) {
        return presenceOfError(error, definition.notFound, facts.actions.check);
      }
    },
  }));
  return { service, notFound: definition.notFound, types };
}

function presenceOfError(error: unknown, notFound: readonly string[], actions: readonly string[]): Presence {
  if (error instanceof MissingAttribute)
    return { state: 'unreadable', reason: `recorded without its ${error.attribute}` };
  const failure = classify(error, notFound);
  if (isFatal(failure)) throw error;
  if (failure.kind === 'not-found') return absent;
  if (failure.kind !== 'denied') return { state: 'unreadable', reason: describeFailure(failure) };
  const permission = failure.action ?? actions[0];
  return {
    state: 'unreadable',
    reason: describeFailure(permission === undefined ? failure : { ...failure, action: permission }),
    ...(permission === undefined ? {} : { permission }),
  };
}
