/**
 * What the locks of all stores have in common: the lease that has to be renewed, and the one signal by which whoever
 * works under a lock learns that it is lost.
 */
import { setMaxListeners } from 'node:events';
import { uptime } from 'node:os';
import { ProvisionError, toProvisionError } from '../transfer/errors.ts';
import type { LockOwner } from '../transfer/store.ts';

export interface LeaseSettings {
  /** Milliseconds for which a lock stays valid without being renewed. */
  readonly leaseMs: number;
  /** Milliseconds on a clock that nobody sets, and that goes on while the machine is suspended. */
  readonly elapsed: () => number;
  /** Waits while somebody else's lock is watched. */
  readonly pause: (ms: number) => Promise<void>;
}

export const leaseDefaults: LeaseSettings = {
  leaseMs: 60_000,
  elapsed: () => uptime() * 1000,
  pause: (ms) => new Promise((done) => setTimeout(done, ms)),
};

/** How often a lease is renewed within its length. */
const renewals = 10;

/**
 * How long a lock is watched that looks abandoned (ms), given how long ago it was renewed by the store's clock. Clocks
 * only say that it is worth looking, because they may be set at any time; what decides is that nobody renews it
 * meanwhile. A live holder renews it at least twice in that time.
 */
export function watchingTime(age: number | null, leaseMs: number): number {
  // From the future, or nobody can say from when: only a whole lease without a renewal tells.
  return age === null || age < 0 ? leaseMs : leaseMs / 4;
}

/** True where a lock was renewed so lately that nobody has to look. */
export const isFresh = (age: number | null, leaseMs: number): boolean =>
  age !== null && Math.abs(age) <= leaseMs;

export interface Lease {
  readonly lost: AbortSignal;
  readonly begun: boolean;
  /** Before every write. @throws ProvisionError `lock-lost` */
  check(): void;
  /** Once something was begun under the lock: it has to come to its end. */
  begin(): void;
  /** @returns what to throw */
  lose(why: string): ProvisionError;
  /** Ends the renewal, and waits for the one that is under way. Nothing may be written after it. */
  end(): Promise<void>;
}

/**
 * @param taken when the writing began by which it is ours, by `elapsed`: whoever was stopped right after it has to know
 * @param renew tells who has the lock now, if it is not ours any more; throws where it could not be renewed
 */
export function startLease(
  environment: string,
  taken: number,
  renew: () => Promise<string | null>,
  { leaseMs, elapsed }: LeaseSettings,
): Lease {
  const lost = new AbortController();
  setMaxListeners(0, lost.signal);
  let begun = false;
  let ended = false;
  let failure: unknown;
  let last = taken;
  let renewing: Promise<void> | null = null;

  const lose = (why: string): ProvisionError => {
    if (!lost.signal.aborted) lost.abort(lockLost(environment, why, begun, failure));
    return lost.signal.reason as ProvisionError;
  };
  const check = (): void => {
    if (ended) throw new ProvisionError('unexpected', `The lock of ${environment} was given back already.`);
    if (lost.signal.aborted) throw lost.signal.reason;
    const since = elapsed() - last;
    if (since > leaseMs) throw lose(lapsed(since, failure));
  };
  const renewed = async (now: number): Promise<void> => {
    const other = await renew();
    if (other !== null) lose(other);
    else [last, failure] = [now, undefined];
  };
  const timer = setInterval(() => {
    if (ended || lost.signal.aborted) return;
    const now = elapsed();
    // Also where a renewal hangs: whoever waits for it is not told otherwise.
    if (now - last > leaseMs) {
      lose(lapsed(now - last, failure));
      return;
    }
    renewing ??= renewed(now)
      // Tried again: it may be the network, and the lease has time left.
      .catch((error: unknown) => void (failure = error))
      .finally(() => void (renewing = null));
  }, leaseMs / renewals);
  timer.unref();

  return {
    lost: lost.signal,
    get begun() {
      return begun;
    },
    check,
    begin: () => void (begun = true),
    lose,
    async end() {
      ended = true;
      clearInterval(timer);
      await renewing;
    },
  };
}

function lapsed(since: number, failure: unknown): string {
  const seconds = Math.round(since / 1000);
  return failure === undefined
    ? `this process was stopped for ${seconds} s, longer than its lock lasts`
    : `it could not be renewed for ${seconds} s (${toProvisionError(failure).message})`;
}

function lockLost(environment: string, why: string, begun: boolean, cause: unknown): ProvisionError {
  return new ProvisionError(
    'lock-lost',
    begun
      ? `The lock of ${environment} was lost half-way: ${why}. Nothing further was begun.`
      : `The lock of ${environment} was lost: ${why}. Nothing was changed.`,
    {
      cause,
      begun,
      hint: begun
        ? `What was done until then is on record. See how ${environment} stands with provision-env status ${environment}; once nobody else works on it, the same command, or provision-env resume ${environment}, goes on.`
        : 'Run the same command again.',
    },
  );
}

/** What is known of a lock that somebody else has. */
export interface HeldInfo {
  readonly owner: LockOwner;
  /** How long ago, by the store's clock (ms). */
  readonly age: number | null;
}

/**
 * The error for who comes second.
 *
 * @param held what is known of who came first
 * @param place where the lock lies, and whose clock counts
 */
export function heldBy(
  environment: string,
  held: HeldInfo | null,
  place: string,
  leaseMs: number,
): ProvisionError {
  const again =
    held === null || held.age === null ? '' : `, renewed ${Math.max(0, Math.round(held.age / 1000))} s ago`;
  const whose =
    held === null
      ? `another process (its lock: ${place})`
      : `${held.owner.who} on ${held.owner.host} (process ${held.owner.pid}) since ${held.owner.since}, running "${held.owner.command}"${again}, by the clock of ${place}`;
  return new ProvisionError('transfer-locked', `A transfer to ${environment} is under way: ${whose}.`, {
    hint: `Wait until it ends. If that process is gone, its lease runs out by itself within ${inWords(leaseMs)}.`,
  });
}

const inWords = (ms: number): string => (ms <= 60_000 ? 'a minute' : `${Math.ceil(ms / 60_000)} minutes`);
