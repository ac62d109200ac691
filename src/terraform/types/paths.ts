/**
 * Paths into the values of a resource: attributes and list indices joined by dots (`logging_config.0.log_group`),
 * `[]` for every element of a list (`inline_policy[].policy`).
 */
import { isJsonObject, type Json, type JsonObject } from '../../transfer/json.ts';

/** Every value at a path; none where the path leads nowhere. `null` counts as a value. */
export function valuesAt(values: JsonObject, path: string): readonly Json[] {
  let found: readonly Json[] = [values];
  for (const segment of path.split('.')) {
    const each = segment.endsWith('[]');
    const key = each ? segment.slice(0, -2) : segment;
    found = found.flatMap((value) => {
      const next = step(value, key);
      if (next === undefined) return [];
      if (!each) return [next];
      return Array.isArray(next) ? (next as readonly Json[]) : [];
    });
  }
  return found;
}

/** The one value at a path without `[]`; `undefined` where there is none, as with what is known only after an apply. */
export function valueAt(values: JsonObject, path: string): Json | undefined {
  return valuesAt(values, path)[0];
}

/** Terraform writes what was left out as `null`, older providers as an empty string, blocks as an empty list. */
export function isUnset(value: Json | undefined): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

function step(value: Json, key: string): Json | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? (value as readonly Json[])[Number(key)] : undefined;
  // Own keys only: an attribute map may well have a key called `constructor`.
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
