import { z } from 'zod';
import { paragraph } from '../../report/blocks.ts';
import { callBlocks } from '../../report/calls.ts';
import { stepBlocks } from '../../report/steps.ts';
import { toneOf } from '../../report/transfer.ts';
import { refuseToVerifyAsleep } from '../../steps/asleep.ts';
import { openTransfer } from '../../steps/open.ts';
import { verify as verifyStep } from '../../steps/verify.ts';
import { findingsOf } from '../../steps/proof-input.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { butNotCalled } from '../../transfer/call-count.ts';
import { defineCommand } from '../define-command.ts';
import { type Document, emptyDocument, placePart } from '../document.ts';
import { invokeInput, invokeOption, sessionInput, sessionOptions } from '../options.ts';
import { printResult } from '../print.ts';
import { recordOf, requestFrom } from '../records.ts';
import { withSession } from '../session.ts';

const exitCodeOf = {
  verified: exitCodes.done,
  waiting: exitCodes.waiting,
  failed: exitCodes.verificationFailed,
} as const;

const said = {
  verified: 'is verified',
  waiting: 'waits for a person to confirm the last layer',
  failed: 'does not pass its verification',
} as const;

export const verify = defineCommand({
  name: 'verify',
  summary: 'verify an environment again',
  description:
    'Step 7 again: the proof on what exists now, and the evidence layer by layer. Lists first what it calls, with what, and why: by default Function URLs, GET routes, and what the configuration gives an event.',
  arguments: [{ name: 'env', description: 'the environment', required: true }],
  options: [
    { flags: '--layer <n>', description: 'only this layer', choices: ['1', '2', '3', '4'] },
    invokeOption,
    ...sessionOptions,
  ],
  examples: [
    'provision-env verify feature-auth',
    'provision-env verify feature-auth --layer 3',
    'provision-env verify feature-auth --invoke none',
  ],
  input: z.object({
    env: z.string(),
    layer: z.coerce.number().optional(),
    ...invokeInput,
    ...sessionInput,
  }),
  run: (input, io) =>
    withSession(io, input, async (session) => {
      const record = await recordOf(session.store, input.env);
      refuseToVerifyAsleep(record, session.host);
      const request = { ...requestFrom(record, 'verify'), invoke: input.invoke };
      const transfer = await openTransfer(request, session);
      try {
        const started = performance.now();
        const { status, output } = await verifyStep(transfer.context, {
          only: input.layer as 1 | 2 | 3 | 4 | undefined,
        });
        const result = {
          id: 'verify',
          status,
          durationMs: Math.round(performance.now() - started),
          output,
        } as const;
        const after = await session.store.readRecord(record.name);
        const document = {
          ...emptyDocument('verify', output.verdict),
          source: record.source,
          target: record.name,
          place: placePart(session.host.place(), record),
          steps: [result],
          findings: findingsOf(output.proof),
          proof: output.proof,
          ...(output.calls ? { calls: output.calls } : {}),
          functions: output.functions,
          evidence: output.evidence,
          record: after,
        } as unknown as Document;
        printResult(io, { ...input, headed: session.host.headed() }, document, [
          ...(input.markdown && output.calls ? callBlocks(output.calls) : []),
          ...stepBlocks(result),
          paragraph(
            `${record.name} ${said[output.verdict]}${butNotCalled(after?.evidence ?? output.evidence)}.`,
            toneOf(output.verdict),
          ),
        ]);
        return exitCodeOf[output.verdict];
      } finally {
        await transfer.close();
      }
    }),
});
