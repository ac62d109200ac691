/** How adapters list: pages to the end, and items in one form whatever the service calls their parts. */
import { errorCode } from './errors.ts';

/** One thing of a service, as far as a listing tells. Never holds a value that may be secret. */
export interface Listed {
  /** The id that `check` and `remove` take: the one of Terraform. */
  readonly id: string;
  readonly name: string;
  readonly arn?: string;
  /** Absent where the listing does not tell: then nobody knows whether there are any. */
  readonly tags?: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
  /** What `check` and `remove` need beside the id. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Names, ids and ARNs of what it was made for, or cannot be without: the cluster of a snapshot. */
  readonly uses?: readonly string[];
  /** Set where it is on its way out already: until when, or what it waits for. */
  readonly leaving?: string;
}

type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** As the SDK has it: everything may be missing, dates are dates. */
export interface RawListed extends Optional<Omit<Listed, 'createdAt' | 'uses' | 'attributes'>> {
  readonly createdAt?: Date | string | number | undefined;
  readonly uses?: readonly (string | undefined)[] | undefined;
  readonly attributes?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * The pages of a listing, one at a time, to the last.
 *
 * @throws Error where the service answers with the token that it was given: it would never end
 */
export async function* pages<Page>(
  read: (token: string | undefined) => Promise<Page>,
  next: (page: Page) => string | undefined,
): AsyncGenerator<Page> {
  let token: string | undefined;
  do {
    const page = await read(token);
    yield page;
    const following = next(page);
    if (following !== undefined && following !== '' && following === token)
      throw Object.assign(new Error('a page was answered twice'), { name: 'RepeatedPage' });
    token = following === '' ? undefined : following;
  } while (token !== undefined);
}

/** Describes a listing by its four parts; `item` answers `null` for what is none of the user's. */
export function listing<Client, Page, Raw>(
  read: (client: Client, token: string | undefined) => Promise<Page>,
  next: (page: Page) => string | undefined,
  raw: (page: Page) => readonly Raw[] | undefined,
  item: (raw: Raw) => RawListed | null,
): (client: Client) => AsyncGenerator<Listed> {
  return async function* list(client) {
    for await (const page of pages((token) => read(client, token), next)) {
      for (const each of raw(page) ?? []) {
        const found = item(each);
        const listed = found && toListed(found);
        if (listed) yield listed;
      }
    }
  };
}

/**
 * What hangs on a thing that may vanish while it is looked at: then nothing hangs on it any more.
 *
 * @param notFound codes with which the service says that it is gone
 */
export async function* whileThere<T>(
  items: AsyncIterable<T>,
  notFound: readonly string[],
): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    if (!notFound.includes(errorCode(error))) throw error;
  }
}

/** For listings that come as one answer. */
export const onePage = (): undefined => undefined;

/** `null` without an id: such a thing can be neither named nor removed. */
export function toListed(raw: RawListed): Listed | null {
  const { id, name = id, arn, tags, createdAt, attributes, uses, leaving } = raw;
  if (id === undefined || id === '' || name === undefined) return null;
  const when = createdAt === undefined ? Number.NaN : new Date(createdAt).getTime();
  const used = (uses ?? []).filter((each): each is string => each !== undefined && each !== '');
  return {
    id,
    name,
    ...(arn === undefined ? {} : { arn }),
    ...(tags === undefined ? {} : { tags }),
    ...(Number.isNaN(when) ? {} : { createdAt: new Date(when).toISOString() }),
    ...(attributes === undefined ? {} : { attributes: withoutGaps(attributes) }),
    ...(used.length === 0 ? {} : { uses: used }),
    ...(leaving === undefined ? {} : { leaving }),
  };
}

function withoutGaps(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

/** `[{ Key, Value }]` in either spelling; `undefined` stays it, for "not told" is not "none". */
export function tagsFrom(tags: readonly Tag[]): Record<string, string>;
export function tagsFrom(tags: readonly Tag[] | undefined): Record<string, string> | undefined;
export function tagsFrom(tags: readonly Tag[] | undefined): Record<string, string> | undefined {
  return (
    tags &&
    Object.fromEntries(tags.map((each) => [each.Key ?? each.key ?? '', each.Value ?? each.value ?? '']))
  );
}

/** The first so many characters of a date, for people: `2030-01-31`. */
export const day = (date: Date | undefined): string | undefined => date?.toISOString().slice(0, 10);
