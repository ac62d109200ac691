/**
 * The values that an environment gives to its functions, containers and jobs, by the key each finds it under, and those
 * of its variables. One more place in which a credential can lie is one more generator here.
 */
import type { StateResource } from '../terraform/model.ts';
import { valueAt } from '../terraform/types/paths.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import { containersOf, environmentMaps } from './functions.ts';

export interface GivenValue {
  readonly key: string;
  readonly value: string;
  /** The resource, or `var.<name>`. */
  readonly place: string;
}

type Pair = readonly [key: string, value: string];

function* pairs(list: Json | undefined): Generator<Pair> {
  for (const entry of Array.isArray(list) ? (list as readonly Json[]) : []) {
    if (!isJsonObject(entry)) continue;
    const [name, value] = [entry['name'] ?? entry['Name'], entry['value'] ?? entry['Value']];
    // From elsewhere: the value is the name of a parameter or a secret.
    const type = entry['type'] ?? 'PLAINTEXT';
    if (typeof name === 'string' && typeof value === 'string' && type === 'PLAINTEXT') yield [name, value];
  }
}

function* environmentOf(values: JsonObject): Generator<Pair> {
  for (const path of environmentMaps) {
    const map = valueAt(values, path);
    for (const [key, value] of Object.entries(isJsonObject(map) ? map : {}))
      if (typeof value === 'string') yield [key, value];
  }
  yield* pairs(valueAt(values, 'environment.0.environment_variable'));
  for (const { definition } of containersOf(values)) yield* pairs(definition['environment']);
}

/** @param resources of a state or of a plan */
export function givenToCode(
  resources: readonly Pick<StateResource, 'address' | 'values'>[],
): readonly GivenValue[] {
  return resources.flatMap(({ address, values }) =>
    [...environmentOf(values)].map(([key, value]) => ({ key, value, place: address })),
  );
}

/** Texts only: credentials in lists and objects have no name that says so. */
export function givenToVariables(variables: Readonly<Record<string, unknown>>): readonly GivenValue[] {
  return Object.entries(variables).flatMap(([key, value]) =>
    typeof value === 'string' ? [{ key, value, place: `var.${key}` }] : [],
  );
}
