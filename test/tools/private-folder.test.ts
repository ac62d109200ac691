import {
  access,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  stat,
  statfs,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { privateFolder, removeLeftovers } from '../../src/tools/private-folder.ts';

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

describe('privateFolder', () => {
  it('makes a folder that nobody else can read, and removes it with all that is in it', async () => {
    const folder = await privateFolder('test');
    const { mode } = await stat(folder.path);
    expect(mode & 0o777).toBe(0o700);
    await writeFile(path.join(folder.path, 'plan'), 'secret');
    await folder.remove();
    await folder.remove();
    expect(await exists(folder.path)).toBe(false);
  });

  it.each(['SIGTERM', 'SIGHUP', null] as const)('is gone when the process ends (%s)', async (signal) => {
    const module = path.resolve(import.meta.dirname, '../../src/tools/private-folder.ts');
    const child = execa(
      process.execPath,
      [
        '--import',
        import.meta.resolve('tsx'),
        '--input-type=module',
        '--eval',
        `const { privateFolder } = await import(${JSON.stringify(pathToFileURL(module).href)});
         const first = await privateFolder('test');
         console.log((await privateFolder('test')).path, first.path);
         ${signal === null ? 'process.exit(3)' : 'setInterval(() => undefined, 1000)'};`,
      ],
      { reject: false, timeout: 20_000 },
    );
    let folders: string[] = [];
    for await (const line of child) {
      folders = line.split(' ');
      if (signal !== null) child.kill(signal);
    }
    const { signal: endedBy, exitCode } = await child;
    expect(endedBy ?? exitCode).toBe(signal ?? 3);
    expect(folders).toHaveLength(2);
    for (const folder of folders) expect(await exists(folder)).toBe(false);
  });

  it('listens to signals only while there is a folder', async () => {
    const before = process.listenerCount('SIGTERM');
    const [one, two] = await Promise.all([privateFolder('test'), privateFolder('test')]);
    await one.remove();
    expect(process.listenerCount('SIGTERM')).toBeGreaterThan(before);
    await two.remove();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});

describe('where it lies', () => {
  const before = process.env['XDG_RUNTIME_DIR'];
  afterEach(() => {
    if (before === undefined) delete process.env['XDG_RUNTIME_DIR'];
    else process.env['XDG_RUNTIME_DIR'] = before;
  });

  const parentOf = async (runtime: string): Promise<string> => {
    process.env['XDG_RUNTIME_DIR'] = runtime;
    const folder = await privateFolder('test');
    await folder.remove();
    return path.dirname(folder.path);
  };
  const isInMemory = (folder: string): Promise<boolean> =>
    statfs(folder).then(
      ({ type, bavail, bsize }) => type === 0x01_02_19_94 && bavail * bsize > 600 * 1024 * 1024,
      () => false,
    );

  it('is the folder of the user in memory, or one of the system, and never one that others may change', async (test) => {
    test.skip(!(await isInMemory('/dev/shm')), 'there is no file system in memory with room');
    const own = await mkdtemp('/dev/shm/own-');
    try {
      expect(await parentOf(own)).toBe(own);
      await chmod(own, 0o777);
      expect(await parentOf(own)).toBe('/dev/shm');
      // On a disk, gone, or no path at all.
      for (const runtime of [import.meta.dirname, `${own}/gone`, 'relative'])
        expect(await parentOf(runtime)).toBe('/dev/shm');
    } finally {
      await rm(own, { recursive: true });
    }
  });
});

describe('removeLeftovers', () => {
  let parent = '';
  const host =
    hostname()
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, 24) || 'host';
  beforeAll(async () => {
    parent = await mkdtemp(path.join(tmpdir(), 'leftovers-test-'));
  });
  afterAll(() => rm(parent, { recursive: true, force: true }));

  it('removes the folder of a process whose number another one has got since', async () => {
    const child = execa('sleep', ['60'], { reject: false });
    try {
      const [old, fresh] = ['abcdef', 'ghijkl'].map((end) =>
        path.join(parent, `provision-env-plan-${host}-${child.pid}-${end}`),
      ) as [string, string];
      for (const folder of [old, fresh]) await mkdir(folder);
      const hourAgo = new Date(Date.now() - 3_600_000);
      await utimes(old, hourAgo, hourAgo);
      await removeLeftovers(parent);
      // Where the system does not say when a process began, its number counts as its own.
      const told = await exists('/proc/stat');
      expect([await exists(old), await exists(fresh)]).toEqual([!told, true]);
    } finally {
      child.kill();
      await child;
      await removeLeftovers(parent);
    }
  });

  it('removes folders of dead processes of this machine, and no others', async () => {
    // Process ids end far below this number.
    const dead = 999_999_999;
    const keep = [
      `provision-env-plan-${host}-${process.pid}-abcdef`,
      `provision-env-plan-other${host}x-${dead}-abcdef`,
      `provision-env-plan-${host}-${dead}`,
      `somebody-${host}-${dead}-abcdef`,
    ];
    for (const name of [...keep, `provision-env-plan-${host}-${dead}-abcdef`])
      await mkdir(path.join(parent, name));
    await removeLeftovers(parent);
    expect((await readdir(parent)).sort()).toEqual(keep.sort());
  });
});
