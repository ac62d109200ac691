/**
 * The disk is full, or cannot be written any more, from any write of a run on: told as that, with what is safe; nothing is
 * lost, and once it is mended the same command or `resume` comes to the end that it would have come to.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type * as Fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import '../support/mock-outside.ts';
import { runCommand } from '../worlds/command.ts';
import { makeWorld } from '../worlds/make.ts';
import { type Snapshot, type World, worldFrom } from '../worlds/world.ts';

/** Writes since the last `begin`, and from which on they fail. */
const disk = vi.hoisted(() => ({ writes: [] as string[], failsFrom: Infinity, code: 'ENOSPC' }));

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof Fs>();
  const check = (call: string, path: unknown): void => {
    disk.writes.push(`${call} ${String(path)}`);
    if (disk.writes.length <= disk.failsFrom) return;
    throw Object.assign(new Error(`${disk.code}: refused, ${call} '${String(path)}'`), {
      code: disk.code,
      syscall: call,
      path: String(path),
    });
  };
  const failing =
    <Args extends readonly unknown[], Result>(call: string, act: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      check(call, args[0]);
      return act(...args);
    };
  return {
    ...real,
    mkdir: failing('mkdir', real.mkdir as (path: string) => Promise<unknown>),
    mkdtemp: failing('mkdtemp', real.mkdtemp as (path: string) => Promise<string>),
    writeFile: failing('open', real.writeFile as (path: string) => Promise<void>),
    appendFile: failing('open', real.appendFile as (path: string) => Promise<void>),
    rename: failing('rename', real.rename),
    link: failing('link', real.link),
    async open(...args: Parameters<typeof real.open>): Promise<Fs.FileHandle> {
      if (args[1] !== undefined && args[1] !== 'r') check('open', args[0]);
      return real.open(...args);
    },
  };
});
const shape = { backend: 's3-file', module: 'two', company: 0, killed: false } as const;
const folder = mkdtempSync(join(tmpdir(), 'pe-disk-'));
const codes = ['ENOSPC', 'EROFS', 'EACCES', 'EMFILE', 'EIO'];
let snapshot: Snapshot;
let world: World;

// The first command loads all of the command line.
beforeAll(async () => {
  snapshot = await makeWorld(shape, folder);
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly exitCode: number;
  readonly stderr: string;
  readonly error?: { readonly code: string; readonly source: string; readonly message: string } | null;
}

async function run(args: readonly string[], failsFrom = Infinity, code = 'ENOSPC'): Promise<Ended> {
  Object.assign(disk, { writes: [], failsFrom, code });
  try {
    const { exitCode, stderr, document } = await runCommand(world, args);
    return { exitCode, stderr, ...(document as Pick<Ended, 'error'>) };
  } finally {
    disk.failsFrom = Infinity;
  }
}
const things = (name: string): string[] =>
  world.account.things
    .filter((thing) => thing.name.includes(name))
    .map(({ type, name: called }) => `${type} ${called}`)
    .sort();

const same = (a: readonly string[], b: readonly string[]): boolean => a.join('\n') === b.join('\n');

/** The last: every how many writes are tried. A transfer has many of a kind. */
const commands: readonly (readonly [string, readonly string[], string, 'made' | 'gone', number])[] = [
  ['provision', ['other', 'from=dev', '--yes'], 'other', 'made', 2],
  ['destroy', ['destroy', 'feature', '--yes'], 'feature', 'gone', 1],
];

describe.each(commands)('%s', (command, args, name, wanted, step) => {
  it('tells a fault of the disk from any of its writes on, and comes to its end afterwards', async () => {
    world = worldFrom(snapshot, shape, folder);
    expect(await run(args)).toMatchObject({ exitCode: 0 });
    const end = things(name);
    const writes = disk.writes.length;
    expect(writes).toBeGreaterThan(20);
    const problems: string[] = [];
    for (let at = 0; at < writes; at += step) {
      world = worldFrom(snapshot, shape, folder);
      const before = things(name);
      const code = codes[at % codes.length] ?? 'ENOSPC';
      const { exitCode, error, stderr } = await run(args, at, code);
      const told = error?.message ?? stderr.slice(-300);
      const say = (what: string): void =>
        void problems.push(`${command}, ${code} from ${disk.writes[at]} on: ${what} (${exitCode}: ${told})`);
      const after = things(name);
      if (exitCode === 0 && !same(after, end)) say('ends well, and is not done');
      if (exitCode !== 0 && error?.source !== 'environment') say('is no error of the environment');
      if (/\bbug\b/.test(stderr)) say('is called a bug');
      if (told.includes('Nothing was changed') && !same(before, after)) say('changed something');
      const again = await run(args);
      const gone = again.error?.code === 'not-ours' && exitCode === 0 && wanted === 'gone';
      const ended = again.exitCode === 0 || wanted === 'gone' ? again : await run(['resume', name, '--yes']);
      if (ended.exitCode !== 0 && !gone) say(`does not go on: ${ended.error?.message ?? ''}`);
      if (!same(things(name), end)) say('comes to another end');
    }
    expect(problems).toEqual([]);
  }, 600_000);
});
