import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Builder {
  readonly zip: (files: { name: string; data: Buffer }[]) => Buffer;
  readonly build: (root: string, outDir: string) => Promise<string[]>;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Reads a stored archive through its central directory, as an unzipper does. */
function unzip(archive: Buffer): Record<string, string> {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  const files: Record<string, string> = {};
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    expect(archive.readUInt32LE(local)).toBe(0x04034b50);
    const start = local + 30 + archive.readUInt16LE(local + 26);
    files[name] = archive.toString('utf8', start, start + archive.readUInt32LE(local + 22));
    at += 46 + nameLength;
  }
  return files;
}

describe('build', async () => {
  const { zip, build } = (await import(new URL('../build.mjs', import.meta.url).href)) as Builder;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'daily-report-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('gives the same bytes whatever the order of the files', () => {
    const a = { name: 'a.mjs', data: Buffer.from('export {}') };
    const b = { name: 'lib/ข.mjs', data: Buffer.from('') };
    expect(zip([a, b]).equals(zip([b, a]))).toBe(true);
    expect(unzip(zip([b, a]))).toEqual({ 'a.mjs': 'export {}', 'lib/ข.mjs': '' });
  });

  it('makes one zip of every function, twice the same', async () => {
    const first = await build(root, join(folder, 'first'));
    const second = await build(root, join(folder, 'second'));

    expect(first.map((path) => basename(path))).toEqual([
      'line-bot.zip',
      'report-worker.zip',
      'telegram-api.zip',
    ]);
    for (const [index, path] of first.entries()) {
      const archive = await readFile(path);
      expect(archive.equals(await readFile(second[index] ?? ''))).toBe(true);
      const source = join(root, 'functions', basename(path, '.zip'), 'index.mjs');
      expect(unzip(archive)).toEqual({ 'index.mjs': await readFile(source, 'utf8') });
    }
  });
});
