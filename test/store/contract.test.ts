/** What holds of every store, whatever lies behind it. */
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HeldStore, Lock } from '../../src/transfer/store.ts';
import { aRecord } from '../support/record.ts';
import { appendJournal, removeJournal, removeRecord, retireRecord, writeRecord } from '../support/store.ts';
import { takeAndFreeze } from './support/freeze.ts';
import { type Place, places, row, wait } from './support/places.ts';

const name = 'feature-auth';
const record = aRecord({ name, status: 'applied' });
/** So short that a lock is abandoned while a test waits. */
const short = { leaseMs: 100 };
/** Of a process that was stopped between its look at the clock and its write: it believes that no time has passed. */
const unaware = { ...short, elapsed: () => 0 };

describe.each(places)('a store in %s', (_kind, make) => {
  let place: Place;
  beforeEach(async () => {
    place = await make();
  });

  const names = async (): Promise<string[]> =>
    (await place.open().readJournal(name)).map((each) => each.name);

  describe('keeps', () => {
    it('records until they are removed', async () => {
      const store = place.open();
      expect(await store.readRecord(name)).toBeNull();
      expect(await store.listRecords()).toEqual([]);
      await writeRecord(store, record);
      expect(await place.open().readRecord(name)).toEqual(record);
      expect(await store.listRecords()).toEqual([record]);
      await writeRecord(store, { ...record, status: 'verified' });
      expect(await store.listRecords()).toEqual([{ ...record, status: 'verified' }]);
      await removeRecord(store, name);
      expect(await place.open().listRecords()).toEqual([]);
      await removeRecord(store, name);
      await writeRecord(store, record);
      expect(await store.listRecords()).toEqual([record]);
    });

    it('of what is gone only what is needed to find what it left', async () => {
      const store = place.open();
      const secrets = {
        provider: 'doppler',
        config: 'dev_feature-auth',
        made: true,
        sealed: true,
        fingerprints: { TOKEN: 'hmac' },
      } as const;
      await writeRecord(store, { ...record, secrets });
      expect(await store.readRetired(name)).toBeNull();
      await retireRecord(store, { ...record, secrets });
      expect(await store.readRecord(name)).toBeNull();
      expect(await store.listRecords()).toEqual([]);
      expect(await store.readRetired(name)).toEqual({
        ...record,
        status: 'destroyed',
        secrets: { ...secrets, fingerprints: {} },
      });
      // Of that name again, and gone again.
      await writeRecord(store, record);
      await retireRecord(store, { ...record, owner: 'another' });
      expect(await store.readRetired(name)).toMatchObject({ owner: 'another' });
    });

    it('the rows of a journal in order, of one environment only, over several locks', async () => {
      const store = place.open();
      const lock = await store.lock(name, 'provision');
      for (const each of ['first', 'second', 'third']) await lock.store.appendJournal(name, row(each));
      await lock.release();
      // The clock of another machine may be behind.
      await appendJournal(place.open(), name, row('fourth', '2025-12-31T23:59:59.000Z'));
      await appendJournal(store, `${name}-2`, row('other'));
      expect(await names()).toEqual(['first', 'second', 'third', 'fourth']);
      await removeJournal(store, name);
      expect(await names()).toEqual([]);
      await appendJournal(store, name, row('anew'));
      expect(await names()).toEqual(['anew']);
      expect(await store.readJournal(`${name}-2`)).toHaveLength(1);
    });

    it('rows that are written side by side whole', async () => {
      const lock = await place.open().lock(name, 'sweep');
      const all = Array.from({ length: 30 }, (_, index) => `row ${index}`);
      await Promise.all(all.map((each) => lock.store.appendJournal(name, row(each))));
      await lock.release();
      expect(await names()).toEqual(all);
    });
  });

  describe('gives a lock', () => {
    it('to one, and the second is told by whom, since when and by whose clock', async () => {
      const lock = await place.open().lock(name, 'provision');
      await expect(place.open().lock(name, 'destroy')).rejects.toMatchObject({
        code: 'transfer-locked',
        exitCode: 1,
        message: expect.stringMatching(
          new RegExp(
            `on ${hostname()} \\(process ${process.pid}\\) since \\d{4}-.*Z, running "provision", renewed \\d+ s ago, by the clock of `,
          ),
        ) as string,
      });
      await place
        .open()
        .lock('feature-b', 'provision')
        .then((other) => other.release());
      await lock.release();
      await lock.release();
      await (await place.open().lock(name, 'destroy')).release();
    });

    it('whose token only grows', async () => {
      const tokens: number[] = [];
      for (let round = 0; round < 40; round += 1) {
        const lock = await place.open().lock(name, 'verify');
        tokens.push(lock.token);
        await lock.release();
      }
      expect(tokens).toEqual(tokens.map((_, index) => index + 1));
    });

    it('to exactly one of many that come at once, again and again', async () => {
      for (let round = 0; round < 20; round += 1) {
        const taken = await Promise.allSettled(
          Array.from({ length: 20 }, () => place.open().lock(name, 'race')),
        );
        const won = taken.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
        expect(won).toHaveLength(1);
        const refused = taken.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
        for (const reason of refused) expect(reason).toMatchObject({ code: 'transfer-locked' });
        await won[0]?.release();
      }
    });

    it('that lives as long as it is renewed', async () => {
      const lock = await place.open(short).lock(name, 'provision');
      for (let round = 0; round < 8; round += 1) {
        await wait(50);
        await expect(place.open(short).lock(name, 'x')).rejects.toMatchObject({ code: 'transfer-locked' });
      }
      expect(lock.lost.aborted).toBe(false);
      await lock.store.writeRecord(record);
      await lock.release();
    });

    it('of nobody who renews it to the next, once the lease ran out and not before', async () => {
      await takeAndFreeze(place.open({ leaseMs: 600 }), name);
      await wait(300);
      await expect(place.open().lock(name, 'x')).rejects.toMatchObject({ code: 'transfer-locked' });
      await wait(400);
      const lock = await place.open().lock(name, 'resume');
      expect(lock.token).toBe(2);
      await lock.release();
    });

    it('of a process that is gone to the next at once, and of one that only looks like it to nobody', async () => {
      const self = {
        host: 'ci',
        pid: process.pid,
        boot: 'b1',
        namespace: 'pid:[1]',
        started: 'long before this one',
      };
      // The process id was used again: whoever had it then is gone.
      await takeAndFreeze(place.open({ identify: () => Promise.resolve(self) }), name);
      for (const other of [
        { ...self, boot: 'b2' },
        { ...self, boot: null },
        { ...self, namespace: 'pid:[2]' },
        { ...self, namespace: null },
        { ...self, host: 'another' },
      ])
        await expect(
          place.open({ identify: () => Promise.resolve(other) }).lock(name, 'x'),
        ).rejects.toMatchObject({ code: 'transfer-locked' });
      const lock = await place.open({ identify: () => Promise.resolve(self) }).lock(name, 'resume');
      expect(lock.token).toBe(2);
    });
  });

  describe('once a lock was taken over', () => {
    let stale: Lock;
    let fresh: Lock;
    beforeEach(async () => {
      await writeRecord(place.open(), record);
      await appendJournal(place.open(), name, row('before'));
      stale = await takeAndFreeze(place.open(unaware), name);
      await stale.store.appendJournal(name, row('while it was held'));
      await wait(150);
      fresh = await place.open().lock(name, 'resume');
    });

    afterEach(async () => {
      await stale.release();
      await fresh.release();
    });

    const writes: readonly (readonly [what: string, write: (held: HeldStore) => Promise<void>])[] = [
      ['replaces the record', (held) => held.writeRecord({ ...record, owner: 'stale' })],
      ['removes the record', (held) => held.removeRecord(name)],
      ['retires the record', (held) => held.retireRecord(record)],
      ['adds to the journal', (held) => held.appendJournal(name, row('stale'))],
      ['removes the journal', (held) => held.removeJournal(name)],
    ];
    const untouched = async (): Promise<void> => {
      expect(await place.open().readRecord(name)).toEqual(record);
      expect(await place.open().readRetired(name)).toBeNull();
      expect(await names()).not.toContain('stale');
      expect((await names()).slice(0, 2)).toEqual(['before', 'while it was held']);
    };

    it.each(writes.filter(([what]) => !what.includes('journal')))(
      'the one before neither %s before the next has written anything',
      async (_what, write) => {
        await expect(write(stale.store)).rejects.toMatchObject({ code: 'lock-lost', exitCode: 5 });
        expect(stale.lost.aborted).toBe(true);
        await untouched();
      },
    );

    it('nothing that the one before adds to the journal is read', async () => {
      // A bucket takes the row, and nobody reads it; a file is not reached any more.
      await stale.store.appendJournal(name, row('stale')).catch(() => undefined);
      await untouched();
      await fresh.store.appendJournal(name, row('fresh'));
      await stale.store.appendJournal(name, row('stale')).catch(() => undefined);
      expect(await names()).toEqual(['before', 'while it was held', 'fresh']);
    });

    it('nor where there was no record when it was taken over', async () => {
      const other = 'feature-none';
      const first = await takeAndFreeze(place.open(unaware), other);
      await wait(150);
      const second = await place.open().lock(other, 'provision');
      const its = aRecord({ name: other });
      await expect(first.store.writeRecord({ ...its, owner: 'stale' })).rejects.toMatchObject({
        code: 'lock-lost',
        exitCode: 1,
        message: expect.stringContaining('Nothing was changed') as string,
      });
      expect(await place.open().readRecord(other)).toBeNull();
      expect((await place.open().listRecords()).map((each) => each.name)).toEqual([name]);
      await second.store.writeRecord(its);
      expect(await place.open().readRecord(other)).toEqual(its);
      await first.release();
      await second.release();
    });

    it('the one who has it writes as before, whatever the other tries', async () => {
      await Promise.allSettled(
        writes.filter(([what]) => what !== 'removes the journal').map(([, write]) => write(stale.store)),
      );
      await fresh.store.writeRecord({ ...record, owner: 'fresh' });
      expect(await place.open().readRecord(name)).toMatchObject({ owner: 'fresh' });
      await fresh.store.retireRecord(record);
      expect(await place.open().readRecord(name)).toBeNull();
    });

    it('the one before gives back nothing that is not its own', async () => {
      await stale.release();
      await expect(place.open().lock(name, 'x')).rejects.toMatchObject({
        code: 'transfer-locked',
        message: expect.stringContaining('"resume"') as string,
      });
      await fresh.store.writeRecord(record);
      await fresh.release();
      await (await place.open().lock(name, 'x')).release();
    });
  });

  describe('whoever loses a lock', () => {
    const lost = (lock: Lock): Promise<unknown> =>
      new Promise((done) => {
        if (lock.lost.aborted) done(lock.lost.reason);
        else lock.lost.addEventListener('abort', () => done(lock.lost.reason), { once: true });
      });

    it('is told where its lease was not renewed in time, before the next write and by the clock', async () => {
      let now = 0;
      const lock = await place.open({ elapsed: () => now }).lock(name, 'provision');
      now = 59_000;
      await lock.store.writeRecord(record);
      now = 61_000;
      await expect(lock.store.writeRecord({ ...record, owner: 'late' })).rejects.toMatchObject({
        code: 'lock-lost',
        exitCode: 5,
        message: `The lock of ${name} was lost half-way: this process was stopped for 61 s, longer than its lock lasts. Nothing further was begun.`,
      });
      expect(await lost(lock)).toMatchObject({ code: 'lock-lost' });
      expect(await place.open().readRecord(name)).toEqual(record);
      await lock.release();
      await (await place.open().lock(name, 'x')).release();
    });

    it('is told by the next beat, without writing anything', async () => {
      let now = 0;
      const lock = await place.open({ leaseMs: 500, elapsed: () => now }).lock(name, 'plan');
      now = 600;
      expect(await lost(lock)).toMatchObject({
        code: 'lock-lost',
        exitCode: 1,
        hint: 'Run the same command again.',
      });
      await lock.release();
    });

    it('is told by whom it was taken over', async () => {
      const self = { host: 'ci', pid: process.pid, boot: 'b', namespace: 'n', started: 'another' };
      const identify = () => Promise.resolve(self);
      // Its process looks as if it were gone; it lives, and goes on renewing.
      const lock = await place.open({ leaseMs: 2_000, identify }).lock(name, 'provision');
      const other = await place.open({ identify }).lock(name, 'destroy');
      expect(await lost(lock)).toMatchObject({
        message: expect.stringMatching(/on ci \(process \d+\) took it over, running "destroy"/) as string,
      });
      await lock.release();
      await other.store.writeRecord(record);
      await other.release();
    });
  });

  it('lets a lock write of its own environment only, and nothing once it was given back', async () => {
    const lock = await place.open().lock(name, 'x');
    await expect((async () => lock.store.writeRecord(aRecord({ name: 'feature-b' })))()).rejects.toThrow(
      'Under the lock of feature-auth nothing is written of feature-b.',
    );
    expect(lock.begun).toBe(false);
    await lock.store.writeRecord(record);
    expect(lock.begun).toBe(true);
    await lock.release();
    await expect(lock.store.writeRecord(record)).rejects.toThrow('given back');
  });
});
