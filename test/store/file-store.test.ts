/** What holds of files only: how they lie, and what else may lie in their place. */
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFileStore } from '../../src/store/file-store.ts';
import { aRecord } from '../support/record.ts';
import { appendJournal, writeRecord } from '../support/store.ts';
import { takeAndFreeze } from './support/freeze.ts';
import { row } from './support/places.ts';

const name = 'feature-auth';
let folder: string;
let locks: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'pe-store-')), '.provision-env');
  locks = join(folder, 'locks', name);
});

const record = aRecord({ name, status: 'applied' });
/** A clock that runs as fast as one waits: nobody is watched for as long as it says. */
const hasty = () => {
  let now = 0;
  return { elapsed: () => now, pause: (ms: number) => Promise.resolve(void (now += ms)) };
};

describe('records', () => {
  it('are said to be unreadable where there is something else in their place', async () => {
    await mkdir(join(folder, 'records', `${name}.json`), { recursive: true });
    await expect(createFileStore(folder).readRecord(name)).rejects.toMatchObject({
      code: 'state-unreadable',
      hint: expect.stringContaining('whether it is a file') as string,
    });
  });

  it('lie in a folder that version control ignores and others cannot read', async () => {
    await writeRecord(createFileStore(folder), record);
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe('*\n');
    expect((await stat(folder)).mode & 0o077).toBe(0);
    expect((await stat(join(folder, `records/${name}.json`))).mode & 0o077).toBe(0);
  });

  it('that somebody broke are reported, not taken for absent', async () => {
    const store = createFileStore(folder);
    await writeRecord(store, record);
    await writeFile(join(folder, `records/${name}.json`), '{"version":1');
    await expect(store.readRecord(name)).rejects.toMatchObject({ code: 'state-unreadable' });
  });
});

it('the journal survives a line cut short by a crash', async () => {
  const store = createFileStore(folder);
  await appendJournal(store, name, row('first'));
  await appendFile(join(folder, `journal/${name}.jsonl`), '{"transfer":"t1","st');
  await appendJournal(store, name, row('second'));
  expect((await store.readJournal(name)).map((entry) => entry.name)).toEqual(['first', 'second']);
});

describe('the lock', () => {
  it('leaves nothing behind but the generations that tell its token', async () => {
    const store = createFileStore(folder);
    for (let round = 0; round < 30; round += 1) await (await store.lock(name, 'x')).release();
    expect((await readdir(locks)).map(Number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 9 }, (_, index) => 22 + index),
    );
    for (const generation of await readdir(locks))
      expect(await readdir(join(locks, generation))).toEqual(['owner.json']);
  });

  it('does not go by our clock: hours between two machines neither take a live lock nor keep a dead one', async () => {
    const clock = hasty();
    const holder = createFileStore(folder, { leaseMs: 60_000, elapsed: () => 0 });
    const lock = await takeAndFreeze(holder, name);
    const beat = async (): Promise<string> => {
      const generation = join(locks, String(lock.token));
      const held = (await readdir(generation)).find((each) => each.startsWith('held-')) ?? '';
      return join(generation, held, 'beat');
    };
    const set = async (secondsFromNow: number): Promise<void> => {
      const time = Date.now() / 1000 + secondsFromNow;
      await utimes(await beat(), time, time);
    };
    // Set back by hours, or ahead by hours: who renews it while it is watched has it.
    for (const seconds of [-7_200, 7_200]) {
      await set(seconds);
      let looks = 0;
      const renewing = {
        elapsed: clock.elapsed,
        async pause(ms: number) {
          await clock.pause(ms);
          if ((looks += 1) === 3) await writeFile(await beat(), `renewed ${seconds}`);
          await set(seconds);
        },
      };
      await expect(createFileStore(folder, renewing).lock(name, 'x')).rejects.toMatchObject({
        code: 'transfer-locked',
      });
    }
    // And who does not has lost it, also where its last sign is from the future.
    await set(7_200);
    const started = clock.elapsed();
    const next = await createFileStore(folder, clock).lock(name, 'resume');
    expect(clock.elapsed() - started).toBeGreaterThanOrEqual(60_000);
    await next.release();
    await lock.release();
  });

  it('is whole from the first instant, and a holder that died while it was made is nobody', async () => {
    const store = createFileStore(folder);
    await (await store.lock(name, 'x')).release();
    await mkdir(join(locks, 'new-crashed', 'held-crashed'), { recursive: true });
    // Cut short while it was given back: nothing but the folder that says that it is held.
    await mkdir(join(locks, '2', 'held-crashed'), { recursive: true });
    await expect(store.lock(name, 'x')).rejects.toMatchObject({
      code: 'transfer-locked',
      message: expect.stringContaining(join(locks, '2')) as string,
    });
    const past = Date.now() / 1000 - 3_600;
    await utimes(join(locks, '2', 'held-crashed'), past, past);
    const lock = await createFileStore(folder, hasty()).lock(name, 'x');
    expect(lock.token).toBe(3);
    await lock.release();
  });

  it('that says nothing readable of its holder is named, and taken over once nobody renews it', async () => {
    const lock = await takeAndFreeze(createFileStore(folder, { elapsed: () => 0 }), name);
    await writeFile(join(locks, '1', 'owner.json'), 'garbage');
    await expect(createFileStore(folder).lock(name, 'x')).rejects.toMatchObject({
      code: 'transfer-locked',
      message: expect.stringContaining(join(locks, '1')) as string,
    });
    const generation = join(locks, '1');
    const held = (await readdir(generation)).find((each) => each.startsWith('held-')) ?? '';
    const past = Date.now() / 1000 - 3_600;
    await utimes(join(generation, held, 'beat'), past, past);
    const next = await createFileStore(folder, hasty()).lock(name, 'x');
    await expect(lock.store.writeRecord(record)).rejects.toMatchObject({ code: 'lock-lost' });
    await next.release();
    await lock.release();
  });

  it.each([
    ['a file where its folder should be', async () => writeFile(locks, '')],
    [
      'a file in the place of a generation',
      async () => {
        await mkdir(locks);
        await writeFile(join(locks, '1'), '');
      },
    ],
    [
      'a folder in the place of its beat',
      async () => mkdir(join(locks, '1', 'held-x', 'beat'), { recursive: true }),
    ],
  ])('names what lies in its place: %s', async (_what, place) => {
    await mkdir(join(folder, 'locks'), { recursive: true });
    await place();
    await expect(createFileStore(folder).lock(name, 'x')).rejects.toMatchObject({
      code: 'lock-unreadable',
      source: 'environment',
      message: expect.stringContaining(locks) as string,
      hint: expect.stringContaining('remove it') as string,
    });
  });

  it('that somebody removed by hand is lost, and its number is no way back', async () => {
    const lock = await takeAndFreeze(createFileStore(folder, { elapsed: () => 0 }), name);
    await rm(locks, { recursive: true });
    const next = await createFileStore(folder).lock(name, 'x');
    await expect(lock.store.writeRecord(record)).rejects.toMatchObject({ code: 'lock-lost' });
    await lock.release();
    await next.store.writeRecord(record);
    await next.release();
  });

  it('of a taker that looked long ago is none: old numbers are not free again', async () => {
    const store = createFileStore(folder);
    for (let round = 0; round < 12; round += 1) await (await store.lock(name, 'x')).release();
    const lock = await store.lock(name, 'live');
    // As one who was stopped after it had looked publishes it.
    await mkdir(join(locks, 'new-late', 'held-late'), { recursive: true });
    await writeFile(join(locks, 'new-late', 'owner.json'), '{}');
    await expect(rename(join(locks, 'new-late'), join(locks, '12'))).rejects.toMatchObject({
      code: expect.stringMatching(/ENOTEMPTY|EEXIST/) as string,
    });
    await lock.store.writeRecord(record);
    await lock.release();
  });
});
