/** IAM policies as sets of what they grant: the order of statements and lists says nothing, nor how they are split. */
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';

/** One action on one resource, with who may do it and when. Equal keys grant the same. */
export interface Grants {
  /** Key → in words. */
  readonly all: ReadonlyMap<string, string>;
  readonly version: string;
}

/** Beyond so many pairs of action and resource a statement is compared as a whole. */
const mostPairs = 2_000;

export function parsePolicy(value: Json | undefined): JsonObject | undefined {
  if (typeof value !== 'string') return isJsonObject(value) && 'Statement' in value ? value : undefined;
  if (!value.trimStart().startsWith('{')) return undefined;
  try {
    const parsed = JSON.parse(value) as Json;
    return isJsonObject(parsed) && 'Statement' in parsed ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function texts(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return list.map((element) => (typeof element === 'string' ? element : JSON.stringify(element)));
}

/** The same text for the same meaning: keys in order, lists as sets, one element as a list of one. */
function canonical(value: Json | undefined, translate: (text: string) => string): string {
  if (isJsonObject(value)) {
    const entries = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(translate(key))}:${canonical(value[key], translate)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify([...new Set(texts(value).map(translate))].sort());
}

/** `"Principal": "*"` and `{"AWS": "*"}` mean the same. */
function principal(value: Json | undefined): Json | undefined {
  return value === '*' ? { AWS: '*' } : value;
}

/**
 * @param translate brings names of either side into a form in which the same is equal
 */
export function grantsOf(policy: JsonObject, translate: (text: string) => string): Grants {
  const all = new Map<string, string>();
  const statements = policy['Statement'];
  const list: readonly Json[] = Array.isArray(statements)
    ? (statements as readonly Json[])
    : [statements ?? null];
  for (const statement of list) {
    if (!isJsonObject(statement)) continue;
    const effect = brief(statement['Effect'] ?? 'Allow');
    const negatedAction = 'NotAction' in statement;
    const negatedResource = 'NotResource' in statement;
    // IAM does not tell upper from lower case in actions.
    const actions = texts(statement['Action'] ?? statement['NotAction']).map((action) =>
      action.toLowerCase(),
    );
    const resources = texts(statement['Resource'] ?? statement['NotResource']);
    const rest = [
      effect,
      canonical(principal(statement['Principal']), translate),
      canonical(principal(statement['NotPrincipal']), translate),
      canonical(statement['Condition'], translate),
    ].join(' ');
    const who = statement['Principal'] === undefined ? '' : ` to ${brief(statement['Principal'])}`;
    const when = statement['Condition'] === undefined ? '' : ' under a condition';
    const words = (action: string, resource: string | null): string =>
      `${effect} ${negatedAction ? 'all but ' : ''}${action}${resource === null ? '' : ` on ${negatedResource ? 'all but ' : ''}${resource}`}${who}${when}`;
    // "All but a and b" is not "all but a" and "all but b": these stay together.
    const actionSets = negatedAction || actions.length === 0 ? [actions] : actions.map((action) => [action]);
    const resourceSets =
      negatedResource || resources.length === 0 ? [resources] : resources.map((one) => [one]);
    const whole = actionSets.length * resourceSets.length > mostPairs;
    for (const action of whole ? [actions] : actionSets) {
      for (const resource of whole ? [resources] : resourceSets) {
        const names = resource.map(translate).sort();
        const key = [
          rest,
          negatedAction,
          [...action].sort().join(','),
          negatedResource,
          names.join(','),
        ].join(' ');
        all.set(key, words(action.join(', '), resource.length === 0 ? null : resource.join(', ')));
      }
    }
  }
  return { all, version: brief(policy['Version'] ?? '2008-10-17') };
}

function brief(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** In words what is in one and not in the other. */
export function missingFrom(grants: Grants, other: Grants): readonly string[] {
  return [...grants.all].flatMap(([key, words]) => (other.all.has(key) ? [] : [words]));
}
