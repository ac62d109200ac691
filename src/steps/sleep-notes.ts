/** What is written down while databases are put to sleep and woken, side by side: one write after the other. */
import type { Clock } from '../transfer/host.ts';
import type { EnvironmentRecord, SleepingDatabase } from '../transfer/record.ts';
import type { HeldStore, JournalRow } from '../transfer/store.ts';

export interface SleepNotes {
  knows(database: SleepingDatabase): Promise<boolean>;
  /** Before it is changed. What stands there of it already is replaced. */
  remember(database: SleepingDatabase): Promise<void>;
  /** Once it is awake, or was never put to sleep. */
  forget(database: SleepingDatabase): Promise<void>;
  journal(step: 'sleep' | 'wake', what: string, phase: JournalRow['phase'], error?: string): Promise<void>;
}

export function createSleepNotes(
  name: string,
  { store, clock }: { readonly store: HeldStore; readonly clock: Clock },
): SleepNotes {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: (record: EnvironmentRecord | null) => Promise<T>): Promise<T> => {
    const next = last.then(async () => act(await store.readRecord(name)));
    last = next.catch(() => undefined);
    return next;
  };
  const rewrite = (change: (databases: readonly SleepingDatabase[]) => readonly SleepingDatabase[]) =>
    inTurn(async (record) => {
      if (record === null) return;
      const { asleep, ...rest } = record;
      const now = clock.now().toISOString();
      const databases = change(asleep?.databases ?? []);
      await store.writeRecord({
        ...rest,
        updated: now,
        ...(databases.length === 0 ? {} : { asleep: { since: asleep?.since ?? now, databases } }),
      });
    });
  const others = (
    databases: readonly SleepingDatabase[],
    { address }: SleepingDatabase,
  ): readonly SleepingDatabase[] => databases.filter((each) => each.address !== address);
  return {
    knows: ({ address }) =>
      inTurn((record) =>
        Promise.resolve(record?.asleep?.databases.some((each) => each.address === address) ?? false),
      ),
    remember: (database) => rewrite((databases) => [...others(databases, database), database]),
    forget: (database) => rewrite((databases) => others(databases, database)),
    journal: (step, what, phase, error) =>
      inTurn(async (record) =>
        store.appendJournal(name, {
          transfer: record?.transfer ?? '',
          step,
          name: what,
          phase,
          version: 1,
          at: clock.now().toISOString(),
          ...(error === undefined ? {} : { error }),
        }),
      ),
  };
}
