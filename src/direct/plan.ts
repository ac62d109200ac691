/** What the direct engine would do, in the shape of a Terraform plan: proof, cost and mapping do not know who ran. Pure. */
import type { PlanModel, PlannedResource, StateModel, StateResource } from '../terraform/model.ts';
import { type Json, type JsonObject, isJsonObject } from '../transfer/json.ts';
import { rewriteValues, type RewriteFacts } from './rewrite.ts';

export interface DirectPlanInput {
  /** Resources of the source of which the target gets its own. */
  readonly cloned: readonly StateResource[];
  /** What the target has already. */
  readonly existing: StateModel | null;
  readonly facts: RewriteFacts;
  /** Ownership tags of everything that is made. */
  readonly tags: Readonly<Record<string, string>>;
}

export function directPlan({ cloned, existing, facts, tags }: DirectPlanInput): PlanModel {
  const there = new Map((existing?.resources ?? []).map((resource) => [resource.address, resource]));
  const changes = cloned.map((source): PlannedResource => {
    const now = there.get(source.address);
    const { address, mode, type, name, modulePath } = source;
    const common = { address, mode, type, name, modulePath };
    if (now) {
      const sensitive = shapeOf(now.sensitivePaths);
      return {
        ...common,
        action: 'no-op',
        before: now.values,
        after: now.values,
        afterUnknown: {},
        afterSensitive: sensitive,
      };
    }
    const { values, unknown } = rewriteValues(address, source.values, tags, facts);
    return {
      ...common,
      action: 'create',
      before: null,
      after: values,
      afterUnknown: unknown,
      afterSensitive: shapeOf(source.sensitivePaths),
    };
  });
  return { terraformVersion: '', changes, dataSources: [], variables: {}, outputChanges: {} };
}

/** `a.0.b` as `{ a: [{ b: true }] }`. */
export function shapeOf(paths: readonly string[]): JsonObject {
  let result: Json = {};
  for (const path of paths) result = withPath(result, path.split('.'));
  return isJsonObject(result) ? result : {};
}

function withPath(shape: Json, [step, ...rest]: readonly string[]): Json {
  if (step === undefined) return true;
  if (/^\d+$/.test(step)) {
    const list: Json[] = Array.isArray(shape) ? [...(shape as readonly Json[])] : [];
    while (list.length <= Number(step)) list.push(false);
    list[Number(step)] = withPath(list[Number(step)] ?? false, rest);
    return list;
  }
  const object = isJsonObject(shape) ? shape : {};
  return { ...object, [step]: withPath(object[step] ?? false, rest) };
}
