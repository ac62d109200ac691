/**
 * Records, journals and locks as files below `.provision-env/` of the project.
 *
 * A record is replaced as a whole (written beside, synced, renamed), a journal only ever grows by whole lines, and a
 * last line that a crash cut short is dropped when it is read. So a process may die at any instant.
 */
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ProvisionError } from '../transfer/errors.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { JournalRow, Store } from '../transfer/store.ts';
import { type LockSettings, takeLock } from './file-lock.ts';
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

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * @param folder the project's `.provision-env`
 * @param lockSettings lease and clock, for tests
 */
export function createFileStore(folder: string, lockSettings: Partial<LockSettings> = {}): Store {
  const recordPath = (environment: string): string => join(folder, 'records', `${environment}.json`);
  const retiredPath = (environment: string): string => join(folder, 'destroyed', `${environment}.json`);
  const journalPath = (environment: string): string => join(folder, 'journal', `${environment}.jsonl`);

  const read = async (environment: string, path: string): Promise<EnvironmentRecord | null> => {
    const text = await readText(path).catch((cause: unknown) => {
      throw new ProvisionError('state-unreadable', `The record of ${environment} cannot be read: ${path}`, {
        cause,
        hint: 'Look whether it is a file, and one that you may read; it tells what belongs to the environment.',
      });
    });
    if (text === null) return null;
    try {
      return parseRecord(text, environment);
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

  const write = async (path: string, record: EnvironmentRecord): Promise<void> => {
    await ensureOwnFolder(folder);
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  };
  const readRecord = (environment: string): Promise<EnvironmentRecord | null> =>
    read(environment, recordPath(environment));

  return {
    readRecord,
    writeRecord: (record) => write(recordPath(record.name), record),
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
    async removeRecord(environment) {
      await rm(recordPath(environment), { force: true });
    },
    async retireRecord(record) {
      await write(retiredPath(record.name), retired(record));
      await rm(recordPath(record.name), { force: true });
    },
    readRetired: (environment) => read(environment, retiredPath(environment)),
    async appendJournal(environment, row) {
      await ensureOwnFolder(folder);
      await mkdir(join(folder, 'journal'), { recursive: true });
      const path = journalPath(environment);
      const handle = await open(path, 'a+', 0o600);
      try {
        // A line cut short by a crash is closed first, so that ours does not become part of it.
        const { size } = await handle.stat();
        const last = Buffer.alloc(1);
        if (size > 0) await handle.read(last, 0, 1, size - 1);
        await handle.appendFile(`${size > 0 && last[0] !== 0x0a ? '\n' : ''}${JSON.stringify(row)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    async readJournal(environment) {
      const text = await readText(journalPath(environment));
      if (text === null) return [];
      const rows: JournalRow[] = [];
      for (const line of text.split('\n')) {
        const parsed = journalRowSchema.safeParse(parseLine(line));
        if (parsed.success) rows.push(parsed.data as JournalRow);
      }
      return rows;
    },
    async removeJournal(environment) {
      await rm(journalPath(environment), { force: true });
    },
    async lock(environment, command) {
      await ensureOwnFolder(folder);
      await mkdir(join(folder, 'locks'), { recursive: true });
      return takeLock(join(folder, 'locks', `${environment}.json`), environment, command, lockSettings);
    },
  };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
