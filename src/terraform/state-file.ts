/** Reads a state that lies in a file. */
import { readFile } from 'node:fs/promises';
import { ProvisionError } from '../transfer/errors.ts';
import type { StateModel } from './model.ts';
import { parseState } from './state.ts';

/** @returns `null` if there is no such file, or nothing in it: then nothing was applied yet */
export async function readStateFile(file: string): Promise<StateModel | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new ProvisionError(
      'state-unreadable',
      `The state file cannot be read (${code ?? 'unknown reason'}).`,
      {
        where: { file },
        hint: 'May you read the file? Is it a file?',
        cause: error,
      },
    );
  }
  if (text.trim() === '') return null;
  try {
    return parseState(text);
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    throw new ProvisionError(error.code, error.message, { where: { file }, hint: error.hint, cause: error });
  }
}
