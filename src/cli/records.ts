/** Finds the record of an environment that a command was given by name. */
import { didYouMean } from '../environment/near-names.ts';
import { checkExistingName } from '../environment/names.ts';
import { whole } from '../redact/redactor.ts';
import type { TransferRequest } from '../steps/context.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { Records } from '../transfer/store.ts';

/** @throws ProvisionError `name-invalid`, or `environment-not-found` with near names */
export async function recordOf(store: Records, name: string): Promise<EnvironmentRecord> {
  checkExistingName(name);
  const record = await store.readRecord(name);
  if (record !== null) return record;
  const names = (await store.listRecords()).map((other) => other.name);
  throw new ProvisionError('environment-not-found', `There is no record of an environment ${name}.`, {
    hint: `${didYouMean(name, names)} ${names.length === 0 ? 'provision-env has not made any environment here.' : 'provision-env list shows what it made.'}`.trim(),
  });
}

/** What is needed to open a transfer again for something else than provisioning. */
export function requestFrom(
  record: EnvironmentRecord,
  command: string,
  /** What is gone over by this command alone: what was accepted when it was made says nothing of taking it away. */
  acceptNow: readonly string[] = [],
): TransferRequest {
  return {
    command,
    target: record.name,
    source: record.source,
    set: whole(record.set),
    accept:
      command === 'destroy' ? acceptNow : record.accepted.map(({ rule, subject }) => `${rule}:${subject}`),
    keepLogRetention: record.keepLogRetention,
    planOnly: false,
    ...(command === 'destroy'
      ? {
          sourceMayBeEmpty: true,
          sourceMayBeUnreadable: acceptNow.includes(`state-own:${record.source}`),
        }
      : {}),
  };
}
