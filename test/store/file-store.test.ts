import { appendFile, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFileStore } from '../../src/store/file-store.ts';
import type { JournalRow } from '../../src/transfer/store.ts';
import { aRecord } from '../support/record.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'pe-store-')), '.provision-env');
});

const record = aRecord({ status: 'applied' });

const row = (name: string): JournalRow => ({
  transfer: 't1',
  step: 'rewire',
  name,
  phase: 'begin',
  version: 1,
  at: '2026-01-01T00:00:00.000Z',
});

describe('records', () => {
  it('come back as they were written, and are gone once removed', async () => {
    const store = createFileStore(folder);
    expect(await store.readRecord('feature-auth')).toBeNull();
    expect(await store.listRecords()).toEqual([]);
    await store.writeRecord(record);
    expect(await store.readRecord('feature-auth')).toEqual(record);
    expect(await store.listRecords()).toEqual([record]);
    await store.removeRecord('feature-auth');
    expect(await store.listRecords()).toEqual([]);
  });

  it('lie in a folder that version control ignores and others cannot read', async () => {
    await createFileStore(folder).writeRecord(record);
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe('*\n');
    expect((await stat(folder)).mode & 0o077).toBe(0);
    expect((await stat(join(folder, 'records/feature-auth.json'))).mode & 0o077).toBe(0);
  });

  it('of environments that are gone are kept aside, without what nobody needs any more', async () => {
    const store = createFileStore(folder);
    const secrets = {
      provider: 'doppler',
      config: 'dev_feature-auth',
      made: true,
      sealed: true,
      fingerprints: { TOKEN: 'hmac' },
    } as const;
    await store.writeRecord({ ...record, secrets });
    expect(await store.readRetired('feature-auth')).toBeNull();
    await store.retireRecord({ ...record, secrets });
    expect(await store.readRecord('feature-auth')).toBeNull();
    expect(await store.listRecords()).toEqual([]);
    expect(await store.readRetired('feature-auth')).toEqual({
      ...record,
      status: 'destroyed',
      secrets: { ...secrets, fingerprints: {} },
    });
    expect((await stat(join(folder, 'destroyed/feature-auth.json'))).mode & 0o077).toBe(0);
  });

  it('that somebody broke are reported, not taken for absent', async () => {
    const store = createFileStore(folder);
    await store.writeRecord(record);
    await writeFile(join(folder, 'records/feature-auth.json'), '{"version":1');
    await expect(store.readRecord('feature-auth')).rejects.toMatchObject({ code: 'state-unreadable' });
  });
});

describe('the journal', () => {
  it('keeps rows in order and survives a line cut short by a crash', async () => {
    const store = createFileStore(folder);
    await store.appendJournal('feature-auth', row('first'));
    await appendFile(join(folder, 'journal/feature-auth.jsonl'), '{"transfer":"t1","st');
    await store.appendJournal('feature-auth', row('second'));
    expect((await store.readJournal('feature-auth')).map((entry) => entry.name)).toEqual(['first', 'second']);
  });
});

describe('the lock', () => {
  it('is held by one, and the second is told by whom and since when', async () => {
    const store = createFileStore(folder);
    const lock = await store.lock('feature-auth', 'provision');
    await expect(store.lock('feature-auth', 'destroy')).rejects.toMatchObject({
      code: 'transfer-locked',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await store.lock('feature-b', 'provision').then((other) => other.release());
    await lock.release();
    await store.lock('feature-auth', 'destroy').then((again) => again.release());
  });

  it('of a dead process is taken over', async () => {
    await createFileStore(folder, { alive: () => false }).lock('feature-auth', 'provision');
    const lock = await createFileStore(folder, { alive: () => false }).lock('feature-auth', 'resume');
    expect(lock.owner).toMatchObject({ host: hostname(), command: 'resume' });
    await lock.release();
  });

  it('whose lease ran out is taken over', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const store = createFileStore(folder, { now: () => new Date(now), leaseMs: 10_000 });
    await store.lock('feature-auth', 'provision');
    now += 9_000;
    await expect(store.lock('feature-auth', 'provision')).rejects.toMatchObject({ code: 'transfer-locked' });
    now += 2_000;
    await (await store.lock('feature-auth', 'provision')).release();
  });

  it('goes to exactly one of many that take over at once', async () => {
    await createFileStore(folder, { alive: () => false }).lock('feature-auth', 'old');
    const store = createFileStore(folder, { leaseMs: 60_000 });
    await writeFile(
      join(folder, 'locks/feature-auth.json'),
      JSON.stringify({
        id: 'old',
        owner: { who: 'x', host: 'elsewhere', pid: 1, command: 'c', since: 's' },
        until: '2020-01-01T00:00:00Z',
      }),
    );
    const taken = await Promise.allSettled(
      Array.from({ length: 20 }, () => store.lock('feature-auth', 'race')),
    );
    expect(taken.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });
});
