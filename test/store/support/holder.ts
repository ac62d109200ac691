/**
 * A process of its own that holds a lock and tries to write whenever it is told to: `holder.ts <folder> <lease in ms>`. It
 * answers each line of its input with one of its output.
 */
import { createInterface } from 'node:readline';
import { createFileStore } from '../../../src/store/file-store.ts';
import { toProvisionError } from '../../../src/transfer/errors.ts';
import { aRecord } from '../../support/record.ts';
import { row } from './places.ts';

const [folder = '', leaseMs = ''] = process.argv.slice(2);
const name = 'feature-auth';
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const lock = await createFileStore(folder, { leaseMs: Number(leaseMs) }).lock(name, 'provision');
lock.lost.addEventListener('abort', () => say(`lost ${toProvisionError(lock.lost.reason).message}`));
say(`held ${lock.token}`);

const acts: Readonly<Record<string, () => Promise<void>>> = {
  record: () => lock.store.writeRecord(aRecord({ name, owner: 'holder' })),
  journal: () => lock.store.appendJournal(name, row('holder')),
  release: () => lock.release(),
};
for await (const line of createInterface({ input: process.stdin })) {
  await acts[line]?.().then(
    () => say(`${line} done`),
    (error: unknown) => say(`${line} ${toProvisionError(error).code}`),
  );
}
