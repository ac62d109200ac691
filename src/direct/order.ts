/** In which order copies are made: what is used is there before what uses it. Pure. */
import type { StateResource } from '../terraform/model.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Json } from '../transfer/json.ts';
import type { IdentifierSearch } from './identifiers.ts';

/** By address: the addresses of what has to be there before. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

export interface OrderFacts {
  /** Types without which a thing of this type cannot be made, its parent among them. */
  readonly neededBy: (type: string) => readonly string[];
  /** What has to be there before a thing of this type without being referred to: see `After` of the cloners. */
  readonly after: (type: string) => readonly Unnamed[];
}

interface Unnamed {
  readonly types: readonly string[];
  readonly sharing: readonly string[];
  readonly theirs?: readonly string[];
}

/**
 * @throws ProvisionError where things need one another in a circle that no order resolves
 */
export function dependenciesOf(
  resources: readonly StateResource[],
  search: IdentifierSearch,
  facts: OrderFacts,
): Dependencies {
  const { dependencies, circle } = orderOf(resources, search, facts);
  if (circle.length === 0) return dependencies;
  throw new ProvisionError(
    'apply-failed',
    `These need one another before they can be made: ${circle.join(', ')}.`,
    { hint: 'Make one of them by hand without what it needs of the others, and declare it as shared.' },
  );
}

export interface Order {
  /** Without what a circle keeps from being made. */
  readonly dependencies: Dependencies;
  /** Addresses, sorted, of what needs one another before it can be made; mostly none. */
  readonly circle: readonly string[];
}

export function orderOf(
  resources: readonly StateResource[],
  search: IdentifierSearch,
  { neededBy, after }: OrderFacts,
): Order {
  const addresses = new Set(resources.map(({ address }) => address));
  const hard = new Map<string, Set<string>>();
  const soft = new Map<string, Set<string>>();
  const unnamed = unnamedNeeds(resources, after);
  for (const { address, type, values } of resources) {
    const needed = neededBy(type);
    const mustHave = new Set<string>();
    const mentions = new Set<string>();
    for (const text of textsIn(values)) {
      const parts = search.cut(text);
      for (const part of parts) {
        if (typeof part === 'string' || part.address === address || !addresses.has(part.address)) continue;
        // Things of several types may go by one name; an ARN or a made-up id is of one thing alone.
        const sure = part.madeUp || part.text.startsWith('arn:');
        if (part.madeUp || needed.includes(part.type)) mustHave.add(part.address);
        else if (sure) mentions.add(part.address);
      }
    }
    for (const parent of namedParents(resources, values, needed, address)) mustHave.add(parent);
    for (const need of unnamed({ type, values })) if (need !== address) mustHave.add(need);
    hard.set(address, mustHave);
    soft.set(address, new Set([...mentions].filter((each) => !mustHave.has(each))));
  }
  return withoutCircles(hard, soft);
}

/** Parents that are referred to by name, where another thing of the same name hides them in the search. */
function namedParents(
  resources: readonly StateResource[],
  values: StateResource['values'],
  needed: readonly string[],
  own: string,
): readonly string[] {
  const texts = new Set(Object.values(values).filter((value) => typeof value === 'string'));
  return resources.flatMap(({ address, type, values: other }) => {
    const id = other['id'];
    return address !== own && needed.includes(type) && typeof id === 'string' && texts.has(id)
      ? [address]
      : [];
  });
}

type Told = Pick<StateResource, 'type' | 'values'>;

/** By type and the texts they share, so that a thousand methods are not compared with each other. */
function unnamedNeeds(
  resources: readonly StateResource[],
  after: OrderFacts['after'],
): (resource: Told) => readonly string[] {
  /** `read` are the attributes on one side, `theirs` those of what has to be there: the same key for both. */
  const keyOf = (
    type: string,
    values: StateResource['values'],
    read: readonly string[],
    theirs: readonly string[],
  ): string | null => {
    const texts = read.map((attribute) => values[attribute]);
    return texts.every((text) => typeof text === 'string') ? JSON.stringify([type, theirs, texts]) : null;
  };
  const types = new Set(resources.map(({ type }) => type));
  const looked = new Map(
    [...types]
      .flatMap(after)
      .flatMap(({ types: before, sharing, theirs = sharing }) =>
        before.map((type) => [JSON.stringify([type, theirs]), { type, theirs }] as const),
      ),
  );
  const byKey = new Map<string, string[]>();
  for (const { type: wanted, theirs } of looked.values()) {
    for (const { address, type, values } of resources) {
      const key = type === wanted ? keyOf(type, values, theirs, theirs) : null;
      if (key === null) continue;
      const there = byKey.get(key);
      if (there) there.push(address);
      else byKey.set(key, [address]);
    }
  }
  return ({ type, values }) =>
    after(type).flatMap(({ types: before, sharing, theirs = sharing }) =>
      before.flatMap((each) => {
        const key = keyOf(each, values, sharing, theirs);
        return key === null ? [] : (byKey.get(key) ?? []);
      }),
    );
}

function* textsIn(value: Json): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const each of Object.values(value)) yield* textsIn(each);
}

/** A mention alone need not be there first (a name can be written before its thing is made): it gives way. */
function withoutCircles(
  hard: ReadonlyMap<string, Set<string>>,
  soft: ReadonlyMap<string, Set<string>>,
): Order {
  const result = new Map<string, readonly string[]>();
  const open = new Map(
    [...hard].map(([address, needs]) => [address, new Set([...needs, ...(soft.get(address) ?? [])])]),
  );
  const waits = (needs: ReadonlySet<string>): string[] => [...needs].filter((each) => !result.has(each));
  while (open.size > 0) {
    const free = [...open].filter(([, needs]) => waits(needs).length === 0);
    for (const [address, needs] of free) {
      result.set(address, [...needs]);
      open.delete(address);
    }
    if (free.length > 0) continue;
    const yielding = [...open]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .find(([address]) => waits(hard.get(address) ?? new Set()).length === 0);
    if (yielding === undefined) return { dependencies: result, circle: inCircles(open, hard) };
    const [address] = yielding;
    open.set(address, new Set(hard.get(address)));
  }
  return { dependencies: result, circle: [] };
}

/** Of what waits, those for which something waits that they wait for: the others only stand behind a circle. */
function inCircles(
  open: ReadonlyMap<string, unknown>,
  hard: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const left = new Set(open.keys());
  for (let before = 0; before !== left.size;) {
    before = left.size;
    const waitedFor = new Set([...left].flatMap((each) => [...(hard.get(each) ?? [])]));
    for (const each of left) if (!waitedFor.has(each)) left.delete(each);
  }
  return [...left].toSorted();
}
