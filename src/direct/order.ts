/** In which order copies are made: what is used is there before what uses it. Pure. */
import type { Partner } from '../aws/clone.ts';
import type { StateResource } from '../terraform/model.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Json } from '../transfer/json.ts';
import type { IdentifierSearch } from './identifiers.ts';

/** By address: the addresses of what has to be there before. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

/**
 * @param partnersOf what a thing of the type needs beside that, though none of its values refers to it
 * @param neededBy types without which a thing of this type cannot be made, its parent among them
 * @throws ProvisionError where things need one another in a circle that no order resolves
 */
export function dependenciesOf(
  resources: readonly StateResource[],
  search: IdentifierSearch,
  neededBy: (type: string) => readonly string[],
  partnersOf: (type: string) => readonly Partner[],
): Dependencies {
  const addresses = new Set(resources.map(({ address }) => address));
  const hard = new Map<string, Set<string>>();
  const soft = new Map<string, Set<string>>();
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
    for (const partner of partners(resources, values, partnersOf(type))) mustHave.add(partner);
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

function partners(
  resources: readonly StateResource[],
  values: StateResource['values'],
  wanted: readonly Partner[],
): readonly string[] {
  return wanted.flatMap(({ type, same }) =>
    resources
      .filter(
        (other) =>
          other.type === type &&
          Object.entries(same).every(([theirs, own]) => other.values[theirs] === values[own]),
      )
      .map(({ address }) => address),
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
): Dependencies {
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
    if (yielding === undefined) {
      throw new ProvisionError(
        'apply-failed',
        `These need one another before they can be made: ${[...open.keys()].toSorted().join(', ')}.`,
        { hint: 'Make one of them by hand without what it needs of the others, and declare it as shared.' },
      );
    }
    const [address] = yielding;
    open.set(address, new Set(hard.get(address)));
  }
  return result;
}
