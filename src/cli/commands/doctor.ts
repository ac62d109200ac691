import { z } from 'zod';
import { changingCommands, iamCommands, iamPolicy } from '../../aws/iam-policy.ts';
import { type Block, heading } from '../../report/blocks.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
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
    ...sessionOptions,
  ],
  examples: ['provision-env doctor', 'provision-env doctor --iam --for sweep --for sweep-delete'],
  input: z
    .object({
      from: z.string().optional(),
      iam: z.boolean().default(false),
      for: z.array(z.enum(iamCommands, { error: `must be one of ${iamCommands.join(', ')}` })).default([]),
      ...sessionInput,
    })
    .refine((input) => input.iam || input.for.length === 0, {
      error: 'is only of use with --iam',
      path: ['for'],
    }),
  async run(input, io) {
    if (input.iam) {
      const chosen =
        input.for.length > 0 ? input.for : iamCommands.filter((each) => !changingCommands.includes(each));
      const policy = iamPolicy(chosen);
      const result = input.json ? { ...emptyDocument('doctor', 'done'), iam: policy } : policy;
      io.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
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
