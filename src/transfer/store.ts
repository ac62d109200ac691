import type { EnvironmentRecord } from './record.ts';
import type { Json } from './json.ts';
import type { StepId } from './steps.ts';

/** One line of a journal: written before something is done and after it. Never holds a secret's value. */
export interface JournalRow {
  /** Id of the transfer, or of the sweep. */
  readonly transfer: string;
  readonly step: StepId | 'destroy' | 'sweep' | 'sleep' | 'wake';
  /** What within the step, for example `apply`. */
  readonly name: string;
  readonly phase: 'begin' | 'end' | 'fail';
  /** Version of the row's shape. */
  readonly version: 1;
  /** Hash of what went in; a resumed run with another input is refused. */
  readonly input?: string;
  readonly output?: Json;
  readonly error?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface LockOwner {
  readonly who: string;
  readonly host: string;
  readonly pid: number;
  readonly command: string;
  /** ISO 8601, UTC, by the store's clock. */
  readonly since: string;
}

/** What is known of environments. Anybody may read it at any time. */
export interface Records {
  readRecord(environment: string): Promise<EnvironmentRecord | null>;
  listRecords(): Promise<readonly EnvironmentRecord[]>;
  /** The last environment of that name that is gone; `null` if there was none. */
  readRetired(environment: string): Promise<EnvironmentRecord | null>;
  readJournal(environment: string): Promise<readonly JournalRow[]>;
}

/**
 * What may be written of one environment by who holds its lock. Every write is conditional on the lock's token: the
 * store refuses it with `lock-lost` once somebody else has the lock, however long the writer was stopped in between.
 */
export interface HeldStore extends Records {
  writeRecord(record: EnvironmentRecord): Promise<void>;
  removeRecord(environment: string): Promise<void>;
  /**
   * Puts the record of an environment that is gone aside, as far as needed to find what it may have left behind: no
   * fingerprints, no evidence. It is no record any more: `readRecord` and `listRecords` do not know it.
   */
  retireRecord(record: EnvironmentRecord): Promise<void>;
  appendJournal(environment: string, row: JournalRow): Promise<void>;
  removeJournal(environment: string): Promise<void>;
}

/** Held until it is released, or lost because its lease was not renewed in time. */
export interface Lock {
  readonly owner: LockOwner;
  /** Only grows, and no two locks of one environment have the same: the store keeps it after the release. */
  readonly token: number;
  /**
   * Aborted with `lock-lost` when the lease could not be renewed in time, when somebody else took the lock over, or when
   * this process was stopped for longer than the lease. Whoever works under the lock begins nothing further then.
   */
  readonly lost: AbortSignal;
  /** True once something was changed under it: what was begun is on record, and has to come to its end. */
  readonly begun: boolean;
  readonly store: HeldStore;
  /** Gives it back if it is still ours, and leaves it alone if not. Safe to call more than once. */
  release(): Promise<void>;
}

/** Where records, journals and locks lie: files, or a bucket. Nothing is written but under a lock. */
export interface Store extends Records {
  /** @throws ProvisionError `transfer-locked`, naming who holds it and since when. */
  lock(environment: string, command: string): Promise<Lock>;
}
