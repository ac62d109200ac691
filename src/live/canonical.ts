/**
 * Brings a value of a state and one of the account into one text, equal where the provider sees no difference: sets
 * in any order, JSON in any layout, policies by what they grant, numbers as numbers or texts, "not set" in any form.
 */
import { grantsOf, parsePolicy } from '../proof/policies.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import { isOrdered } from './facts.ts';

const keep = (text: string): string => text;

/** `null` for what is as good as not set. */
export function canonical(value: Json | undefined, path: string): string | null {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return null;
  if (typeof value === 'string') return canonicalText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return JSON.stringify(String(value));
  if (Array.isArray(value)) {
    const elements = (value as readonly Json[]).flatMap((element) => {
      const text = isJsonObject(element) ? canonicalBlock(element, path) : canonical(element, path);
      return text === null ? [] : [text];
    });
    if (elements.length === 0) return null;
    return `[${(isOrdered(path) ? elements : elements.sort()).join(',')}]`;
  }
  return isJsonObject(value) ? canonicalMap(value) : null;
}

function canonicalText(value: string): string | null {
  if (value === 'false' || value === '0') return null;
  const json = parsed(value);
  if (json === undefined) return JSON.stringify(value);
  const policy = parsePolicy(value);
  if (policy) {
    const { all, version } = grantsOf(policy, keep);
    return `policy ${version} ${[...all.keys()].sort().join('\n')}`;
  }
  return canonicalJson(json);
}

function parsed(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** In JSON text the order of lists counts: the steps of a state machine are not a set. */
function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(',')}]`;
  if (isJsonObject(value)) {
    const entries = Object.keys(value).sort();
    return `{${entries.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`).join(',')}}`;
  }
  if (typeof value === 'string') return JSON.stringify(value);
  return value === null ? 'null' : `"${JSON.stringify(value)}"`;
}

/** A block has attributes: one that is not set is as good as not there. */
function canonicalBlock(block: JsonObject, path: string): string | null {
  const entries = Object.keys(block)
    .sort()
    .flatMap((key) => {
      const text = canonical(block[key], `${path}.${key}`);
      return text === null ? [] : [`${JSON.stringify(key)}:${text}`];
    });
  return entries.length === 0 ? null : `{${entries.join(',')}}`;
}

/** A map has keys of the user's: one with an empty value is there all the same. */
function canonicalMap(map: JsonObject): string | null {
  const entries = Object.keys(map)
    .sort()
    .flatMap((key) => {
      const text = canonicalEntry(map[key]);
      return text === null ? [] : [`${JSON.stringify(key)}:${text}`];
    });
  return entries.length === 0 ? null : `{${entries.join(',')}}`;
}

/** The value of one key of a map; `null` where the key is not there. */
export function canonicalEntry(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return canonicalText(value) ?? JSON.stringify(value);
  return canonicalJson(value);
}

/**
 * Takes from a state's blocks what was not read of the live ones: what the description does not hold says nothing.
 * Maps stay whole, for those are read as a whole.
 */
export function asFarAsRead(state: Json | undefined, live: Json | undefined): Json | undefined {
  if (!Array.isArray(state) || !Array.isArray(live)) return state;
  const blocks = (live as readonly Json[]).filter(isJsonObject);
  if (blocks.length === 0) return state;
  const read = new Map<string, Json[]>();
  for (const block of blocks) {
    for (const [key, value] of Object.entries(block)) {
      const values = read.get(key) ?? [];
      values.push(...(Array.isArray(value) ? (value as readonly Json[]) : []));
      read.set(key, values);
    }
  }
  return (state as readonly Json[]).map((element) => {
    if (!isJsonObject(element)) return element;
    return Object.fromEntries(
      [...read].flatMap(([key, values]) => {
        const value = asFarAsRead(element[key], values);
        return value === undefined ? [] : [[key, value]];
      }),
    );
  });
}
