import { z } from 'zod';
import { checkExistingName } from '../../environment/names.ts';
import { paragraph } from '../../report/blocks.ts';
import { ownershipRule } from '../../ownership/judge.ts';
import { parseAccept } from '../../proof/accept.ts';
import { destroyPlanBlocks, destroyResultBlocks, refusedBlocks } from '../../report/destroy.ts';
import { type DestroyPlan, type DestroyResult, refuseProtected } from '../../steps/destroy.ts';
import { type ExitCode, exitCodes } from '../../transfer/error-codes.ts';
import { isProvisionError, ProvisionError } from '../../transfer/errors.ts';
import { defineCommand } from '../define-command.ts';
import { destroyRecorded, planDestroyRecorded } from '../destroy-recorded.ts';
import { type Document, emptyDocument, errorPart } from '../document.ts';
import {
  acceptInput,
  acceptOption,
  sessionInput,
  sessionOptions,
  unrecordedOption,
  yesOption,
} from '../options.ts';
import { printResult } from '../print.ts';
import { withSession } from '../session.ts';

export const destroy = defineCommand({
  name: 'destroy',
  summary: 'take an environment away and show that nothing is left',
  description: [
    'Shows what will be destroyed, asks for the name of the environment, destroys, and asks the account whether anything is left.',
    '',
    'Before, it makes sure that what its files lead to is its own: the state, its lineage, every resource in it, the var-file and the secrets. What another environment of the project has is never destroyed.',
    '',
    'Exit codes: 0 nothing of it is left; 3 refused, nothing was changed; 4 something of it is left, or may be: its record stays; 5 half-way, the same command goes on; 6 it waits on a person.',
  ].join('\n'),
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
    unrecordedOption,
    acceptOption,
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
    allowUnrecorded: z.boolean().optional(),
    accept: acceptInput,
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
      for (const text of input.accept) parseAccept(text, [ownershipRule]);
      const refused = (error: unknown): ExitCode => {
        if (!isProvisionError(error) || error.findings.length === 0) throw error;
        const document = {
          ...emptyDocument('destroy', error.code === 'blocked' ? 'blocked' : 'error'),
          source: record.source,
          target: record.name,
          findings: error.findings,
          record,
          error: errorPart(error),
        } as unknown as Document;
        printResult(io, input, document, refusedBlocks(record.name, error));
        return error.exitCode;
      };
      if (input.dryRun) {
        let plan: DestroyPlan;
        try {
          plan = await planDestroyRecorded(session, record, input.accept);
        } catch (error) {
          return refused(error);
        }
        const document = {
          ...emptyDocument('destroy', 'planned'),
          source: record.source,
          target: record.name,
          destroyPlan: plan,
          record,
        } as unknown as Document;
        printResult(io, input, document, destroyPlanBlocks(plan));
        return exitCodes.done;
      }
      let result: DestroyResult;
      try {
        result = await destroyRecorded(session, record, input.accept);
      } catch (error) {
        return refused(error);
      }
      const document = {
        ...emptyDocument('destroy', result.clean ? 'destroyed' : 'failed'),
        source: record.source,
        target: record.name,
        findings: result.plan.accepted,
        evidence: result.evidence,
        record: await session.store.readRecord(record.name),
        ...(result.sweep === null ? {} : { sweep: result.sweep }),
      } as unknown as Document;
      printResult(io, input, document, destroyResultBlocks(result));
      return result.clean ? exitCodes.done : exitCodes.verificationFailed;
    }),
});
