/** Writes a generated file, but never over somebody's own changes. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '../store/write-whole.ts';
import { ProvisionError } from '../transfer/errors.ts';

/**
 * @param path relative to `root`, for messages too
 * @returns `unchanged` where the file holds this text already
 * @throws ProvisionError `already-exists` where it holds another text and `force` is not set
 */
export async function writeGenerated(
  root: string,
  path: string,
  text: string,
  force: boolean,
): Promise<'written' | 'unchanged'> {
  const file = join(root, path);
  const there = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (there === text) return 'unchanged';
  if (there !== null && !force) {
    throw new ProvisionError('already-exists', `${path} is there already, and differs.`, {
      hint: '--print shows what would be written; --force writes over it.',
    });
  }
  await mkdir(dirname(file), { recursive: true });
  await writeWhole(file, text);
  return 'written';
}
