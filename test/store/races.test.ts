/**
 * A lock has one holder: eight takers of 2,000 locks that were left behind, in processes of their own on real files, and
 * on a bucket; and eight that come in the same instant. Half a minute each on two cores that have nothing else to do.
 */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { createFileStore } from '../../src/store/file-store.ts';
import { createObjectStore } from '../../src/store/object-store.ts';
import { identifyThisProcess } from '../../src/store/process-identity.ts';
import type { Lock, Store } from '../../src/transfer/store.ts';
import { bucket } from './support/bucket.ts';

const takers = 8;
const rounds = 2_000;
const taker = new URL('support/taker.ts', import.meta.url).pathname;

describe('a lock that was left behind', () => {
  it('of files goes to one of eight processes, 2,000 times', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'pe-races-'));
    const [folder, log] = [join(parent, '.provision-env'), join(parent, 'log')];
    await Promise.all(
      Array.from({ length: takers }, () =>
        execa(process.execPath, ['--import', import.meta.resolve('tsx'), taker, folder, log, String(rounds)]),
      ),
    );
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(2 * rounds);
    const holders = new Set<string>();
    let last = 0;
    for (let index = 0; index < lines.length; index += 2) {
      const [enter, leave] = [lines[index] ?? '', lines[index + 1] ?? ''];
      const [, pid = '', token = ''] = enter.split(' ');
      // Nobody else comes in before the one that is in has left.
      expect([enter, leave]).toEqual([`enter ${pid} ${token}`, `leave ${pid} ${token}`]);
      expect(Number(token)).toBeGreaterThan(last);
      last = Number(token);
      holders.add(pid);
    }
    expect(holders.size).toBeGreaterThan(1);
  }, 600_000);

  it('of files goes to one of eight that come in the same instant', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'pe-races-')), '.provision-env');
    const stores = Array.from({ length: takers }, () => createFileStore(folder));
    const leave = async (command: string): Promise<Lock> => {
      const dead = { ...(await identifyThisProcess()), started: 'another' };
      return createFileStore(folder, { identify: () => Promise.resolve(dead) }).lock('feature-auth', command);
    };
    expect(await inTurn(250, stores, leave)).toBe(250);
  }, 600_000);

  it('of a bucket goes to one of eight, 2,000 times', async () => {
    const objects = bucket();
    const self = await identifyThisProcess();
    const [dead, live] = [{ ...self, started: 'another' }, self];
    const open = (identity: typeof self) =>
      createObjectStore(objects, { identify: () => Promise.resolve(identity) });
    const stores = Array.from({ length: takers }, () => open(live));
    const leave = (command: string): Promise<Lock> => open(dead).lock('feature-auth', command);
    expect(await inTurn(rounds, stores, leave)).toBe(rounds);
  }, 600_000);
});

/**
 * @param leave takes a lock that looks as if its process were gone
 * @returns how many rounds had one winner
 */
async function inTurn(
  count: number,
  stores: readonly Store[],
  leave: (command: string) => Promise<Lock>,
): Promise<number> {
  let last = 0;
  for (let round = 0; round < count; round += 1) {
    const left = await leave('left behind');
    const taken = await Promise.allSettled(stores.map((store) => store.lock('feature-auth', 'race')));
    const won = taken.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(won).toHaveLength(1);
    expect(won[0]?.token).toBeGreaterThan(last);
    last = won[0]?.token ?? 0;
    await left.release();
    await won[0]?.release();
  }
  return count;
}
