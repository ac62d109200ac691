import { z } from 'zod';
import { stepBlocks } from '../../report/steps.ts';
import { refuseToVerifyAsleep } from '../../steps/asleep.ts';
import { openTransfer } from '../../steps/open.ts';
import { verify as verifyStep } from '../../steps/verify.ts';
import { findingsOf } from '../../steps/proof-input.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { defineCommand } from '../define-command.ts';
import { type Document, emptyDocument, placePart } from '../document.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { printResult } from '../print.ts';
import { recordOf, requestFrom } from '../records.ts';
import { withSession } from '../session.ts';

const exitCodeOf = {
  verified: exitCodes.done,
  waiting: exitCodes.waiting,
  failed: exitCodes.verificationFailed,
} as const;

export const verify = defineCommand({
  name: 'verify',
  summary: 'verify an environment again',
  description: 'Step 7 again: the proof on what exists now, and the evidence layer by layer.',
  arguments: [{ name: 'env', description: 'the environment', required: true }],
  options: [
    { flags: '--layer <n>', description: 'only this layer', choices: ['1', '2', '3', '4'] },
    ...sessionOptions,
  ],
  examples: ['provision-env verify feature-auth', 'provision-env verify feature-auth --layer 3'],
  input: z.object({ env: z.string(), layer: z.coerce.number().optional(), ...sessionInput }),
  run: (input, io) =>
    withSession(io, input, async (session) => {
      const record = await recordOf(session.store, input.env);
      refuseToVerifyAsleep(record, session.host);
      const transfer = await openTransfer(requestFrom(record, 'verify'), session);
      try {
        const started = performance.now();
        const { status, output } = await verifyStep(
          transfer.context,
          input.layer as 1 | 2 | 3 | 4 | undefined,
        );
        const result = {
          id: 'verify',
          status,
          durationMs: Math.round(performance.now() - started),
          output,
        } as const;
        const document = {
          ...emptyDocument('verify', output.verdict),
          source: record.source,
          target: record.name,
          place: placePart(session.host.place(), record),
          steps: [result],
          findings: findingsOf(output.proof),
          proof: output.proof,
          evidence: output.evidence,
          record: await session.store.readRecord(record.name),
        } as Document;
        printResult(io, { ...input, headed: session.host.headed() }, document, stepBlocks(result));
        return exitCodeOf[output.verdict];
      } finally {
        await transfer.close();
      }
    }),
});
