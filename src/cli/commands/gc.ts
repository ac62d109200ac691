import { z } from 'zod';
import { noticeSecretVariable, sendNotice } from '../../notice/webhook.ts';
import { gcBlocks } from '../../report/gc.ts';
import { collectExpired } from '../../steps/gc.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { defineCommand } from '../define-command.ts';
import { digestOfGc, expectInput, expectOption, isExpected } from '../expect.ts';
import { destroyRecordedIf } from '../destroy-recorded.ts';
import { emptyDocument, errorPart } from '../document.ts';
import { sessionInput, sessionOptions, unrecordedOption, yesOption } from '../options.ts';
import { printResult } from '../print.ts';
import { withSession } from '../session.ts';

export const gc = defineCommand({
  name: 'gc',
  summary: 'destroy what has expired, tell of what ends soon',
  description:
    'Destroys the environments whose time to live is over, and only those, each as `destroy` does; one that fails does not stop the others. Tells of those that end within the notice time (ttl.noticeBefore), also by ttl.noticeUrl.',
  arguments: [],
  options: [
    { flags: '-n, --dry-run', description: 'list what would be destroyed; change nothing, tell nobody' },
    yesOption,
    expectOption,
    unrecordedOption,
    ...sessionOptions,
  ],
  examples: [
    'provision-env gc --dry-run --json',
    'provision-env gc --yes --json',
    'provision-env gc --expect <digest of the dry run>',
  ],
  input: z.object({
    dryRun: z.boolean().default(false),
    yes: z.boolean().optional(),
    expect: expectInput,
    allowUnrecorded: z.boolean().optional(),
    ...sessionInput,
  }),
  run: ({ expect, ...input }, io) =>
    // A yes to all of it is one to each, once it is seen to be all of it and no more.
    withSession(io, { ...input, yes: input.yes ?? expect !== undefined }, async (session) => {
      const { store, clock, host, config, signal } = session;
      const { noticeUrl } = config.ttl;
      let digest = '';
      const result = await collectExpired({
        store,
        clock,
        host,
        config,
        signal,
        dryRun: input.dryRun,
        agree(expired) {
          digest = digestOfGc(expired);
          if (expect !== undefined && !input.dryRun) isExpected(expect, digest);
        },
        async destroy(record, still) {
          const destroyed = await destroyRecordedIf(session, record, still);
          if (destroyed === null) return 'overtaken';
          return destroyed.clean ? 'destroyed' : 'left-behind';
        },
        ...(noticeUrl === undefined
          ? {}
          : {
              tell: (notice) =>
                sendNotice(noticeUrl, io.env[noticeSecretVariable], notice, { fetch, clock, signal }),
            }),
      });
      const status =
        result.exitCode === exitCodes.done
          ? 'done'
          : result.exitCode === exitCodes.halfway
            ? 'halfway'
            : 'failed';
      const document = {
        ...emptyDocument('gc', status),
        ...(input.dryRun ? { digest } : {}),
        gc: {
          dryRun: input.dryRun,
          environments: result.environments.map(({ error, ...rest }) => ({
            ...rest,
            error: error === null ? null : errorPart(error),
          })),
          notices: result.notices.map(({ error, ...rest }) => ({
            ...rest,
            error: error === null ? null : errorPart(error),
          })),
        },
      };
      printResult(io, input, document, gcBlocks(result, clock.now()));
      return result.exitCode;
    }),
});
