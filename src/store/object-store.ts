/**
 * Records, journals and locks as objects of a bucket, for teams and for CI, where every run begins on an empty disk.
 * How writes are kept from whoever lost the lock: `object-writer.ts`.
 */
import { ProvisionError } from '../transfer/errors.ts';
import { once } from '../transfer/once.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { HeldStore, JournalRow, Lock, Records, Store } from '../transfer/store.ts';
import { guardHeld } from './held.ts';
import { countingRows, parsed, parseStored } from './object-format.ts';
import { objectLockDefaults, type ObjectLockSettings, takeObjectLock } from './object-lock.ts';
import { createObjectWriter, type ObjectWriter } from './object-writer.ts';
import { type Objects, probeConditions } from './objects.ts';
import { retired } from './retired.ts';
import { parseRecord, problemOf } from './parse-record.ts';
import { journalRowSchema } from './schemas.ts';

const recordKey = (environment: string): string => `records/${environment}.json`;
const retiredKey = (environment: string): string => `destroyed/${environment}.json`;
const journalPrefix = (environment: string): string => `journal/${environment}/`;

/** @param given lease, clock and identity of the process, for tests */
export function createObjectStore(objects: Objects, given: Partial<ObjectLockSettings> = {}): Store {
  const records = createRecords(objects);
  const settings = { ...objectLockDefaults, ...given };
  const identify = once(settings.identify);
  /** Before the first lock, hence before the first write: whoever only reads needs no more than that. */
  const probed = once(() => probeConditions(objects));
  return {
    ...records,
    async lock(environment, command): Promise<Lock> {
      await probed();
      const lowest = async (): Promise<number> => {
        const found = await objects.get(recordKey(environment));
        return found === null ? 0 : parseStored(found.text).token;
      };
      const held = await takeObjectLock(objects, environment, command, { ...settings, identify }, lowest);
      const writer = createObjectWriter(objects, held);
      await writer.seal(recordKey(environment), journalPrefix(environment)).catch(async (error: unknown) => {
        // It is not given back, because what the one before writes is not refused yet: its lease runs out.
        await held.lease.end();
        throw error;
      });
      const { owner, token, lease } = held;
      return {
        owner,
        token,
        lost: lease.lost,
        get begun() {
          return lease.begun;
        },
        store: guardHeld(environment, heldStore(records, writer), lease),
        release: once(() => held.release()),
      };
    },
  };
}

function createRecords(objects: Objects): Records {
  const read = async (environment: string, key: string): Promise<EnvironmentRecord | null> => {
    const found = await objects.get(key);
    if (found === null) return null;
    const { content } = parseStored(found.text);
    if (content === null) return null;
    try {
      return parseRecord(content, environment);
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
  const readRecord = (environment: string): Promise<EnvironmentRecord | null> =>
    read(environment, recordKey(environment));
  return {
    readRecord,
    async listRecords() {
      const keys = await objects.list('records/');
      const found = await Promise.all(
        keys
          .filter((key) => key.endsWith('.json'))
          .map((key) => readRecord(key.slice('records/'.length, -'.json'.length))),
      );
      return found.filter((record) => record !== null);
    },
    readRetired: (environment) => read(environment, retiredKey(environment)),
    async readJournal(environment) {
      const prefix = journalPrefix(environment);
      const keys = await objects.list(prefix);
      const found = await Promise.all(
        keys.map(async (key) => ({ key, text: (await objects.get(key))?.text ?? '' })),
      );
      return countingRows(prefix, found).flatMap((text) => {
        const row = journalRowSchema.safeParse(parsed(text));
        return row.success ? [row.data as JournalRow] : [];
      });
    },
  };
}

function heldStore(records: Records, writer: ObjectWriter): HeldStore {
  return {
    ...records,
    writeRecord: (record) => writer.record(recordKey(record.name), record),
    removeRecord: (name) => writer.record(recordKey(name), null),
    async retireRecord(record) {
      await writer.check(recordKey(record.name));
      await writer.record(retiredKey(record.name), retired(record));
      await writer.record(recordKey(record.name), null);
    },
    appendJournal: (name, row) => writer.append(journalPrefix(name), row.at, row),
    removeJournal: (name) => writer.clear(journalPrefix(name)),
  };
}
