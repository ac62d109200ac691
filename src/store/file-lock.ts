/**
 * A lock as a file: made with O_EXCL, so that only one process can make it; held by renewing a lease. Whoever finds a
 * lock whose lease ran out, or whose process on this host is dead, takes it over, by renaming it away first: a rename
 * of one file succeeds for one process only.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { ProvisionError } from '../transfer/errors.ts';
import type { Lock, LockOwner } from '../transfer/store.ts';

export interface LockSettings {
  readonly now: () => Date;
  /** Milliseconds for which a lock stays valid without being renewed. */
  readonly leaseMs: number;
  /** True if a process with this id runs on this host. */
  readonly alive: (pid: number) => boolean;
}

export const lockFileSchema = z.object({
  id: z.string(),
  owner: z.object({
    who: z.string(),
    host: z.string(),
    pid: z.number(),
    command: z.string(),
    since: z.string(),
  }),
  until: z.string(),
});

export type LockFile = z.infer<typeof lockFileSchema>;

const defaults: LockSettings = {
  now: () => new Date(),
  leaseMs: 60_000,
  alive(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'EPERM';
    }
  },
};

/** Who runs this process, for locks and records. */
export function currentUser(): string {
  const fromCi = process.env['GITHUB_ACTOR'] ?? process.env['GITLAB_USER_LOGIN'];
  if (fromCi) return fromCi;
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? 'unknown';
  }
}

async function readLock(path: string): Promise<LockFile | null> {
  try {
    return lockFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Gone in the meantime, or cut short: both mean that nobody holds it for sure.
    return null;
  }
}

/** Makes the file only if it is not there, whole from the first instant. */
async function create(path: string, content: LockFile): Promise<boolean> {
  const draft = `${path}.${content.id}`;
  await writeFile(draft, JSON.stringify(content), { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes an abandoned lock away, and only that one: another process may have taken it over since we read it. */
async function removeAbandoned(path: string, abandonedLock: LockFile | null, aside: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const removed = await readLock(aside);
  if (removed && removed.id !== abandonedLock?.id) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/**
 * @throws ProvisionError `transfer-locked`, naming who holds it and since when
 */
export async function takeLock(
  path: string,
  environment: string,
  command: string,
  given: Partial<LockSettings>,
): Promise<Lock> {
  const settings = { ...defaults, ...given };
  const owner: LockOwner = {
    who: currentUser(),
    host: hostname(),
    pid: process.pid,
    command,
    since: settings.now().toISOString(),
  };
  const id = randomUUID();
  const content = (): LockFile => ({
    id,
    owner,
    until: new Date(settings.now().getTime() + settings.leaseMs).toISOString(),
  });

  for (let attempt = 0; !(await create(path, content())); attempt += 1) {
    const held = await readLock(path);
    if (attempt >= 3 || (held && !abandoned(held, settings))) throw heldBy(environment, held);
    await removeAbandoned(path, held, `${path}.stale-${id}`);
  }

  const renewal = setInterval(() => {
    void readLock(path)
      .then((held) =>
        held?.id === id ? writeFileAtomic(path, JSON.stringify(content()), { mode: 0o600 }) : undefined,
      )
      // A lease that cannot be renewed runs out, and that is what it is for.
      .catch(() => undefined);
  }, settings.leaseMs / 3);
  renewal.unref();
  return {
    owner,
    async release() {
      clearInterval(renewal);
      if ((await readLock(path))?.id === id) await unlink(path).catch(() => undefined);
    },
  };
}

function abandoned(held: LockFile, settings: LockSettings): boolean {
  if (held.owner.host === hostname() && !settings.alive(held.owner.pid)) return true;
  return Date.parse(held.until) < settings.now().getTime();
}

/** The error for who comes second. `held`: what is known of who came first. */
export function heldBy(environment: string, held: LockFile | null): ProvisionError {
  const whose = held
    ? `${held.owner.who} on ${held.owner.host} (process ${held.owner.pid}) since ${held.owner.since}, running "${held.owner.command}"`
    : 'another process';
  return new ProvisionError('transfer-locked', `A transfer to ${environment} is under way: ${whose}.`, {
    hint: 'Wait until it ends. If that process is gone, its lease runs out by itself within a minute.',
  });
}
