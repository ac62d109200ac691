import { type Check, fail, pass, skipped } from '../context.ts';
import type { Logged } from '../explain.ts';
import { isPlatformLine } from '../log-lines.ts';

export const applicationLogs: Check<Logged> = {
  layer: 3,
  id: 'application-logs',
  expected: 'lines of the application itself, not only START, END and REPORT',
  judge: ({ log, missing, quiet }) => {
    if (!log) return fail(missing);
    if (log.unreadable !== undefined) return fail(`could not be read: ${log.unreadable}`);
    const own = log.lines.filter((line) => !isPlatformLine(line)).length;
    if (own > 0) return pass(`${own} of ${log.lines.length} lines`);
    const seen = `none among ${log.lines.length} lines`;
    return quiet === undefined ? fail(seen) : skipped(`${seen}: ${quiet}`);
  },
};
