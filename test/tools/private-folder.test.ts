import { access, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
