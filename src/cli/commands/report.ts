import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { checkExistingName } from '../../environment/names.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { defineCommand } from '../define-command.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { withSession } from '../session.ts';

export const report = defineCommand({
  name: 'report',
  summary: 'the evidence report of an environment',
  description: 'Prints the report of the last run for an environment, as Markdown or as JSON.',
  arguments: [{ name: 'env', description: 'the environment', required: true }],
  options: sessionOptions,
  examples: ['provision-env report feature-auth', 'provision-env report feature-auth --json'],
  input: z.object({ env: z.string(), ...sessionInput }),
  run: (input, io) =>
    withSession(io, input, async ({ ownFolder }) => {
      checkExistingName(input.env);
      const file = join(ownFolder, 'reports', input.env, input.json ? 'report.json' : 'report.md');
      const text = await readFile(file, 'utf8').catch((cause: unknown) => {
        throw new ProvisionError('environment-not-found', `There is no report of ${input.env}.`, {
          cause,
          hint: 'A report is written by every run of provision, plan and resume. provision-env list shows the environments.',
        });
      });
      io.stdout.write(text);
      return exitCodes.done;
    }),
});
