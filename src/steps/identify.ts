/** Step 1: what the source consists of, by category, from its Terraform state. */
import type { StateModel } from '../terraform/model.ts';
import { categories, type Category, type ResourceTypeTable } from '../terraform/types/facts.ts';
import { categoryOf, physicalName } from '../terraform/types/identity.ts';
import type { Coverage } from '../transfer/finding.ts';
import { externalServices } from './external.ts';
import { environmentKeys } from './functions.ts';
import type { IdentifyOutput, InventoryItem } from './outputs.ts';

/** @param state the source's state; never written */
export function identify(
  environment: string,
  stateLocation: string,
  state: StateModel,
  types: ResourceTypeTable,
): IdentifyOutput {
  const resources = state.resources.map(({ address, mode, type, values }): InventoryItem => ({
    address,
    type,
    title: types.get(type)?.title ?? type,
    category: categoryOf(type, types),
    name: physicalName(type, values, types) ?? address,
    arn: typeof values['arn'] === 'string' ? values['arn'] : null,
    shared: mode === 'data',
  }));
  const counts: Partial<Record<Category, number>> = {};
  for (const category of categories) {
    const count = resources.filter((item) => item.category === category && !item.shared).length;
    if (count > 0) counts[category] = count;
  }
  const functions = state.resources.filter(
    ({ mode, type }) => mode === 'managed' && types.get(type)?.isFunction,
  );
  return {
    environment,
    stateLocation,
    stateSerial: state.serial,
    resources,
    counts,
    external: externalServices(functions.flatMap(({ values }) => environmentKeys(values))),
    coverage: coverageOf(state, types),
  };
}

function coverageOf(state: StateModel, types: ResourceTypeTable): Coverage {
  const managed = state.resources.filter(({ mode }) => mode === 'managed');
  const scopeOf = (type: string): string | undefined => types.get(type)?.scope;
  return {
    handled: managed.filter(({ type }) => types.has(type) && scopeOf(type) !== 'local').length,
    nothingToDo: managed.filter(({ type }) => scopeOf(type) === 'local').length,
    unknown: managed.filter(({ type }) => !types.has(type)).map(({ address }) => address),
    unreadable: [],
  };
}
