import { z } from 'zod';
import { defineCommand } from '../define-command.ts';
import {
  costInput,
  costOptions,
  dataLossOption,
  invokeInput,
  invokeOption,
  liveInput,
  liveOption,
  sessionInput,
  sessionOptions,
  transferInput,
  transferOf,
  transferOptions,
  ttlInput,
  ttlOption,
  yesOption,
} from '../options.ts';
import { runTransfer } from '../run-transfer.ts';

export const provision = defineCommand({
  name: 'provision',
  summary: 'make an environment: all seven steps',
  description: [
    'Makes a new, isolated environment from a working one. Shows the plan and the proof, asks, applies, verifies. Run',
    'again it updates the environment: only its own resources may change, and where that deletes or replaces something',
    'that holds data, it names what is lost and asks for the name of the environment.',
  ].join('\n'),
  arguments: [
    { name: 'target', description: 'environment to make, for example feature-auth', required: true },
  ],
  options: [
    ...transferOptions,
    liveOption,
    invokeOption,
    ttlOption,
    ...costOptions,
    yesOption,
    dataLossOption,
    ...sessionOptions,
  ],
  examples: [
    'provision-env feature-auth from=dev',
    'provision-env staging from=dev --set lambda_memory=1024',
    'provision-env feature-auth from=dev --ttl 3d',
    'provision-env feature-auth from=dev --yes --json',
  ],
  input: z.object({
    target: z.string(),
    ttl: ttlInput,
    yes: z.boolean().optional(),
    allowDataLoss: z.boolean().optional(),
    ...transferInput,
    ...liveInput,
    ...invokeInput,
    ...costInput,
    ...sessionInput,
  }),
  run: (input, io) =>
    runTransfer(io, input, ({ config }) => ({
      command: 'provision',
      target: input.target,
      ...transferOf(input, config),
      invoke: input.invoke,
      ttl: input.ttl,
      planOnly: false,
    })),
});
