/** Reads what decides a price. What is known only after the apply is never taken for a default. */
import { shapeSays } from '../proof/values.ts';
import type { TargetResource } from '../proof/target.ts';
import { isUnset, valueAt } from '../terraform/types/paths.ts';
import type { Json } from '../transfer/json.ts';

/** Thrown by a rule where a price cannot be said; `costOf` turns it into an unknown with this reason. */
export class Unpriced extends Error {
  override readonly name = 'Unpriced';
}

export interface Reader {
  readonly resource: TargetResource;
  /** Attributes by their path as in `types/paths.ts`. Without a fallback the attribute must be set. */
  text(path: string, fallback?: string): string;
  number(path: string, fallback?: number): number;
  flag(path: string, fallback?: boolean): boolean;
  /** Elements of a list or set; empty where it is not set. */
  list(path: string): readonly Json[];
  isSet(path: string): boolean;
  isUnknown(path: string): boolean;
}

const keysOf = (path: string): (string | number)[] =>
  path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));

export function createReader(resource: TargetResource): Reader {
  const isUnknown = (path: string): boolean => shapeSays(resource.unknown, keysOf(path));
  const read = (path: string): Json | undefined => {
    if (isUnknown(path)) throw new Unpriced(`\`${path}\` is known only after the apply`);
    const value = valueAt(resource.values, path);
    return isUnset(value) ? undefined : value;
  };
  // Without the value: it may come from something sensitive.
  const wrong = (path: string): Unpriced => new Unpriced(`\`${path}\` is not of a kind that says a price`);
  const orFallback = <T>(path: string, fallback: T | undefined): T => {
    if (fallback === undefined) throw new Unpriced(`\`${path}\` is not set`);
    return fallback;
  };
  return {
    resource,
    isUnknown,
    isSet: (path) => read(path) !== undefined,
    text(path, fallback) {
      const value = read(path);
      if (value === undefined) return orFallback(path, fallback);
      if (typeof value !== 'string') throw wrong(path);
      return value;
    },
    number(path, fallback) {
      const value = read(path);
      if (value === undefined) return orFallback(path, fallback);
      // The provider writes some numbers as text: `cpu` of a task definition.
      const number = typeof value === 'string' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) throw wrong(path);
      return number;
    },
    flag(path, fallback) {
      const value = read(path);
      if (value === undefined) return orFallback(path, fallback);
      if (typeof value !== 'boolean') throw wrong(path);
      return value;
    },
    list(path) {
      const value = read(path);
      if (value === undefined) return [];
      if (!Array.isArray(value)) throw wrong(path);
      return value as readonly Json[];
    },
  };
}
