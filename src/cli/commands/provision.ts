import { z } from 'zod';
import { defineCommand } from '../define-command.ts';
import { expectInput, expectOption } from '../expect.ts';
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
import type { Session } from '../session.ts';
import { waitForLock, waitInput, waitOption } from '../wait-for-lock.ts';

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
    expectOption,
    dataLossOption,
    {
      flags: '--if-ref-exists',
      description: 'in CI: nothing, if the branch of the run is gone or its pull request closed by now',
    },
    waitOption,
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
    expect: expectInput,
    allowDataLoss: z.boolean().optional(),
    ifRefExists: z.boolean().default(false),
    wait: waitInput,
    ...transferInput,
    ...liveInput,
    ...invokeInput,
    ...costInput,
    ...sessionInput,
  }),
  run: (input, io) =>
    waitForLock(input.wait, io, () =>
      runTransfer(
        io,
        input,
        ({ config }) => ({
          command: 'provision',
          target: input.target,
          ...transferOf(input, config),
          invoke: input.invoke,
          ttl: input.ttl,
          planOnly: false,
        }),
        input.ifRefExists ? reasonNotTo : undefined,
      ),
    ),
});

/** A late run must not make what nobody takes away any more. */
async function reasonNotTo({ io, project }: Session): Promise<string | null> {
  // It brings the clients of GitHub and GitLab: nobody else needs them.
  const { branchState } = await import('../../ci/branch-state.ts');
  const state = await branchState(io.env, project.root);
  return state.wanted ? null : state.reason;
}
