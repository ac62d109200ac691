import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../src/notice/webhook.ts';
import { extend } from '../../src/steps/extend.ts';
import { collectExpired, type GcConfig, type GcTools } from '../../src/steps/gc.ts';
import { createFileStore } from '../../src/store/file-store.ts';
import { ProvisionError } from '../../src/transfer/errors.ts';
import type { EnvironmentRecord } from '../../src/transfer/record.ts';
import type { Store } from '../../src/transfer/store.ts';
import { fakeClock, type FakeClock, fakeHost, type FakeHost } from '../channels/tools.ts';
import { aRecord } from '../support/record.ts';
import { writeRecord } from '../support/store.ts';

const hour = 3_600_000;
const start = Date.parse('2026-03-01T12:00:00Z');
const at = (milliseconds: number): string => new Date(start + milliseconds).toISOString();
const config: GcConfig = { protected: ['live'], ttl: { noticeBefore: '1d', max: '7d' } };

let store: Store;
let clock: FakeClock;
let host: FakeHost;
let destroyed: string[];
beforeEach(async () => {
  store = createFileStore(join(await mkdtemp(join(tmpdir(), 'pe-gc-')), '.provision-env'));
  clock = fakeClock(start);
  host = fakeHost([]);
  destroyed = [];
});

async function given(...ends: readonly (readonly [name: string, expires: string | null])[]): Promise<void> {
  for (const [name, expires] of ends) await writeRecord(store, aRecord({ name, expires }));
}

/** Destroys by removing the record, under the lock, as the real step does. */
async function destroyRecord(
  { name }: EnvironmentRecord,
  still: (now: EnvironmentRecord) => boolean,
): Promise<'destroyed' | 'overtaken'> {
  const lock = await store.lock(name, 'destroy');
  try {
    const now = await store.readRecord(name);
    if (now === null || !still(now)) return 'overtaken';
    await lock.store.removeRecord(name);
    destroyed.push(name);
    return 'destroyed';
  } finally {
    await lock.release();
  }
}

const gc = (more: Partial<GcTools> = {}) =>
  collectExpired({
    store,
    clock,
    host,
    config,
    signal: new AbortController().signal,
    dryRun: false,
    destroy: destroyRecord,
    ...more,
  });

const outcomes = async (more: Partial<GcTools> = {}): Promise<Record<string, string>> =>
  Object.fromEntries((await gc(more)).environments.map(({ environment, outcome }) => [environment, outcome]));

describe('gc', () => {
  it('destroys what has expired and only that, the longest past first', async () => {
    await given(
      ['feature-now', at(0)],
      ['feature-past', at(-hour)],
      ['feature-later', at(1)],
      ['feature-forever', null],
    );
    const { environments, exitCode } = await gc();
    expect(environments.map(({ environment }) => environment)).toEqual(['feature-past', 'feature-now']);
    expect(exitCode).toBe(0);
    expect((await store.listRecords()).map(({ name }) => name)).toEqual(['feature-forever', 'feature-later']);
    clock.advance(1);
    expect(await outcomes()).toEqual({ 'feature-later': 'destroyed' });
  });

  it('never destroys a protected environment, whatever its record says', async () => {
    await given(['staging', at(-hour)], ['live', at(-hour)], ['prod', at(-hour)]);
    expect(await outcomes()).toEqual({ staging: 'protected', live: 'protected', prod: 'protected' });
    expect(destroyed).toEqual([]);
  });

  it('goes on with the others where one stops half-way, and ends with exit code 5', async () => {
    await given(['feature-a', at(-3)], ['feature-b', at(-2)], ['feature-c', at(-1)]);
    const failing: GcTools['destroy'] = (record, still) => {
      if (record.name === 'feature-a') throw new ProvisionError('access-denied', 'No.');
      if (record.name === 'feature-b') throw new ProvisionError('destroy-failed', 'Half-way.');
      return destroyRecord(record, still);
    };
    const { environments, exitCode } = await gc({ destroy: failing });
    expect(environments.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'destroyed']);
    expect(exitCode).toBe(5);
  });

  it('ends with exit code 4 where something was left behind, with its own where one failed otherwise', async () => {
    await given(['feature-a', at(-3)]);
    expect(await gc({ destroy: () => Promise.resolve('left-behind') })).toMatchObject({ exitCode: 4 });
    const locked = await store.lock('feature-a', 'verify');
    expect(await gc()).toMatchObject({
      exitCode: 1,
      environments: [{ outcome: 'failed', error: { code: 'transfer-locked' } }],
    });
    await locked.release();
  });

  it('leaves alone what is extended after it looked', async () => {
    await given(['feature-a', at(-3)]);
    const late: GcTools['destroy'] = async (record, still) => {
      await extend('feature-a', '2d', { store, clock, config });
      return destroyRecord(record, still);
    };
    expect(await outcomes({ destroy: late })).toEqual({ 'feature-a': 'overtaken' });
    expect((await store.readRecord('feature-a'))?.expires).toBe(at(48 * hour));
  });

  it('begins nothing new once it is interrupted', async () => {
    await given(['feature-a', at(-3)], ['feature-b', at(-2)]);
    const stop = new AbortController();
    const { environments, exitCode } = await gc({
      signal: stop.signal,
      destroy: (record, still) => {
        stop.abort();
        return destroyRecord(record, still);
      },
    });
    expect(environments.map(({ outcome }) => outcome)).toEqual(['destroyed', 'not-begun']);
    expect(exitCode).toBe(5);
  });

  it('changes nothing and tells nobody on a dry run', async () => {
    await given(['feature-a', at(-3)], ['feature-b', at(hour)]);
    const tell = () => Promise.reject(new Error('told'));
    const result = await gc({ dryRun: true, tell });
    expect(result.environments).toMatchObject([{ environment: 'feature-a', outcome: 'would-destroy' }]);
    expect(result.notices).toMatchObject([{ environment: 'feature-b', delivery: 'shown' }]);
    expect(await store.listRecords()).toHaveLength(2);
  });
});

describe('notice before the end', () => {
  it('is an event on every run, and one message for each end', async () => {
    await given(['feature-a', at(23 * hour)], ['feature-b', at(25 * hour)]);
    const told: Notice[] = [];
    const tell = (notice: Notice): Promise<void> => {
      told.push(notice);
      return Promise.resolve();
    };
    expect((await gc({ tell })).notices).toMatchObject([{ environment: 'feature-a', delivery: 'told' }]);
    expect((await gc({ tell })).notices).toMatchObject([{ delivery: 'told-before' }]);
    expect(host.events.filter(({ type }) => type === 'ends-soon')).toHaveLength(2);
    await extend('feature-a', '1h', { store, clock, config });
    expect((await gc({ tell })).notices).toMatchObject([{ delivery: 'told' }]);
    expect(told.map(({ expires, left }) => [expires, left])).toEqual([
      [at(23 * hour), '23 h left'],
      [at(24 * hour), '1 d left'],
    ]);
  });

  it('that cannot be delivered is said, and tried again by the next run', async () => {
    await given(['feature-a', at(hour)]);
    const tell = (): Promise<void> => Promise.reject(new ProvisionError('network-unreachable', 'No answer.'));
    const { notices, exitCode } = await gc({ tell });
    expect(notices).toMatchObject([{ delivery: 'failed', error: { code: 'network-unreachable' } }]);
    expect(exitCode).toBe(0);
    expect((await gc({ tell: () => Promise.resolve() })).notices).toMatchObject([{ delivery: 'told' }]);
  });
});

describe('extend', () => {
  it('keeps the caps and leaves the record alone where they forbid it', async () => {
    await given(['feature-a', at(6 * 24 * hour)]);
    await expect(extend('feature-a', '2d', { store, clock, config })).rejects.toMatchObject({
      code: 'ttl-invalid',
    });
    expect((await store.readRecord('feature-a'))?.expires).toBe(at(6 * 24 * hour));
  });

  it.each([
    ['an environment without a record', [], 'environment-not-found'],
    ['a protected one', [aRecord({ name: 'feature-a' }), aRecord({ name: 'live' })], 'protected-environment'],
    ['one without an end', [aRecord({ name: 'live-not', expires: null })], 'ttl-invalid'],
    ['one that is being destroyed', [aRecord({ name: 'x', status: 'destroying' })], 'nothing-to-resume'],
  ] as const)('refuses %s', async (_, records, code) => {
    for (const record of records) await writeRecord(store, record);
    const name = records.at(-1)?.name ?? 'feature-a';
    await expect(extend(name, '2d', { store, clock, config })).rejects.toMatchObject({ code });
  });
});
