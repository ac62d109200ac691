/** Environment variables with their values, wherever a resource keeps them. */
import { containersOf, environmentMaps } from '../proof/functions.ts';
import { valueAt } from '../terraform/types/paths.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';

export interface EnvironmentValue {
  /** `''` for a function, the name of the container for a task. */
  readonly place: string;
  readonly key: string;
  readonly text: string;
  /** Path in the values, as states mark what is sensitive. */
  readonly path: string;
  /** It holds where the value comes from, not the value. */
  readonly isReference: boolean;
}

const scalar = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

/** `[{ name, value }]`, as containers and builds have them. */
function listed(
  list: Json | undefined,
  valueKey: 'value' | 'valueFrom',
): readonly { readonly key: string; readonly text: string }[] {
  if (!Array.isArray(list)) return [];
  return (list as readonly Json[]).flatMap((entry) => {
    const name = isJsonObject(entry) ? entry['name'] : undefined;
    return typeof name === 'string' && isJsonObject(entry)
      ? [{ key: name, text: scalar(entry[valueKey]) }]
      : [];
  });
}

const builds = 'environment.0.environment_variable';

export function environmentValues(values: JsonObject): readonly EnvironmentValue[] {
  const found: EnvironmentValue[] = [];
  for (const path of environmentMaps) {
    const map = valueAt(values, path);
    if (!isJsonObject(map)) continue;
    for (const [key, value] of Object.entries(map))
      found.push({ place: '', key, text: scalar(value), path: `${path}.${key}`, isReference: false });
  }
  for (const { key, text } of listed(valueAt(values, builds), 'value'))
    found.push({ place: '', key, text, path: builds, isReference: false });
  const containers =
    typeof values['container_definitions'] === 'string' ? 'container_definitions' : 'container_properties';
  for (const { name, definition } of containersOf(values)) {
    for (const { key, text } of listed(definition['environment'], 'value'))
      found.push({ place: name, key, text, path: containers, isReference: false });
    for (const { key, text } of listed(definition['secrets'], 'valueFrom'))
      found.push({ place: name, key, text, path: containers, isReference: true });
  }
  return found;
}
