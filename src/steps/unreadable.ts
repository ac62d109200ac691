import type { Incomparable } from '../diff/model.ts';
import { isProvisionError } from '../transfer/errors.ts';

/** What could not be read, in the words of the error that says so. An interrupt is no answer at all. */
export function unreadable(subject: string, error: unknown): Incomparable {
  if (!isProvisionError(error) || error.code === 'interrupted') throw error;
  return { subject, reason: error.message, hint: error.hint ?? null };
}
