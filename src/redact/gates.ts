/**
 * The ways out of a run, each with the redactor before it: what is stored, what is told and asked. What is printed goes
 * through `src/cli/gate.ts`. Nothing else writes or shows what a run has read; `test/redact/writers.test.ts` holds it.
 */
import type { Host, Question } from '../transfer/host.ts';
import type { Store } from '../transfer/store.ts';
import type { Redactor } from './redactor.ts';

export function gatedStore(store: Store, redactor: Redactor): Store {
  const known = <Named extends { readonly name: string }>(records: readonly Named[]): readonly Named[] => {
    redactor.publish(records.map(({ name }) => name));
    return records;
  };
  return {
    ...store,
    // A secret may hold the name of an environment, which is none.
    async readRecord(environment) {
      const record = await store.readRecord(environment);
      return record === null ? null : (known([record])[0] ?? null);
    },
    listRecords: async () => known(await store.listRecords()),
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
