import { type Check, fail, pass, skipped } from '../context.ts';
import type { DryRun } from '../invoke.ts';

/** Of a function that is not called: would Lambda take a call? */
export const functionDryRun: Check<DryRun> = {
  layer: 1,
  id: 'function-dry-run',
  expected: 'Lambda takes a dry run: it could be called',
  judge: (seen) => {
    if (seen.kind === 'accepted') return pass('accepted; nothing ran');
    return seen.kind === 'denied' ? skipped(`not allowed: ${seen.reason}`) : fail(seen.reason);
  },
};
