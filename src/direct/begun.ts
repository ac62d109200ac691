/** What a run that was killed may have made without anybody knowing it. Pure. */
import type { JournalRow } from '../transfer/store.ts';

const verb = 'create ';

/** How the journal names a creation. */
export const creationOf = (address: string): string => `${verb}${address}`;

/** Creations that were begun and of which nobody knows how they ended: when each was begun first, by address. */
export function begunCreations(rows: readonly JournalRow[]): ReadonlyMap<string, string> {
  const open = new Map<string, string>();
  for (const { name, phase, at } of rows) {
    if (!name.startsWith(verb)) continue;
    const address = name.slice(verb.length);
    if (phase === 'begin' && !open.has(address)) open.set(address, at);
    else if (phase === 'end') open.delete(address);
  }
  return open;
}
