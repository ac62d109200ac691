import { z } from 'zod';
import { masterChecklist } from '../../channels/checklist.ts';
import { recordBlocks, recordListBlocks } from '../../report/records.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { callCount } from '../../transfer/call-count.ts';
import { defineCommand } from '../define-command.ts';
import { type Document, emptyDocument, placePart } from '../document.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { printResult } from '../print.ts';
import { recordOf } from '../records.ts';
import { withSession } from '../session.ts';

export const status = defineCommand({
  name: 'status',
  summary: 'what is known of an environment',
  description:
    'Shows the record of an environment: state, age, last evidence. Without a name, of all of them.',
  arguments: [{ name: 'env', description: 'the environment; all of them if left out', required: false }],
  options: sessionOptions,
  examples: ['provision-env status feature-auth', 'provision-env status --json'],
  input: z.object({ env: z.string().optional(), ...sessionInput }),
  run: (input, io) =>
    withSession(io, input, async ({ store, clock }) => {
      if (input.env === undefined) {
        const records = await store.listRecords();
        const document = { ...emptyDocument('status', 'done'), records } as unknown as Document;
        printResult(io, input, document, recordListBlocks(records, clock.now()));
        return exitCodes.done;
      }
      const record = await recordOf(store, input.env);
      const document = {
        ...emptyDocument('status', 'done'),
        source: record.source,
        target: record.name,
        place: placePart(null, record),
        findings: record.proof?.verdicts.flatMap(({ findings }) => findings) ?? [],
        proof: record.proof,
        evidence: record.evidence,
        functions: callCount(record.evidence),
        record,
        checklist: masterChecklist(record),
      } as Document;
      printResult(io, input, document, recordBlocks(record, clock.now()));
      return exitCodes.done;
    }),
});
