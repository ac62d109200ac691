/**
 * The ways out of a run, each with the redactor before it: what is stored, what is told and asked. What is printed goes
 * through `src/cli/gate.ts`. Nothing else writes or shows what a run has read; `test/redact/writers.test.ts` holds it.
 */
import { ProvisionError } from '../transfer/errors.ts';
import type { Host, Question } from '../transfer/host.ts';
import type { EnvironmentRecord, RecordedResource } from '../transfer/record.ts';
import type { HeldStore, Records, Store } from '../transfer/store.ts';
import { type Redactor, wasRedacted, whole } from './redactor.ts';

/**
 * What an environment is found by again. A word that is a secret somewhere and stands here too is a name that everybody
 * sees in the account; without it the record would lead nowhere.
 */
function namesIn(record: EnvironmentRecord): readonly string[] {
  const { name, source, place, state, moduleDir, varFile, backendFile, secrets, resources } = record;
  const paths = [state, moduleDir, varFile, backendFile, secrets?.config];
  const identities = resources
    // The id of a random text is the text, which may be a password.
    .filter(({ type }) => !type.startsWith('random_'))
    .flatMap(({ identity, id, arn }) => [identity, id, arn]);
  const all = [name, source, place?.account, ...paths, ...identities].filter(
    (each) => typeof each === 'string',
  );
  return [...all, ...all.flatMap((each) => each.split(/[^\w.-]+/))];
}

function namesKnown(records: Records, redactor: Redactor): Pick<Records, 'readRecord' | 'listRecords'> {
  return {
    async readRecord(environment) {
      const record = await records.readRecord(environment);
      if (record !== null) redactor.publish(namesIn(record));
      return record;
    },
    async listRecords() {
      const found = await records.listRecords();
      redactor.publish(found.flatMap(namesIn));
      return found;
    },
  };
}

/** A name that holds a secret is not known: a part of it would be looked for, and not be found. */
function withoutBroken(resource: RecordedResource): RecordedResource {
  const { identity, id, arn, attributes } = resource;
  const known = (text: string | null): string | null => (text === null || wasRedacted(text) ? null : text);
  return {
    ...resource,
    identity: known(identity),
    id: known(id),
    arn: known(arn),
    ...(attributes === undefined ? {} : { attributes: whole(attributes) }),
  };
}

/** @throws ProvisionError `backend-invalid` where the record could not say any more where the environment lies */
function forRecord(record: EnvironmentRecord, redactor: Redactor): EnvironmentRecord {
  redactor.publish(namesIn(record));
  const shown = redactor.value(record);
  const { name, state, moduleDir, varFile, backendFile } = shown;
  const broken = [state, moduleDir, varFile, backendFile ?? ''].find(wasRedacted);
  if (broken !== undefined)
    throw new ProvisionError('backend-invalid', `A secret stands in what ${name} is found by: ${broken}`, {
      hint: 'Where a state or a file lies is written down and shown. Choose a name without the secret.',
    });
  return { ...shown, resources: shown.resources.map(withoutBroken) };
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
    writeRecord: (record) => store.writeRecord(forRecord(record, redactor)),
    retireRecord: (record) => store.retireRecord(forRecord(record, redactor)),
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
