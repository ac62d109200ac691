import { z } from 'zod';
import { checkExistingName } from '../../environment/names.ts';
import type { Block } from '../../report/blocks.ts';
import { ownershipRule } from '../../ownership/judge.ts';
import { parseAccept } from '../../proof/accept.ts';
import { destroyPlanBlocks, destroyResultBlocks, refusedBlocks } from '../../report/destroy.ts';
import { refuseProtected } from '../../steps/destroy.ts';
import { digestOf } from '../../steps/plan-digest.ts';
import { type ExitCode, exitCodes } from '../../transfer/error-codes.ts';
import { isProvisionError, ProvisionError } from '../../transfer/errors.ts';
import type { EnvironmentRecord } from '../../transfer/record.ts';
import { defineCommand } from '../define-command.ts';
import { expectInput, expectOption } from '../expect.ts';
import { destroyRecordedIf, planDestroyRecorded } from '../destroy-recorded.ts';
import { type Document, emptyDocument, errorPart, placePart } from '../document.ts';
import {
  acceptInput,
  acceptOption,
  sessionInput,
  sessionOptions,
  unrecordedOption,
  yesOption,
} from '../options.ts';
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
  allowUnrecorded: z.boolean().optional(),
  accept: acceptInput,
  expect: expectInput,
  ...sessionInput,
});

type Input = z.output<typeof input>;

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
    {
      flags: '--unless-ref-exists',
      description:
        'in CI: nothing, if the branch of the run is there (again) and its pull request not closed',
    },
    { flags: '--dry-run', description: 'show what would be destroyed, and change nothing' },
    yesOption,
    expectOption,
    waitOption,
    unrecordedOption,
    acceptOption,
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
    for (const text of input.accept) parseAccept(text, [ownershipRule]);
    const record = await (input.ifExists ? settledRecord : readRecord)(session, input.env);
    if (record === null && input.ifExists) {
      const empty = { ...emptyDocument('destroy', 'done'), target: input.env };
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
    try {
      return await (input.dryRun ? showPlan : takeAway)(input, io, session, record);
    } catch (error) {
      if (!isProvisionError(error) || error.findings.length === 0) throw error;
      const document = {
        ...about(session, record, error.code === 'blocked' ? 'blocked' : 'error'),
        findings: error.findings,
        record,
        error: errorPart(error),
      } as unknown as Document;
      print(io, input, session, document, refusedBlocks(record.name, error));
      return error.exitCode;
    }
  });

const about = (session: Session, record: EnvironmentRecord, status: Document['status']) => ({
  ...emptyDocument('destroy', status),
  source: record.source,
  target: record.name,
  place: placePart(session.host.place(), record),
});

const print = (
  io: CliIo,
  input: Input,
  session: Session,
  document: Document,
  blocks: readonly Block[],
): void => printResult(io, { ...input, headed: session.host.headed() }, document, blocks);

async function showPlan(
  input: Input,
  io: CliIo,
  session: Session,
  record: EnvironmentRecord,
): Promise<ExitCode> {
  const plan = await planDestroyRecorded(session, record, input.accept);
  const document = {
    ...about(session, record, 'planned'),
    destroyPlan: plan,
    digest: digestOf(io.redactor.value(plan)),
    record,
  } as unknown as Document;
  print(io, input, session, document, destroyPlanBlocks(plan));
  return exitCodes.done;
}

async function takeAway(
  input: Input,
  io: CliIo,
  session: Session,
  record: EnvironmentRecord,
): Promise<ExitCode> {
  let why = 'It is gone by now.';
  const still = async (): Promise<boolean> => {
    if (!input.unlessRefExists) return true;
    const { branchState } = await import('../../ci/branch-state.ts');
    const state = await branchState(io.env, session.project.root);
    why = state.wanted ? 'The branch is there, and wants its environment.' : state.reason;
    return state.wanted === false;
  };
  const result = await destroyRecordedIf(session, record, still, input.accept);
  if (result === null) {
    printNothingDone(io, input, { ...emptyDocument('destroy', 'done'), target: input.env }, why);
    return exitCodes.done;
  }
  const document = {
    ...about(session, record, result.clean ? 'destroyed' : 'failed'),
    findings: result.plan.accepted,
    evidence: result.evidence,
    record: await session.store.readRecord(record.name),
    ...(result.sweep === null ? {} : { sweep: result.sweep }),
  } as unknown as Document;
  print(io, input, session, document, destroyResultBlocks(result));
  return result.clean ? exitCodes.done : exitCodes.verificationFailed;
}

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
