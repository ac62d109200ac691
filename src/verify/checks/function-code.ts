import { type Check, fail, pass, skipped } from '../context.ts';
import type { FunctionSeen } from '../explain.ts';

/** Of a function that is not called: is the code there that the state speaks of? */
export const functionCode: Check<FunctionSeen> = {
  layer: 1,
  id: 'function-code',
  expected: 'its code is there, and is the one in the state',
  judge: ({ unreadable, codeSha256, stateSha256 }) => {
    if (unreadable !== null) return fail(`could not be read: ${unreadable}`);
    if (codeSha256 === null) return fail('Lambda knows of no code');
    if (stateSha256 === null) return pass(`SHA-256 ${codeSha256}`);
    if (stateSha256 === codeSha256) return pass(`SHA-256 ${codeSha256}, as in the state`);
    // A pipeline may have brought newer code: that is no failure, and no proof either.
    return skipped(
      `SHA-256 ${codeSha256}; the state says ${stateSha256}: something else has changed it since`,
    );
  },
};
