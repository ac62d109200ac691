/** The target as one list, whether it is still planned or there already: rules judge both alike. */
import type {
  PlanModel,
  PlannedAction,
  PlannedResource,
  StateModel,
  StateResource,
} from '../terraform/model.ts';
import type { Json, JsonObject } from '../transfer/json.ts';
import type { ProofInput } from './rule.ts';
import { shapeSays, underAny } from './values.ts';

export interface TargetResource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly modulePath: string;
  /** `present` for what lies in the target's state after the apply. */
  readonly action: PlannedAction | 'present';
  readonly values: JsonObject;
  /** Shaped like `values`; `false` where everything is known. */
  readonly unknown: Json;
  isSensitive(keys: readonly (string | number)[]): boolean;
}

function fromPlan(change: PlannedResource): TargetResource {
  const { address, mode, type, name, modulePath, action, afterUnknown: unknown, afterSensitive } = change;
  const values = change.after ?? {};
  const isSensitive = (keys: readonly (string | number)[]): boolean => shapeSays(afterSensitive, keys);
  return { address, mode, type, name, modulePath, action, values, unknown, isSensitive };
}

export function fromState(
  resource: StateResource,
  action: TargetResource['action'] = 'present',
): TargetResource {
  const { address, mode, type, name, modulePath, values, sensitivePaths } = resource;
  const isSensitive = (keys: readonly (string | number)[]): boolean => underAny(sensitivePaths, keys);
  return { address, mode, type, name, modulePath, action, values, unknown: false, isSensitive };
}

const goes: ReadonlySet<PlannedAction> = new Set(['delete', 'forget']);

/** What Terraform would make anew. */
export function isMade(resource: { readonly action: TargetResource['action'] }): boolean {
  return resource.action === 'create' || resource.action === 'replace' || resource.action === 'present';
}

export interface Target {
  /** Managed resources that the target has, or has after the plan. */
  readonly managed: readonly TargetResource[];
  readonly data: readonly TargetResource[];
  readonly byAddress: ReadonlyMap<string, TargetResource>;
}

export function targetOf(input: { readonly target: Pick<ProofInput['target'], 'plan' | 'state'> }): Target {
  const { plan, state } = input.target;
  const all = plan
    ? [
        ...plan.changes.filter(({ action }) => !goes.has(action)).map(fromPlan),
        ...plan.dataSources.map((resource) => fromState(resource, 'read')),
      ]
    : (state?.resources ?? []).map((resource) => fromState(resource));
  const byAddress = new Map<string, TargetResource>();
  // What is read during the apply stands in both lists of a plan: the first, with what is unknown, counts.
  for (const resource of all) if (!byAddress.has(resource.address)) byAddress.set(resource.address, resource);
  const resources = [...byAddress.values()];
  return {
    managed: resources.filter(({ mode }) => mode === 'managed'),
    data: resources.filter(({ mode }) => mode === 'data'),
    byAddress,
  };
}

/** What a plan finds there: managed resources as they are before it is applied. */
export function beforePlan({ changes }: PlanModel): readonly TargetResource[] {
  return changes.flatMap(({ address, mode, type, name, modulePath, before }): TargetResource[] =>
    mode === 'managed' && before !== null
      ? [
          {
            address,
            mode,
            type,
            name,
            modulePath,
            action: 'present',
            values: before,
            unknown: false,
            isSensitive: () => true,
          },
        ]
      : [],
  );
}

/** The managed resources of a state; none if there is no state. */
export function managedIn(state: StateModel | null): readonly StateResource[] {
  return (state?.resources ?? []).filter(({ mode }) => mode === 'managed');
}
