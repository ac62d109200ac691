import { z } from 'zod';
import { refuseEndless } from '../../environment/time-to-live.ts';
import { recordBlocks } from '../../report/records.ts';
import { extend as extendLife } from '../../steps/extend.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { defineCommand } from '../define-command.ts';
import { emptyDocument, type Document } from '../document.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { printResult } from '../print.ts';
import { recordOf } from '../records.ts';
import { withSession } from '../session.ts';

export const extend = defineCommand({
  name: 'extend',
  summary: 'put the end of an environment off',
  description:
    'Adds time to the life of an environment: to its end, or to now where that is past. The caps of the configuration (ttl.max, ttl.maxTotal) stand.',
  arguments: [
    { name: 'env', description: 'the environment', required: true },
    { name: 'duration', description: 'for example 12h, 2d, 1w', required: true },
  ],
  options: sessionOptions,
  examples: ['provision-env extend feature-auth 2d'],
  input: z.object({ env: z.string(), duration: z.string(), ...sessionInput }),
  run: (input, io) =>
    withSession(io, input, async ({ store, clock, config }) => {
      refuseEndless(input.env, config);
      await recordOf(store, input.env);
      const record = await extendLife(input.env, input.duration, { store, clock, config });
      const document = {
        ...emptyDocument('extend', 'done'),
        source: record.source,
        target: record.name,
        record,
      } as Document;
      printResult(io, input, document, recordBlocks(record, clock.now()).slice(0, 2));
      return exitCodes.done;
    }),
});
