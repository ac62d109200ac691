/**
 * Writes objects under a lock, so that nobody can who has lost it. The record carries the token of the lock that it was
 * written under, and is only ever written on condition that it is the version that its writer knows. Whoever takes a lock
 * over writes the record anew before anything else: from then on, what the one before knows is not what is there.
 *
 * A journal is one object a row, because objects cannot be appended to. Each is named by its token, and whoever takes a
 * lock over lists those that were there: rows that come later under an older token are nobody's.
 */
import { randomUUID } from 'node:crypto';
import { ProvisionError } from '../transfer/errors.ts';
import type { HeldObject } from './object-lock.ts';
import type { Objects } from './objects.ts';
import { journalEntry, parseStored, sealKey, withToken } from './object-format.ts';

export interface ObjectWriter {
  /** Refuses what the lock's predecessor still writes there. */
  seal(recordKey: string, journalPrefix: string): Promise<void>;
  /** `null`: what stood there is gone. */
  record(key: string, content: object | null): Promise<void>;
  /** @throws ProvisionError `lock-lost` where somebody else has written it, or sealed it */
  check(key: string): Promise<void>;
  append(prefix: string, at: string, content: object): Promise<void>;
  clear(prefix: string): Promise<void>;
}

/** Each attempt but the first was overtaken by a write that was under way when the lock was taken. */
const attempts = 5;

export function createObjectWriter(objects: Objects, { token, lease, takenOver }: HeldObject): ObjectWriter {
  let rows = 0;
  let last: Promise<unknown> = Promise.resolve();
  /** The version of the record that we wrote or read last, by key. */
  const known = new Map<string, 'absent' | { readonly version: string }>();

  const write = (act: () => Promise<void>): Promise<void> => {
    const next = inTurn(last);
    last = next.catch(() => undefined);
    return next;

    async function inTurn(before: Promise<unknown>): Promise<void> {
      await before;
      lease.check();
      await act();
    }
  };
  const look = async (key: string): Promise<{ readonly text: string; readonly version: string } | null> => {
    const found = await objects.get(key);
    if (found !== null && parseStored(found.text).token > token) throw lease.lose('it was taken over');
    known.set(key, found === null ? 'absent' : { version: found.version });
    return found;
  };
  /** @returns the version that now stands there */
  const conditional = async (key: string, text: string): Promise<string> => {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (!known.has(key)) await look(key);
      lease.check();
      const version = await objects.put(key, text, known.get(key) ?? 'absent');
      if (version !== null) {
        known.set(key, { version });
        return version;
      }
      const now = await look(key);
      // Written, and the answer got lost.
      if (now?.text === text) return now.version;
    }
    throw new ProvisionError(
      'service-unavailable',
      `Writing ${key} in ${objects.place}: it changes all the time.`,
      {
        hint: 'Something else writes it. Look at the versions of the object; then run the same command again.',
      },
    );
  };

  return {
    seal: (recordKey, prefix) =>
      write(async () => {
        if (!takenOver) return;
        const there = await look(recordKey);
        const sealed = there === null ? null : parseStored(there.text).content;
        // Nobody can write over what is no record either: it stays for people to look at.
        if (sealed === undefined) return;
        await conditional(recordKey, withToken(sealed, token));
        const keys = await objects.list(prefix);
        if (keys.length > 0)
          await objects.put(sealKey(prefix, token), JSON.stringify({ sealed: keys }), 'absent');
      }),
    record: (key, content) =>
      write(async () => {
        if (content === null && (await look(key)) === null) return;
        const version = await conditional(key, withToken(content, token));
        if (content !== null) return;
        // What says that it is gone may go too: only if nobody has written since.
        await objects.remove(key, version);
        known.delete(key);
      }),
    check: (key) => write(async () => void (await look(key))),
    append: (prefix, at, content) =>
      write(async () => {
        await objects.put(
          journalEntry(prefix, token, at, (rows += 1), randomUUID()),
          JSON.stringify(content),
        );
      }),
    clear: (prefix) =>
      write(async () => {
        const keys = await objects.list(prefix);
        lease.check();
        await Promise.all(keys.map((key) => objects.remove(key)));
      }),
  };
}
