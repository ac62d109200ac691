/** The proof on the plan: nothing of what was planned is begun before it holds. */
import { prove } from '../proof/prove.ts';
import type { PlanModel } from '../terraform/model.ts';
import type { Proof } from '../transfer/finding.ts';
import type { AccountAnswer } from '../proof/account.ts';
import { askAccount } from './ask-account.ts';
import type { TransferContext } from './context.ts';
import { acceptance, proofInput } from './proof-input.ts';

/** The proof, and what it was told of the names that the plan would take. */
export interface ProvedPlan {
  readonly proof: Proof;
  readonly account: readonly AccountAnswer[];
}

/**
 * @param lineage that the state has by the record; absent once this run itself has written to it
 * @param adopted addresses of what is known to be there, and ours: nobody is asked whether their names are free
 */
export async function proveBeforeApply(
  context: TransferContext,
  plan: PlanModel,
  lineage?: string,
  adopted: ReadonlySet<string> = new Set(),
): Promise<ProvedPlan> {
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
      plan: {
        ...plan,
        changes: plan.changes.filter(({ address }) => !begun.has(address) && !adopted.has(address)),
      },
      source,
      state,
      // What was not free before an apply of ours is not ours because that apply was planned.
      recorded: (record?.resources ?? []).filter(({ planned }) => planned?.nameWasFree !== false),
      types,
      region: place?.facts.region ?? null,
      aws: () => context.aws(),
    }),
  ]);
  const proof = prove(
    {
      ...input,
      phase: 'before-apply',
      account,
      target: { ...input.target, plan, state, recordedLineage: lineage },
    },
    acceptance(context),
  );
  return { proof, account };
}
