/**
 * Writes files under a lock, so that nobody can who has lost it. Everything is prepared in the folder that exists only as
 * long as the lock is held, and then renamed to where it belongs: of a rename out of a folder that is gone, nothing comes.
 * A journal grows in a file that only its writer ever opened: whoever takes the lock over puts a copy into its place, and
 * what a stopped process adds to its own goes nowhere.
 */
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemError } from '../transfer/errors.ts';
import { hasCode } from './errno.ts';
import type { HeldFolder } from './file-lock.ts';

export interface FileWriter {
  /** Replaces the file as a whole, or makes it. */
  replace(path: string, text: string): Promise<void>;
  /** Does nothing where there is none. */
  remove(path: string): Promise<void>;
  /** Adds a line to a file of lines. */
  append(path: string, line: string): Promise<void>;
  /** Takes a file of lines over from whoever wrote it before; does nothing where there is none. */
  adopt(path: string): Promise<void>;
  close(): Promise<void>;
}

interface Lines {
  readonly path: string;
  readonly handle: FileHandle;
  /** Length up to the last whole line. */
  size: number;
}

export function createFileWriter(lock: HeldFolder): FileWriter {
  let drafts = 0;
  let lines: Lines | null = null;
  let last: Promise<unknown> = Promise.resolve();
  /** One write after the other, each only while the lock is ours. */
  const write = <T>(act: () => Promise<T>): Promise<T> => {
    const next = last.then(async () => {
      lock.lease.check();
      try {
        return await act();
      } catch (error) {
        throw hasCode(error, 'ENOENT', 'ESTALE') && !(await lock.stillHeld()) ? takenOver(lock) : error;
      }
    });
    last = next.catch(() => undefined);
    return next;
  };
  /** People know the file that was meant, and not its draft. */
  const told = async (error: unknown, path: string): Promise<unknown> =>
    hasCode(error, 'ENOENT', 'ESTALE') && !(await lock.stillHeld()) ? error : systemError(error, path);
  const draft = (): string => join(lock.folder, `draft-${(drafts += 1)}`);

  /** @returns the file that now lies at `path`, open for more */
  const put = async (path: string, text: string): Promise<FileHandle> => {
    const file = draft();
    const handle = await open(file, 'ax', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
      await mkdir(dirname(path), { recursive: true });
      await rename(file, path);
      return handle;
    } catch (error) {
      await handle.close();
      await rm(file, { force: true });
      throw await told(error, path);
    }
  };
  const forget = async (path: string): Promise<void> => {
    if (lines?.path !== path) return;
    await lines.handle.close();
    lines = null;
  };
  const own = async (path: string, text: string): Promise<Lines> => {
    if (lines !== null) await forget(lines.path);
    // A line that a crash cut short is dropped, so that ours do not become part of it.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const handle = await put(path, whole);
    lines = { path, handle, size: Buffer.byteLength(whole) };
    return lines;
  };
  const textOf = (path: string): Promise<string | null> =>
    readFile(path, 'utf8').catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    });

  return {
    replace: (path, text) =>
      write(async () => {
        await (await put(path, text)).close();
      }),
    remove: (path) =>
      write(async () => {
        await forget(path);
        const aside = draft();
        try {
          await rename(path, aside);
        } catch (error) {
          if (hasCode(error, 'ENOENT') && (await lock.stillHeld())) return;
          throw error;
        }
        await rm(aside, { force: true });
      }),
    append: (path, line) =>
      write(async () => {
        const file = lines?.path === path ? lines : await own(path, (await textOf(path)) ?? '');
        const text = `${line}\n`;
        try {
          await file.handle.writeFile(text);
          await file.handle.sync();
        } catch (error) {
          // A full disk takes half a line.
          await file.handle.truncate(file.size).catch(() => undefined);
          throw systemError(error, path);
        }
        // Only now is it sure that nobody has put a copy without it into the place of the file.
        if (!(await lock.stillHeld())) throw takenOver(lock);
        file.size += Buffer.byteLength(text);
      }),
    adopt: (path) =>
      write(async () => {
        const text = await textOf(path);
        if (text !== null) await own(path, text);
      }),
    async close() {
      await last;
      if (lines !== null) await forget(lines.path);
    },
  };
}

const takenOver = (lock: HeldFolder): Error => lock.lease.lose('it was taken over');
