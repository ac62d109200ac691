/**
 * The one judge of what is an environment's own, asked before anything is forgotten, destroyed, removed or swept: its
 * state has to be the one that its record names, and nobody else's. Pure.
 */
import type { RecordedResource } from '../transfer/record.ts';
import { claimsOf, isTakenOver } from './belongings.ts';
import type { OtherEnvironment, OwnershipFinding, RecordFacts, TargetFacts } from './model.ts';
import { indexThings, nameOfThing } from './same-thing.ts';

export const ownershipRule = 'state-own';

export interface OwnershipInput {
  readonly target: TargetFacts;
  /** `null` where none is left. */
  readonly record: RecordFacts | null;
  readonly others: readonly OtherEnvironment[];
}

/** Errors only; what a person has accepted is taken out afterwards, by `withoutAccepted`. */
export function judgeOwnership(input: OwnershipInput): readonly OwnershipFinding[] {
  return [
    ...unreadableStates(input),
    ...sharedPlace(input),
    ...movedPlace(input),
    ...lineageOfRecord(input),
    ...lineageOfOthers(input),
    ...strangersState(input),
    ...contested(input),
  ];
}

const finding = (subject: string, message: string, hint: string, overrulable: boolean): OwnershipFinding => ({
  rule: ownershipRule,
  severity: 'error',
  subject,
  message,
  hint: overrulable ? `${hint} ${acceptHint(subject)}` : hint,
  overrulable,
});

/** The words to go on with, as they are typed. */
export const acceptHint = (subject: string): string =>
  `If you are sure all the same, say --accept '${ownershipRule}:${subject}'.`;

function unreadableStates({ target, others }: OwnershipInput): OwnershipFinding[] {
  return others.flatMap(({ name, unreadable }) =>
    unreadable === null
      ? []
      : [
          finding(
            name,
            `The state of ${name} cannot be read, so nobody knows whether something of ${name} would be taken away with ${target.name}: ${unreadable}`,
            `Make it readable.`,
            true,
          ),
        ],
  );
}

const meet = (one: readonly string[], other: readonly string[]): boolean =>
  one.some((place) => other.includes(place));

function sharedPlace({ target, record, others }: OwnershipInput): OwnershipFinding[] {
  const recorded = record === null ? '' : ` Its record says ${record.state}.`;
  return others
    .filter(({ places }) => meet(target.places, places))
    .map(({ name }) =>
      finding(
        target.location,
        `The files of ${target.name} lead to the state ${target.location}, which is ${name}'s.${recorded}`,
        `Correct the backend settings of ${target.name}: its backend file, environments.overrides and environments.backendFile in provision-env.config.*, or a link.`,
        false,
      ),
    );
}

function movedPlace({ target, record }: OwnershipInput): OwnershipFinding[] {
  if (record === null || meet(target.places, record.places)) return [];
  return [
    finding(
      target.location,
      `The files of ${target.name} lead to the state ${target.location}, and its record says ${record.state}.`,
      `Correct the backend settings of ${target.name}, so that they lead to the recorded state.`,
      true,
    ),
  ];
}

function lineageOfRecord({ target, record }: OwnershipInput): OwnershipFinding[] {
  const now = target.state?.lineage ?? '';
  const recorded = record?.lineage ?? '';
  if (now === '' || recorded === '' || now === recorded) return [];
  return [
    finding(
      now,
      `The state at ${target.location} has the lineage ${now}, and the record of ${target.name} says ${recorded}: it is another state than the one that ${target.name} was made with.`,
      `Put the state of ${target.name} back, from a version of the object or a backup.`,
      true,
    ),
  ];
}

function lineageOfOthers({ target, others }: OwnershipInput): OwnershipFinding[] {
  const now = target.state?.lineage ?? '';
  if (now === '') return [];
  return others
    .filter(({ lineages, places }) => lineages.includes(now) && !meet(target.places, places))
    .map(({ name }) =>
      finding(
        now,
        `The state of ${target.name} at ${target.location} has the lineage of ${name}'s (${now}): the one is a copy of the other.`,
        `Put the state of ${target.name} back, from a version of the object or a backup.`,
        false,
      ),
    );
}

/** A state that holds nothing of what is recorded, and something that is another's, is the other's. */
function strangersState({ target, record, others }: OwnershipInput): OwnershipFinding[] {
  const inState = target.state?.resources ?? [];
  if (record === null || record.resources.length === 0 || inState.length === 0) return [];
  const isRecorded = indexThings(record.resources.map((thing) => [thing, true] as const));
  if (inState.some((thing) => isRecorded.find(thing) !== undefined)) return [];
  const claims = claimsOf(others);
  const owners = new Set(inState.flatMap((thing) => claims.find(thing)?.environment ?? []));
  if (owners.size === 0) return [];
  const names = [...owners].join(', ');
  return [
    finding(
      target.location,
      `The state of ${target.name} at ${target.location} holds nothing of what is recorded of ${target.name}, and things of ${names}.`,
      `Put the state of ${target.name} back, from a version of the object or a backup.`,
      false,
    ),
  ];
}

/**
 * Ours by state and record, and another's by its record alone, though its state could be read and does not hold it: one
 * of the two records is wrong, and neither leaving it nor deleting it is safe.
 */
function contested({ target, record, others }: OwnershipInput): OwnershipFinding[] {
  if (record === null) return [];
  // What was taken over stays anyway.
  const isRecorded = indexThings(
    record.resources.filter((thing) => !isTakenOver(thing)).map((thing) => [thing, true] as const),
  );
  const claims = claimsOf(others);
  const seen = new Set(
    others
      .filter(({ inState, unreadable }) => inState !== null && unreadable === null)
      .map(({ name }) => name),
  );
  return (target.state?.resources ?? []).flatMap((thing: RecordedResource): OwnershipFinding[] => {
    const claim = claims.find(thing);
    if (claim?.by !== 'record' || !seen.has(claim.environment)) return [];
    if (isRecorded.find(thing) === undefined) return [];
    return [
      finding(
        thing.address,
        `${thing.address} (${nameOfThing(thing)}) is in the state and the record of ${target.name}, and in the record of ${claim.environment}, whose state does not hold it: one of the two records is wrong.`,
        `Look whose it is (provision-env status ${claim.environment}).`,
        true,
      ),
    ];
  });
}

/** What is left when a person has gone over some of it; and what they have gone over. */
export function withoutAccepted(
  findings: readonly OwnershipFinding[],
  accepted: (subject: string) => boolean,
): { readonly open: readonly OwnershipFinding[]; readonly overruled: readonly OwnershipFinding[] } {
  const isOverruled = ({ overrulable, subject }: OwnershipFinding): boolean =>
    overrulable && accepted(subject);
  return {
    open: findings.filter((each) => !isOverruled(each)),
    overruled: findings.filter(isOverruled),
  };
}
