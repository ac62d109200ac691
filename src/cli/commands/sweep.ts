import { z } from 'zod';
import { sweepBlocks } from '../../report/sweep.ts';
import { sweep as sweepEnvironment } from '../../steps/sweep.ts';
import type { SweepReceipt } from '../../sweep/receipt.ts';
import { type ExitCode, exitCodes } from '../../transfer/error-codes.ts';
import { defineCommand } from '../define-command.ts';
import { digestOfSweep, expectInput, expectOption } from '../expect.ts';
import { type Document, emptyDocument, placePart } from '../document.ts';
import { acceptInput, acceptOption, sessionInput, sessionOptions, yesOption } from '../options.ts';
import { printResult } from '../print.ts';
import { withSession } from '../session.ts';

/** Half-way is what was begun and not finished; everything else that is left is told by 1. */
function outcome({ mode, clean, left }: SweepReceipt): { status: Document['status']; exit: ExitCode } {
  if (clean) return { status: 'done', exit: exitCodes.done };
  return mode === 'delete' && left.length > 0
    ? { status: 'halfway', exit: exitCodes.halfway }
    : { status: 'failed', exit: exitCodes.unexpected };
}

export const sweep = defineCommand({
  name: 'sweep',
  summary: 'look for what is left of an environment in the account, and remove it',
  description: [
    'Looks through the account for everything that is left of an environment: what stands in its record, what has its',
    'ownership tag, what services made beside it (log groups, snapshots, backups, network interfaces), and what merely',
    'bears its name; and for a secrets config of it, with the webhooks of the channels whose credentials stand there.',
    'With --delete it shows first, asks for the name of the environment, and removes all but what merely bears its name.',
    '',
    'Exit codes: 0 nothing is left; 1 something is left, looks alike, or could not be read; 3 with --delete, refused:',
    'something is not provably its own; 5 with --delete, something',
    'of the environment could not be removed.',
  ].join('\n'),
  arguments: [{ name: 'env', description: 'the environment; never dev, staging or prod', required: true }],
  options: [
    { flags: '--delete', description: 'remove what is found; asks for the name of the environment' },
    {
      flags: '--also <id>',
      description: 'remove this suspected thing too, by its id or ARN; may be repeated',
      many: true,
    },
    {
      flags: '--region <region>',
      description: 'look in this region too; may be repeated (default: those of its record)',
      many: true,
    },
    acceptOption,
    yesOption,
    expectOption,
    ...sessionOptions,
  ],
  examples: ['provision-env sweep feature-auth', 'provision-env sweep feature-auth --delete --yes --json'],
  input: z
    .object({
      env: z.string(),
      delete: z.boolean().default(false),
      also: z.array(z.string()).default([]),
      region: z
        .array(z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, { error: 'must be the name of a region' }))
        .default([]),
      accept: acceptInput,
      yes: z.boolean().optional(),
      expect: expectInput,
      ...sessionInput,
    })
    .refine((input) => input.delete || input.also.length === 0, {
      error: 'is only of use with --delete',
      path: ['also'],
    }),
  run: (input, io) =>
    withSession(io, input, async (session) => {
      const request = {
        environment: input.env,
        delete: input.delete,
        also: input.also,
        accept: input.accept,
        regions: input.region,
      };
      const receipt = await sweepEnvironment(request, session);
      const { status, exit } = outcome(receipt);
      const record =
        (await session.store.readRecord(input.env)) ?? (await session.store.readRetired(input.env));
      const document = {
        ...emptyDocument('sweep', status),
        source: record?.source ?? null,
        target: input.env,
        place: placePart(session.host.place(), record),
        record: await session.store.readRecord(input.env),
        sweep: receipt,
        ...(input.delete
          ? {}
          : {
              digest: digestOfSweep(
                input.env,
                receipt.found.filter(({ state }) => state === 'found'),
              ),
            }),
      } as unknown as Document;
      printResult(io, { ...input, headed: session.host.headed() }, document, sweepBlocks(receipt));
      return exit;
    }),
});
