/** What holds of buckets only: conditions, what is under way while a lock changes hands, and what lies in its place. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createObjectStore } from '../../src/store/object-store.ts';
import type { Objects } from '../../src/store/objects.ts';
import type { Lock } from '../../src/transfer/store.ts';
import { aRecord } from '../support/record.ts';
import { appendJournal, writeRecord } from '../support/store.ts';
import { type Bucket, bucket } from './support/bucket.ts';
import { takeAndFreeze } from './support/freeze.ts';
import { row, wait } from './support/places.ts';

const name = 'feature-auth';
const record = aRecord({ name });
const lockKey = `locks/${name}.json`;
let objects: Bucket;
beforeEach(() => {
  objects = bucket();
});
const hasty = () => {
  let now = 0;
  return { elapsed: () => now, pause: (ms: number) => Promise.resolve(void (now += ms)) };
};

it('a broken record is reported, and where it lies', async () => {
  await objects.put(`records/${name}.json`, '{"version":1');
  await expect(createObjectStore(objects).listRecords()).rejects.toMatchObject({
    code: 'state-unreadable',
    message: expect.stringContaining('s3://bucket/team/records/feature-auth.json') as unknown,
  });
});

it('nothing but what is kept lies in the bucket afterwards', async () => {
  const store = createObjectStore(objects);
  await writeRecord(store, record);
  const lock = await store.lock(name, 'destroy');
  await lock.store.appendJournal(name, row('x'));
  await lock.store.retireRecord(record);
  await lock.store.removeJournal(name);
  await lock.release();
  expect([...objects.content.keys()].sort()).toEqual([`destroyed/${name}.json`, lockKey]);
});

describe('conditions on writes', () => {
  const ignoring = (): Objects => ({ ...objects, put: (key, text) => objects.put(key, text) });

  it.each<[what: string, put: (base: Bucket) => Objects['put'], tried: string]>([
    ['ignores all', (base) => (key, text) => base.put(key, text), 'If-None-Match: *'],
    [
      'ignores If-Match',
      (base) => (key, text, condition) => base.put(key, text, condition === 'absent' ? condition : undefined),
      'If-Match',
    ],
    [
      'refuses If-Match always',
      (base) => async (key, text, condition) =>
        typeof condition === 'object' ? null : base.put(key, text, condition),
      'was refused',
    ],
  ])('are tried before the first lock: a service that %s is refused', async (_what, put, tried) => {
    const store = createObjectStore({ ...objects, put: put(objects) });
    await expect(store.lock(name, 'provision')).rejects.toMatchObject({
      code: 'store-unsuitable',
      exitCode: 2,
      message: expect.stringMatching(/^s3:\/\/bucket\/team cannot keep .*Nothing was changed\.$/) as string,
      hint: expect.stringContaining('Amazon S3') as string,
    });
    await expect(store.lock(name, 'provision')).rejects.toMatchObject({
      message: expect.stringContaining(tried) as string,
    });
    expect([...objects.content.keys()]).toEqual([]);
  });

  it('are tried once, and by nobody who only reads', async () => {
    let probes = 0;
    objects.before = (key) => void (probes += key.startsWith('probe/') ? 1 : 0);
    const store = createObjectStore(objects);
    await store.listRecords();
    await store.readJournal(name);
    expect(probes).toBe(0);
    await (await store.lock(name, 'x')).release();
    const first = probes;
    expect(first).toBeGreaterThan(1);
    await (await store.lock(name, 'x')).release();
    expect(probes).toBe(first);
    await expect(createObjectStore(ignoring()).listRecords()).resolves.toEqual([]);
  });
});

describe('the lock', () => {
  it('is ours where the answer to its writing got lost and it was written again', async () => {
    const put = objects.put.bind(objects);
    const lossy: Objects = {
      ...objects,
      async put(key, text, condition) {
        if (!key.startsWith('locks/')) return put(key, text, condition);
        await put(key, text, condition);
        return put(key, text, condition);
      },
    };
    const lock = await createObjectStore(lossy, { leaseMs: 200 }).lock(name, 'provision');
    await wait(100);
    expect(lock.lost.aborted).toBe(false);
    await lock.release();
    const again = await createObjectStore(objects).lock(name, 'again');
    expect(again.owner.command).toBe('again');
    await again.release();
  });

  it('goes by the clock of the service: hours between it and us neither take a live lock nor keep a dead one', async () => {
    for (const skew of [-7_200_000, 7_200_000]) {
      objects.skew = skew;
      const lock = await createObjectStore(objects).lock(name, 'provision');
      expect(Date.parse(lock.owner.since) - Date.now()).toBeCloseTo(skew, -4);
      await expect(createObjectStore(objects).lock(name, 'x')).rejects.toMatchObject({
        code: 'transfer-locked',
      });
      await lock.release();
    }
  });

  it('whose service set its clock is watched before it is taken', async () => {
    const lock = await createObjectStore(objects, { leaseMs: 1_000 }).lock(name, 'provision');
    for (const jump of [3_600_000, -3_600_000]) {
      objects.skew += jump;
      await expect(createObjectStore(objects).lock(name, 'x')).rejects.toMatchObject({
        code: 'transfer-locked',
      });
    }
    expect(lock.lost.aborted).toBe(false);
    await lock.release();
    const dead = await takeAndFreeze(createObjectStore(objects), name);
    objects.skew -= 3_600_000;
    const next = await createObjectStore(objects, hasty()).lock(name, 'resume');
    expect(next.token).toBe(dead.token + 1);
    await next.release();
  });

  it('that is renewed in the instant in which it is taken over stays with whoever wrote first', async () => {
    const holder = await takeAndFreeze(createObjectStore(objects, { elapsed: () => 0 }), name);
    objects.skew += 120_000;
    let renewed = false;
    objects.before = async (key) => {
      if (key !== lockKey || renewed) return;
      renewed = true;
      const there = objects.content.get(key);
      const content = { ...(JSON.parse(there?.text ?? '{}') as object), beat: 1 };
      await objects.put(key, JSON.stringify(content), { version: there?.version ?? '' });
    };
    await expect(createObjectStore(objects, hasty()).lock(name, 'resume')).rejects.toMatchObject({
      code: 'transfer-locked',
    });
    await holder.store.writeRecord(record);
    await holder.release();
  });

  it('that cannot be read is named, and not taken for free', async () => {
    await objects.put(lockKey, 'garbage');
    await expect(createObjectStore(objects).lock(name, 'x')).rejects.toMatchObject({
      code: 'lock-unreadable',
      message: expect.stringContaining('s3://bucket/team/locks/feature-auth.json') as string,
    });
    // Removed as the hint says: its token still grows, because the record knows the last one.
    await objects.remove(lockKey);
    await writeRecord(createObjectStore(objects), record);
    await objects.remove(lockKey);
    const lock = await createObjectStore(objects).lock(name, 'x');
    expect(lock.token).toBe(2);
    await lock.store.writeRecord(record);
    await lock.release();
  });

  it('that cannot be renewed for as long as it lasts is lost, with the reason', async () => {
    const lock = await createObjectStore(objects, { leaseMs: 300 }).lock(name, 'provision');
    await lock.store.writeRecord(record);
    objects.before = (key) => {
      if (key === lockKey) throw new Error('the network is gone');
    };
    await new Promise((done) => lock.lost.addEventListener('abort', done, { once: true }));
    expect(lock.lost.reason).toMatchObject({
      code: 'lock-lost',
      exitCode: 5,
      message: expect.stringContaining('could not be renewed for') as string,
    });
    expect(String(lock.lost.reason)).toContain('the network is gone');
    await lock.release();
  });
});

describe('a lock whose last renewal was written and not answered', () => {
  it('is given back all the same', async () => {
    const put = objects.put.bind(objects);
    let deaf = false;
    const lossy: Objects = {
      ...objects,
      async put(key, text, condition) {
        const version = await put(key, text, condition);
        if (deaf && key === lockKey && text.includes('"free":false')) throw new Error('503');
        return version;
      },
    };
    const lock = await createObjectStore(lossy, { leaseMs: 400 }).lock(name, 'provision');
    deaf = true;
    await wait(90);
    await lock.release();
    expect(JSON.parse(objects.content.get(lockKey)?.text ?? '{}')).toMatchObject({ free: true });
  });
});

describe('a process that was stopped right after its lock was written', () => {
  it('knows that its lease is over before it writes anything', async () => {
    let now = 0;
    const put = objects.put.bind(objects);
    const slow: Objects = {
      ...objects,
      async put(key, text, condition) {
        const version = await put(key, text, condition);
        if (key === lockKey) now += 61_000;
        return version;
      },
    };
    await expect(
      createObjectStore(slow, { elapsed: () => now }).lock(name, 'provision'),
    ).rejects.toMatchObject({
      code: 'lock-lost',
      message: expect.stringContaining('Nothing was changed') as string,
    });
  });
});

describe('a write that was under way when the lock changed hands', () => {
  /** Stops the first write of that object in the middle, lets another take the lock over, and lets it go on. */
  const overtaken = async (key: string | RegExp, write: (stale: Lock) => Promise<void>): Promise<Lock> => {
    const stale = await takeAndFreeze(createObjectStore(objects, { elapsed: () => 0 }), name);
    objects.skew += 120_000;
    let next: Lock | undefined;
    let done = false;
    objects.before = async (each) => {
      if (done || !each.match(key)) return;
      done = true;
      next = await createObjectStore(objects, hasty()).lock(name, 'resume');
    };
    await write(stale).catch((error: unknown) => expect(error).toMatchObject({ code: 'lock-lost' }));
    if (next === undefined) throw new Error('nothing was overtaken');
    return next;
  };

  it('does not replace the record', async () => {
    await writeRecord(createObjectStore(objects), record);
    const next = await overtaken(/^records\//, (stale) =>
      stale.store.writeRecord({ ...record, owner: 'stale' }),
    );
    expect(await createObjectStore(objects).readRecord(name)).toEqual(record);
    await next.store.writeRecord({ ...record, owner: 'next' });
    expect(await createObjectStore(objects).readRecord(name)).toMatchObject({ owner: 'next' });
  });

  it('does not make one where there was none', async () => {
    const next = await overtaken(/^records\//, (stale) => stale.store.writeRecord(record));
    expect(await createObjectStore(objects).readRecord(name)).toBeNull();
    await next.store.writeRecord({ ...record, owner: 'next' });
    expect(await createObjectStore(objects).readRecord(name)).toMatchObject({ owner: 'next' });
  });

  it('does not count in the journal', async () => {
    await appendJournal(createObjectStore(objects), name, row('before'));
    const next = await overtaken(/^journal\/feature-auth\/0000000002-20/, (stale) =>
      stale.store.appendJournal(name, row('stale')),
    );
    await next.store.appendJournal(name, row('next', '2025-01-01T00:00:00.000Z'));
    const names = (await createObjectStore(objects).readJournal(name)).map((each) => each.name);
    expect(names).toEqual(['before', 'next']);
  });
});
