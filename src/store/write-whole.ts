/**
 * Replaces files as a whole: written beside, synced, renamed. Our own, because the library that was here takes a disk that
 * fills up in the middle for a success: it asks the system once, which writes what fits, and renames that.
 */
import { randomUUID } from 'node:crypto';
import { chown, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { systemError } from '../transfer/errors.ts';

/**
 * @param mode that of the file that is there, if absent
 * @throws ProvisionError `disk-full`, `not-writable` and the like; the file is then what it was
 */
export async function writeWhole(path: string, text: string, mode?: number): Promise<void> {
  try {
    // A link stays one: what it points to is replaced.
    const file = await realpath(path).catch(() => path);
    const before = await stat(file).catch(() => null);
    const draft = `${file}.${randomUUID().slice(0, 8)}.tmp`;
    try {
      const wanted = mode ?? (before === null ? undefined : before.mode & 0o7777);
      const handle = await open(draft, 'wx', wanted ?? 0o666);
      try {
        await handle.writeFile(text);
        // Whatever the umask takes away from what it was made with.
        if (wanted !== undefined) await handle.chmod(wanted);
        await handle.sync();
      } finally {
        await handle.close();
      }
      // Where root works in the folder of somebody else, the file stays that one's.
      if (before !== null) await chown(draft, before.uid, before.gid).catch(() => undefined);
      await rename(draft, file);
    } finally {
      await rm(draft, { force: true }).catch(() => undefined);
    }
  } catch (error) {
    throw systemError(error, path);
  }
}
