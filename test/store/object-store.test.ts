import { hostname } from 'node:os';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createObjectStore, type Objects } from '../../src/store/object-store.ts';
import type { JournalRow } from '../../src/transfer/store.ts';
import { aRecord } from '../support/record.ts';

/** A bucket that keeps what it is told, and its conditions. */
function bucket(): Objects & { readonly content: Map<string, { text: string; version: string }> } {
  const content = new Map<string, { text: string; version: string }>();
  let writes = 0;
  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
  return {
    content,
    place: 's3://bucket/team',
    async get(key) {
      await turn();
      return content.get(key) ?? null;
    },
    async put(key, text, condition) {
      await turn();
      const there = content.get(key);
      if (condition === 'absent' && there) return null;
      if (typeof condition === 'object' && there?.version !== condition.version) return null;
      const version = String((writes += 1));
      content.set(key, { text, version });
      return version;
    },
    async list(prefix) {
      await turn();
      return [...content.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
    async remove(key) {
      await turn();
      content.delete(key);
    },
  };
}

let objects: ReturnType<typeof bucket>;
beforeEach(() => {
  objects = bucket();
});

const row = (name: string, at = '2026-01-01T00:00:00.000Z'): JournalRow => ({
  transfer: 't1',
  step: 'rewire',
  name,
  phase: 'begin',
  version: 1,
  at,
});

describe('the store in a bucket', () => {
  it('keeps records for every machine until they are removed', async () => {
    await createObjectStore(objects).writeRecord(aRecord());
    const elsewhere = createObjectStore(objects);
    expect(await elsewhere.listRecords()).toEqual([aRecord()]);
    expect(await elsewhere.readRecord('feature-none')).toBeNull();
    await elsewhere.removeRecord('feature-auth');
    expect(await createObjectStore(objects).listRecords()).toEqual([]);
  });

  it('keeps records of environments that are gone aside', async () => {
    const store = createObjectStore(objects);
    await store.writeRecord(aRecord());
    await store.retireRecord(aRecord());
    expect(await store.listRecords()).toEqual([]);
    expect(await createObjectStore(objects).readRetired('feature-auth')).toMatchObject({
      name: 'feature-auth',
      status: 'destroyed',
      evidence: [],
    });
    expect(await store.readRetired('feature-none')).toBeNull();
  });

  it('reports a broken record, and where it lies', async () => {
    await objects.put('records/feature-auth.json', '{"version":1');
    await expect(createObjectStore(objects).listRecords()).rejects.toMatchObject({
      code: 'state-unreadable',
      message: expect.stringContaining('s3://bucket/team/records/feature-auth.json') as unknown,
    });
  });

  it('keeps the rows of a journal in order, of one environment only', async () => {
    const store = createObjectStore(objects);
    await store.appendJournal('feature-auth', row('first'));
    await store.appendJournal('feature-auth', row('second'));
    await createObjectStore(objects).appendJournal('feature-auth', row('third', '2026-01-01T00:00:01.000Z'));
    await store.appendJournal('feature-auth-2', row('other'));
    const names = async (): Promise<string[]> =>
      (await store.readJournal('feature-auth')).map(({ name }) => name);
    expect(await names()).toEqual(['first', 'second', 'third']);
    await store.removeJournal('feature-auth');
    expect(await names()).toEqual([]);
    expect(await store.readJournal('feature-auth-2')).toHaveLength(1);
  });
});

describe('the lock in a bucket', () => {
  it('is held by one, and the second is told by whom', async () => {
    const lock = await createObjectStore(objects).lock('feature-auth', 'provision');
    await expect(createObjectStore(objects).lock('feature-auth', 'destroy')).rejects.toMatchObject({
      code: 'transfer-locked',
      message: expect.stringContaining(`on ${hostname()} (process ${process.pid})`) as unknown,
    });
    await lock.release();
    await (await createObjectStore(objects).lock('feature-auth', 'destroy')).release();
  });

  it('goes to exactly one of many that come at once, also where an old one is taken over', async () => {
    const race = async (): Promise<number> => {
      const taken = await Promise.allSettled(
        Array.from({ length: 20 }, () => createObjectStore(objects).lock('feature-auth', 'race')),
      );
      return taken.filter(({ status }) => status === 'fulfilled').length;
    };
    expect(await race()).toBe(1);
    const past = { who: 'x', host: 'elsewhere', pid: 1, command: 'c', since: 's' };
    await objects.put(
      'locks/feature-auth.json',
      JSON.stringify({ id: 'old', owner: past, until: '2020-01-01T00:00:00Z' }),
    );
    expect(await race()).toBe(1);
  });

  it('lives as long as its lease is renewed, and is taken over where it is not', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    try {
      const lock = await createObjectStore(objects).lock('feature-auth', 'provision');
      for (let minutes = 0; minutes < 5; minutes += 1) {
        await vi.advanceTimersByTimeAsync(60_000);
        await expect(createObjectStore(objects).lock('feature-auth', 'x')).rejects.toMatchObject({
          code: 'transfer-locked',
        });
      }
      // What is being written comes to its end; then nobody renews any more, as if the machine were gone.
      await new Promise((settled) => setTimeout(settled, 20));
      const later = Date.now() + 61_000;
      vi.clearAllTimers();
      vi.setSystemTime(later);
      const other = await createObjectStore(objects).lock('feature-auth', 'resume');
      // Whoever lost it does not take it from the one who has it.
      await lock.release();
      await expect(createObjectStore(objects).lock('feature-auth', 'x')).rejects.toMatchObject({
        code: 'transfer-locked',
      });
      await other.release();
    } finally {
      vi.useRealTimers();
    }
  });

  it('is ours where the answer to its writing got lost and it was written again', async () => {
    const put = objects.put.bind(objects);
    const lossy: Objects = {
      ...objects,
      async put(key, text, condition) {
        await put(key, text, condition);
        return put(key, text, condition);
      },
    };
    const lock = await createObjectStore(lossy).lock('feature-auth', 'provision');
    await lock.release();
    const again = await createObjectStore(objects).lock('feature-auth', 'again');
    expect(again.owner.command).toBe('again');
    await again.release();
  });
});
