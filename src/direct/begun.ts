/** What a run that was killed may have made without anybody knowing it. Pure. */
import { isJsonObject } from '../transfer/json.ts';
import type { JournalRow } from '../transfer/store.ts';

const verb = 'create ';

/** How the journal names a creation. */
export const creationOf = (address: string): string => `${verb}${address}`;

/** When a creation was begun, in ms since 1970: first, and last where it was tried again. */
export interface Begun {
  readonly first: number;
  readonly last: number;
}

/** Creations that were begun and of which nobody knows how they ended, by address. */
export function begunCreations(rows: readonly JournalRow[]): ReadonlyMap<string, Begun> {
  const open = new Map<string, Begun>();
  for (const { address, phase, at } of creations(rows)) {
    if (phase === 'begin') open.set(address, { first: open.get(address)?.first ?? at, last: at });
    else if (phase === 'end') open.delete(address);
  }
  return open;
}

/** Addresses of what was made since a moment (ms since 1970): not every reader may see it yet. */
export function madeSince(rows: readonly JournalRow[], since: number): ReadonlySet<string> {
  const ended = creations(rows).filter(({ phase, at }) => phase === 'end' && at >= since);
  return new Set(ended.map(({ address }) => address));
}

interface Creation {
  readonly address: string;
  readonly phase: JournalRow['phase'];
  readonly at: number;
  readonly output: JournalRow['output'];
}

const creations = (rows: readonly JournalRow[]): readonly Creation[] =>
  rows
    .filter(({ name }) => name.startsWith(verb))
    .map(({ name, phase, at, output }) => ({
      address: name.slice(verb.length),
      phase,
      at: Date.parse(at),
      output,
    }));

/** What is written down before a creation: by what the thing can be asked for later, whatever becomes of the run. */
export interface BegunThing {
  readonly address: string;
  readonly type: string;
  /** Names alone: nothing of it may be secret. */
  readonly values: Readonly<Record<string, string>>;
}

/** Those of the begun creations of which the journal says what they are called. */
export function begunThings(rows: readonly JournalRow[]): readonly BegunThing[] {
  const open = begunCreations(rows);
  const things = new Map<string, BegunThing>();
  for (const { address, phase, output } of creations(rows)) {
    if (phase !== 'begin' || !open.has(address) || !isJsonObject(output)) continue;
    const { type, values } = output;
    if (typeof type !== 'string' || !isJsonObject(values)) continue;
    const texts = Object.entries(values).filter((entry): entry is [string, string] => {
      return typeof entry[1] === 'string';
    });
    things.set(address, { address, type, values: Object.fromEntries(texts) });
  }
  return [...things.values()];
}
