import { type Check, fail, pass } from '../context.ts';
import type { Logged } from '../explain.ts';

export const logsPresent: Check<Logged> = {
  layer: 3,
  id: 'logs-present',
  expected: "the invocation's own lines are in CloudWatch Logs",
  judge: ({ log, missing }) => {
    if (!log) return fail(missing);
    if (log.unreadable !== undefined) return fail(`could not be read: ${log.unreadable}`);
    if (log.lines.length === 0)
      return fail(`none in ${log.group} after ${Math.round(log.durationMs / 1000)} s`);
    return pass(`${log.lines.length} lines in ${log.group}`);
  },
};
