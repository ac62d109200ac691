/**
 * What a record says that an environment has. It is written before an apply, because a run may end before it knows what
 * it made; and nothing leaves it because a state does not list it. Pure.
 */
import type { RecordedResource } from '../transfer/record.ts';
import { isNameless } from './belongings.ts';
import { indexThings } from './same-thing.ts';

/** Beside what is recorded, what an apply is about to make. */
export function withPlanned(
  recorded: readonly RecordedResource[],
  planned: readonly RecordedResource[],
): readonly RecordedResource[] {
  const known = indexThings(recorded.map((thing) => [thing, true] as const));
  const nameless = new Set(recorded.filter(isNameless).map(({ address }) => address));
  return [
    ...recorded,
    ...planned.filter(
      (thing) => known.find(thing) === undefined && !(isNameless(thing) && nameless.has(thing.address)),
    ),
  ];
}

export interface Merged {
  /** What the state holds, and what it does not list. */
  readonly resources: readonly RecordedResource[];
  /** Recorded, and not in the state: only the account can say that it is not there. */
  readonly unlisted: readonly RecordedResource[];
}

export function withState(
  recorded: readonly RecordedResource[],
  inState: readonly RecordedResource[],
): Merged {
  const held = indexThings(inState.map((thing) => [thing, true] as const));
  const addresses = new Set(inState.map(({ address }) => address));
  // Without a name it is told by its address: nothing else was planned there.
  const unlisted = recorded.filter(
    (thing) => held.find(thing) === undefined && !(isNameless(thing) && addresses.has(thing.address)),
  );
  return { resources: [...inState, ...unlisted], unlisted };
}

/** What is recorded, as a state has it now. Nothing is added: what nobody has written down stays unrecorded. */
export function refreshed(
  recorded: readonly RecordedResource[],
  inState: readonly RecordedResource[],
): readonly RecordedResource[] {
  const held = indexThings(inState.map((thing) => [thing, thing] as const));
  const byAddress = new Map(inState.map((thing) => [thing.address, thing]));
  return recorded.map(
    (thing) => held.find(thing) ?? (isNameless(thing) ? byAddress.get(thing.address) : undefined) ?? thing,
  );
}
