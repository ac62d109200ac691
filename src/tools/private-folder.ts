/**
 * Folders that only this user can read, for what may hold secrets: plan files, states, settings. They are removed
 * when they are closed, when the process exits, and when a signal ends it. What a killed process leaves behind is
 * removed by the next one: the name of a folder says whose it is. Where the system has a file system in memory, they lie
 * there: what nobody comes to remove is gone when the machine is.
 */
import { readFileSync, rmSync } from 'node:fs';
import { access, constants, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { onExit } from 'signal-exit';

export interface PrivateFolder {
  /** Absolute. */
  readonly path: string;
  /** Safe to call more than once. */
  remove(): Promise<void>;
}

const PREFIX = 'provision-env';

/** Part of the name: a process id means something on its own machine only. */
function machine(): string {
  return (
    hostname()
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, 24) || 'host'
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: somebody else's process, hence alive.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, in milliseconds; `null` where the system does not say. */
function beginOf(pid: number): number | null {
  try {
    const [, boot] = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8')) ?? [];
    // After the name of the program, which may hold anything; in hundredths of a second on every Linux.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const begin = Number(boot) * 1000 + Number(fields[19]) * 10;
    return Number.isFinite(begin) ? begin : null;
  } catch {
    return null;
  }
}

/** A number is given again to another process: one that began after the folder was last written did not make it. */
function isOfNobody(pid: number, writtenMs: number): boolean {
  if (!isAlive(pid)) return true;
  const begin = beginOf(pid);
  return begin !== null && begin > writtenMs + 5_000;
}

/** As Linux numbers the kinds of file systems: tmpfs and ramfs. */
const inMemory: ReadonlySet<number> = new Set([0x01_02_19_94, 0x85_84_58_f6]);

/** Less than this, and the plan of a large project does not fit. */
const room = 512 * 1024 * 1024;

/** A folder of the system that lies in memory, has room, and in which nobody else can move ours. */
async function isFit(parent: string): Promise<boolean> {
  try {
    const [{ type, bavail, bsize }, { uid, mode }] = await Promise.all([statfs(parent), stat(parent)]);
    await access(parent, constants.W_OK | constants.X_OK);
    // Ours alone, or with the sticky bit, as `/tmp` has it.
    const safe = (uid === process.getuid?.() && (mode & 0o022) === 0) || (mode & 0o1000) !== 0;
    return inMemory.has(type) && bavail * bsize >= room && safe;
  } catch {
    return false;
  }
}

const memoryFolders = (): readonly string[] =>
  [process.env['XDG_RUNTIME_DIR'], '/dev/shm'].filter(
    (folder): folder is string => folder !== undefined && path.isAbsolute(folder),
  );

async function bestParent(): Promise<string> {
  for (const parent of memoryFolders()) if (await isFit(parent)) return parent;
  return tmpdir();
}

/** Removes what killed processes left, wherever their folders may lie. */
export async function removeAllLeftovers(): Promise<void> {
  await Promise.all([...new Set([...memoryFolders(), tmpdir()])].map((parent) => removeLeftovers(parent)));
}

/** Removes folders whose process is gone. What cannot be removed is not ours, or somebody else just removes it. */
export async function removeLeftovers(parent: string): Promise<void> {
  const name = new RegExp(`^${PREFIX}-.+-${machine()}-(?<pid>\\d+)-[A-Za-z0-9]{6}$`);
  for (const entry of await readdir(parent).catch(() => [])) {
    const pid = Number(name.exec(entry)?.groups?.['pid']);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const folder = path.join(parent, entry);
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined || found.uid !== process.getuid?.() || !isOfNobody(pid, found.mtimeMs)) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** @param purpose a word for people who look into the temporary folder */
export async function privateFolder(purpose: string): Promise<PrivateFolder> {
  await removeAllLeftovers();
  // `mkdtemp` makes it with mode 0700.
  const folder = await mkdtemp(
    path.join(await bestParent(), `${PREFIX}-${purpose}-${machine()}-${process.pid}-`),
  );
  // Also where a signal ends the process and nobody else handles it.
  const forget = onExit(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path: folder,
    async remove() {
      await rm(folder, { recursive: true, force: true });
      forget();
    },
  };
}
