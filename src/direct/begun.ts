/** What a run that was killed may have made without anybody knowing it. Pure. */
import { isJsonObject } from '../transfer/json.ts';
import type { JournalRow } from '../transfer/store.ts';

const verb = 'create ';

/** How the journal names a creation. */
export const creationOf = (address: string): string => `${verb}${address}`;

/** Addresses of creations that were begun and of which nobody knows how they ended. */
export function begunCreations(rows: readonly JournalRow[]): ReadonlySet<string> {
  const open = new Set<string>();
  for (const { name, phase } of rows) {
    if (!name.startsWith(verb)) continue;
    const address = name.slice(verb.length);
    if (phase === 'begin') open.add(address);
    else if (phase === 'end') open.delete(address);
  }
  return open;
}

/** When creations were begun (ms since 1970), by address; the last time where there were several. */
export const begunAt = (rows: readonly JournalRow[]): ReadonlyMap<string, number> => timesOf(rows, 'begin');

/** Addresses of what was made since a moment (ms since 1970): not every reader may see it yet. */
export function madeSince(rows: readonly JournalRow[], since: number): ReadonlySet<string> {
  return new Set([...timesOf(rows, 'end')].filter(([, at]) => at >= since).map(([address]) => address));
}

function timesOf(rows: readonly JournalRow[], phase: JournalRow['phase']): ReadonlyMap<string, number> {
  return new Map(
    rows.flatMap((row): [string, number][] =>
      row.phase === phase && row.name.startsWith(verb)
        ? [[row.name.slice(verb.length), Date.parse(row.at)]]
        : [],
    ),
  );
}

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
  for (const { name, phase, output } of rows) {
    const address = name.slice(verb.length);
    if (phase !== 'begin' || !name.startsWith(verb) || !open.has(address) || !isJsonObject(output)) continue;
    const { type, values } = output;
    if (typeof type !== 'string' || !isJsonObject(values)) continue;
    const texts = Object.entries(values).filter((entry): entry is [string, string] => {
      return typeof entry[1] === 'string';
    });
    things.set(address, { address, type, values: Object.fromEntries(texts) });
  }
  return [...things.values()];
}
