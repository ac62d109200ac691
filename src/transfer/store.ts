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
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** Held until released or until the process stops renewing its lease. */
export interface Lock {
  readonly owner: LockOwner;
  release(): Promise<void>;
}

/** Where records, journals and locks lie. Files now; a bucket or a database can take over behind this. */
export interface Store {
  readRecord(environment: string): Promise<EnvironmentRecord | null>;
  writeRecord(record: EnvironmentRecord): Promise<void>;
  listRecords(): Promise<readonly EnvironmentRecord[]>;
  removeRecord(environment: string): Promise<void>;
  /**
   * Puts the record of an environment that is gone aside, as far as needed to find what it may have left behind: no
   * fingerprints, no evidence. It is no record any more: `readRecord` and `listRecords` do not know it.
   */
  retireRecord(record: EnvironmentRecord): Promise<void>;
  /** The last environment of that name that is gone; `null` if there was none. */
  readRetired(environment: string): Promise<EnvironmentRecord | null>;
  appendJournal(environment: string, row: JournalRow): Promise<void>;
  readJournal(environment: string): Promise<readonly JournalRow[]>;
  removeJournal(environment: string): Promise<void>;
  /** @throws ProvisionError `transfer-locked`, naming who holds it and since when. */
  lock(environment: string, command: string): Promise<Lock>;
}
