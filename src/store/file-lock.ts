/**
 * A lock as a folder: `locks/<environment>/<generation>/`, the greatest generation being the one that counts.
 *
 * - Taking it means making the next generation. The folder is prepared beside and renamed into its place, which succeeds
 *   for one process only, because a folder is never renamed over one that holds something; it is whole from the first
 *   instant. Old generations stay for a while, so that one who looked long ago does not find their numbers free.
 * - It is held as long as it has a folder `held-<id>`. Whoever takes it over removes that of all generations before. What
 *   is written under a lock is prepared in there and renamed out of it: with the folder gone there is nothing to rename, so
 *   a process that was stopped at any instant writes nothing any more (`file-writer.ts`).
 * - Giving it back removes only its own `held-<id>`. The generation stays: it is the token, and never comes again.
 *
 * Only `mkdir`, `rename` and `rm` are needed, which network file systems keep their word on; no hard links.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ProvisionError } from '../transfer/errors.ts';
import type { LockOwner } from '../transfer/store.ts';
import { hasCode } from './errno.ts';
import {
  type HeldInfo,
  heldBy,
  isFresh,
  type Lease,
  leaseDefaults,
  type LeaseSettings,
  startLease,
  watchingTime,
} from './lease.ts';
import {
  currentUser,
  identifyThisProcess,
  isGone,
  type ProcessIdentity,
  processIdentitySchema,
} from './process-identity.ts';

export interface FileLockSettings extends LeaseSettings {
  readonly identify: () => Promise<ProcessIdentity>;
}

export const fileLockDefaults: FileLockSettings = { ...leaseDefaults, identify: identifyThisProcess };

/** What is held, before it is a `Lock` of the store. */
export interface HeldFolder {
  readonly owner: LockOwner;
  readonly token: number;
  readonly lease: Lease;
  /** What is to be written is prepared here. Gone once somebody else has the lock. */
  readonly folder: string;
  /** True as long as nobody took it over. */
  stillHeld(): Promise<boolean>;
  release(): Promise<void>;
}

const ownerSchema = z.object({
  id: z.string(),
  who: z.string(),
  command: z.string(),
  leaseMs: z.number().positive(),
  process: processIdentitySchema,
});

type Owner = z.infer<typeof ownerSchema>;

/** How many generations stay. Whoever looked that long ago has been stopped for hours. */
const generationsKept = 8;

const oldDraftMs = 3_600_000;
const draftsKept = 4;

/** Rounds of looking and taking; each but the last was lost to somebody who was faster. */
const rounds = 50;

/**
 * @param folder `locks/<environment>`
 * @throws ProvisionError `transfer-locked`, naming who holds it and since when; `lock-unreadable`
 */
export async function takeFileLock(
  folder: string,
  environment: string,
  command: string,
  settings: FileLockSettings,
): Promise<HeldFolder> {
  const owner: Owner = {
    id: randomUUID(),
    who: currentUser(),
    command,
    leaseMs: settings.leaseMs,
    process: await settings.identify(),
  };
  await readable(folder, () => mkdir(folder, { recursive: true }));
  const { token, taken } = await nextGeneration(folder, environment, owner, settings);
  const path = join(folder, String(token));
  const held = join(path, heldName(owner.id));
  const since = (await stat(join(path, 'owner.json'))).mtime.toISOString();
  let beats = 0;
  const lease = startLease(
    environment,
    taken,
    async () => {
      await beat(held, (beats += 1)).catch((error: unknown) => {
        if (!hasCode(error, 'ENOENT')) throw error;
      });
      if ((await exists(held)) && (await latestOf(folder)) === token) return null;
      return successorOf(folder);
    },
    settings,
  );
  return {
    owner: { who: owner.who, host: owner.process.host, pid: owner.process.pid, command, since },
    token,
    lease,
    folder: held,
    stillHeld: () => exists(held),
    async release() {
      await lease.end();
      // Where it cannot be removed, the lease runs out.
      await remove(held).catch(() => undefined);
    },
  };
}

/** @returns the token, and when it was taken by the clock of `settings` */
async function nextGeneration(
  folder: string,
  environment: string,
  owner: Owner,
  settings: FileLockSettings,
): Promise<{ readonly token: number; readonly taken: number }> {
  const draft = join(folder, `new-${owner.id}`);
  try {
    for (let round = 0; round < rounds; round += 1) {
      const latest = await latestOf(folder);
      const held = latest === 0 ? null : await look(join(folder, String(latest)));
      if (held !== null && !(await isAbandoned(held, { folder, environment, owner, settings }))) continue;
      const token = latest + 1;
      const path = join(folder, String(token));
      await prepare(draft, owner);
      const taken = settings.elapsed();
      const winner = await publish(draft, path, owner);
      if (winner !== owner) {
        if (winner === null || (await isGone(winner.process, owner.process))) continue;
        // It lives, and took it in this instant.
        throw heldBy(environment, infoOf(winner, null, null), path, winner.leaseMs);
      }
      if ((await latestOf(folder)) !== token) {
        // Ours is the number of a generation that was removed long ago: we were stopped since we looked.
        await remove(path);
        continue;
      }
      const own = join(path, heldName(owner.id));
      try {
        await sealBefore(folder, token);
      } catch (error) {
        await remove(own);
        throw error;
      }
      if (await exists(own)) return { token, taken };
    }
  } finally {
    await remove(draft);
  }
  throw heldBy(environment, null, folder, settings.leaseMs);
}

async function prepare(draft: string, owner: Owner): Promise<void> {
  const held = join(draft, heldName(owner.id));
  if (await exists(held)) return;
  await mkdir(held, { recursive: true, mode: 0o700 });
  await beat(held, 0);
  await writeFile(join(draft, 'owner.json'), `${JSON.stringify(owner)}\n`, { mode: 0o600 });
}

/** What time it is for the file system (ms), which may be another machine's. */
async function storeNow(folder: string, id: string): Promise<number> {
  const probe = join(folder, `new-${id}-probe`);
  await writeFile(probe, '', { mode: 0o600 });
  const { mtimeMs } = await stat(probe);
  await remove(probe);
  return mtimeMs;
}

/** Whatever changes does: it is never read as a number. Of one length, so that it needs no more room on a full disk. */
async function beat(held: string, count: number): Promise<void> {
  const handle = await open(join(held, 'beat'), count === 0 ? 'w' : 'r+', 0o600);
  try {
    await handle.write(`${String(count).padStart(12, '0')}\n`, 0);
  } finally {
    await handle.close();
  }
}

/** @returns whose it is: ours, or that of somebody who was faster; `null` where that cannot be read */
async function publish(draft: string, path: string, owner: Owner): Promise<Owner | null> {
  try {
    await rename(draft, path);
    return owner;
  } catch (error) {
    if (hasCode(error, 'ENOTDIR')) throw unreadable(path, error);
    // Somebody was faster; or a network file system has done it and lost the answer.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST') && !(await exists(path))) throw error;
    const winner = await ownerOf(path);
    return winner?.id === owner.id ? owner : winner;
  }
}

async function generationsOf(folder: string): Promise<readonly number[]> {
  const names = await readable(folder, () => readdir(folder));
  return names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number);
}

async function latestOf(folder: string): Promise<number> {
  return Math.max(0, ...(await generationsOf(folder)));
}

const heldName = (id: string): string => `held-${id}`;

/** The folders that say that a generation is held: one, or none. */
async function heldIn(path: string): Promise<readonly string[]> {
  const names = await readable(path, () => readdir(path)).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return names.filter((name) => name.startsWith('held-')).map((name) => join(path, name));
}

/** What was held before is held no more; and what is long past is cleared away. */
async function sealBefore(folder: string, token: number): Promise<void> {
  for (const generation of await generationsOf(folder)) {
    if (generation >= token) continue;
    const path = join(folder, String(generation));
    for (const held of await heldIn(path)) await remove(held);
    if (generation < token - generationsKept) await remove(path);
  }
  const drafts = (await readdir(folder)).filter((name) => name.startsWith('new-'));
  if (drafts.length < draftsKept) return;
  const ours = (await stat(join(folder, String(token), 'owner.json'))).mtimeMs;
  for (const name of drafts) {
    const draft = await stat(join(folder, name)).catch(() => null);
    // Of one who died before it was published.
    if (draft !== null && ours - draft.mtimeMs > oldDraftMs) await remove(join(folder, name));
  }
}

interface Seen {
  /** The generation's. */
  readonly path: string;
  readonly owner: Owner | null;
  /** When it was taken and when it was renewed, by the store's clock (ms). */
  readonly taken: number | null;
  readonly renewed: number;
  readonly beat: string;
}

interface Looking {
  readonly folder: string;
  readonly environment: string;
  readonly owner: Owner;
  readonly settings: FileLockSettings;
}

/** @returns false if somebody else moved meanwhile, and one has to look again. @throws `transfer-locked` */
async function isAbandoned(seen: Seen, { folder, environment, owner, settings }: Looking): Promise<boolean> {
  if (seen.owner !== null && (await isGone(seen.owner.process, owner.process))) return true;
  const leaseMs = seen.owner?.leaseMs ?? settings.leaseMs;
  const age = (await storeNow(folder, owner.id)) - seen.renewed;
  const held = (): ProvisionError =>
    heldBy(environment, seen.owner && infoOf(seen.owner, seen.taken, age), seen.path, leaseMs);
  if (isFresh(age, leaseMs)) throw held();
  const until = settings.elapsed() + watchingTime(age, leaseMs);
  while (settings.elapsed() < until) {
    await settings.pause(leaseMs / 40);
    const again = await look(seen.path);
    if (again === null) return false;
    if (again.beat !== seen.beat) throw held();
  }
  return true;
}

function infoOf({ who, command, process: other }: Owner, taken: number | null, age: number | null): HeldInfo {
  const since = taken === null ? 'this instant' : new Date(taken).toISOString();
  return { owner: { who, command, host: other.host, pid: other.pid, since }, age };
}

/** @returns `null` where it was given back or taken over */
async function look(path: string): Promise<Seen | null> {
  const [held] = await heldIn(path);
  if (held === undefined) return null;
  // Opened, because network file systems may answer a `stat` from memory.
  const last = await readable(join(held, 'beat'), async () => {
    const handle = await open(join(held, 'beat'));
    try {
      return { text: await handle.readFile('utf8'), time: (await handle.stat()).mtimeMs };
    } finally {
      await handle.close();
    }
  }).catch(async (error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
    // Being given back, or cut short while it was: then its age is that of the folder.
    const found = await stat(held).catch(() => null);
    return found && { text: '', time: found.mtimeMs };
  });
  if (last === null) return null;
  const taken = await stat(join(path, 'owner.json')).catch(() => null);
  return {
    path,
    owner: await ownerOf(path),
    taken: taken?.mtimeMs ?? null,
    renewed: last.time,
    beat: `${last.text} ${last.time}`,
  };
}

async function ownerOf(path: string): Promise<Owner | null> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(join(path, 'owner.json'), 'utf8')));
  } catch {
    // Gone meanwhile, or not ours: the lease decides then.
    return null;
  }
}

/** Who has it now, for who lost it. */
async function successorOf(folder: string): Promise<string> {
  const owner = await ownerOf(join(folder, String(await latestOf(folder)))).catch(() => null);
  if (owner === null) return 'it was taken over';
  const { who, command, process: other } = owner;
  return `${who} on ${other.host} (process ${other.pid}) took it over, running "${command}"`;
}

const remove = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 5 });

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    },
  );

function unreadable(path: string, cause: unknown): ProvisionError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new ProvisionError(
    'lock-unreadable',
    `The lock cannot be read: ${path}${code}. Nothing was changed.`,
    {
      cause,
      hint: 'Look whose it is, and whether you may read and write it. If nobody works on the environment, remove it and run the command again.',
    },
  );
}

async function readable<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (hasCode(error, 'ENOTDIR', 'EEXIST', 'EISDIR', 'EACCES', 'EPERM', 'ELOOP'))
      throw unreadable(path, error);
    throw error;
  }
}
