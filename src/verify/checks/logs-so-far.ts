/** Of a function that is not called: what it has logged since it is what it is, whoever called it. */
import { type Check, fail, pass, skipped } from '../context.ts';
import type { SoFar } from '../explain.ts';
import { firstError } from './no-error-in-logs.ts';

export const logsSoFar: Check<SoFar> = {
  layer: 3,
  id: 'logs-present',
  expected: 'nothing: it was not called',
  judge: ({ log, since }) => {
    if (log.unreadable !== undefined) return fail(`could not be read: ${log.unreadable}`);
    if (log.lines.length === 0) return skipped(`none in ${log.group} since ${since}: it was not called`);
    return pass(`${log.lines.length} lines in ${log.group} since ${since}: something else called it`);
  },
};

export const noErrorSoFar: Check<SoFar> = {
  layer: 3,
  id: 'no-error-in-logs',
  expected: 'no line so far reports an error',
  judge: ({ log, since, explain }) => {
    if (log.unreadable !== undefined) return fail(`could not be read: ${log.unreadable}`);
    const error = firstError(log.lines, explain);
    if (error !== null) return fail(`${error}, since ${since}`);
    const rest = log.more ? '; there are more lines, which were not read' : '';
    return log.lines.length === 0
      ? skipped(`no lines since ${since}: it was not called`)
      : pass(`none in ${log.lines.length} lines since ${since}${rest}`);
  },
};
