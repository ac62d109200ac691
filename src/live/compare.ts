/** Compares one managed resource with the live thing, attribute by attribute, as far as the live one was read. */
import { underAny } from '../proof/values.ts';
import { mayBeSecret } from '../secrets/may-be-secret.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import { asFarAsRead, canonical, canonicalEntry } from './canonical.ts';
import { changesByItself, watchedOnlyIfSet } from './facts.ts';
import type { DriftedAttribute } from './model.ts';

interface Side {
  readonly values: JsonObject;
  readonly sensitivePaths?: readonly string[];
}

export interface ComparedValues {
  /** How many attributes were compared. */
  readonly compared: number;
  readonly differences: readonly DriftedAttribute[];
}

/**
 * @param state values as Terraform recorded them
 * @param live values as they were read; an attribute that is not in them, or not in the state's, is not compared
 * @param skip says of attributes at the top that they show what other resources of the state made
 */
export function compareValues(
  type: string,
  state: Side,
  live: Side,
  skip: (attribute: string) => boolean = () => false,
): ComparedValues {
  const differences: DriftedAttribute[] = [];
  const sensitive = [...(state.sensitivePaths ?? []), ...(live.sensitivePaths ?? [])];
  const add = (keys: readonly string[], before: Json | undefined, after: Json | undefined): void => {
    const shown = mayBeShown(keys, sensitive) && isShort(before) && isShort(after);
    differences.push({
      path: keys.join('.'),
      state: shown ? (before ?? null) : null,
      live: shown ? (after ?? null) : null,
      shown,
    });
  };

  const compareMaps = (keys: readonly string[], before: JsonObject, after: JsonObject): void => {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      if (canonicalEntry(before[key]) !== canonicalEntry(after[key]))
        add([...keys, key], before[key], after[key]);
    }
  };

  const compare = (keys: readonly string[], before: Json | undefined, after: Json | undefined): void => {
    const [block, liveBlock] = [onlyBlock(before), onlyBlock(after)];
    if (block && liveBlock) {
      for (const key of Object.keys(liveBlock).sort())
        if (block[key] !== undefined) compare([...keys, '0', key], block[key], liveBlock[key]);
      return;
    }
    if (isMap(before, after)) {
      compareMaps(keys, asMap(before), asMap(after));
      return;
    }
    const path = keys.filter((key) => key !== '0').join('.');
    if (canonical(asFarAsRead(before, after), path) !== canonical(after, path)) add(keys, before, after);
  };

  let compared = 0;
  for (const [attribute, value] of Object.entries(live.values).sort(([a], [b]) => a.localeCompare(b))) {
    if (attribute === 'tags' || attribute === 'tags_all') continue;
    const recorded = state.values[attribute];
    if (recorded === undefined || changesByItself(type, attribute) || skip(attribute)) continue;
    if (watchedOnlyIfSet.has(attribute) && (recorded === null || recorded === '')) continue;
    compared += 1;
    compare([attribute], recorded, value);
  }
  const [tags, liveTags] = [allTags(state.values), allTags(live.values)];
  if (tags && liveTags) {
    compared += 1;
    compareMaps(['tags'], tags, liveTags);
  }
  return { compared, differences };
}

/**
 * What the thing really bears: in a state `tags` are those of the block alone, `tags_all` has the provider's
 * `default_tags` too. Tags of AWS itself (`aws:`) are in no state.
 */
function allTags(values: JsonObject): JsonObject | undefined {
  const tags = values['tags_all'] ?? values['tags'];
  // In a state `null` says that there are none.
  if (tags === null || (tags === undefined && values['tags'] === null)) return {};
  if (!isJsonObject(tags)) return undefined;
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('aws:')));
}

function onlyBlock(value: Json | undefined): JsonObject | undefined {
  if (!Array.isArray(value)) return undefined;
  const [first, ...more] = value as readonly Json[];
  return more.length === 0 && isJsonObject(first) ? first : undefined;
}

const isUnset = (value: Json | undefined): boolean => value === undefined || value === null;

const isMap = (before: Json | undefined, after: Json | undefined): boolean =>
  [before, after].some(isJsonObject) && [before, after].every((each) => isUnset(each) || isJsonObject(each));

const asMap = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** Maps whose values are the user's own: nobody knows what is in them. */
const openMaps = /^(?:variables|environment|parameters|stage_variables|headers|request_parameters)$/;

/** Attributes that are there to hold what is kept safe. */
const keeps = /^(?:value|insecure_value|secret_string|secret_binary|input|user_data)$/;

function mayBeShown(keys: readonly string[], sensitive: readonly string[]): boolean {
  // A state may mark one element of a list: the list that holds it is not shown either.
  const path = `${keys.join('.')}.`;
  if (underAny(sensitive, keys) || sensitive.some((marked) => marked.startsWith(path))) return false;
  const [top, tag] = keys;
  if (top === 'tags') return !mayBeSecret(tag ?? '');
  return !keys.some((key) => openMaps.test(key) || keeps.test(key) || mayBeSecret(key));
}

const longest = 160;

/** Blocks and JSON text would be pages, and nobody has looked into them for secrets. */
function isShort(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string')
    return (
      value.length <= longest && !/^\s*[[{]/.test(value) && !value.includes('\n') && !value.includes('://')
    );
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    return list.length <= 8 && list.every((each) => typeof each !== 'object' && isShort(each));
  }
  return typeof value !== 'object';
}
