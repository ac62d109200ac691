/** Compares what was described with what the real provider wrote into the state. */
import { isDeepStrictEqual } from 'node:util';
import type { DescribedResource } from '../../../src/aws/describe.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/transfer/json.ts';

export interface Difference {
  readonly attribute: string;
  readonly described: Json;
  /** `undefined` where the provider has no such attribute. */
  readonly state: Json | undefined;
}

/** Every value that was described and is not the state's. Both write "nothing" in several ways; these are one here. */
export function differences({ values }: DescribedResource, state: JsonObject): Difference[] {
  return Object.entries(values).flatMap(([attribute, described]) => {
    const expected = state[attribute];
    return expected !== undefined && isDeepStrictEqual(normal(described), normal(expected))
      ? []
      : [{ attribute, described, state: expected }];
  });
}

function normal(value: Json): Json {
  if (Array.isArray(value)) {
    if (value.length === 0) return null;
    const items = value.map((each: Json) => normal(each));
    // The state's order of a set of blocks is a hash's.
    return items.every((each) => isJsonObject(each)) ? items.toSorted(byText) : items;
  }
  if (isJsonObject(value)) {
    const entries = Object.entries(value).map(([key, each]) => [key, normal(each)] as const);
    const told = entries.filter(([, each]) => each !== null).toSorted(([a], [b]) => a.localeCompare(b));
    return told.length === 0 ? null : Object.fromEntries(told);
  }
  return value === '' ? null : value;
}

const byText = (a: Json, b: Json): number => JSON.stringify(a).localeCompare(JSON.stringify(b));
