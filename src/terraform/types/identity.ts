/** Which thing in the cloud a resource is: one comparable key, made of its type and what tells it from others. */
import type { Json, JsonObject } from '../../transfer/json.ts';
import { containers, fallbackIdentity, ownName } from './fallback.ts';
import type { Normalisation, ResourceTypeFacts, ResourceTypeTable, UniquenessScope } from './facts.ts';
import { isUnset, valueAt } from './paths.ts';

export { categoryOf } from './category.ts';
export { isContextBound } from './context-bound.ts';
export { checkLimits } from './check-limits.ts';

export type Identity =
  | {
      readonly kind: 'known';
      /** Equal for the same thing only. Holds the type and the values; for comparing, not for showing. */
      readonly key: string;
      /** For people: its own name, then those of its parents, joined by `/`. */
      readonly text: string;
      readonly scope: UniquenessScope;
      /** True if the type is not in the table: the key is a guess from the names of the attributes. */
      readonly byFallback: boolean;
    }
  /** The provider makes up its name on creation, so that it cannot be anybody else's. */
  | { readonly kind: 'generated' }
  /** Depends on values that are not known before the apply. */
  | { readonly kind: 'unknown'; readonly missing: readonly string[] }
  /** Nothing tells it from others but an id that the cloud gives, or it is not in the cloud at all. */
  | { readonly kind: 'none' };

/**
 * @param values of the resource; in those of a plan, what is not known yet is absent, and what is not set is `null`
 */
export function identityOf(type: string, values: JsonObject, table: ResourceTypeTable): Identity {
  const facts = table.get(type);
  return facts ? identityByFacts(facts, values) : identityByFallback(type, values);
}

/** The name to show for a resource; `null` where it has none, or none yet. */
export function physicalName(type: string, values: JsonObject, table: ResourceTypeTable): string | null {
  const facts = table.get(type);
  if (!facts) {
    const { names } = fallbackIdentity(values);
    const own = ownName(type, names);
    return own === null ? null : (names[own] ?? null);
  }
  const attributes = [facts.nameAttribute, facts.identity[0], facts.scope === 'server' ? 'id' : undefined];
  for (const attribute of attributes) {
    const value = attribute === undefined ? undefined : valueAt(values, attribute);
    if (!isUnset(value) && (typeof value === 'string' || typeof value === 'number')) return String(value);
  }
  return null;
}

type Part = string | readonly string[];

function identityByFacts(facts: ResourceTypeFacts, values: JsonObject): Identity {
  const { type, scope, identity } = facts;
  // The only one of its kind where it is (`aws_api_gateway_account`): any two are the same.
  if (identity.length === 0) {
    const single = scope === 'account' || scope === 'region' || scope === 'global';
    return single ? known(type, [], facts.title, scope, false) : { kind: 'none' };
  }

  const parts: Part[] = [];
  const texts: string[] = [];
  const missing: string[] = [];
  let generated = false;
  let given = false;
  for (const attribute of identity) {
    const part = partOf(valueAt(values, attribute));
    if (part !== null) {
      const form = facts.normalise?.[attribute];
      parts.push(typeof part === 'string' ? normalised(part, form, true) : part);
      texts.push(typeof part === 'string' ? normalised(part, form, false) : part.join(','));
      given = true;
      continue;
    }
    const fallback = facts.identityDefaults?.[attribute];
    if (fallback !== undefined && meansDefault(facts, attribute, values)) {
      parts.push(fallback);
      if (fallback !== '') texts.push(fallback);
    } else if (facts.generated?.includes(attribute)) generated = true;
    else missing.push(attribute);
  }
  if (generated) return { kind: 'generated' };
  if (missing.length > 0) return { kind: 'unknown', missing };
  return given ? known(type, parts, texts.join('/'), scope, false) : { kind: 'unknown', missing: identity };
}

/** Not set, as against set to what is known only after the apply. */
function meansDefault(facts: ResourceTypeFacts, attribute: string, values: JsonObject): boolean {
  return valueAt(values, attribute) !== undefined || (facts.filledIn?.includes(attribute) ?? false);
}

function identityByFallback(type: string, values: JsonObject): Identity {
  const { names, parents } = fallbackIdentity(values);
  const own = ownName(type, names);
  const name = own === null ? undefined : names[own];
  if (own === null || name === undefined) return { kind: 'none' };
  const within = Object.entries(containers(parents)).sort(([a], [b]) => (a < b ? -1 : 1));
  return known(
    type,
    [`${own}=${name}`, ...within.map(([attribute, value]) => `${attribute}=${value}`)],
    [name, ...within.map(([, value]) => value)].join('/'),
    type.startsWith('aws_') ? 'region' : 'account',
    true,
  );
}

function known(
  type: string,
  parts: readonly Part[],
  text: string,
  scope: UniquenessScope,
  byFallback: boolean,
): Identity {
  // JSON, because no separator is safe: names may contain any of them.
  return { kind: 'known', key: JSON.stringify([type, ...parts]), text, scope, byFallback };
}

/** `null` where the value is not there, or not known in all its parts. */
function partOf(value: Json | undefined): Part | null {
  if (value === undefined || isUnset(value)) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  if (!Array.isArray(value)) return JSON.stringify(value);
  const elements = value as readonly Json[];
  if (elements.some((element) => element === null)) return null;
  // Sets come in any order; as identity the order of a list says nothing either.
  return elements.map((element) => (typeof element === 'string' ? element : JSON.stringify(element))).sort();
}

/** A value in the form in which it is compared (`forKey`) or shown: there its case stays. */
function normalised(value: string, form: Normalisation | undefined, forKey: boolean): string {
  return form === undefined ? value : forms[form](value, forKey);
}

const forms: Readonly<Record<Normalisation, (value: string, forKey: boolean) => string>> = {
  'lower-case': (value, forKey) => (forKey ? value.toLowerCase() : value),
  'name-of-arn': nameOfArn,
  'no-scheme': (value) => value.replace(/^https?:\/\//, ''),
  'dns-name': (value) => value.toLowerCase().replace(/\.$/, ''),
  'no-leading-slash': (value, forKey) => (forKey ? value.replace(/^\//, '') : value),
};

/** `arn:aws:lambda:r:a:function:bot:live` → `bot`, `arn:aws:ecs:r:a:cluster/bot` → `bot`; what is no ARN as it is. */
function nameOfArn(value: string): string {
  const resource = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/.exec(value)?.[1];
  if (resource === undefined) return value;
  // `layer:bot:3` and `function:bot:live` have the kind in front and a version behind, `event-bus/a/b` a path.
  const byColon = resource.split(':');
  return byColon.length > 1 ? (byColon[1] ?? value) : resource.slice(resource.indexOf('/') + 1);
}
