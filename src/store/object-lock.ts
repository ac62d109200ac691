/**
 * A lock as one object of a bucket, which is only ever written on condition: that it is not there, or is still the
 * version that was read. So of two that come at once one gets it. It is never deleted: giving it back writes that it is
 * free, and its token goes on growing.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ProvisionError } from '../transfer/errors.ts';
import type { LockOwner } from '../transfer/store.ts';
import {
  heldBy,
  isFresh,
  type Lease,
  leaseDefaults,
  type LeaseSettings,
  startLease,
  watchingTime,
} from './lease.ts';
import { parsed } from './object-format.ts';
import type { Objects } from './objects.ts';
import {
  currentUser,
  identifyThisProcess,
  isGone,
  type ProcessIdentity,
  processIdentitySchema,
} from './process-identity.ts';

export interface ObjectLockSettings extends LeaseSettings {
  readonly identify: () => Promise<ProcessIdentity>;
}

export const objectLockDefaults: ObjectLockSettings = { ...leaseDefaults, identify: identifyThisProcess };

/** What is held, before it is a `Lock` of the store. */
export interface HeldObject {
  readonly owner: LockOwner;
  readonly token: number;
  readonly lease: Lease;
  /** Who had it before has not given it back: what that one still writes is to be refused. */
  readonly takenOver: boolean;
  release(): Promise<void>;
}

const contentSchema = z.object({
  id: z.string(),
  token: z.number().int().positive(),
  who: z.string(),
  command: z.string(),
  since: z.string(),
  leaseMs: z.number().positive(),
  /** Counts the renewals: so each is a version of its own. */
  beat: z.number(),
  free: z.boolean(),
  process: processIdentitySchema,
});

type Content = z.infer<typeof contentSchema>;

interface Found {
  readonly content: Content;
  readonly version: string;
  readonly modified: Date | null;
}

/** Rounds of looking and taking; each but the last was lost to somebody who was faster. */
const rounds = 50;

/**
 * @param lowest the token must be greater, also where the object of the lock was removed by hand
 * @throws ProvisionError `transfer-locked`, `lock-unreadable`, or what keeps the bucket from being read or written
 */
export async function takeObjectLock(
  objects: Objects,
  environment: string,
  command: string,
  settings: ObjectLockSettings,
  lowest: () => Promise<number>,
): Promise<HeldObject> {
  const key = `locks/${environment}.json`;
  const read = (): Promise<Found | null> => readLock(objects, key);
  const process = await settings.identify();
  const id = randomUUID();

  /** A write that was repeated after its answer got lost finds its own version: then it is ours all the same. */
  const write = async (content: Content, condition: 'absent' | Found): Promise<string | null> => {
    const version = await objects.put(
      key,
      JSON.stringify(content),
      condition === 'absent' ? condition : { version: condition.version },
    );
    if (version !== null) return version;
    const now = await read();
    // A renewal that was written and not answered has the beat of what gives the lock back.
    const same =
      now?.content.id === id && now.content.beat === content.beat && now.content.free === content.free;
    return same ? now.version : null;
  };

  for (let round = 0; round < rounds; round += 1) {
    const before = await read();
    if (before !== null && !(await isFree(before, { read, objects, environment, process, settings })))
      continue;
    const content: Content = {
      id,
      token: 1 + (before?.content.token ?? (await lowest())),
      who: currentUser(),
      command,
      since: (objects.now() ?? new Date()).toISOString(),
      leaseMs: settings.leaseMs,
      beat: 0,
      free: false,
      process,
    };
    const taken = settings.elapsed();
    const version = await write(content, before ?? 'absent');
    if (version !== null)
      return hold(environment, content, version, taken, before !== null && !before.content.free, {
        read,
        write,
        settings,
      });
  }
  throw heldBy(environment, null, `${objects.place}/${key}`, settings.leaseMs);
}

function hold(
  environment: string,
  first: Content,
  firstVersion: string,
  taken: number,
  takenOver: boolean,
  {
    read,
    write,
    settings,
  }: {
    readonly read: () => Promise<Found | null>;
    readonly write: (content: Content, condition: Found) => Promise<string | null>;
    readonly settings: ObjectLockSettings;
  },
): HeldObject {
  let mine: Found = { content: first, version: firstVersion, modified: null };
  const lease = startLease(
    environment,
    taken,
    async () => {
      const content = { ...mine.content, beat: mine.content.beat + 1 };
      const version = await write(content, mine);
      if (version !== null) {
        mine = { ...mine, content, version };
        return null;
      }
      const now = await read();
      if (now === null) return 'its object was removed';
      // An earlier renewal whose answer never came was written after all.
      if (now.content.id === first.id && !now.content.free) {
        mine = now;
        return null;
      }
      const { who, command, process: other } = now.content;
      return `${who} on ${other.host} (process ${other.pid}) took it over, running "${command}"`;
    },
    settings,
  );
  const { who, command, since, process } = first;
  return {
    owner: { who, host: process.host, pid: process.pid, command, since },
    token: first.token,
    lease,
    takenOver,
    async release() {
      await lease.end();
      const give = (from: Found): Promise<string | null> =>
        write({ ...from.content, beat: from.content.beat + 1, free: true }, from);
      const again = async (): Promise<void> => {
        const now = await read();
        // A renewal was written after all, and its answer never came.
        if (now?.content.id === first.id && !now.content.free) await give(now);
      };
      // Where it cannot be written, the lease runs out: nobody waits for longer than that.
      await give(mine)
        .then((version) => (version === null ? again() : undefined))
        .catch(() => undefined);
    },
  };
}

interface Looking {
  readonly read: () => Promise<Found | null>;
  readonly objects: Objects;
  readonly environment: string;
  readonly process: ProcessIdentity;
  readonly settings: ObjectLockSettings;
}

/** @returns false if somebody else moved meanwhile, and one has to look again. @throws `transfer-locked` */
async function isFree(
  found: Found,
  { read, objects, environment, process, settings }: Looking,
): Promise<boolean> {
  const { content, modified } = found;
  if (content.free || (await isGone(content.process, process))) return true;
  const now = objects.now();
  const age = now === null || modified === null ? null : now.getTime() - modified.getTime();
  const held = (): ProvisionError => {
    const { who, command, since, process: other } = content;
    const owner = { who, host: other.host, pid: other.pid, command, since };
    return heldBy(environment, { owner, age }, objects.place, content.leaseMs);
  };
  if (isFresh(age, content.leaseMs)) throw held();
  const until = settings.elapsed() + watchingTime(age, content.leaseMs);
  while (settings.elapsed() < until) {
    await settings.pause(content.leaseMs / 40);
    const again = await read();
    if (again === null || again.content.free || again.content.id !== content.id) return false;
    if (again.version !== found.version) throw held();
  }
  return true;
}

async function readLock(objects: Objects, key: string): Promise<Found | null> {
  const found = await objects.get(key);
  if (found === null) return null;
  const content = contentSchema.safeParse(parsed(found.text));
  if (content.success) return { content: content.data, version: found.version, modified: found.modified };
  throw new ProvisionError(
    'lock-unreadable',
    `The lock cannot be read: ${objects.place}/${key}. Nothing was changed.`,
    {
      cause: content.error,
      hint: 'It was changed by hand or by another version. If nobody works on the environment, remove the object and run the command again.',
    },
  );
}
