import { z } from 'zod';
import { checkExistingName } from '../../environment/names.ts';
import { askAgain } from '../../report/again.ts';
import type { TransferRequest } from '../../steps/context.ts';
import { type JournaledRequest, type LastRun, lastRun } from '../../steps/journaled-request.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import type { InvokeSetting } from '../../transfer/invoke.ts';
import { defineCommand } from '../define-command.ts';
import { expectInput, expectOption } from '../expect.ts';
import {
  dataLossOption,
  invokeInput,
  invokeOption,
  liveInput,
  liveOption,
  sessionInput,
  sessionOptions,
  transferInput,
  transferOptions,
  yesOption,
} from '../options.ts';
import { runTransfer } from '../run-transfer.ts';

const finished = new Set(['verified', 'destroyed']);

export const resume = defineCommand({
  name: 'resume',
  summary: 'go on after a failure, an interrupt or a crash',
  description:
    'Plans and proves again what is left of an unfinished transfer (only its own resources may change), and goes on. One that ended before it changed anything is begun again as it was asked for.',
  arguments: [{ name: 'env', description: 'the unfinished environment', required: true }],
  options: [
    ...transferOptions.filter(({ flags }) => flags.startsWith('--accept')),
    liveOption,
    invokeOption,
    yesOption,
    expectOption,
    dataLossOption,
    ...sessionOptions,
  ],
  examples: ['provision-env resume feature-auth'],
  input: z.object({
    env: z.string(),
    yes: z.boolean().optional(),
    expect: expectInput,
    allowDataLoss: z.boolean().optional(),
    accept: transferInput.accept,
    ...liveInput,
    ...invokeInput,
    ...sessionInput,
  }),
  run: (input, io) =>
    runTransfer(io, input, async ({ store }) => {
      checkExistingName(input.env);
      const record = await store.readRecord(input.env);
      const last = lastRun(await store.readJournal(input.env));
      if (record === null) return withoutRecord(input, last);
      if (finished.has(record.status)) {
        throw new ProvisionError('nothing-to-resume', `There is no unfinished transfer to ${input.env}.`, {
          hint: `It is ${record.status}. provision-env verify ${input.env} verifies it again.`,
        });
      }
      if (record.status === 'destroying') {
        throw new ProvisionError('nothing-to-resume', `${input.env} was being destroyed.`, {
          hint: `provision-env destroy ${input.env} goes on with that.`,
        });
      }
      return {
        ...(last.state === 'none' ? {} : limitsOf(last.request)),
        ...(input.invoke === undefined ? {} : { invoke: input.invoke }),
        command: 'resume',
        target: record.name,
        source: record.source,
        set: record.set,
        // What a person overruled once stays overruled for this transfer.
        accept: [...input.accept, ...record.accepted.map(({ rule, subject }) => `${rule}:${subject}`)],
        keepLogRetention: record.keepLogRetention,
        live: input.live,
        planOnly: false,
      };
    }),
});

interface Input {
  readonly env: string;
  readonly accept: readonly string[];
  readonly live: boolean;
  readonly invoke?: InvokeSetting | undefined;
}

/** What it was not to do stays what it is not to do, whoever goes on with it. No record holds that. */
const limitsOf = ({ invoke, maxMonthly, prices }: JournaledRequest): Partial<TransferRequest> => ({
  invoke,
  maxMonthly,
  prices,
});

/** A run that ended before it changed anything has no record: what it was asked for stands in its journal. */
function withoutRecord({ env, accept, live, invoke }: Input, last: LastRun): TransferRequest {
  if (last.state === 'none') {
    throw new ProvisionError('nothing-to-resume', `There is no unfinished transfer to ${env}.`, {
      hint: `No run of it has left a trace; a plan leaves none, it changes nothing. provision-env ${env} begins one, and provision-env list shows what there is.`,
    });
  }
  const { request } = last;
  if (last.state === 'over') {
    const why =
      last.how === 'blocked' ? 'was blocked: its proof did not hold' : 'was declined by whoever was asked';
    throw new ProvisionError('nothing-to-resume', `The last run of ${env} ${why}. Nothing was changed.`, {
      hint: `${last.how === 'blocked' ? 'Mend what it found, then begin again' : 'To begin again'}: ${askAgain({ ...request, target: env })}`,
    });
  }
  return {
    ...request,
    command: 'resume',
    target: env,
    accept: [...accept, ...request.accept],
    live: live || (request.live ?? false),
    invoke: invoke ?? request.invoke,
    planOnly: false,
  };
}
