import { z } from 'zod';
import { branchState } from '../../ci/branch-state.ts';
import { checkExistingName } from '../../environment/names.ts';
import { destroyPlanBlocks, destroyResultBlocks } from '../../report/destroy.ts';
import { refuseProtected } from '../../steps/destroy.ts';
import { digestOf } from '../../steps/plan-digest.ts';
import { type ExitCode, exitCodes } from '../../transfer/error-codes.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import type { EnvironmentRecord } from '../../transfer/record.ts';
import { defineCommand } from '../define-command.ts';
import { expectOption } from '../expect.ts';
import { destroyRecordedIf, planDestroyRecorded } from '../destroy-recorded.ts';
import { type Document, emptyDocument } from '../document.ts';
import { sessionInput, sessionOptions, yesOption } from '../options.ts';
import type { CliIo } from '../io.ts';
import { printNothingDone, printResult } from '../print.ts';
import { type Session, withSession } from '../session.ts';
import { waitForLock, waitInput, waitOption } from '../wait-for-lock.ts';

const input = z.object({
  env: z.string(),
  ifExists: z.boolean().default(false),
  unlessRefExists: z.boolean().default(false),
  wait: waitInput,
  dryRun: z.boolean().default(false),
  yes: z.boolean().optional(),
  expect: z.string().min(1).optional(),
  ...sessionInput,
});

type Input = z.output<typeof input>;

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
    {
      flags: '--unless-ref-exists',
      description:
        'in CI: nothing, if the branch of the run is there (again) and its pull request not closed',
    },
    { flags: '--dry-run', description: 'show what would be destroyed, and change nothing' },
    yesOption,
    expectOption,
    waitOption,
    ...sessionOptions,
  ],
  examples: [
    'provision-env destroy feature-auth',
    'provision-env destroy feature-auth --dry-run',
    'provision-env destroy feature-auth --yes --json',
  ],
  input,
  run: (input, io) => waitForLock(input.wait, io, () => run(input, io)),
});

const run = (input: Input, io: CliIo): Promise<ExitCode> =>
  withSession(io, input, async (session) => {
    checkExistingName(input.env);
    refuseProtected(input.env, session.config);
    const empty = { ...emptyDocument('destroy', 'done'), target: input.env };
    const record = await (input.ifExists ? settledRecord : readRecord)(session, input.env);
    if (record === null && input.ifExists) {
      printNothingDone(io, input, empty, `There is no record of ${input.env}.`);
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
        destroyPlan: plan,
        digest: digestOf(plan),
        record,
      } as unknown as Document;
      printResult(io, input, document, destroyPlanBlocks(plan));
      return exitCodes.done;
    }
    let wanted = false;
    const result = await destroyRecordedIf(session, record, async () => {
      wanted = input.unlessRefExists && (await branchState(io.env, session.project.root)).wanted;
      return !wanted;
    });
    if (result === null) {
      const why = wanted ? 'The branch is there, and wants its environment.' : 'It is gone by now.';
      printNothingDone(io, input, empty, why);
      return exitCodes.done;
    }
    const document = {
      ...emptyDocument('destroy', result.clean ? 'destroyed' : 'failed'),
      source: record.source,
      target: record.name,
      evidence: result.evidence,
      record: await session.store.readRecord(record.name),
      ...(result.sweep === null ? {} : { sweep: result.sweep }),
    } as unknown as Document;
    printResult(io, input, document, destroyResultBlocks(result));
    return result.clean ? exitCodes.done : exitCodes.verificationFailed;
  });

const readRecord = ({ store }: Session, name: string): Promise<EnvironmentRecord | null> =>
  store.readRecord(name);

/** Whoever holds the lock may be making it at this moment, and has not yet written that down. */
async function settledRecord(session: Session, name: string): Promise<EnvironmentRecord | null> {
  const found = await readRecord(session, name);
  if (found !== null) return found;
  const lock = await session.store.lock(name, 'destroy');
  try {
    return await readRecord(session, name);
  } finally {
    await lock.release();
  }
}
