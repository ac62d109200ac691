/** Does a command anew until whoever holds the environment has come to an end, but not for ever. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { durationProblem, parseDuration } from '../environment/time-to-live.ts';
import { isProvisionError } from '../transfer/errors.ts';
import type { OptionSpec } from './define-command.ts';
import type { CliIo } from './io.ts';

export const waitOption: OptionSpec = {
  flags: '--wait <duration>',
  description:
    'where another run holds the environment, wait so long for it to end: 30m, 2h (default: not at all)',
};

export const waitInput = z
  .string()
  .refine((text) => durationProblem(text) === null, { error: 'is no duration: write 30m or 2h' })
  .optional();

const pauseMs = 5_000;

/** @param work reads everything anew each time: what it knew before it had the lock is not true any more */
export async function waitForLock<Result>(
  wait: string | undefined,
  io: CliIo,
  work: () => Promise<Result>,
): Promise<Result> {
  const end = Date.now() + (wait === undefined ? 0 : parseDuration(wait));
  let told = '';
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      const left = end - Date.now();
      if (!isProvisionError(thrown) || thrown.code !== 'transfer-locked' || left <= 0) throw thrown;
      if (thrown.message !== told) io.stderr.write(`${thrown.message} Waiting for it to end.\n`);
      told = thrown.message;
      await sleep(Math.min(pauseMs, left));
    }
  }
}
