import { type Check, fail, pass } from '../context.ts';
import type { Logged } from '../explain.ts';
import { isPlatformLine } from '../log-lines.ts';

export const applicationLogs: Check<Logged> = {
  layer: 3,
  id: 'application-logs',
  expected: 'lines of the application itself, not only START, END and REPORT',
  judge: ({ log, missing }) => {
    if (!log) return fail(missing);
    if (log.unreadable !== undefined) return fail(`could not be read: ${log.unreadable}`);
    const own = log.lines.filter((line) => !isPlatformLine(line)).length;
    return own > 0
      ? pass(`${own} of ${log.lines.length} lines`)
      : fail(`none among ${log.lines.length} lines`);
  },
};
