/**
 * Puts databases to sleep and wakes them, one journaled change at a time. What is about to be done is on record before
 * it is done, so that a run which died can be repeated and no capacity is forgotten. Takes no lock: the caller holds it.
 */
import { mapBounded } from '../aws/bounded.ts';
import { awsError, classify } from '../aws/errors.ts';
import {
  type Database,
  databaseNotFound,
  pauseWhenIdle,
  readDatabase,
  restoreCapacity,
  type SleepClient,
  type SleepWay,
  startDatabase,
  stopDatabase,
} from '../aws/sleeping-databases.ts';
import type { ErrorCode } from '../transfer/error-codes.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import type { Clock, Host } from '../transfer/host.ts';
import type { RecordedSleep, SleepingDatabase } from '../transfer/record.ts';
import type { HeldStore } from '../transfer/store.ts';
import type { TransferContext } from './context.ts';
import { createSleepNotes, type SleepNotes } from './sleep-notes.ts';

export interface SleepTools {
  readonly store: HeldStore;
  readonly clock: Clock;
  readonly host: Pick<Host, 'notify'>;
  readonly signal: AbortSignal;
  /** The client for the region that a resource lies in. */
  rds(arn: string | null): Promise<SleepClient>;
}

/** For what happens within a transfer, which holds the lock and has clients of its own. */
export function sleepToolsOf(context: TransferContext): SleepTools {
  const { store, clock, host, signal } = context;
  return { store, clock, host, signal, rds: async () => (await context.aws()).get('rds') };
}

/**
 * `asleep` and `awake`: changed by this run. `was-asleep`, `was-awake`: there was nothing to do. `gone`: the account
 * has it no more. `left`: it stays as it is, for the reason given. `failed`: it should have been changed and was not.
 */
export type SleepOutcome = 'asleep' | 'awake' | 'was-asleep' | 'was-awake' | 'gone' | 'left' | 'failed';

export interface SleepReport {
  readonly address: string;
  readonly type: string;
  readonly id: string;
  readonly way: SleepWay | null;
  readonly outcome: SleepOutcome;
  readonly detail: string;
}

/** Something that stands in the record and whose sleep is ours to decide. */
export interface Candidate {
  readonly sleeping: SleepingDatabase;
  readonly database: Database;
}

/** Stopping and starting a cluster takes AWS some minutes, a large instance up to half an hour. */
const longestMs = 40 * 60_000;
const pauseMs = 15_000;
const usuallyMs = 8 * 60_000;
const atOnce = 8;

/** In these, nothing will come of waiting. */
const hopeless = /^(?:failed|deleting|incompatible|inaccessible|insufficient|restore-error|storage-full)/;

export const kindOf = (type: string): Database['kind'] =>
  type === 'aws_rds_cluster' ? 'cluster' : 'instance';

/** @returns `null` if it is not there any more */
export async function lookAt(
  { type, id, address }: Pick<SleepingDatabase, 'type' | 'id' | 'address'>,
  client: SleepClient,
): Promise<Database | null> {
  try {
    return await readDatabase(kindOf(type), id, client);
  } catch (error) {
    if (classify(error, databaseNotFound).kind === 'not-found') return null;
    throw awsError(error, `looking at ${address}`);
  }
}

export async function putToSleep(
  name: string,
  candidates: readonly Candidate[],
  tools: SleepTools,
): Promise<readonly SleepReport[]> {
  const notes = createSleepNotes(name, tools);
  return mapBounded(candidates, atOnce, async ({ sleeping, database }) => {
    const client = await tools.rds(sleeping.arn);
    return attempt('sleep', sleeping, tools, notes, async () => {
      if (sleeping.way === 'pause') return pauseOne(sleeping, client, tools, notes);
      const now =
        database.status === 'stopped'
          ? database
          : await until(
              sleeping,
              client,
              tools,
              ['available', 'stopped', 'stopping'],
              'before it is stopped',
            );
      await notes.remember(sleeping);
      if (now.status === 'stopped') return { outcome: 'was-asleep', detail: 'was stopped already' };
      if (now.status !== 'stopping') await stopDatabase(now, client);
      await until(sleeping, client, tools, ['stopped'], 'until it is stopped');
      return { outcome: 'asleep', detail: 'stopped' };
    });
  });
}

async function pauseOne(
  sleeping: SleepingDatabase,
  client: SleepClient,
  tools: SleepTools,
  notes: SleepNotes,
): Promise<Done> {
  const now = await until(sleeping, client, tools, ['available'], 'before its capacity is changed');
  if (now.capacity === null) return { outcome: 'left', detail: 'it has no capacity that could be changed' };
  if (now.capacity.min === 0) {
    const ours = sleeping.before !== null && sleeping.before.min > 0;
    if (ours) await notes.remember(sleeping);
    return { outcome: 'was-asleep', detail: ours ? 'pauses while nobody is connected' : 'pauses by itself' };
  }
  await notes.remember({ ...sleeping, before: now.capacity });
  await pauseWhenIdle(sleeping.id, now.capacity, client);
  return {
    outcome: 'asleep',
    detail: `minimum capacity 0 instead of ${now.capacity.min} ACU: pauses after 5 minutes without a connection`,
  };
}

/**
 * @param only wakes no others than these; all if absent
 * @throws ProvisionError for what concerns the whole session
 */
export async function wakeDatabases(
  name: string,
  asleep: RecordedSleep,
  tools: SleepTools,
  only: (database: SleepingDatabase) => boolean = () => true,
): Promise<readonly SleepReport[]> {
  const notes = createSleepNotes(name, tools);
  return mapBounded(asleep.databases.filter(only), atOnce, async (sleeping) => {
    const client = await tools.rds(sleeping.arn);
    return attempt('wake', sleeping, tools, notes, async () => {
      const found = await lookAt(sleeping, client);
      if (found === null) {
        await notes.forget(sleeping);
        return { outcome: 'gone', detail: 'the account has it no more' };
      }
      const done = await wakeOne(sleeping, found, client, tools);
      await notes.forget(sleeping);
      return done;
    });
  });
}

async function wakeOne(
  sleeping: SleepingDatabase,
  found: Database,
  client: SleepClient,
  tools: SleepTools,
): Promise<Done> {
  let now = found;
  if (now.status === 'stopping')
    now = await until(sleeping, client, tools, ['stopped'], 'before it is started');
  const started = now.status === 'stopped';
  if (started) await startDatabase(now, client);
  if (started || now.status !== 'available')
    now = await until(sleeping, client, tools, ['available'], 'until it is there again');
  const { before } = sleeping;
  if (sleeping.way === 'pause' && before !== null && now.capacity?.min === 0) {
    await restoreCapacity(sleeping.id, before, client);
    return { outcome: 'awake', detail: `minimum capacity ${before.min} ACU again` };
  }
  return started
    ? { outcome: 'awake', detail: 'started' }
    : { outcome: 'was-awake', detail: 'somebody, or AWS, has woken it before' };
}

type Done = Pick<SleepReport, 'outcome' | 'detail'>;

/** What is wrong with the whole session: going on would repeat it for each database. */
const fatal: ReadonlySet<ErrorCode> = new Set(['credentials-missing', 'credentials-expired', 'interrupted']);

/** After these nobody knows whether the service did what it was asked. */
const unclear: ReadonlySet<ErrorCode> = new Set(['timed-out', 'network-unreachable']);

/** One that fails does not keep the others from it; what concerns the whole session does. */
async function attempt(
  step: 'sleep' | 'wake',
  sleeping: SleepingDatabase,
  { signal }: SleepTools,
  notes: SleepNotes,
  act: () => Promise<Done>,
): Promise<SleepReport> {
  const { address, type, id, way } = sleeping;
  const known = await notes.knows(sleeping);
  await notes.journal(step, address, 'begin');
  try {
    const done = await act();
    await notes.journal(step, address, 'end');
    return { address, type, id, way, ...done };
  } catch (thrown) {
    const doing = `${step === 'sleep' ? 'putting to sleep' : 'waking'} ${address}`;
    const error = isProvisionError(thrown) ? thrown : awsError(thrown, doing);
    await notes.journal(step, address, 'fail', error.code);
    signal.throwIfAborted();
    if (fatal.has(error.code)) throw error;
    if (step === 'sleep' && !known && !unclear.has(error.code)) await notes.forget(sleeping);
    return { address, type, id, way, outcome: 'failed', detail: error.message };
  }
}

/** @throws ProvisionError `timed-out`, `service-refused` where waiting is of no use */
async function until(
  { type, id, address }: SleepingDatabase,
  client: SleepClient,
  { clock, host, signal }: SleepTools,
  goals: readonly string[],
  what: string,
): Promise<Database> {
  const start = clock.now().getTime();
  for (;;) {
    const now = await lookAt({ type, id, address }, client);
    if (now === null)
      throw new ProvisionError('service-refused', `${address}: the account has no ${id} any more.`);
    if (goals.includes(now.status)) return now;
    if (hopeless.test(now.status))
      throw new ProvisionError('service-refused', `${address}: ${id} is ${now.status}.`);
    const waited = clock.now().getTime() - start;
    if (waited >= longestMs) {
      throw new ProvisionError(
        'timed-out',
        `${address}: ${id} still is ${now.status} after ${longestMs / 60_000} minutes.`,
      );
    }
    host.notify({
      type: 'waiting',
      what: `${address} (${id}) is ${now.status}: waiting ${what}, ${Math.floor(waited / 60_000)} min so far`,
      expectMs: usuallyMs,
    });
    await clock.sleep(pauseMs, signal);
  }
}
