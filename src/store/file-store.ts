/**
 * Records, journals and locks as files below `.provision-env/` of the project.
 *
 * A record is replaced as a whole (written beside, synced, renamed), a journal only ever grows by whole lines, and a
 * last line that a crash cut short is dropped when it is read. So a process may die at any instant.
 */
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProvisionError } from '../transfer/errors.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { HeldStore, JournalRow, Lock, Records, Store } from '../transfer/store.ts';
import { hasCode } from './errno.ts';
import { fileLockDefaults, type FileLockSettings, takeFileLock } from './file-lock.ts';
import { createFileWriter, type FileWriter } from './file-writer.ts';
import { guardHeld } from './held.ts';
import { once } from '../transfer/once.ts';
import { retired } from './retired.ts';
import { parseRecord, problemOf } from './parse-record.ts';
import { journalRowSchema } from './schemas.ts';

/** Makes the folder and keeps it out of the project's version control. */
export async function ensureOwnFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const handle = await open(join(folder, '.gitignore'), 'wx');
    await handle.writeFile('*\n');
    await handle.close();
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Where what is known of an environment lies. */
interface Paths {
  record(environment: string): string;
  retired(environment: string): string;
  journal(environment: string): string;
}

/**
 * @param folder the project's `.provision-env`
 * @param given lease, clock and identity of the process, for tests
 */
export function createFileStore(folder: string, given: Partial<FileLockSettings> = {}): Store {
  const paths: Paths = {
    record: (environment) => join(folder, 'records', `${environment}.json`),
    retired: (environment) => join(folder, 'destroyed', `${environment}.json`),
    journal: (environment) => join(folder, 'journal', `${environment}.jsonl`),
  };
  const records = createRecords(folder, paths);
  const settings = { ...fileLockDefaults, ...given };
  const identify = once(settings.identify);
  return {
    ...records,
    async lock(environment, command): Promise<Lock> {
      await ensureOwnFolder(folder);
      const held = await takeFileLock(join(folder, 'locks', environment), environment, command, {
        ...settings,
        identify,
      });
      const writer = createFileWriter(held);
      const release = once(async () => {
        await writer.close();
        await held.release();
      });
      try {
        await writer.adopt(paths.journal(environment));
      } catch (error) {
        await release();
        throw error;
      }
      const { owner, token, lease } = held;
      return {
        owner,
        token,
        lost: lease.lost,
        get begun() {
          return lease.begun;
        },
        store: guardHeld(environment, heldStore(records, paths, writer), lease),
        release,
      };
    },
  };
}

function createRecords(folder: string, paths: Paths): Records {
  const read = async (environment: string, path: string): Promise<EnvironmentRecord | null> => {
    const text = await readText(path).catch((cause: unknown) => {
      throw new ProvisionError('state-unreadable', `The record of ${environment} cannot be read: ${path}`, {
        cause,
        hint: 'Look whether it is a file, and one that you may read; it tells what belongs to the environment.',
      });
    });
    if (text === null) return null;
    try {
      return parseRecord(JSON.parse(text), environment);
    } catch (cause) {
      throw new ProvisionError(
        'state-unreadable',
        `The record of ${environment} cannot be read: ${path}${problemOf(cause)}`,
        {
          cause,
          hint: 'It was changed by hand or by another version. Restore it from a backup; it tells what belongs to the environment.',
        },
      );
    }
  };
  const readRecord = (environment: string): Promise<EnvironmentRecord | null> =>
    read(environment, paths.record(environment));
  return {
    readRecord,
    async listRecords() {
      const names = await readdir(join(folder, 'records')).catch((error: unknown) => {
        if (hasCode(error, 'ENOENT')) return [];
        throw error;
      });
      const records = await Promise.all(
        names
          .filter((name) => name.endsWith('.json'))
          .sort()
          .map((name) => readRecord(name.slice(0, -'.json'.length))),
      );
      return records.filter((record) => record !== null);
    },
    readRetired: (environment) => read(environment, paths.retired(environment)),
    async readJournal(environment) {
      const text = await readText(paths.journal(environment));
      if (text === null) return [];
      const rows: JournalRow[] = [];
      for (const line of text.split('\n')) {
        const parsed = journalRowSchema.safeParse(parseLine(line));
        if (parsed.success) rows.push(parsed.data as JournalRow);
      }
      return rows;
    },
  };
}

function heldStore(records: Records, paths: Paths, writer: FileWriter): HeldStore {
  return {
    ...records,
    writeRecord: (record) => writer.replace(paths.record(record.name), asText(record)),
    removeRecord: (name) => writer.remove(paths.record(name)),
    async retireRecord(record) {
      await writer.replace(paths.retired(record.name), asText(retired(record)));
      await writer.remove(paths.record(record.name));
    },
    appendJournal: (name, row) => writer.append(paths.journal(name), JSON.stringify(row)),
    removeJournal: (name) => writer.remove(paths.journal(name)),
  };
}

const asText = (record: EnvironmentRecord): string => `${JSON.stringify(record, null, 2)}\n`;

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
