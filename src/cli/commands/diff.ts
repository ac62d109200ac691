import { z } from 'zod';
import type { DiffVerdict } from '../../diff/model.ts';
import { diffBlocks } from '../../report/diff.ts';
import { diffEnvironments } from '../../steps/diff.ts';
import { type ExitCode, exitCodes } from '../../transfer/error-codes.ts';
import { toProvisionError } from '../../transfer/errors.ts';
import { defineCommand } from '../define-command.ts';
import { emptyDocument, failureDocument, placePart } from '../document.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { printResult } from '../print.ts';
import { renderError } from '../render-error.ts';
import { withSession } from '../session.ts';

/** As `diff` and `cmp` end: 1 is a difference and nothing else, 2 is trouble. */
const exitCodeOf: Readonly<Record<DiffVerdict, ExitCode>> = { equal: 0, different: 1, 'not-comparable': 2 };

export const diff = defineCommand({
  name: 'diff',
  summary: 'two environments side by side, modulo their names',
  description:
    'Compares two environments as their Terraform states and the secret store have them, and as the account has them where the direct engine made one of them or a part of it: resources, what functions run, the keys of their environment, policies statement by statement, secrets by fingerprint. The names of the two environments make no difference. Ends with 0 where they are equal, with 1 where they differ, with 2 where something could not be read.',
  arguments: [
    { name: 'a', description: 'the environment compared with, for example dev', required: true },
    { name: 'b', description: 'the environment that should be like it', required: true },
  ],
  options: sessionOptions,
  examples: ['provision-env diff dev staging', 'provision-env diff dev feature-auth --json'],
  input: z.object({ a: z.string(), b: z.string(), ...sessionInput }),
  async run(input, io) {
    try {
      return await withSession(io, input, async (session) => {
        const result = await diffEnvironments(input, session);
        const document = {
          ...emptyDocument('diff', result.verdict === 'not-comparable' ? 'failed' : 'done'),
          source: result.a,
          target: result.b,
          place: placePart(session.host.place()),
          diff: {
            ...result,
            differences: [...result.differences],
            notes: [...result.notes],
            incomparable: [...result.incomparable],
          },
        };
        printResult(io, input, document, diffBlocks(result));
        return exitCodeOf[result.verdict];
      });
    } catch (thrown) {
      const error = toProvisionError(thrown);
      if (error.exitCode !== exitCodes.unexpected) throw error;
      // An error that ends with 1 elsewhere would read as a difference here.
      const document = failureDocument('diff', error, []);
      if (input.json) printResult(io, input, { ...document, source: input.a, target: input.b }, []);
      io.stderr.write(renderError(error, io));
      return exitCodes.usage;
    }
  },
});
