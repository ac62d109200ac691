import { z } from 'zod';
import {
  changingCommands,
  iamCommands,
  iamPolicy,
  largestPolicy,
  policyParts,
} from '../../aws/iam-policy.ts';
import { type Block, heading } from '../../report/blocks.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { defineCommand } from '../define-command.ts';
import { type CheckResult, runChecks } from '../doctor-checks.ts';
import { type Document, emptyDocument } from '../document.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { printResult } from '../print.ts';

export function doctorBlocks(checks: readonly CheckResult[]): Block[] {
  return [
    heading(1, 'Doctor'),
    {
      kind: 'list',
      items: checks.map(
        ({ check, detail, hint }) => `${check}: ${detail}${hint === null ? '' : ` → ${hint}`}`,
      ),
      checks: checks.map(({ ok }) => ok),
    },
  ];
}

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'tools, credentials, configuration, reachability, each with the mend',
  description:
    'Looks at everything that a transfer needs, and says for each thing that lacks how to mend it. Changes nothing.',
  arguments: [],
  options: [
    { flags: '--from <env>', description: 'environment whose state is tried (default: dev)' },
    { flags: '--iam', description: 'print the IAM policy that provision-env itself needs, and nothing else' },
    {
      flags: '--for <command>',
      description:
        'with --iam: only what this command, option --live or engine needs; may be repeated (default: all but sweep-delete and direct)',
      many: true,
    },
    {
      flags: '--part <n>',
      description: 'with --iam: the nth of the parts into which a policy is cut that is too large for IAM',
    },
    ...sessionOptions,
  ],
  examples: [
    'provision-env doctor',
    'provision-env doctor --iam --for sweep',
    'provision-env doctor --iam --for sweep-delete --part 1',
  ],
  input: z
    .object({
      from: z.string().optional(),
      iam: z.boolean().default(false),
      for: z.array(z.enum(iamCommands, { error: `must be one of ${iamCommands.join(', ')}` })).default([]),
      part: z.coerce.number({ error: 'must be a number' }).int().min(1).optional(),
      ...sessionInput,
    })
    .refine((input) => input.iam || input.part === undefined, {
      error: 'is only of use with --iam',
      path: ['part'],
    })
    .refine((input) => input.iam || input.for.length === 0, {
      error: 'is only of use with --iam',
      path: ['for'],
    }),
  async run(input, io) {
    if (input.iam) {
      const chosen =
        input.for.length > 0 ? input.for : iamCommands.filter((each) => !changingCommands.includes(each));
      const whole = iamPolicy(chosen);
      const parts = policyParts(whole);
      const policy = input.part === undefined ? whole : parts[input.part - 1];
      if (policy === undefined) {
        throw new ProvisionError('usage', `--part ${input.part}: the policy has ${parts.length}.`, {
          hint: `Say --part 1${parts.length > 1 ? ` to --part ${parts.length}` : ', or leave it out'}.`,
        });
      }
      if (input.part === undefined && parts.length > 1) {
        io.stderr.write(
          `Too large for one managed policy (${largestPolicy} characters): --part 1 to --part ${parts.length} print policies that IAM takes, to be attached together.\n`,
        );
      }
      const result = input.json ? { ...emptyDocument('doctor', 'done'), iam: policy } : policy;
      io.writeJson(result);
      return exitCodes.done;
    }
    const checks = await runChecks(io, input);
    const healthy = checks.every(({ ok }) => ok);
    const document = {
      ...emptyDocument('doctor', healthy ? 'done' : 'failed'),
      checks: [...checks],
    } satisfies Document;
    printResult(io, input, document, doctorBlocks(checks));
    return healthy ? exitCodes.done : exitCodes.usage;
  },
});
