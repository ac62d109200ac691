import { ProvisionError } from '../../transfer/errors.ts';
import { errorCode } from '../errors.ts';

/** For services that take over, or change, what is there already: it is asked first whether there is something. */
export async function refuseTaken(
  what: string,
  ask: () => Promise<unknown>,
  notFound: readonly string[],
): Promise<void> {
  let found: unknown;
  try {
    found = await ask();
  } catch (error) {
    if (notFound.includes(errorCode(error))) return;
    throw error;
  }
  if (found) throw alreadyThere(what);
}

/** @param what for example "the queue orders" */
export function alreadyThere(what: string): ProvisionError {
  return new ProvisionError('already-exists', `${what} is there already`, {
    hint: 'Choose another name for the environment, or remove it if nobody needs it.',
  });
}

/** @param what for example "the alias live of the function api" */
export function cannotBeCopied(what: string, why: string): ProvisionError {
  return new ProvisionError('configuration-invalid', `${what} cannot be copied: ${why}`, {
    hint: 'Change it in the source, or leave it out and make it by hand.',
  });
}

/** What an answer cannot lack, and the types of the SDK allow to. */
export function answered(value: string | undefined, what: string): string {
  if (value !== undefined && value !== '') return value;
  throw new ProvisionError('output-unreadable', `AWS answered without ${what}`);
}
