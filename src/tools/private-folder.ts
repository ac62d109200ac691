/**
 * Folders that only this user can read, for what may hold secrets: plan files, states, settings. They are removed
 * when they are closed, when the process exits, and when a signal ends it. What a killed process leaves behind is
 * removed by the next one: the name of a folder says whose it is.
 */
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
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

/** Removes folders whose process is gone. What cannot be removed is not ours, or somebody else just removes it. */
export async function removeLeftovers(parent = tmpdir()): Promise<void> {
  const name = new RegExp(`^${PREFIX}-.+-${machine()}-(?<pid>\\d+)-[A-Za-z0-9]{6}$`);
  for (const entry of await readdir(parent).catch(() => [])) {
    const pid = Number(name.exec(entry)?.groups?.['pid']);
    if (!Number.isInteger(pid) || pid === process.pid || isAlive(pid)) continue;
    const folder = path.join(parent, entry);
    const owner = await stat(folder).then(
      ({ uid }) => uid,
      () => undefined,
    );
    if (owner !== process.getuid?.()) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** @param purpose a word for people who look into the temporary folder */
export async function privateFolder(purpose: string): Promise<PrivateFolder> {
  await removeLeftovers();
  // `mkdtemp` makes it with mode 0700.
  const folder = await mkdtemp(path.join(tmpdir(), `${PREFIX}-${purpose}-${machine()}-${process.pid}-`));
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
