/** What functions, containers and jobs run, and the names of the variables they find in their environment. */
import type { StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { valueAt } from '../terraform/types/paths.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';

/** Environment variables by place: `''` for a function, the name of each container of a task. */
export type EnvironmentKeys = ReadonlyMap<string, ReadonlySet<string>>;

/** Attributes that hold environment variables as one map. */
export const environmentMaps = [
  'environment.0.variables',
  'environment_variables',
  'source_configuration.0.image_repository.0.image_configuration.0.runtime_environment_variables',
  'source_configuration.0.code_repository.0.code_configuration.0.code_configuration_values.0.runtime_environment_variables',
] as const;

/** Attributes that hold definitions of containers as JSON text. */
export const containerTexts = ['container_definitions', 'container_properties'] as const;

/** It runs code that finds its settings in environment variables. */
export function runsCode(
  { type, values }: Pick<StateResource, 'type' | 'values'>,
  types: ResourceTypeTable,
): boolean {
  return (
    types.get(type)?.isFunction === true || containerTexts.some((path) => typeof values[path] === 'string')
  );
}

export interface Container {
  readonly name: string;
  readonly definition: JsonObject;
}

export function containersOf(values: JsonObject): readonly Container[] {
  return containerTexts.flatMap((path) => {
    const text = values[path];
    if (typeof text !== 'string') return [];
    try {
      const parsed = JSON.parse(text) as Json;
      const list: readonly Json[] = Array.isArray(parsed) ? (parsed as readonly Json[]) : [parsed];
      return list.filter(isJsonObject).map((definition, position) => {
        const name = definition['name'];
        return { name: typeof name === 'string' ? name : String(position), definition };
      });
    } catch {
      return [];
    }
  });
}

function names(list: Json | undefined): readonly string[] {
  if (!Array.isArray(list)) return [];
  return (list as readonly Json[]).flatMap((entry) => {
    const name = isJsonObject(entry) ? (entry['name'] ?? entry['Name']) : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

/** Keys that are known; `unknown` is shaped like the values, and a key that it knows is a key that will be there. */
export function environmentKeys(values: JsonObject, unknown: Json): EnvironmentKeys {
  const found = new Map<string, ReadonlySet<string>>();
  const keys = new Set<string>();
  for (const path of environmentMaps) {
    for (const side of [values, unknown]) {
      const map = isJsonObject(side) ? valueAt(side, path) : undefined;
      if (isJsonObject(map)) for (const key of Object.keys(map)) keys.add(key);
    }
  }
  // CodeBuild has a list of blocks.
  for (const key of names(valueAt(values, 'environment.0.environment_variable'))) keys.add(key);
  if (keys.size > 0) found.set('', keys);
  for (const { name, definition } of containersOf(values)) {
    found.set(name, new Set([...names(definition['environment']), ...names(definition['secrets'])]));
  }
  return found;
}

/** `repository:tag` and `repository@sha256:…` are the same image in another version. */
export function imageWithoutVersion(image: string): string {
  return image.replace(/@sha256:[0-9a-f]+$/i, '').replace(/:[\w.-]+$/, '');
}
