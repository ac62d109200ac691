/** The plan with which everything is removed: made with stand-ins for secrets, held against what was judged, applied. */
import { acceptHint, ownershipRule, withoutAccepted } from '../ownership/judge.ts';
import type { OwnershipFinding } from '../ownership/model.ts';
import { compareRemovals, type PlannedRemoval } from '../ownership/removal-plan.ts';
import { nameOfThing } from '../ownership/same-thing.ts';
import type { PlanModel } from '../terraform/model.ts';
import { isLiveAddress } from '../terraform/types/live.ts';
import { isProvisionError } from '../transfer/errors.ts';
import type { Finding } from '../transfer/finding.ts';
import type { RecordedResource } from '../transfer/record.ts';
import { askPresence, isLeaving, mayBeThere } from './ask-presence.ts';
import type { TransferContext } from './context.ts';
import { acceptedFindings, acceptedIn, type PreparedDestroy, refuse } from './destroy-prepare.ts';
import { recordedResource } from './recorded-resources.ts';
import { givePlaceholders } from './stand-ins.ts';

/**
 * Makes the plan that is applied later.
 *
 * @param without what was forgotten meanwhile
 * @returns what a person has gone over
 * @throws ProvisionError `blocked` where the plan is not what was judged; nothing was changed by it
 */
export async function planRemoval(
  context: TransferContext,
  prepared: PreparedDestroy,
  without: 'nothing' | 'what-is-kept',
): Promise<readonly Finding[]> {
  const { destroys, keeps } = prepared.belongings;
  if (destroys.length === 0) return [];
  const explain = await givePlaceholders(context);
  const plan = await planAll(context, prepared.belongings).catch(explain);
  const { findings, missing } = compareRemovals(
    removalsIn(plan, destroys),
    destroys,
    without === 'nothing' ? keeps.map(({ resource }) => resource) : [],
  );
  refuse(prepared.plan.environment, findings);
  const unfound = await notFound(missing, prepared);
  const { open, overruled } = withoutAccepted(unfound, acceptedIn(context));
  refuse(prepared.plan.environment, open);
  return acceptedFindings(context, overruled);
}

/** What stays is often protected from being destroyed, and then Terraform plans nothing as long as it is in the state. */
async function planAll(
  { workspace }: TransferContext,
  { destroys, keeps }: PreparedDestroy['belongings'],
): Promise<PlanModel> {
  try {
    return await workspace.planDestroy();
  } catch (error) {
    if (keeps.length === 0 || !isProvisionError(error) || !error.message.includes('prevent_destroy'))
      throw error;
    return workspace.planDestroy(destroys.map(({ address }) => withoutDeposed(address)));
  }
}

/** A deposed object goes with the resource that it was of. */
const withoutDeposed = (address: string): string => address.replace(/ \(deposed [^)]*\)$/, '');

function removalsIn(plan: PlanModel, destroys: readonly RecordedResource[]): readonly PlannedRemoval[] {
  const judged = new Map(destroys.map((thing) => [thing.address, thing]));
  return plan.changes.flatMap((change): PlannedRemoval[] => {
    if (change.mode !== 'managed') return [];
    const address = change.previousAddress ?? change.address;
    const own = judged.get(address);
    // What the direct engine made is planned from the record itself.
    const thing =
      own !== undefined && isLiveAddress(address)
        ? own
        : recordedResource({ address, type: change.type, values: change.before ?? {} });
    return [{ address, action: change.action, thing }];
  });
}

/** Terraform refreshes before it plans. What it does not find it forgets, whether it looked in the right place or not. */
async function notFound(
  missing: readonly RecordedResource[],
  { ask }: PreparedDestroy,
): Promise<readonly OwnershipFinding[]> {
  if (missing.length === 0) return [];
  const answers = await askPresence(missing, ask);
  return answers.flatMap(({ resource, presence }): OwnershipFinding[] => {
    if (!mayBeThere(presence) || isLeaving(presence)) return [];
    const subject = resource.address;
    const there = presence.state === 'present';
    const what = `Terraform does not find ${subject} (${nameOfThing(resource)})`;
    const reason = 'reason' in presence ? presence.reason : '';
    return [
      {
        rule: ownershipRule,
        severity: 'error',
        subject,
        message: there
          ? `${what}, and it is still there${resource.arn === null ? '' : `: ${resource.arn}`}. It would be taken out of the state and left.`
          : `${what}, and whether it is still there cannot be told: ${reason}.`,
        hint: there
          ? 'Terraform looks in another region or account than the one that it was made in: put back what says so in the var-file or in the provider, and run the command again.'
          : `If Terraform looks in another region or account than the one that it was made in, put that back: in the var-file or in the provider. Otherwise look yourself. ${acceptHint(subject)}`,
        overrulable: !there,
      },
    ];
  });
}
