/** What tests put into a store beforehand: under a lock, as everything is written. */
import type { EnvironmentRecord } from '../../src/transfer/record.ts';
import type { HeldStore, JournalRow, Store } from '../../src/transfer/store.ts';

export async function underLock<T>(
  store: Store,
  environment: string,
  act: (held: HeldStore) => Promise<T>,
): Promise<T> {
  const lock = await store.lock(environment, 'test');
  try {
    return await act(lock.store);
  } finally {
    await lock.release();
  }
}

export const writeRecord = (store: Store, record: EnvironmentRecord): Promise<void> =>
  underLock(store, record.name, (held) => held.writeRecord(record));

export const retireRecord = (store: Store, record: EnvironmentRecord): Promise<void> =>
  underLock(store, record.name, (held) => held.retireRecord(record));

export const removeRecord = (store: Store, name: string): Promise<void> =>
  underLock(store, name, (held) => held.removeRecord(name));

export const appendJournal = (store: Store, name: string, row: JournalRow): Promise<void> =>
  underLock(store, name, (held) => held.appendJournal(name, row));

export const removeJournal = (store: Store, name: string): Promise<void> =>
  underLock(store, name, (held) => held.removeJournal(name));
