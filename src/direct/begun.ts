/** What a run that was killed may have made without anybody knowing it. Pure. */
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
