/** What Terraform manages by Terraform, the rest by the direct engine: one plan, one state. */
import type { PlanModel, StateModel } from '../terraform/model.ts';
import { isLiveAddress } from '../terraform/types/live.ts';
import type { Applied, Workspace } from './workspace.ts';

/** @param direct may refer to what Terraform makes: it comes after it, and goes before it */
export function mixedWorkspace(terraform: Workspace, direct: Workspace): Workspace {
  let removing = false;
  const planned = async (
    one: () => Promise<PlanModel>,
    other: () => Promise<PlanModel>,
  ): Promise<PlanModel> => {
    const managed = await one();
    const live = await other();
    return { ...managed, changes: [...managed.changes, ...live.changes] };
  };
  const applied = async (first: Workspace, second: Workspace): Promise<Applied> => {
    const before = await first.apply();
    if (!before.ok) return before;
    const after = await second.apply();
    return {
      ...after,
      applied: [...before.applied, ...after.applied],
      outputs: { ...before.outputs, ...after.outputs },
    };
  };
  return {
    init: () => terraform.init(),
    plan: () =>
      planned(
        () => terraform.plan(),
        () => direct.plan(),
      ),
    replan: () =>
      planned(
        () => terraform.replan(),
        () => direct.replan(),
      ),
    apply: () => (removing ? applied(direct, terraform) : applied(terraform, direct)),
    async planDestroy(only) {
      removing = true;
      return planned(
        () => terraform.planDestroy(only?.filter((address) => !isLiveAddress(address))),
        () => direct.planDestroy(),
      );
    },
    state: async () => mergeStates(await terraform.state(), await direct.state()),
    begun: async () => new Set([...(await terraform.begun()), ...(await direct.begun())]),
    async forget(addresses) {
      await direct.forget(addresses.filter(isLiveAddress));
      await terraform.forget(addresses.filter((address) => !isLiveAddress(address)));
    },
    adopt: (address, importId) => terraform.adopt(address, importId),
    async close() {
      await direct.close();
      await terraform.close();
    },
  };
}

/** The second one's resources beside those of the first. */
export function mergeStates(first: StateModel, second: StateModel | null): StateModel;
export function mergeStates(first: StateModel | null, second: StateModel | null): StateModel | null;
export function mergeStates(first: StateModel | null, second: StateModel | null): StateModel | null {
  if (first === null || second === null) return first ?? second;
  return {
    ...first,
    // Either one changed is a change.
    serial: first.serial + second.serial,
    resources: [...first.resources, ...second.resources],
    outputs: { ...second.outputs, ...first.outputs },
  };
}
