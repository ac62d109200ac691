/** What an error means for the environment: whether anything was changed before, and what goes on from there. */
import { isProvisionError, ProvisionError, toProvisionError } from '../transfer/errors.ts';
import type { Lock } from '../transfer/store.ts';
import { systemErrorCodes } from '../transfer/system-errors.ts';

/**
 * @param locks those that this run has taken
 * @returns `lock-lost` where that is what stopped the run, whatever came of it; for what the system refuses, with what is
 *   safe
 */
export function outcomeOf(thrown: unknown, locks: readonly Lock[]): ProvisionError {
  const lost: unknown = locks.find((lock) => lock.lost.aborted)?.lost.reason;
  if (isProvisionError(lost)) return lost;
  const error = toProvisionError(thrown);
  if (!systemErrorCodes.has(error.code)) return error;
  const begun = locks.some((lock) => lock.begun);
  const safe = begun
    ? 'What was done until then is on record: once that is mended, the same command, or provision-env resume <env>, goes on.'
    : 'Nothing was changed.';
  return new ProvisionError(error.code, `${error.message} ${safe}`, {
    cause: error,
    begun,
    hint: error.hint,
    where: error.where,
  });
}
