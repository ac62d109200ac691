import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordBlocks, recordListBlocks } from '../../src/report/records.ts';
import { sleepBlocks } from '../../src/report/sleep.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { refuseToVerifyAsleep } from '../../src/steps/asleep.ts';
import { sleep, type SleepRequest, type SleepResult, wake } from '../../src/steps/sleep.ts';
import { createFileStore } from '../../src/store/file-store.ts';
import type { EnvironmentRecord, RecordedResource } from '../../src/transfer/record.ts';
import type { Store } from '../../src/transfer/store.ts';
import { fakeClock, type FakeClock, fakeHost, type FakeHost, notesOf } from '../channels/tools.ts';
import { aCluster, anInstance, type FakeRds, fakeRds } from '../support/fake-rds.ts';
import { aRecord } from '../support/record.ts';
import { writeRecord } from '../support/store.ts';

const name = 'feature-auth';
let store: Store;
let clock: FakeClock;
let host: FakeHost;
let rds: FakeRds;
beforeEach(async () => {
  store = createFileStore(join(await mkdtemp(join(tmpdir(), 'pe-sleep-')), '.provision-env'));
  clock = fakeClock(Date.parse('2026-03-01T12:00:00Z'));
  host = fakeHost([]);
  rds = fakeRds();
});

const request = (more: Partial<SleepRequest> = {}): SleepRequest => ({
  store,
  clock,
  host,
  signal: new AbortController().signal,
  config: { protected: ['live'], shared: [] },
  rds: () => Promise.resolve(rds.client),
  ...more,
});

const inRecord = (type: string, id: string): RecordedResource => ({
  address: `${type}.${id.replaceAll('-', '_')}`,
  type,
  identity: id,
  // The provider's id of an instance is not what the service calls it.
  id: type === 'aws_db_instance' ? 'db-ABCDEFG' : id,
  arn: `arn:aws:rds:ap-southeast-1:123456789012:${type === 'aws_rds_cluster' ? 'cluster' : 'db'}:${id}`,
});

async function given(
  resources: readonly RecordedResource[],
  more: Partial<EnvironmentRecord> = {},
): Promise<void> {
  await writeRecord(store, aRecord({ name, resources, ...more }));
}

const outcomes = ({ databases }: SleepResult): Record<string, string> =>
  Object.fromEntries(databases.map(({ id, outcome }) => [id, outcome]));

const capacity = (id: string) => rds.clusters.get(id)?.ServerlessV2ScalingConfiguration;
const statusOf = (id: string) => (rds.clusters.get(id) ?? rds.instances.get(id))?.status;

describe('Aurora Serverless v2', () => {
  beforeEach(async () => {
    aCluster(rds, 'app-db');
    await given([inRecord('aws_rds_cluster', 'app-db'), inRecord('aws_rds_cluster_instance', 'app-db-1')]);
  });

  it('goes down to zero capacity, and gets back what it had', async () => {
    const slept = await sleep(name, request());
    expect(outcomes(slept)).toEqual({ 'app-db': 'asleep' });
    expect(slept.exitCode).toBe(0);
    expect(capacity('app-db')).toEqual({ MinCapacity: 0, MaxCapacity: 4, SecondsUntilAutoPause: 300 });
    expect((await store.readRecord(name))?.asleep).toMatchObject({
      since: '2026-03-01T12:00:00.000Z',
      databases: [{ id: 'app-db', way: 'pause', before: { min: 0.5, max: 4 } }],
    });
    expect(statusOf('app-db')).toBe('available');

    expect(outcomes(await wake(name, request()))).toEqual({ 'app-db': 'awake' });
    expect(capacity('app-db')).toEqual({ MinCapacity: 0.5, MaxCapacity: 4 });
    expect((await store.readRecord(name))?.asleep).toBeUndefined();
  });

  it('is put to sleep twice as if once, and remembers the capacity that it had awake', async () => {
    await sleep(name, request());
    expect(outcomes(await sleep(name, request()))).toEqual({ 'app-db': 'was-asleep' });
    expect(rds.calls).toEqual(['modify app-db']);
    await wake(name, request());
    expect(capacity('app-db')?.MinCapacity).toBe(0.5);
    expect((await wake(name, request())).databases).toEqual([]);
  });

  it('is woken after a run that died between the note and the change', async () => {
    rds.refuse = { call: 'modify', error: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) };
    const died = await sleep(name, request());
    expect(died.exitCode).toBe(5);
    expect(died.databases).toMatchObject([{ outcome: 'failed' }]);
    expect((await store.readRecord(name))?.asleep?.databases).toHaveLength(1);
    rds.refuse = null;
    expect(outcomes(await wake(name, request()))).toEqual({ 'app-db': 'was-awake' });
    expect((await store.readRecord(name))?.asleep).toBeUndefined();
  });

  it('is not noted as asleep where the service refuses', async () => {
    rds.refuse = {
      call: 'modify',
      error: Object.assign(new Error('no'), { name: 'InvalidDBClusterStateFault' }),
    };
    const refused = await sleep(name, request());
    expect(refused.databases).toMatchObject([
      { outcome: 'failed', detail: expect.stringContaining('InvalidDBClusterStateFault') },
    ]);
    expect((await store.readRecord(name))?.asleep).toBeUndefined();
    expect((await store.readJournal(name)).map(({ step, phase }) => [step, phase])).toEqual([
      ['sleep', 'begin'],
      ['sleep', 'fail'],
    ]);
  });

  it('is left as it is where it pauses by its own settings', async () => {
    aCluster(rds, 'app-db', {
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 2, SecondsUntilAutoPause: 600 },
    });
    expect(outcomes(await sleep(name, request()))).toEqual({ 'app-db': 'was-asleep' });
    expect(rds.calls).toEqual([]);
    expect((await store.readRecord(name))?.asleep).toBeUndefined();
  });

  it('tells what it saves: 0.5 ACU for 730 hours', async () => {
    const { saves } = await sleep(name, request());
    expect(saves?.cost).toMatchObject({ currency: 'USD', monthlyTotal: 73, unknown: [] });
  });

  it('lets a verification go on, which says that the first connection wakes it', async () => {
    const { record } = await sleep(name, request());
    refuseToVerifyAsleep(record, host);
    expect(notesOf(host.events)[0]).toContain('the first connection wakes it');
  });
});

describe('what cannot pause', () => {
  it('is stopped and started, and waited for', async () => {
    aCluster(rds, 'app-db', { EngineVersion: '15.4' });
    anInstance(rds, 'app-legacy');
    await given([inRecord('aws_rds_cluster', 'app-db'), inRecord('aws_db_instance', 'app-legacy')]);
    const slept = await sleep(name, request());
    expect(outcomes(slept)).toEqual({ 'app-db': 'asleep', 'app-legacy': 'asleep' });
    expect([statusOf('app-db'), statusOf('app-legacy')]).toEqual(['stopped', 'stopped']);
    expect(capacity('app-db')?.MinCapacity).toBe(0.5);
    expect(clock.pauses.length).toBeGreaterThan(0);
    expect(host.events).toContainEqual(
      expect.objectContaining({ type: 'waiting', what: expect.stringContaining('stopping') }),
    );
    expect(toMarkdown(sleepBlocks(slept))).toContain('after 7 days, on 2026-03-08');

    expect(outcomes(await wake(name, request()))).toEqual({ 'app-db': 'awake', 'app-legacy': 'awake' });
    expect([statusOf('app-db'), statusOf('app-legacy')]).toEqual(['available', 'available']);
    expect((await store.readRecord(name))?.asleep).toBeUndefined();
    expect((await store.readJournal(name)).filter(({ step }) => step === 'wake')).toHaveLength(4);
  });

  beforeEach(() => {
    anInstance(rds, 'app-db');
  });

  it('is stopped anew where AWS has started it after seven days', async () => {
    await given([inRecord('aws_db_instance', 'app-db')]);
    await sleep(name, request());
    Object.assign(rds.instances.get('app-db') ?? {}, { status: 'available', next: [] });
    expect(outcomes(await sleep(name, request()))).toEqual({ 'app-db': 'asleep' });
    expect(rds.calls).toEqual(['stop app-db', 'stop app-db']);
  });

  it('is waited for no longer than the bound, and the next run goes on', async () => {
    await given([inRecord('aws_db_instance', 'app-db')]);
    Object.assign(rds.instances.get('app-db') ?? {}, { status: 'modifying', next: [] });
    const late = await sleep(name, request());
    expect(late).toMatchObject({ exitCode: 5, databases: [{ outcome: 'failed' }] });
    expect(late.databases[0]?.detail).toContain('after 40 minutes');
    expect(rds.calls).toEqual([]);
    Object.assign(rds.instances.get('app-db') ?? {}, { status: 'available' });
    expect(outcomes(await sleep(name, request()))).toEqual({ 'app-db': 'asleep' });
  });

  it('is not waited for where it cannot come to anything', async () => {
    await given([inRecord('aws_db_instance', 'app-db')]);
    Object.assign(rds.instances.get('app-db') ?? {}, { status: 'incompatible-network', next: [] });
    expect((await sleep(name, request())).databases).toMatchObject([
      { outcome: 'failed', detail: expect.stringContaining('incompatible-network') },
    ]);
    expect(clock.pauses).toEqual([]);
  });

  it('keeps a verification from its start, and says what to do', async () => {
    await given([inRecord('aws_db_instance', 'app-db')]);
    const { record } = await sleep(name, request());
    expect(() => refuseToVerifyAsleep(record, host)).toThrowError(
      expect.objectContaining({
        code: 'asleep',
        message: expect.stringContaining('Nothing was verified'),
        hint: expect.stringContaining('provision-env wake feature-auth'),
      }) as Error,
    );
  });

  it('is shown as asleep by list and status', async () => {
    await given([inRecord('aws_db_instance', 'app-db')]);
    const { record } = await sleep(name, request());
    expect(toMarkdown(recordListBlocks([record], clock.now()))).toContain('verified, asleep');
    expect(toMarkdown(recordBlocks(record, clock.now()))).toContain('app-db stopped; AWS starts');
    const cost = { currency: 'USD', monthlyTotal: 50, monthlyDelta: 43.8, unknown: ['aws_x.y'] } as const;
    expect(
      toMarkdown(recordBlocks({ ...record, cost }, clock.now()))
        .replaceAll('&#36;', '$')
        .replaceAll('&#43;', '+'),
    ).toContain('+$43.80 a month, $50.00 in all, and 1 unknown price, while awake');
    clock.advance(8 * 86_400_000);
    expect(toMarkdown(recordBlocks(record, clock.now()))).toContain('AWS has started');
  });
});

describe('what is not touched', () => {
  beforeEach(() => {
    aCluster(rds, 'app-db');
  });
  const cluster = inRecord('aws_rds_cluster', 'app-db');

  it('is a protected environment', async () => {
    for (const each of ['dev', 'staging', 'prod', 'live']) {
      await writeRecord(store, aRecord({ name: each, resources: [cluster] }));
      await expect(sleep(each, request())).rejects.toMatchObject({ code: 'protected-environment' });
      await expect(wake(each, request())).rejects.toMatchObject({ code: 'protected-environment' });
    }
    expect(rds.calls).toEqual([]);
  });

  it('is an environment that was not made here', async () => {
    await expect(sleep('feature-other', request())).rejects.toMatchObject({ code: 'environment-not-found' });
  });

  it.each(['applying', 'halfway', 'destroying'] as const)('is one that is %s', async (status) => {
    await given([cluster], { status });
    await expect(sleep(name, request())).rejects.toMatchObject({ code: 'not-finished' });
  });

  it('is one that somebody else is at work on', async () => {
    await given([cluster]);
    const lock = await store.lock(name, 'verify');
    await expect(sleep(name, request())).rejects.toMatchObject({ code: 'transfer-locked' });
    await lock.release();
  });

  it('is what another environment has too', async () => {
    await given([cluster]);
    await writeRecord(store, aRecord({ name: 'feature-b', resources: [cluster] }));
    expect(outcomes(await sleep(name, request()))).toEqual({ 'app-db': 'left' });
    expect(rds.calls).toEqual([]);
  });

  it('is what is declared shared, by address or by name', async () => {
    await given([cluster]);
    for (const shared of [['aws_rds_cluster.app_db'], ['app-*']]) {
      const config = { protected: [], shared };
      expect(outcomes(await sleep(name, request({ config })))).toEqual({ 'app-db': 'left' });
    }
    expect(rds.calls).toEqual([]);
  });

  it('is a cluster that is not in the record, though an instance of it is', async () => {
    await given([inRecord('aws_rds_cluster_instance', 'app-db-1')]);
    const { databases } = await sleep(name, request());
    expect(databases).toMatchObject([{ outcome: 'left', detail: expect.stringContaining('app-db') }]);
    expect(rds.calls).toEqual([]);
  });

  it('is nothing at all where there is no database', async () => {
    await given([]);
    const result = await sleep(name, request());
    expect(result).toMatchObject({ exitCode: 0, databases: [], saves: null });
    expect(toMarkdown(sleepBlocks(result))).toContain('no database');
  });
});

it('goes on with the others where one is gone', async () => {
  aCluster(rds, 'app-db');
  await given([inRecord('aws_db_instance', 'app-lost'), inRecord('aws_rds_cluster', 'app-db')]);
  expect(outcomes(await sleep(name, request()))).toEqual({ 'app-lost': 'gone', 'app-db': 'asleep' });
});
