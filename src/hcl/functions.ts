/** Terraform's functions that provider blocks commonly use, on values that are known. `undefined`: not told here. */
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import type { Literal } from './values.ts';

export type EvaluatedFunction = (given: readonly Json[]) => Literal;

const onText =
  (change: (text: string) => string): EvaluatedFunction =>
  ([value]) =>
    typeof value === 'string' ? { value: change(value) } : undefined;

const isScalar = (value: Json | undefined): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const list = (given: readonly Json[]): Literal => {
  const [value] = given;
  return Array.isArray(value) ? { value } : undefined;
};

export const functions: Readonly<Record<string, EvaluatedFunction>> = {
  coalesce: (given) => {
    const first = given.find((value) => value !== null && value !== '');
    return first === undefined ? undefined : { value: first };
  },
  compact: ([value]) =>
    Array.isArray(value)
      ? { value: value.filter((item: Json) => item !== null && item !== '') as Json[] }
      : undefined,
  concat: (given) =>
    given.every((value) => Array.isArray(value)) ? { value: given.flat() as Json[] } : undefined,
  contains: ([values, wanted]) =>
    Array.isArray(values)
      ? { value: values.some((value: Json) => JSON.stringify(value) === JSON.stringify(wanted)) }
      : undefined,
  format: ([pattern, ...values]) => {
    if (typeof pattern !== 'string' || /%(?![sdv])/.test(pattern) || !values.every(isScalar))
      return undefined;
    const left = [...values];
    return { value: pattern.replaceAll(/%[sdv]/g, () => String(left.shift() ?? '')) };
  },
  join: ([between, values]) =>
    typeof between === 'string' && Array.isArray(values) && values.every((value: Json) => isScalar(value))
      ? { value: values.join(between) }
      : undefined,
  length: ([value]) => {
    if (Array.isArray(value)) return { value: value.length };
    return isJsonObject(value) ? { value: Object.keys(value).length } : undefined;
  },
  lookup: ([map, key, otherwise]) => {
    if (!isJsonObject(map) || typeof key !== 'string') return undefined;
    if (Object.hasOwn(map, key)) return { value: map[key] ?? null };
    return otherwise === undefined ? undefined : { value: otherwise };
  },
  lower: onText((text) => text.toLowerCase()),
  merge: (given) =>
    given.every((value) => isJsonObject(value))
      ? { value: Object.assign({}, ...given) as JsonObject }
      : undefined,
  tolist: list,
  toset: list,
  tostring: ([value]) => (isScalar(value) ? { value: String(value) } : undefined),
  trimspace: onText((text) => text.trim()),
  // What is known at all is no error: the first is what it gives.
  try: ([value]) => (value === undefined ? undefined : { value }),
  upper: onText((text) => text.toUpperCase()),
};
