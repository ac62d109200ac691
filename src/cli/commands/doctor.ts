import { z } from 'zod';
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
    ...sessionOptions,
  ],
  examples: ['provision-env doctor', 'provision-env doctor --json'],
  input: z.object({ from: z.string().optional(), ...sessionInput }),
  async run(input, io) {
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
