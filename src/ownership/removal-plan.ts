/** What Terraform would delete, held against what was judged to be the environment's own. Pure. */
import type { RecordedResource } from '../transfer/record.ts';
import { ownershipRule } from './judge.ts';
import type { OwnershipFinding } from './model.ts';
import { isSameThing, nameOfThing } from './same-thing.ts';

/** One change of a plan that is to remove everything. */
export interface PlannedRemoval {
  /** As the state has it. */
  readonly address: string;
  readonly action: string;
  /** As Terraform saw it when it planned. */
  readonly thing: RecordedResource;
}

export interface RemovalDifferences {
  readonly findings: readonly OwnershipFinding[];
  /** Judged, and not in the plan: Terraform does not find it. */
  readonly missing: readonly RecordedResource[];
}

const untouched: ReadonlySet<string> = new Set(['no-op', 'read', 'forget']);

export function compareRemovals(
  planned: readonly PlannedRemoval[],
  destroys: readonly RecordedResource[],
  keeps: readonly RecordedResource[] = [],
): RemovalDifferences {
  const judged = new Map(destroys.map((thing) => [thing.address, thing]));
  const kept = new Map(keeps.map((thing) => [thing.address, thing]));
  const findings: OwnershipFinding[] = [];
  const deleted = new Set<string>();
  for (const { address, action, thing } of planned) {
    if (untouched.has(action) || kept.has(address)) continue;
    const own = judged.get(address);
    if (own === undefined || action !== 'delete') findings.push(outside(address, action, thing));
    else if (hasMoved(own, thing)) findings.push(another(address, own, thing));
    else deleted.add(address);
  }
  return { findings, missing: destroys.filter(({ address }) => !deleted.has(address)) };
}

/** True if both can be told, and are two. */
function hasMoved(own: RecordedResource, thing: RecordedResource): boolean {
  const comparable =
    (own.arn !== null && thing.arn !== null) ||
    (own.identity !== null && thing.identity !== null) ||
    (own.id !== null && thing.id !== null);
  return comparable && !isSameThing(own, thing);
}

const finding = (address: string, message: string): OwnershipFinding => ({
  rule: ownershipRule,
  severity: 'error',
  subject: address,
  message,
  hint: 'Somebody has changed the state or the configuration meanwhile: run the command again.',
  overrulable: false,
});

const outside = (address: string, action: string, thing: RecordedResource): OwnershipFinding =>
  finding(
    address,
    `Terraform's plan would ${action} ${address} (${nameOfThing(thing)}), which was not in the state that was judged.`,
  );

const another = (address: string, own: RecordedResource, thing: RecordedResource): OwnershipFinding =>
  finding(
    address,
    `Terraform's plan would delete ${nameOfThing(thing)} as ${address}, and ${nameOfThing(own)} was judged.`,
  );
