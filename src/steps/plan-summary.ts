/** A plan in numbers, and the question that they lead to. Pure. */
import type { PlanModel } from '../terraform/model.ts';
import type { TransferContext } from './context.ts';
import type { PlanSummary } from './outputs.ts';

export function summaryOf(plan: PlanModel): PlanSummary {
  const managed = plan.changes.filter(({ mode }) => mode === 'managed');
  const count = (action: string): number => managed.filter((change) => change.action === action).length;
  return {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    replace: count('replace'),
  };
}

export const changeCount = ({ create, update, delete: gone, replace }: PlanSummary): number =>
  create + update + gone + replace;

export function questionOf({ target, request, record }: TransferContext, summary: PlanSummary): string {
  const { create, update, delete: gone, replace } = summary;
  if (changeCount(summary) === 0)
    return `Nothing is left to ${record === null ? 'create for' : 'change in'} ${target.name}. Verify it?`;
  const what = `${create} to add, ${update + replace} to change, ${gone + replace} to destroy`;
  return record === null
    ? `Create ${target.name} from ${request.source}: ${what}?`
    : `Update ${target.name}: ${what}?`;
}
