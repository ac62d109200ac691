/** What a state or a plan knows of resources, in the form of a record. */
import { toChecked } from '../aws/check.ts';
import { askedBy } from '../aws/planned.ts';
import type { AccountAnswer, AskedPresence } from '../proof/account.ts';
import type { PlanModel, StateModel, StateResource } from '../terraform/model.ts';
import { identityOf } from '../terraform/types/identity.ts';
import { isLiveAddress } from '../terraform/types/live.ts';
import { resourceTypes } from '../terraform/types/table.ts';
import type { RecordedResource } from '../transfer/record.ts';

/** Lineage of Terraform's state; '' where there is none: what the direct engine made is in no state. */
export function lineageIn(state: Pick<StateModel, 'lineage'> | null): string {
  const lineage = state?.lineage ?? '';
  return /^(?:direct|live):/.test(lineage) ? '' : lineage;
}

/** Deposed objects are in the cloud like all others, and are destroyed with them */
export function resourcesOf(state: StateModel | null): RecordedResource[] {
  return [...(state?.resources ?? []), ...(state?.deposed ?? [])].flatMap((resource) =>
    resource.mode === 'managed' ? [recordedResource(resource)] : [],
  );
}

export function recordedResource(
  resource: Pick<StateResource, 'address' | 'type' | 'values'>,
): RecordedResource {
  const identity = identityOf(resource.type, resource.values, resourceTypes);
  return toChecked(resource, identity.kind === 'known' ? identity.text : null);
}

/**
 * What Terraform is about to make, by what is known of it before. The direct engine writes down what it makes by
 * itself, thing by thing.
 *
 * @param account what the account said of the names
 */
export function plannedResources(
  plan: PlanModel,
  account: readonly AccountAnswer[],
): readonly RecordedResource[] {
  const answers = new Map(account.map(({ address, presence }) => [address, presence] as const));
  return plan.changes.flatMap(({ mode, action, address, type, after, importId }) => {
    const makes = action === 'create' || action === 'replace';
    if (mode !== 'managed' || !makes || importId !== undefined || isLiveAddress(address)) return [];
    const values = after ?? {};
    const identity = identityOf(type, values, resourceTypes);
    const named = identity.kind === 'known';
    const answer = answers.get(address);
    return [
      {
        address,
        type,
        identity: named ? identity.text : null,
        id: null,
        arn: null,
        attributes: askedBy({ type, values }),
        ...originOf(answer, named),
        planned: { nameWasFree: answer?.state === 'free' },
      },
    ];
  });
}

/** What the cloud names is always new. Some services give out what is there where a new one is wanted. */
function originOf(answer: AskedPresence | undefined, named: boolean): Pick<RecordedResource, 'origin'> {
  if (!named || answer?.state === 'free') return { origin: 'made' };
  return answer?.state === 'taken' && answer.condition === 'there' ? { origin: 'taken-over' } : {};
}
