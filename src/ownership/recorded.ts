/**
 * What a record says that an environment has. It is written before an apply, because a run may end before it knows what
 * it made; and nothing leaves it because a state does not list it. Pure.
 */
import type { Finding } from '../transfer/finding.ts';
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
  const before = indexThings(recorded.map((thing) => [thing, thing] as const));
  const nameless = new Map(recorded.filter(isNameless).map((thing) => [thing.address, thing]));
  const known = inState.map((thing) =>
    withOriginOf(thing, before.find(thing) ?? nameless.get(thing.address)),
  );
  return { resources: [...known, ...unlisted], unlisted };
}

/** What is recorded, as a state has it now. Nothing is added: what nobody has written down stays unrecorded. */
export function refreshed(
  recorded: readonly RecordedResource[],
  inState: readonly RecordedResource[],
): readonly RecordedResource[] {
  const held = indexThings(inState.map((thing) => [thing, thing] as const));
  const byAddress = new Map(inState.map((thing) => [thing.address, thing]));
  return recorded.map((thing) => {
    const now = held.find(thing) ?? (isNameless(thing) ? byAddress.get(thing.address) : undefined);
    return now === undefined ? thing : withOriginOf(now, thing);
  });
}

/** A state does not tell whether what it holds was made or taken over. */
const withOriginOf = (thing: RecordedResource, known: RecordedResource | undefined): RecordedResource =>
  known?.origin === undefined ? thing : { ...thing, origin: known.origin };

/**
 * Records of before that was written down say it by what was accepted: a name that was taken, and not one of which
 * nobody could tell.
 */
export function withOrigins(
  resources: readonly RecordedResource[],
  accepted: readonly Finding[],
): readonly RecordedResource[] {
  const taken = new Set(
    accepted
      .filter(({ rule, severity }) => rule === 'identity-free' && severity === 'error')
      .map(({ subject }) => subject),
  );
  return resources.map((thing) =>
    thing.origin === undefined && taken.has(thing.address) ? { ...thing, origin: 'taken-over' } : thing,
  );
}
