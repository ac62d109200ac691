/** Asks, apart from the ordinary question, whether data may be lost. */
import { type DataLoss, dataLosses } from '../proof/data-loss.ts';
import type { PlanModel } from '../terraform/model.ts';
import type { EnvironmentStatus } from '../transfer/record.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { TransferContext } from './context.ts';

export interface LossContext extends Pick<TransferContext, 'host' | 'types' | 'record'> {
  readonly target: { readonly name: string };
  readonly workspace: Pick<TransferContext['workspace'], 'state'>;
}

/** Statuses in which Terraform was stopped in the middle. */
const unfinished: ReadonlySet<EnvironmentStatus> = new Set(['applying', 'halfway']);

const lineOf = ({ address, title, name, action, known }: DataLoss): string =>
  `${address} (${title}${name === null ? '' : ` ${name}`}): ${action === 'replace' ? 'deleted and made anew, empty' : 'deleted'}${known ? '' : '; whether it holds data is not known'}`;

/**
 * @param agreed addresses that a person has agreed to in this run
 * @returns those and what was agreed to now
 * @throws ProvisionError `declined`; of the host `needs-person`
 */
export async function agreeToLosses(
  context: LossContext,
  plan: PlanModel,
  agreed: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const { host, target, types } = context;
  const planned = dataLosses(plan, types).filter(({ address }) => !agreed.has(address));
  if (planned.length === 0) return agreed;
  const neverFinished = await stillborn(context);
  const losses = planned.filter(({ address }) => !neverFinished.has(address));
  if (losses.length === 0) return agreed;
  const loses = losses.map(lineOf);
  const yes = await host.ask({
    kind: 'lose-data',
    id: 'data-loss',
    name: target.name,
    text: `What these hold is lost for good: ${loses.join('; ')}. Type ${target.name} to go on.`,
    loses,
  });
  if (!yes) {
    throw new ProvisionError('declined', 'The name was not typed; nothing is destroyed.', {
      hint: 'Look in the plan for what forces it, and save the data first if they are wanted.',
    });
  }
  return new Set([...agreed, ...losses.map(({ address }) => address)]);
}

/** What an apply that stopped half-way has not finished making holds nothing yet; Terraform makes it anew. */
async function stillborn({ record, workspace }: LossContext): Promise<ReadonlySet<string>> {
  if (record === null || !unfinished.has(record.status)) return new Set();
  const state = await workspace.state();
  return new Set((state?.resources ?? []).filter(({ tainted }) => tainted).map(({ address }) => address));
}
