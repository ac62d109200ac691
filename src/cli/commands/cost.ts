import { z } from 'zod';
import { environmentCostBlocks } from '../../report/cost.ts';
import { costOfEnvironment } from '../../steps/cost.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { blocks } from '../../transfer/finding.ts';
import { defineCommand } from '../define-command.ts';
import { type Document, emptyDocument, placePart } from '../document.ts';
import {
  assignments,
  costInput,
  costOptions,
  sessionInput,
  sessionOptions,
  transferInput,
  transferOptions,
} from '../options.ts';
import { printResult } from '../print.ts';
import { withSession } from '../session.ts';

const planned = transferOptions.filter(({ flags }) => !/^--(?:accept|engine)/.test(flags));
const { accept: _accept, engine: _engine, ...plannedInput } = transferInput;

export const cost = defineCommand({
  name: 'cost',
  summary: 'what an environment costs in a month, and what it adds',
  description:
    'Prices an environment that exists from its state, and any other from a plan; changes nothing. What is paid by use is taken as idle unless `costs.usage` of the configuration says otherwise. What has no price is named, never counted as zero. With a maximum it ends with exit code 3 where more would be added.',
  arguments: [{ name: 'env', description: 'the environment, there or to be made', required: true }],
  options: [...planned, ...costOptions, ...sessionOptions],
  examples: [
    'provision-env cost feature-auth from=dev',
    'provision-env cost feature-auth from=dev --max-monthly 50',
    'provision-env cost dev --prices live --json',
  ],
  input: z.object({ env: z.string(), ...plannedInput, ...costInput, ...sessionInput }),
  run: (input, io) =>
    withSession(io, input, async (session) => {
      const result = await costOfEnvironment(
        {
          environment: input.env,
          from: input.from,
          set: assignments(input.set),
          keepLogRetention: input.keepLogRetention,
          max: input.maxMonthly,
          prices: input.prices,
        },
        session,
      );
      const blocked = result.findings.some(blocks);
      const document = {
        ...emptyDocument('cost', blocked ? 'blocked' : 'done'),
        source: result.source,
        target: result.environment,
        place: placePart(session.host.place()),
        findings: [...result.findings],
        cost: result.details?.cost ?? null,
      } as Document;
      printResult(io, { ...input, headed: session.host.headed() }, document, environmentCostBlocks(result));
      return blocked ? exitCodes.blocked : exitCodes.done;
    }),
});
