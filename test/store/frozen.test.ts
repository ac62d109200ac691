/** A process that is stopped for longer than its lease, and goes on as if nothing had been. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { afterEach, expect, it } from 'vitest';
import { createFileStore } from '../../src/store/file-store.ts';
import { aRecord } from '../support/record.ts';
import { row, wait } from './support/places.ts';

const name = 'feature-auth';
const leaseMs = 2_000;

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function startHolder(folder: string) {
  const holder = new URL('support/holder.ts', import.meta.url).pathname;
  const child = execa(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), holder, folder, String(leaseMs)],
    { reject: false },
  );
  stops.push(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const go of waiting.splice(0)) go();
  });
  return {
    child,
    lines,
    async says(what: RegExp): Promise<string> {
      for (;;) {
        const found = lines.find((line) => what.test(line));
        if (found !== undefined) return found;
        await new Promise<void>((go) => waiting.push(go));
      }
    },
    async told(act: string): Promise<string> {
      child.stdin.write(`${act}\n`);
      return this.says(new RegExp(`^${act} `));
    },
  };
}

it('a stopped holder learns that it lost the lock, and writes nothing over the next one', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'pe-frozen-')), '.provision-env');
  const holder = await startHolder(folder);
  expect(await holder.says(/^held/)).toBe('held 1');
  const store = createFileStore(folder);

  holder.child.kill('SIGSTOP');
  await expect(store.lock(name, 'too early')).rejects.toMatchObject({ code: 'transfer-locked' });
  await wait(leaseMs + 500);
  const next = await store.lock(name, 'resume');
  const record = aRecord({ name, owner: 'next' });
  await next.store.writeRecord(record);
  await next.store.appendJournal(name, row('next'));

  holder.child.kill('SIGCONT');
  expect(await holder.says(/^lost/)).toMatch(
    /The lock of feature-auth was lost: .*(?:was stopped for \d+ s|took it over).* Nothing was changed\./,
  );
  expect(await holder.told('record')).toBe('record lock-lost');
  expect(await holder.told('journal')).toBe('journal lock-lost');
  expect(await holder.told('release')).toBe('release done');
  expect(await store.readRecord(name)).toEqual(record);
  expect((await store.readJournal(name)).map((each) => each.name)).toEqual(['next']);
  await expect(store.lock(name, 'third')).rejects.toMatchObject({
    code: 'transfer-locked',
    message: expect.stringContaining('"resume"') as string,
  });
  await next.store.writeRecord({ ...record, status: 'verified' });
  await next.release();
}, 60_000);

it('a holder that was killed is followed at once', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'pe-frozen-')), '.provision-env');
  const holder = await startHolder(folder);
  await holder.says(/^held/);
  holder.child.kill('SIGKILL');
  await holder.child;
  const lock = await createFileStore(folder).lock(name, 'resume');
  expect(lock.token).toBe(2);
  await lock.release();
}, 60_000);
