import { z } from 'zod';
import { checkExistingName } from '../../environment/names.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { defineCommand } from '../define-command.ts';
import { expectOption } from '../expect.ts';
import {
  dataLossOption,
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
    'Plans and proves again what is left of an unfinished transfer (only its own resources may change), and goes on.',
  arguments: [{ name: 'env', description: 'the unfinished environment', required: true }],
  options: [
    ...transferOptions.filter(({ flags }) => flags.startsWith('--accept')),
    liveOption,
    yesOption,
    expectOption,
    dataLossOption,
    ...sessionOptions,
  ],
  examples: ['provision-env resume feature-auth'],
  input: z.object({
    env: z.string(),
    yes: z.boolean().optional(),
    expect: z.string().min(1).optional(),
    allowDataLoss: z.boolean().optional(),
    accept: transferInput.accept,
    ...liveInput,
    ...sessionInput,
  }),
  run: (input, io) =>
    runTransfer(io, input, async ({ store }) => {
      checkExistingName(input.env);
      const record = await store.readRecord(input.env);
      if (record === null || finished.has(record.status)) {
        throw new ProvisionError('nothing-to-resume', `There is no unfinished transfer to ${input.env}.`, {
          hint: record
            ? `It is ${record.status}. provision-env verify ${input.env} verifies it again.`
            : 'provision-env list shows what there is.',
        });
      }
      if (record.status === 'destroying') {
        throw new ProvisionError('nothing-to-resume', `${input.env} was being destroyed.`, {
          hint: `provision-env destroy ${input.env} goes on with that.`,
        });
      }
      return {
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
