/** Reads a state that lies in a file. */
import { readFile } from 'node:fs/promises';
import type { Redactor } from '../redact/redactor.ts';
import { learnSecret, learnState } from '../secrets/learn.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { StateModel } from './model.ts';
import { parseState } from './state.ts';

/** A state, of which the redactor learns what is secret. */
export function knownState(text: string, redactor?: Redactor): StateModel {
  if (redactor === undefined) return parseState(text);
  const state = parseState(text, (name, value) => learnSecret(redactor, name, value));
  learnState(redactor, state);
  return state;
}

/** @returns `null` if there is no such file, or nothing in it: then nothing was applied yet */
export async function readStateFile(file: string, redactor?: Redactor): Promise<StateModel | null> {
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
    return knownState(text, redactor);
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    throw new ProvisionError(error.code, error.message, { where: { file }, hint: error.hint, cause: error });
  }
}
