/** Where the policies of a resource stand, and which of them the configuration gives. */
import { valueAt, valuesAt } from '../terraform/types/paths.ts';
import type { JsonObject } from '../transfer/json.ts';
import type { Pair } from './counterparts.ts';
import { parsePolicy } from './policies.ts';
import type { ProofIndex } from './proof-index.ts';
import type { ProofInput } from './rule.ts';

/** Paths of policies: those of the table, else every attribute that looks like one. */
export function policyPaths(pair: Pair, input: ProofInput): readonly string[] {
  const facts = input.types.get(pair.source.type);
  if (facts) return facts.policies ?? [];
  return Object.keys(pair.source.values).filter(
    (key) => /(?:^|_)policy$/.test(key) && parsePolicy(pair.source.values[key]) !== undefined,
  );
}

/**
 * Providers fill in what other resources have attached (`policy` of a queue, `inline_policy` of a role), some only on
 * the next refresh: what the configuration does not give there is compared where it is given.
 */
export function isGiven({ source, target }: Pair, path: string, index: ProofIndex): boolean {
  const declaration = index.expressions.declaration(target);
  const root = path.replace('[]', '').split('.', 1)[0] ?? path;
  if (!declaration) return documents(source.values, path).size > 0 && documents(target.values, path).size > 0;
  return Object.keys(declaration.attributes).some((given) => given === root || given.startsWith(`${root}.`));
}

/** The policies at a path; blocks with a name are paired by it, whatever their order. */
export function documents(values: JsonObject, path: string): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  const [block, attribute] = path.split('[].');
  if (block !== undefined && attribute !== undefined) {
    for (const [position, element] of valuesAt(values, `${block}[]`).entries()) {
      if (typeof element !== 'object' || element === null || Array.isArray(element)) continue;
      const named = element as JsonObject;
      const policy = parsePolicy(valueAt(named, attribute));
      const name = named['name'];
      if (policy) found.set(`${block}[${typeof name === 'string' ? name : position}].${attribute}`, policy);
    }
    return found;
  }
  const policy = parsePolicy(valueAt(values, path));
  if (policy) found.set(path, policy);
  return found;
}
