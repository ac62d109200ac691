/** What a plan would destroy that holds data. Pure: the rule that warns of it and the step that asks say the same. */
import type { PlanModel, PlannedResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { identityOf } from '../terraform/types/identity.ts';

export interface DataLoss {
  readonly address: string;
  readonly type: string;
  /** What people call the type. */
  readonly title: string;
  /** Its name in the cloud; `null` where the type table cannot tell. */
  readonly name: string | null;
  readonly action: 'delete' | 'replace';
  /** False for a type that is not in the table: whether it holds data is not known, so it is taken to. */
  readonly known: boolean;
}

/** `null` for what loses nothing: it holds no data, or it is neither deleted nor made anew. */
export function dataLoss(change: PlannedResource, types: ResourceTypeTable): DataLoss | null {
  const { address, type, action, mode, before } = change;
  if (mode !== 'managed' || (action !== 'delete' && action !== 'replace')) return null;
  const facts = types.get(type);
  if (facts !== undefined && facts.holdsData !== true) return null;
  const identity = identityOf(type, before ?? {}, types);
  return {
    address,
    type,
    title: facts?.title ?? type,
    name: identity.kind === 'known' ? identity.text : null,
    action,
    known: facts !== undefined,
  };
}

export function dataLosses(plan: PlanModel, types: ResourceTypeTable): readonly DataLoss[] {
  return plan.changes.flatMap((change) => dataLoss(change, types) ?? []);
}
