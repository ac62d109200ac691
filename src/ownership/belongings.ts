/**
 * What of an environment may be taken away: what its record names, by identity. What another environment has stays,
 * and what nobody wrote down is told apart. Pure.
 */
import type { RecordedResource } from '../transfer/record.ts';
import type { OtherEnvironment } from './model.ts';
import { indexThings, type ThingIndex } from './same-thing.ts';

export interface Kept {
  readonly resource: RecordedResource;
  readonly reason: string;
}

export interface Belongings {
  /** In the state, and to be destroyed. */
  readonly destroys: readonly RecordedResource[];
  /** Of these, what is in no record: imported, or added by a Terraform that we did not run. */
  readonly unrecorded: readonly RecordedResource[];
  /** In the state, and left as it is: declared shared, or another environment's. */
  readonly keeps: readonly Kept[];
  /** In the record and not in the state: whether it is there, only the account can tell. */
  readonly lost: readonly RecordedResource[];
  /** In the record, not in the state, and another's: it is not looked for. */
  readonly othersLost: readonly Kept[];
}

export interface Claim {
  readonly environment: string;
  /** Where it says so. A record alone may be older than the state that contradicts it. */
  readonly by: 'state' | 'record';
}

/** Who else has a thing: what a state holds counts before what a record says. */
export function claimsOf(others: readonly OtherEnvironment[]): ThingIndex<Claim> {
  return indexThings<Claim>([
    ...others.flatMap(({ name: environment, inState }) =>
      (inState ?? []).map((thing) => [thing, { environment, by: 'state' as const }] as const),
    ),
    ...others.flatMap(({ name: environment, recorded }) =>
      recorded
        // What was taken before its apply began was not made by it.
        .filter(({ planned }) => planned?.nameWasFree !== false)
        .map((thing) => [thing, { environment, by: 'record' as const }] as const),
    ),
  ]);
}

export interface BelongingsInput {
  readonly inState: readonly RecordedResource[];
  readonly recorded: readonly RecordedResource[];
  readonly others: readonly OtherEnvironment[];
  /** The entry of the configuration by which a resource is shared by all. */
  readonly sharedBy: (resource: RecordedResource) => string | undefined;
  /** Of what two records name, a person has said that it is this one's. */
  readonly settled?: (resource: RecordedResource) => boolean;
}

export function divideBelongings(input: BelongingsInput): Belongings {
  const { inState, recorded, others, sharedBy } = input;
  const claims = claimsOf(others);
  const isRecorded = indexThings(recorded.map((thing) => [thing, true] as const));
  const keptBecause = (thing: RecordedResource): string | undefined => {
    const entry = sharedBy(thing);
    if (entry !== undefined) return `declared shared in the configuration: ${entry}`;
    const claim = claims.find(thing);
    if (claim === undefined) return undefined;
    if (claim.by === 'state') return `${claim.environment} has the same one`;
    return input.settled?.(thing) ? undefined : `the record of ${claim.environment} names the same one`;
  };
  const keeps = inState.flatMap((resource): Kept[] => {
    const reason = keptBecause(resource);
    return reason === undefined ? [] : [{ resource, reason }];
  });
  const kept = new Set(keeps.map(({ resource }) => resource));
  const destroys = inState.filter((resource) => !kept.has(resource));
  const held = indexThings(inState.map((thing) => [thing, true] as const));
  const addresses = new Set(inState.map(({ address }) => address));
  const absent = recorded.filter(
    (thing) => held.find(thing) === undefined && !(isNameless(thing) && addresses.has(thing.address)),
  );
  const othersLost = absent.flatMap((resource): Kept[] => {
    const reason = keptBecause(resource);
    return reason === undefined ? [] : [{ resource, reason }];
  });
  const leftAlone = new Set(othersLost.map(({ resource }) => resource));
  return {
    destroys,
    unrecorded: destroys.filter((thing) => isRecorded.find(thing) === undefined && !isNowhere(thing)),
    keeps,
    lost: absent.filter((thing) => !leftAlone.has(thing)),
    othersLost,
  };
}

/** Nothing but its address is known: it was planned, and the cloud gives its name. */
export const isNameless = ({ identity, id, arn }: RecordedResource): boolean =>
  identity === null && id === null && arn === null;

/** In the state and in no cloud, or without anything by which it could be told from others. */
const isNowhere = (thing: RecordedResource): boolean => {
  const alone = indexThings([[thing, true] as const]);
  return alone.find(thing) === undefined;
};
