/**
 * What is an environment's by its record, and in another's state as well: it is left alone, and as long as it is there
 * the environment is not gone. Pure.
 */
import type { RecordedResource } from '../transfer/record.ts';
import type { Belongings, Claim, Kept } from './belongings.ts';
import { acceptHint, ownershipRule } from './judge.ts';
import type { OwnershipFinding } from './model.ts';
import { nameOfThing } from './same-thing.ts';

export interface Elsewhere {
  readonly resource: RecordedResource;
  readonly claim: Claim;
}

export const elsewhereOf = ({
  keeps,
  othersLost,
}: Pick<Belongings, 'keeps' | 'othersLost'>): readonly Elsewhere[] =>
  [...keeps, ...othersLost].flatMap(({ resource, claimedBy }: Kept) =>
    claimedBy === null ? [] : [{ resource, claim: claimedBy }],
  );

/** Where it is accepted, it is the other environment's from then on. */
export function elsewhereFinding(name: string, { resource, claim }: Elsewhere): OwnershipFinding {
  const { environment, by, address } = claim;
  const there = by === 'state' ? `in the state of ${environment}` : `in the record of ${environment}`;
  const way =
    by === 'state'
      ? `Take it out of that state (terraform state rm '${address}', with the backend of ${environment}), and run provision-env destroy ${name} again.`
      : `Correct the record of ${environment}, and run provision-env destroy ${name} again.`;
  return {
    rule: ownershipRule,
    severity: 'error',
    subject: resource.address,
    message: `${resource.address} (${nameOfThing(resource)}) is ${name}'s by its record, and ${there} too (${address}): it is left alone.`,
    hint: `${way} Or leave it to ${environment}: ${acceptHint(resource.address)}`,
    overrulable: true,
  };
}
