/** Takes the values of a source resource to those of the target's: names under ρ, identifiers to what is there by then. Pure. */
import type { Rename } from '../environment/rename.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import { type Identifier, identifying, type IdentifierSearch } from './identifiers.ts';

export interface RewriteFacts {
  readonly rename: Rename;
  readonly search: IdentifierSearch;
  /** Whether the target gets one of its own of the resource; what is shared keeps its identifiers. */
  readonly isCloned: (address: string) => boolean;
  /** The target's identifier that stands for one of the source; absent as long as it is not there. */
  readonly actual: ReadonlyMap<string, string>;
  /**
   * The target's value of an environment variable: a text, `null` where it has none (then it is left out: never the
   * source's), `keep` for what environments share, `undefined` for what is no secret.
   */
  readonly secret: (key: string) => { readonly value: string | null } | 'keep' | undefined;
}

export interface Rewritten {
  /** What is not known yet stands as `null` in lists and is absent in objects. */
  readonly value: Json;
  /** Shaped like `value`: `true` where it is not known yet. */
  readonly unknown: Json;
}

export interface RewrittenValues {
  /** Without what the cloud gives, which is not given to the cloud, and without what is not known yet. */
  readonly values: JsonObject;
  /** Shaped like all of the values: `true` where one is not known yet. */
  readonly unknown: JsonObject;
  /** Attributes that refer to something of the target that is not there yet. */
  readonly unresolved: readonly string[];
}

export function rewriteValues(
  address: string,
  values: JsonObject,
  tags: Readonly<Record<string, string>>,
  facts: RewriteFacts,
): RewrittenValues {
  const after: Record<string, Json> = {};
  const unknown: Record<string, Json> = {};
  const unresolved: string[] = [];
  for (const [attribute, value] of Object.entries(values)) {
    if (computed.has(attribute) && !isReference(address, attribute, value, facts)) {
      if (value !== null) unknown[attribute] = true;
      continue;
    }
    const rewritten = attribute === 'environment' ? rewriteEnvironment(value, facts) : rewrite(value, facts);
    if (rewritten.unknown !== false) unresolved.push(attribute);
    if (rewritten.unknown === true) unknown[attribute] = true;
    else {
      after[attribute] = rewritten.value;
      if (rewritten.unknown !== false) unknown[attribute] = rewritten.unknown;
    }
  }
  for (const attribute of ['tags', 'tags_all']) {
    const given = after[attribute];
    if (isJsonObject(given)) after[attribute] = { ...given, ...tags };
  }
  return { values: after, unknown, unresolved };
}

/** The `arn` of a target or of a topic's policy is that of what it leads to, and has to be given. */
function isReference(address: string, attribute: string, value: Json, facts: RewriteFacts): boolean {
  if (attribute !== 'arn' || typeof value !== 'string') return false;
  const [first] = facts.search.cut(value);
  return typeof first === 'string' || first?.address !== address;
}

/** `address` and `endpoint` are settings of some types (a subscription's), and answers of others. */
const settings: ReadonlySet<string> = new Set(['address', 'endpoint', 'url', 'key_id']);

const computed: ReadonlySet<string> = new Set([
  ...identifying.filter((attribute) => !settings.has(attribute)),
  'last_modified',
  'version',
  'qualified_invoke_arn',
  'create_date',
  'creation_date',
  'created_date',
]);

function rewrite(value: Json, facts: RewriteFacts): Rewritten {
  if (typeof value === 'string') return rewriteText(value, facts);
  if (Array.isArray(value)) {
    const parts = value.map((each: Json) => rewrite(each, facts));
    return { value: parts.map((part) => part.value), unknown: shape(parts.map((part) => part.unknown)) };
  }
  if (!isJsonObject(value)) return { value, unknown: false };
  const after: Record<string, Json> = {};
  const unknown: Record<string, Json> = {};
  for (const [key, each] of Object.entries(value)) {
    const rewritten = rewrite(each, facts);
    if (rewritten.unknown !== true) after[key] = rewritten.value;
    if (rewritten.unknown !== false) unknown[key] = rewritten.unknown;
  }
  return { value: after, unknown: Object.keys(unknown).length === 0 ? false : unknown };
}

const shape = (unknown: readonly Json[]): Json => (unknown.every((each) => each === false) ? false : unknown);

function rewriteText(text: string, facts: RewriteFacts): Rewritten {
  const parts = facts.search.cut(text).map((part) => {
    if (typeof part === 'string') return facts.rename.apply(part);
    return resolved(part, facts);
  });
  return parts.includes(null) ? { value: null, unknown: true } : { value: parts.join(''), unknown: false };
}

/** `null` where it is not known yet. */
function resolved({ text, address, madeUp }: Identifier, facts: RewriteFacts): string | null {
  if (!facts.isCloned(address)) return text;
  return facts.actual.get(text) ?? (madeUp ? null : facts.rename.apply(text));
}

/** `[{ variables: { … } }]`, as the provider has it. */
function rewriteEnvironment(value: Json, facts: RewriteFacts): Rewritten {
  const block: Json | undefined = Array.isArray(value) ? value[0] : undefined;
  const variables = isJsonObject(block) ? block['variables'] : undefined;
  if (!isJsonObject(variables)) return rewrite(value, facts);
  const after: Record<string, Json> = {};
  const unknown: Record<string, Json> = {};
  for (const [key, each] of Object.entries(variables)) {
    const secret = facts.secret(key);
    if (secret === 'keep') after[key] = each;
    else if (secret === undefined) {
      const rewritten = rewrite(each, facts);
      if (rewritten.unknown === false) after[key] = rewritten.value;
      else unknown[key] = true;
    } else if (secret.value !== null) after[key] = secret.value;
  }
  return {
    value: [{ variables: after }],
    unknown: Object.keys(unknown).length === 0 ? false : [{ variables: unknown }],
  };
}
