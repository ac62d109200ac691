import { z } from 'zod';
import { checkExistingName } from '../../environment/names.ts';
import { paragraph } from '../../report/blocks.ts';
import { destroyPlanBlocks, destroyResultBlocks } from '../../report/destroy.ts';
import { refuseProtected } from '../../steps/destroy.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { defineCommand } from '../define-command.ts';
import { destroyRecorded, planDestroyRecorded } from '../destroy-recorded.ts';
import { type Document, emptyDocument, placePart } from '../document.ts';
import { sessionInput, sessionOptions, yesOption } from '../options.ts';
import { printResult } from '../print.ts';
import { withSession } from '../session.ts';

export const destroy = defineCommand({
  name: 'destroy',
  summary: 'take an environment away and show that nothing is left',
  description:
    'Shows what will be destroyed, asks for the name of the environment, destroys, and asks the account whether anything is left.',
  arguments: [
    {
      name: 'env',
      description: 'the environment; never dev, staging, prod or one that was not made here',
      required: true,
    },
  ],
  options: [
    { flags: '--if-exists', description: 'no error where there is no record of it: for CI' },
    { flags: '--dry-run', description: 'show what would be destroyed, and change nothing' },
    yesOption,
    ...sessionOptions,
  ],
  examples: [
    'provision-env destroy feature-auth',
    'provision-env destroy feature-auth --dry-run',
    'provision-env destroy feature-auth --yes --json',
  ],
  input: z.object({
    env: z.string(),
    ifExists: z.boolean().default(false),
    dryRun: z.boolean().default(false),
    yes: z.boolean().optional(),
    ...sessionInput,
  }),
  run: (input, io) =>
    withSession(io, input, async (session) => {
      checkExistingName(input.env);
      refuseProtected(input.env, session.config);
      const record = await session.store.readRecord(input.env);
      if (record === null && input.ifExists) {
        const document = { ...emptyDocument('destroy', 'done'), target: input.env };
        printResult(io, input, document, [
          paragraph(`There is no record of ${input.env}: nothing to destroy.`),
        ]);
        return exitCodes.done;
      }
      if (record === null) {
        throw new ProvisionError(
          'not-ours',
          `${input.env} was not made by provision-env: there is no record of it.`,
          {
            hint: 'Only what provision-env made is destroyed by it. provision-env list shows what that is.',
          },
        );
      }
      if (input.dryRun) {
        const plan = await planDestroyRecorded(session, record);
        const document = {
          ...emptyDocument('destroy', 'planned'),
          source: record.source,
          target: record.name,
          place: placePart(session.host.place(), record),
          destroyPlan: plan,
          record,
        } as unknown as Document;
        printResult(io, { ...input, headed: session.host.headed() }, document, destroyPlanBlocks(plan));
        return exitCodes.done;
      }
      const result = await destroyRecorded(session, record);
      const document = {
        ...emptyDocument('destroy', result.clean ? 'destroyed' : 'failed'),
        source: record.source,
        target: record.name,
        place: placePart(session.host.place(), record),
        evidence: result.evidence,
        record: await session.store.readRecord(record.name),
        ...(result.sweep === null ? {} : { sweep: result.sweep }),
      } as unknown as Document;
      printResult(io, { ...input, headed: session.host.headed() }, document, destroyResultBlocks(result));
      return result.clean ? exitCodes.done : exitCodes.verificationFailed;
    }),
});
