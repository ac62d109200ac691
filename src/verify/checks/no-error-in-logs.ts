import { findDenial } from '../../aws/access-denied.ts';
import { type Check, fail, pass } from '../context.ts';
import type { Explain, Logged } from '../explain.ts';
import { errorInLine } from '../log-lines.ts';

export const noErrorInLogs: Check<Logged> = {
  layer: 3,
  id: 'no-error-in-logs',
  expected: 'no line reports an error',
  judge: ({ log, missing, explain }) => {
    if (!log) return fail(missing);
    if (log.unreadable !== undefined) return fail(`could not be read: ${log.unreadable}`);
    if (log.lines.length === 0) return fail('no lines to read');
    const error = firstError(log.lines, explain);
    return error === null ? pass(`none in ${log.lines.length} lines`) : fail(error);
  },
};

/** What the lines report, and how often; `null` where they report no error. */
export function firstError(lines: readonly string[], explain: Explain): string | null {
  const errors = lines.map(errorInLine).filter((error) => error !== null);
  // The one that says which permission lacks is worth more than the stack trace before it.
  const first = errors.find((error) => findDenial(error)) ?? errors[0];
  if (first === undefined) return null;
  return `${explain(first)}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`;
}
