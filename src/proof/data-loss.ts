/** What data a plan would lose. Pure: the rule that warns of it and the step that asks say the same. */
import type { PlanModel, PlannedResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { identityOf } from '../terraform/types/identity.ts';
import type { JsonObject } from '../transfer/json.ts';
import { lossesInPlace, type LossEffect } from './losses-in-place.ts';

export interface DataLoss {
  readonly address: string;
  readonly type: string;
  /** What people call the type. */
  readonly title: string;
  /** Its name in the cloud; `null` where the type table cannot tell. */
  readonly name: string | null;
  readonly effect: LossEffect;
  /** What happens to it, in words. */
  readonly what: string;
}

/** Before it: what an effect is called. */
export const effectWords: Readonly<Record<LossEffect, string>> = {
  deletes: 'deletes data',
  shortens: 'shortens how long data can be restored',
  locks: 'makes data unreadable',
  unguards: 'lets a later deletion lose data',
};

/** Several where several settings change; empty for what loses nothing. */
export function lossesOf(
  change: PlannedResource,
  plan: PlanModel,
  types: ResourceTypeTable,
): readonly DataLoss[] {
  const { address, type, before, after } = change;
  const losses = wholeLoss(change, types) ?? lossesInPlace(change, plan);
  if (losses.length === 0) return [];
  const identity = identityOf(type, before ?? after ?? {}, types);
  const common = {
    address,
    type,
    title: types.get(type)?.title ?? type,
    name: identity.kind === 'known' ? identity.text : null,
  };
  return losses.map((loss) => ({ ...common, ...loss }));
}

export function dataLosses(plan: PlanModel, types: ResourceTypeTable): readonly DataLoss[] {
  return plan.changes.flatMap((change) => lossesOf(change, plan, types));
}

/**
 * What nobody needs to be asked about is what loses nothing yet, in an environment that is made to be taken away: there
 * the rule `reversible` asks for it.
 * @param isProtected whether no command of ours destroys the environment
 */
export const isAskedAbout = ({ effect }: DataLoss, isProtected: boolean): boolean =>
  effect !== 'unguards' || isProtected;

/** @returns `null` where it is not deleted, or holds no data */
function wholeLoss(
  { type, action, mode, before }: PlannedResource,
  types: ResourceTypeTable,
): readonly Pick<DataLoss, 'effect' | 'what'>[] | null {
  if (mode !== 'managed' || (action !== 'delete' && action !== 'replace')) return null;
  const facts = types.get(type);
  if (facts !== undefined && facts.holdsData !== true) return null;
  const what = [
    action === 'replace' ? 'deleted and made anew, empty' : 'deleted',
    ...whatHelps(before ?? {}),
    ...(facts === undefined ? ['whether it holds data is not known'] : []),
  ];
  return [{ effect: 'deletes', what: what.join('; ') }];
}

/** What could bring it back, as the settings say that are in force when it is deleted. */
function whatHelps(before: JsonObject): readonly string[] {
  const {
    skip_final_snapshot: skipped,
    final_snapshot_identifier: snapshot,
    recovery_window_in_days: recovery,
    deletion_window_in_days: window,
  } = before;
  if (skipped === true) return ['no final snapshot is taken'];
  if (skipped === false && typeof snapshot === 'string' && snapshot !== '')
    return [`a final snapshot is left: ${snapshot}`];
  if (recovery === 0) return ['at once, and for good'];
  const days = typeof recovery === 'number' ? recovery : window;
  return typeof days === 'number' ? [`it can be brought back for ${days} days`] : [];
}
