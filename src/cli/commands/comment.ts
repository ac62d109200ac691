import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { checkEnvironmentName } from '../../environment/names.ts';
import { createGitHub } from '../../github/client.ts';
import { putComment } from '../../github/one-comment.ts';
import { createGitLab } from '../../gitlab/client.ts';
import { paragraph } from '../../report/blocks.ts';
import { commentBody, type LastRun, markerOf } from '../../report/comment.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { defineCommand } from '../define-command.ts';
import { type Document, documentSchema, emptyDocument } from '../document.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { printResult } from '../print.ts';
import { withSession } from '../session.ts';

const said = {
  made: 'The comment is written.',
  changed: 'The comment is up to date now.',
  none: 'There is no such environment, and no comment about it: nothing to say.',
  printed: '',
} as const;

/** The report of the last run on this machine; `null` if there is none that can be read. */
async function lastRunOf(ownFolder: string, environment: string): Promise<LastRun | null> {
  const text = await readFile(join(ownFolder, 'reports', environment, 'report.json'), 'utf8').catch(
    () => 'null',
  );
  try {
    return documentSchema.nullable().parse(JSON.parse(text));
  } catch {
    return null;
  }
}

const places = { github: createGitHub, gitlab: createGitLab };

const requestNumber = z
  .string()
  .regex(/^[1-9]\d{0,9}$/, { error: 'must be a number' })
  .optional();

export const comment = defineCommand({
  name: 'comment',
  summary: 'tell a pull or merge request how its environment stands',
  description: [
    'Writes one comment on a pull request (GitHub) or a merge request (GitLab) and keeps it up to date: state, URLs, proof,',
    'evidence, cost, time left, commands. GitHub: needs GITHUB_TOKEN and GITHUB_REPOSITORY, as Actions set them. GitLab:',
    'CI_API_V4_URL and CI_PROJECT_ID, as its CI sets them, and PROVISION_ENV_GITLAB_TOKEN, a project access token.',
  ].join('\n'),
  arguments: [{ name: 'env', description: 'the environment', required: true }],
  options: [
    { flags: '--pr <n>', description: 'number of the pull request on GitHub' },
    { flags: '--mr <n>', description: 'number (!n) of the merge request on GitLab' },
    { flags: '--print', description: 'print the comment instead of writing it' },
    ...sessionOptions.filter(({ flags }) => flags !== '--markdown'),
  ],
  examples: [
    'provision-env comment feature-auth --pr 12',
    'provision-env comment feature-auth --mr 12',
    'provision-env comment feature-auth --print',
  ],
  input: z
    .object({
      env: z.string(),
      pr: requestNumber,
      mr: requestNumber,
      print: z.boolean().default(false),
      ...sessionInput,
    })
    .refine(({ pr, mr, print }) => pr !== undefined || mr !== undefined || print, {
      path: ['pr'],
      error: 'is missing (on GitLab: --mr)',
    })
    .refine(({ pr, mr }) => pr === undefined || mr === undefined, {
      path: ['mr'],
      error: 'does not go together with --pr',
    }),
  run: (input, io) =>
    withSession(io, input, async ({ store, clock, ownFolder }) => {
      // It stands in the hidden marker as it is.
      checkEnvironmentName(input.env);
      const record = await store.readRecord(input.env);
      const lastRun = await lastRunOf(ownFolder, input.env);
      const number = input.pr ?? input.mr;
      const on = input.mr === undefined ? 'github' : 'gitlab';
      const body = commentBody({ environment: input.env, record, lastRun, now: clock.now(), on });
      if (input.print && !input.json) {
        io.stdout.write(body);
        return exitCodes.done;
      }
      const status = input.print
        ? ('printed' as const)
        : await putComment(places[on]({ env: io.env }), Number(number), {
            marker: markerOf(input.env),
            body,
            make: record !== null || lastRun !== null,
          });
      const document = {
        ...emptyDocument('comment', 'done'),
        target: input.env,
        record,
        comment: { pullRequest: number === undefined ? null : Number(number), status, body },
      } as Document;
      printResult(io, input, document, [paragraph(said[status])]);
      return exitCodes.done;
    }),
});
