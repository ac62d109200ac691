import { z } from 'zod';
import { recordListBlocks } from '../../report/records.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { defineCommand } from '../define-command.ts';
import { type Document, emptyDocument } from '../document.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { printResult } from '../print.ts';
import { withSession } from '../session.ts';

export const list = defineCommand({
  name: 'list',
  summary: 'the environments that provision-env made',
  arguments: [],
  options: sessionOptions,
  examples: ['provision-env list', 'provision-env list --json'],
  input: z.object(sessionInput),
  run: (input, io) =>
    withSession(io, input, async ({ store, clock }) => {
      const records = await store.listRecords();
      const document = { ...emptyDocument('list', 'done'), records } as unknown as Document;
      printResult(io, input, document, recordListBlocks(records, clock.now()));
      return exitCodes.done;
    }),
});
