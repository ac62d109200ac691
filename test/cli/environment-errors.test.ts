/** A full disk, a read-only folder, too many files: told with the file, what is safe and what to do, and never as a bug. */
import { readdirSync, readFileSync } from 'node:fs';
import type * as Fs from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { outcomeOf } from '../../src/cli/outcome.ts';
import { createFileStore } from '../../src/store/file-store.ts';
import { writeWhole } from '../../src/store/write-whole.ts';
import { ProvisionError, toProvisionError } from '../../src/transfer/errors.ts';
import type { Lock } from '../../src/transfer/store.ts';
import { makeProject, runCli } from '../support/cli.ts';
import { aRecord } from '../support/record.ts';
import { row } from '../store/support/places.ts';

interface Fault {
  readonly code: string;
  /** Calls of the file system that fail. */
  readonly calls: readonly string[];
  readonly path: RegExp;
}

const state = vi.hoisted(() => ({ fault: null as Fault | null }));

/** What the system would throw: of a call on an open file it names no path. */
function refused(call: string, path: unknown, named = true): Error | null {
  const { fault } = state;
  if (fault === null || !fault.calls.includes(call) || !fault.path.test(String(path))) return null;
  const more = named ? { path: String(path) } : {};
  return Object.assign(new Error(`${fault.code}: refused, ${call}`), {
    code: fault.code,
    syscall: call,
    ...more,
  });
}

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof Fs>();
  const faulty =
    <Args extends readonly unknown[], Result>(call: string, act: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const error = refused(call, args[0]);
      if (error) throw error;
      return act(...args);
    };
  return {
    ...real,
    mkdir: faulty('mkdir', real.mkdir as (path: string) => Promise<unknown>),
    rename: faulty('rename', real.rename),
    writeFile: faulty('open', real.writeFile as (path: string) => Promise<void>),
    readdir: faulty('scandir', real.readdir as (path: string) => Promise<unknown>),
    readFile: faulty('open', real.readFile as (path: string) => Promise<unknown>),
    async open(...args: Parameters<typeof real.open>): Promise<Fs.FileHandle> {
      const error = refused('open', args[0]);
      if (error) throw error;
      const handle = await real.open(...args);
      const write = handle.writeFile.bind(handle);
      handle.writeFile = async (data: string) => {
        const full = refused('write', args[0], false);
        if (full === null) return write(data);
        // A full disk takes what fits.
        await write(data.slice(0, data.length / 2));
        throw full;
      };
      return handle;
    },
  };
});

afterEach(() => {
  state.fault = null;
});

const name = 'feature-auth';
const expires = new Date(Date.now() + 3_600_000).toISOString();
const everyFile = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => !file.startsWith('locks/'));

describe.each([
  ['ENOSPC', 'disk-full', /No space is left on the disk/],
  ['EDQUOT', 'disk-full', /quota of the disk is used up|disk quota is used up/],
  ['EROFS', 'not-writable', /file system is read-only/],
  ['EACCES', 'not-writable', /Permission denied/],
  ['EPERM', 'not-writable', /Permission denied/],
  ['EMFILE', 'too-many-files', /Too many files are open/],
  ['EIO', 'disk-fault', /fault \(EIO\)/],
])('%s', (code, told, words) => {
  it.each([
    ['where the lock is taken', ['mkdir', 'open'], /locks\/feature-auth/],
    ['where the record is written', ['write'], /held-/],
    ['where it is put into its place', ['rename'], /draft-/],
  ])(
    '%s: an error of the environment, and nothing is changed',
    async (where, calls, path) => {
      const project = await makeProject([aRecord({ name, expires })]);
      const own = join(project, '.provision-env');
      const record = join(own, 'records', `${name}.json`);
      const before = { files: everyFile(own), text: readFileSync(record, 'utf8') };
      state.fault = { code, calls, path };
      const { code: exit, stderr, stdout } = await runCli(project, ['extend', name, '1d', '--json']);
      state.fault = null;
      expect(exit).toBe(1);
      const { error } = JSON.parse(stdout) as { error: { code: string; source: string; message: string } };
      const locked = where.includes('lock') && ['EACCES', 'EPERM'].includes(code);
      expect(error).toMatchObject({ code: locked ? 'lock-unreadable' : told, source: 'environment' });
      expect(error.message).toMatch(locked ? /The lock cannot be read/ : words);
      expect(error.message).toContain(where.includes('lock') ? `locks/${name}` : record);
      expect(error.message).toContain('Nothing was changed.');
      expect(stderr).not.toContain('bug');
      // No half of a file, and no draft.
      expect(readFileSync(record, 'utf8')).toBe(before.text);
      expect(everyFile(own)).toEqual(before.files);
      expect(
        readdirSync(own, { recursive: true, encoding: 'utf8' }).filter((file) => /draft|held/.test(file)),
      ).toEqual([]);
      expect((await runCli(project, ['extend', name, '1d'])).code).toBe(0);
      // The first of them loads the command line.
    },
    60_000,
  );
});

it('a folder that cannot be written is read all the same', async () => {
  const project = await makeProject([aRecord({ name, expires })]);
  state.fault = { code: 'EROFS', calls: ['mkdir', 'rename', 'write'], path: /./ };
  for (const args of [['list'], ['status', name], ['status']]) {
    const { code, stdout } = await runCli(project, args);
    expect([code, stdout.includes(name)]).toEqual([0, true]);
  }
});

it('a record that may not be read is not taken for absent', async () => {
  const project = await makeProject([aRecord({ name, expires })]);
  state.fault = { code: 'EACCES', calls: ['open'], path: /records\// };
  const { code, stderr } = await runCli(project, ['status', name]);
  expect(code).toBe(2);
  expect(stderr).toContain(`records/${name}.json`);
});

it('a report that may not be read is not taken for absent', async () => {
  const project = await makeProject([aRecord({ name, expires })], {
    '.provision-env/reports/feature-auth/report.json': '{}',
  });
  state.fault = { code: 'EIO', calls: ['open'], path: /report\.json/ };
  const { code, stderr } = await runCli(project, ['report', name]);
  expect(code).toBe(1);
  expect(stderr).toContain('fault (EIO)');
});

it('a journal keeps its whole lines where the disk fills up in the middle of one', async () => {
  const project = await makeProject();
  const store = createFileStore(join(project, '.provision-env'));
  const lock = await store.lock(name, 'provision');
  await lock.store.appendJournal(name, row('first'));
  state.fault = { code: 'ENOSPC', calls: ['write'], path: /./ };
  await expect(lock.store.appendJournal(name, row('second'))).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringContaining(`journal/${name}.jsonl`) as string,
  });
  state.fault = null;
  expect(readFileSync(join(project, `.provision-env/journal/${name}.jsonl`), 'utf8')).toBe(
    `${JSON.stringify(row('first'))}\n`,
  );
  await lock.store.appendJournal(name, row('third'));
  expect((await store.readJournal(name)).map((each) => each.name)).toEqual(['first', 'third']);
  await lock.release();
});

it('a file of the project is what it was, and has no draft beside it', async () => {
  const project = await makeProject();
  const file = join(project, 'terraform/terraform.dev.tfvars');
  const before = readFileSync(file, 'utf8');
  for (const calls of [['open'], ['write'], ['rename']]) {
    state.fault = { code: 'ENOSPC', calls, path: /terraform\.dev\.tfvars/ };
    await expect(writeWhole(file, `${before}more = "x"\n`)).rejects.toMatchObject({
      code: 'disk-full',
      message: `No space is left on the disk for ${file}.`,
    });
    state.fault = null;
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readdirSync(join(project, 'terraform')).sort()).toEqual(['main.tf', 'terraform.dev.tfvars']);
  }
});

it('half-way, it ends with 5 and says what goes on', () => {
  const full = Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write', path: '/project/x' });
  const lock = (begun: boolean) => ({ begun, lost: new AbortController().signal }) as Lock;
  expect(outcomeOf(full, [lock(false), lock(true)])).toMatchObject({
    code: 'disk-full',
    exitCode: 5,
    source: 'environment',
    message: expect.stringMatching(
      /\/project\/x\. What was done until then is on record: .* goes on\.$/,
    ) as string,
  });
  expect(outcomeOf(full, [lock(false)])).toMatchObject({ exitCode: 1 });
  const other = new ProvisionError('usage', 'x');
  expect(outcomeOf(other, [lock(true)])).toBe(other);
});

it('a lost lock is why a run ended, whatever it was doing', () => {
  const lost = new AbortController();
  const reason = new ProvisionError('lock-lost', 'x', { begun: true });
  lost.abort(reason);
  expect(outcomeOf(new ProvisionError('interrupted', 'y'), [{ lost: lost.signal } as Lock])).toBe(reason);
});

it('codes of the system that are not about files are none of these', () => {
  for (const [code, syscall] of [
    ['EACCES', 'spawn terraform'],
    ['EACCES', 'connect'],
    ['ENOENT', 'open'],
  ])
    expect(toProvisionError(Object.assign(new Error('x'), { code, syscall }))).toMatchObject({
      code: 'unexpected',
    });
});
