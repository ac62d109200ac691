/**
 * The ways out of a run, each with the redactor before it: what is stored, what is told and asked. What is printed goes
 * through `src/cli/gate.ts`. Nothing else writes or shows what a run has read; `test/redact/writers.test.ts` holds it.
 */
import type { Host, Question } from '../transfer/host.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { HeldStore, Records, Store } from '../transfer/store.ts';
import type { Redactor } from './redactor.ts';

/** A secret may hold the name of an environment, which is none. */
function namesKnown(records: Records, redactor: Redactor): Pick<Records, 'readRecord' | 'listRecords'> {
  const known = (found: readonly EnvironmentRecord[]): void =>
    redactor.publish(found.map(({ name }) => name));
  return {
    async readRecord(environment) {
      const record = await records.readRecord(environment);
      if (record !== null) known([record]);
      return record;
    },
    async listRecords() {
      const found = await records.listRecords();
      known(found);
      return found;
    },
  };
}

export function gatedStore(store: Store, redactor: Redactor): Store {
  return {
    ...store,
    ...namesKnown(store, redactor),
    lock: async (environment, command) => {
      const lock = await store.lock(environment, command);
      const { owner, token, lost } = lock;
      return {
        owner,
        token,
        lost,
        get begun() {
          return lock.begun;
        },
        store: gatedHeld(lock.store, redactor),
        release: () => lock.release(),
      };
    },
  };
}

function gatedHeld(store: HeldStore, redactor: Redactor): HeldStore {
  return {
    ...store,
    ...namesKnown(store, redactor),
    writeRecord: (record) => store.writeRecord(redactor.value(record)),
    retireRecord: (record) => store.retireRecord(redactor.value(record)),
    appendJournal: (environment, row) => store.appendJournal(environment, redactor.value(row)),
  };
}

/** What a person types when asked for a secret is one. */
export function gatedHost<Kind extends Host>(host: Kind, redactor: Redactor): Kind {
  const ask = async (question: Question): Promise<boolean | string> => {
    const answer: boolean | string = await host.ask(
      redactor.value(question) as Question & { kind: 'confirm' },
    );
    if (question.kind === 'secret' && typeof answer === 'string') redactor.learn(question.id, answer);
    return answer;
  };
  return { ...host, notify: (event) => host.notify(redactor.value(event)), ask: ask as Host['ask'] };
}
