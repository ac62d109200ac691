/** Asks, apart from the ordinary question, whether data may be lost. */
import { isProtected } from '../environment/names.ts';
import { type DataLoss, dataLosses, effectWords, isAskedAbout } from '../proof/data-loss.ts';
import type { PlanModel } from '../terraform/model.ts';
import type { EnvironmentStatus } from '../transfer/record.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { TransferContext } from './context.ts';

export interface LossContext extends Pick<TransferContext, 'host' | 'types' | 'record'> {
  readonly target: { readonly name: string };
  readonly config: Pick<TransferContext['config'], 'protected'>;
  readonly workspace: Pick<TransferContext['workspace'], 'state'>;
}

/** Statuses in which Terraform was stopped in the middle. */
const unfinished: ReadonlySet<EnvironmentStatus> = new Set(['applying', 'halfway']);

const lineOf = ({ address, title, name, effect, what }: DataLoss): string =>
  `${address} (${title}${name === null ? '' : ` ${name}`}) ${effectWords[effect]}: ${what}`;

/**
 * @param agreed lines that a person has agreed to in this run
 * @returns those and what was agreed to now
 * @throws ProvisionError `declined`; of the host `needs-person`
 */
export async function agreeToLosses(
  context: LossContext,
  plan: PlanModel,
  agreed: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const { host, target, types, config } = context;
  const guarded = isProtected(target.name, config);
  const planned = dataLosses(plan, types).filter(
    (loss) => isAskedAbout(loss, guarded) && !agreed.has(lineOf(loss)),
  );
  if (planned.length === 0) return agreed;
  const neverFinished = await stillborn(context);
  const loses = planned.filter(({ address }) => !neverFinished.has(address)).map(lineOf);
  if (loses.length === 0) return agreed;
  const yes = await host.ask({
    kind: 'lose-data',
    id: 'data-loss',
    name: target.name,
    text: `What these changes lose does not come back: ${loses.join('. ')}. Type ${target.name} to go on.`,
    loses,
  });
  if (!yes) {
    throw new ProvisionError('declined', 'The name was not typed; nothing is destroyed.', {
      hint: 'Look in the plan for what forces it, and save the data first if they are wanted.',
    });
  }
  return new Set([...agreed, ...loses]);
}

/** What an apply that stopped half-way has not finished making holds nothing yet; Terraform makes it anew. */
async function stillborn({ record, workspace }: LossContext): Promise<ReadonlySet<string>> {
  if (record === null || !unfinished.has(record.status)) return new Set();
  const state = await workspace.state();
  return new Set((state?.resources ?? []).filter(({ tainted }) => tainted).map(({ address }) => address));
}
