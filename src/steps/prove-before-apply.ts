/** The proof on the plan: nothing of what was planned is begun before it holds. */
import { prove } from '../proof/prove.ts';
import type { PlanModel } from '../terraform/model.ts';
import type { Proof } from '../transfer/finding.ts';
import { askAccount } from './ask-account.ts';
import type { TransferContext } from './context.ts';
import { acceptance, proofInput } from './proof-input.ts';

export async function proveBeforeApply(context: TransferContext, plan: PlanModel): Promise<Proof> {
  const { types, record, workspace } = context;
  const [place, source, state, begun] = await Promise.all([
    context.place(),
    context.sourceState(),
    workspace.state(),
    workspace.begun(),
  ]);
  const [input, account] = await Promise.all([
    proofInput(context),
    askAccount({
      plan: { ...plan, changes: plan.changes.filter(({ address }) => !begun.has(address)) },
      source,
      state,
      recorded: record?.resources ?? [],
      types,
      region: place?.facts.region ?? null,
      aws: () => context.aws(),
    }),
  ]);
  return prove(
    { ...input, phase: 'before-apply', account, target: { ...input.target, plan, state } },
    acceptance(context),
  );
}
