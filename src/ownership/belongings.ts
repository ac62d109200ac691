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
  /** Set where it is this environment's by its record, and another has it now: it is left, and it is not gone. */
  readonly claimedBy: Claim | null;
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
  /** How it is called there. */
  readonly address: string;
}

/** Who else has a thing: what a state holds counts before what a record says. */
export function claimsOf(others: readonly OtherEnvironment[]): ThingIndex<Claim> {
  return indexThings<Claim>([
    ...others.flatMap(({ name: environment, inState }) =>
      (inState ?? []).map(
        (thing) => [thing, { environment, by: 'state' as const, address: thing.address }] as const,
      ),
    ),
    ...others.flatMap(({ name: environment, recorded }) =>
      recorded
        // What was taken before its apply began was not made by it.
        .filter(({ planned }) => planned?.nameWasFree !== false)
        .map((thing) => [thing, { environment, by: 'record' as const, address: thing.address }] as const),
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
  const known = indexThings(recorded.map((thing) => [thing, thing] as const));
  const keep = (resource: RecordedResource): Kept[] => {
    const entry = sharedBy(resource);
    if (entry !== undefined)
      return [{ resource, reason: `declared shared in the configuration: ${entry}`, claimedBy: null }];
    const own = known.find(resource);
    if (own !== undefined && isTakenOver(own))
      return [{ resource, reason: 'it was there before: it was taken over, and not made', claimedBy: null }];
    const claim = claims.find(resource);
    if (claim === undefined || (claim.by === 'record' && input.settled?.(resource))) return [];
    const reason =
      claim.by === 'state'
        ? `${claim.environment} has the same one in its state: ${claim.address}`
        : `the record of ${claim.environment} names the same one`;
    return [{ resource, reason, claimedBy: own === undefined ? null : claim }];
  };
  const keeps = inState.flatMap(keep);
  const kept = new Set(keeps.map(({ resource }) => resource));
  const destroys = inState.filter((resource) => !kept.has(resource));
  const held = indexThings(inState.map((thing) => [thing, true] as const));
  const addresses = new Set(inState.map(({ address }) => address));
  const absent = recorded.filter(
    (thing) => held.find(thing) === undefined && !(isNameless(thing) && addresses.has(thing.address)),
  );
  const othersLost = absent.flatMap(keep);
  const leftAlone = new Set(othersLost.map(({ resource }) => resource));
  return {
    destroys,
    unrecorded: destroys.filter((thing) => known.find(thing) === undefined && !isNowhere(thing)),
    keeps,
    lost: absent.filter((thing) => !leftAlone.has(thing)),
    othersLost,
  };
}

/** Nothing but its address is known: it was planned, and the cloud gives its name. */
export const isNameless = ({ identity, id, arn }: RecordedResource): boolean =>
  identity === null && id === null && arn === null;

/** Another's that our apply was given: it was there before, and whoever made it may have it still. */
export const isTakenOver = ({ origin }: RecordedResource): boolean => origin === 'taken-over';

/** In the state and in no cloud, or without anything by which it could be told from others. */
const isNowhere = (thing: RecordedResource): boolean => {
  const alone = indexThings([[thing, true] as const]);
  return alone.find(thing) === undefined;
};
