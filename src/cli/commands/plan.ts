import { z } from 'zod';
import { defineCommand } from '../define-command.ts';
import {
  costInput,
  costOptions,
  invokeInput,
  invokeOption,
  liveInput,
  liveOption,
  sessionInput,
  sessionOptions,
  transferInput,
  transferOf,
  transferOptions,
} from '../options.ts';
import { runTransfer } from '../run-transfer.ts';

export const plan = defineCommand({
  name: 'plan',
  summary: 'steps 1 to 5, the Terraform plan and the proof; changes nothing',
  description:
    'Shows what provision would make, and whether the proof holds. Changes nothing; ends with exit code 3 where the proof does not hold.',
  arguments: [{ name: 'target', description: 'environment that would be made', required: true }],
  options: [...transferOptions, liveOption, invokeOption, ...costOptions, ...sessionOptions],
  examples: [
    'provision-env plan feature-auth from=dev',
    'provision-env plan feature-auth from=dev --live',
    'provision-env plan staging from=dev --json',
  ],
  input: z.object({
    target: z.string(),
    ...transferInput,
    ...liveInput,
    ...invokeInput,
    ...costInput,
    ...sessionInput,
  }),
  run: (input, io) =>
    runTransfer(io, input, ({ config }) => ({
      command: 'plan',
      target: input.target,
      ...transferOf(input, config),
      invoke: input.invoke,
      planOnly: true,
    })),
});
