import type { JsonObject } from '../../transfer/json.ts';

/** The named values of a description: what is known of a new thing only once it is there. */
export function pick(values: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
