/**
 * Records, journals and locks as objects of a bucket, for teams and for CI, where every run begins on an empty disk.
 *
 * A record is one object. A journal is one object a row, because objects cannot be appended to. A lock is one object
 * that is only ever written on condition: that it is not there, or is still the version that was read. So of two
 * processes that come at once one gets it; releasing writes an end that is past instead of deleting, which could
 * delete the lock of whoever took it over.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { ProvisionError } from '../transfer/errors.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { JournalRow, Lock, LockOwner, Store } from '../transfer/store.ts';
import { currentUser, heldBy, type LockFile, lockFileSchema } from './file-lock.ts';
import { retired } from './retired.ts';
import { parseRecord, problemOf } from './parse-record.ts';
import { journalRowSchema } from './schemas.ts';

/** The few things that a bucket has to be able to do. Keys are relative; `version` is what a condition compares. */
export interface Objects {
  /** As people find it, for messages: `s3://bucket/prefix`. */
  readonly place: string;
  get(key: string): Promise<{ readonly text: string; readonly version: string } | null>;
  /**
   * @param condition `absent`, or the version that it must still have
   * @returns the new version; `null` if the condition does not hold, and then nothing was written
   */
  put(key: string, text: string, condition?: 'absent' | { readonly version: string }): Promise<string | null>;
  /** All keys that begin so, sorted. */
  list(prefix: string): Promise<readonly string[]>;
  remove(key: string): Promise<void>;
}

export interface ObjectStoreSettings {
  readonly now?: () => Date;
  /** Milliseconds for which a lock stays valid without being renewed. */
  readonly leaseMs?: number;
}

export function createObjectStore(objects: Objects, settings: ObjectStoreSettings = {}): Store {
  const recordKey = (environment: string): string => `records/${environment}.json`;
  const retiredKey = (environment: string): string => `destroyed/${environment}.json`;
  const journalPrefix = (environment: string): string => `journal/${environment}/`;
  let rows = 0;

  const read = async (environment: string, key: string): Promise<EnvironmentRecord | null> => {
    const found = await objects.get(key);
    if (found === null) return null;
    try {
      return parseRecord(found.text, environment);
    } catch (cause) {
      throw new ProvisionError(
        'state-unreadable',
        `The record of ${environment} cannot be read: ${objects.place}/${key}${problemOf(cause)}`,
        {
          cause,
          hint: 'It was changed by hand or by another version. Restore an earlier version of the object; it tells what belongs to the environment.',
        },
      );
    }
  };

  const write = async (key: string, record: EnvironmentRecord): Promise<void> => {
    await objects.put(key, `${JSON.stringify(record, null, 2)}\n`);
  };
  const readRecord = (environment: string): Promise<EnvironmentRecord | null> =>
    read(environment, recordKey(environment));

  return {
    readRecord,
    writeRecord: (record) => write(recordKey(record.name), record),
    async listRecords() {
      const keys = await objects.list('records/');
      const records = await Promise.all(
        keys
          .filter((key) => key.endsWith('.json'))
          .map((key) => readRecord(key.slice('records/'.length, -'.json'.length))),
      );
      return records.filter((record) => record !== null);
    },
    removeRecord: (environment) => objects.remove(recordKey(environment)),
    async retireRecord(record) {
      await write(retiredKey(record.name), retired(record));
      await objects.remove(recordKey(record.name));
    },
    readRetired: (environment) => read(environment, retiredKey(environment)),
    async appendJournal(environment, row) {
      // Sorts by time, then by the order within this process.
      const key = `${row.at}-${String((rows += 1)).padStart(6, '0')}-${randomUUID().slice(0, 8)}`;
      await objects.put(`${journalPrefix(environment)}${key}.json`, JSON.stringify(row));
    },
    async readJournal(environment) {
      const keys = await objects.list(journalPrefix(environment));
      const found = await Promise.all(keys.map((key) => objects.get(key)));
      return found.flatMap((object) => {
        const row = journalRowSchema.safeParse(parsed(object?.text));
        return row.success ? [row.data as JournalRow] : [];
      });
    },
    async removeJournal(environment) {
      const keys = await objects.list(journalPrefix(environment));
      await Promise.all(keys.map((key) => objects.remove(key)));
    },
    lock: (environment, command) => takeLock(objects, environment, command, settings),
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

async function takeLock(
  objects: Objects,
  environment: string,
  command: string,
  { now = () => new Date(), leaseMs = 60_000 }: ObjectStoreSettings,
): Promise<Lock> {
  const key = `locks/${environment}.json`;
  const owner: LockOwner = {
    who: currentUser(),
    host: hostname(),
    pid: process.pid,
    command,
    since: now().toISOString(),
  };
  const id = randomUUID();
  const content = (until: Date): string =>
    JSON.stringify({ id, owner, until: until.toISOString() } satisfies LockFile);
  const lease = (): string => content(new Date(now().getTime() + leaseMs));

  const there = await objects.get(key);
  const held = there === null ? null : lockFileSchema.safeParse(parsed(there.text)).data;
  if (held && Date.parse(held.until) >= now().getTime()) throw heldBy(environment, held);
  const condition = there === null ? 'absent' : { version: there.version };
  /** A write that was repeated after its answer got lost finds its own version: then the lock is ours all the same. */
  const write = async (text: string, when: 'absent' | { version: string }): Promise<string | null> => {
    const written = await objects.put(key, text, when);
    if (written !== null) return written;
    const now = await objects.get(key);
    return lockFileSchema.safeParse(parsed(now?.text)).data?.id === id ? (now?.version ?? null) : null;
  };
  let version = await write(lease(), condition);
  if (version === null) throw heldBy(environment, null);

  const renew = async (): Promise<void> => {
    if (version === null) return;
    // A lease that cannot be renewed runs out, and that is what it is for.
    const before: { version: string } = { version };
    version = await write(lease(), before).catch(() => before.version);
  };
  let renewing: Promise<void> = Promise.resolve();
  const renewal = setInterval(() => {
    renewing = renewing.then(renew);
  }, leaseMs / 3);
  renewal.unref();
  return {
    owner,
    async release() {
      clearInterval(renewal);
      await renewing;
      if (version === null) return;
      const last = { version };
      version = null;
      await objects.put(key, content(new Date(0)), last).catch(() => null);
    },
  };
}
