/** What the held stores of all kinds have in common. */
import { ProvisionError } from '../transfer/errors.ts';
import type { HeldStore } from '../transfer/store.ts';
import type { Lease } from './lease.ts';

/** Lets the holder of a lock write of its own environment only, and tells the lease that something was begun. */
export function guardHeld(environment: string, held: HeldStore, lease: Lease): HeldStore {
  const check = (name: string): void => {
    if (name === environment) return;
    throw new ProvisionError('unexpected', `Under the lock of ${environment} nothing is written of ${name}.`);
  };
  const begin = async (name: string, write: () => Promise<void>): Promise<void> => {
    check(name);
    await write();
    lease.begin();
  };
  return {
    ...held,
    writeRecord: (record) => begin(record.name, () => held.writeRecord(record)),
    removeRecord: (name) => begin(name, () => held.removeRecord(name)),
    retireRecord: (record) => begin(record.name, () => held.retireRecord(record)),
    removeJournal: (name) => begin(name, () => held.removeJournal(name)),
    async appendJournal(name, row) {
      check(name);
      await held.appendJournal(name, row);
      // That a step of a transfer was entered changes nothing; what it does has rows of its own.
      if (row.name !== 'step') lease.begin();
    },
  };
}
