/**
 * How settings change between a plan's values before and after, put in words where something is lost by it. Pure. A
 * value that is known only after the apply is never judged.
 */
import { valueAt, valuesAt } from '../terraform/types/paths.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';

/** @returns what is lost, in words; `null` for nothing. Of what is newly made `before` is an empty object. */
export type Judge = (before: JsonObject, after: JsonObject) => string | null;

export function numberAt(values: JsonObject, path: string): number | null {
  const found = valueAt(values, path);
  if (typeof found === 'number') return found;
  // The provider has numbers as text in places.
  return typeof found === 'string' && /^\d+$/.test(found) ? Number(found) : null;
}

export const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;

/** Seconds as the largest unit that is whole. */
export function seconds(count: number): string {
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const [size, unit] = units.find(([each]) => count >= each && count % each === 0) ?? [1, 'second'];
  return `${count / size} ${unit}${count === size ? '' : 's'}`;
}

/** @param words of the smaller number, and of the one before it */
export function smaller(path: string, words: (to: number, from: number) => string): Judge {
  return (before, after) => {
    const [from, to] = [numberAt(before, path), numberAt(after, path)];
    return from !== null && to !== null && to < from ? words(to, from) : null;
  };
}

/** `undefined` where it is not known yet; a block that is left out is known to be off. */
function switchAt(values: JsonObject, path: string): boolean | undefined {
  const [top = ''] = path.split('.');
  if (!Object.hasOwn(values, top)) return undefined;
  const found = valueAt(values, path);
  const block = values[top];
  if (found === undefined && Array.isArray(block) && block.length > 0) return undefined;
  return found === true;
}

export function turned(path: string, to: 'on' | 'off', what: string): Judge {
  return (before, after) => {
    const [was, will] = [switchAt(before, path) ?? false, switchAt(after, path)];
    return will !== undefined && was !== will && will === (to === 'on') ? what : null;
  };
}

/** Backups that are kept for a number of days, 0 for none. */
export function backups(noun: string, path: string): Judge {
  return smaller(path, (to, from) =>
    to === 0
      ? `${noun} are switched off, and those of the last ${days(from)} deleted`
      : `${noun} are kept for ${days(to)}, not ${from}: older ones are deleted`,
  );
}

/** What one lifecycle rule lets expire, and when: `null` for nothing, 0 for what has a date. */
function expiryOf(rule: JsonObject, block: string, attribute: string): number | null {
  if (rule['status'] !== 'Enabled' && rule['enabled'] !== true) return null;
  const [one] = valuesAt(rule, `${block}[]`);
  if (!isJsonObject(one)) return null;
  if (typeof one['date'] === 'string' && one['date'] !== '') return 0;
  const found = numberAt(one, attribute);
  return found === 0 ? null : found;
}

/** Rules of a bucket's lifecycle that let things expire which so far did not, or not so soon. */
export function expires(what: string, list: string, block: string, attribute: string): Judge {
  const rulesOf = (values: JsonObject): readonly JsonObject[] =>
    valuesAt(values, `${list}[]`).filter((rule) => isJsonObject(rule));
  const scopeOf = ({ id, filter, prefix }: JsonObject): string =>
    JSON.stringify([id ?? '', filter ?? [], prefix ?? '']);
  return (before, after) => {
    const earlier = new Map(rulesOf(before).map((rule) => [scopeOf(rule), expiryOf(rule, block, attribute)]));
    const texts = rulesOf(after).flatMap((rule) => {
      const to = expiryOf(rule, block, attribute);
      const from = earlier.get(scopeOf(rule)) ?? null;
      if (to === null || (from !== null && to >= from)) return [];
      const was = from === null ? 'so far not' : `so far after ${days(from)}`;
      return [
        `rule ${nameOf(rule['id'])} deletes ${what} ${to === 0 ? 'at a date' : `after ${days(to)}`}, ${was}`,
      ];
    });
    return texts.length === 0 ? null : texts.join('; ');
  };
}

const nameOf = (id: Json | undefined): string =>
  typeof id === 'string' && id !== '' ? id : 'without a name';
