import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import { loadConfig } from '../../config/load.ts';
import { checkEnvironmentName } from '../../environment/names.ts';
import { findFolder } from '../../environment/project.ts';
import { createGitHub } from '../../github/client.ts';
import { putComment } from '../../github/one-comment.ts';
import { createGitLab } from '../../gitlab/client.ts';
import { paragraph } from '../../report/blocks.ts';
import { commentBody, type LastRun, markerOf } from '../../report/comment.ts';
import { openStore } from '../../steps/store.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { isProvisionError, toProvisionError } from '../../transfer/errors.ts';
import type { EnvironmentRecord } from '../../transfer/record.ts';
import { defineCommand } from '../define-command.ts';
import { type Document, documentSchema, emptyDocument } from '../document.ts';
import type { CliIo } from '../io.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { printResult } from '../print.ts';

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

interface Known {
  readonly record: EnvironmentRecord | null;
  readonly lastRun: LastRun | null;
}

/** Needs the configuration only: a pull request whose Terraform does not even parse is told so, too. */
async function readKnown(cwd: string, environment: string): Promise<Known> {
  const config = await loadConfig(cwd);
  const root = await findFolder({ cwd, config, moduleOptional: config.engine === 'direct' });
  const ownFolder = join(root, '.provision-env');
  let clients: AwsClients | undefined;
  try {
    const store = await openStore(config.store, ownFolder, async () => {
      const { createClients } = await import('../../aws/clients.ts');
      return (clients ??= createClients());
    });
    return {
      record: await store.readRecord(environment),
      lastRun: await lastRunOf(ownFolder, environment),
    };
  } finally {
    clients?.close();
  }
}

/** Where the log of this job can be read, as the CI says; `null` outside of it. */
function logOf(env: CliIo['env'], on: 'github' | 'gitlab'): string | null {
  if (on === 'gitlab') return env['CI_JOB_URL'] ?? null;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return server && repository && id ? `${server}/${repository}/actions/runs/${id}` : null;
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
    {
      flags: '--exit-code <n>',
      description: 'how the command before ended: a failure is told, with the log of the CI job',
    },
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
      exitCode: z
        .string()
        .regex(/^\d{1,3}$/, { error: 'must be a number' })
        .transform(Number)
        .optional(),
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
  async run(input, io) {
    // It stands in the hidden marker as it is.
    checkEnvironmentName(input.env);
    const number = input.pr ?? input.mr;
    const on = input.mr === undefined ? 'github' : 'gitlab';
    const known = await readKnown(resolve(io.cwd, input.project ?? '.'), input.env).catch((thrown: unknown) =>
      toProvisionError(thrown),
    );
    const unreadable = isProvisionError(known) ? known : undefined;
    const { record, lastRun } = isProvisionError(known) ? { record: null, lastRun: null } : known;
    if (unreadable !== undefined && input.print) throw unreadable;
    const ended =
      input.exitCode === undefined ? undefined : { exitCode: input.exitCode, log: logOf(io.env, on) };
    const text = commentBody({
      environment: input.env,
      record,
      lastRun,
      ended,
      unreadable,
      now: new Date(),
      on,
    });
    const body = io.redactor.text(text);
    if (input.print && !input.json) {
      io.stdout.write(body);
      return exitCodes.done;
    }
    const failed =
      ended !== undefined && ![exitCodes.done, exitCodes.waiting].some((code) => code === ended.exitCode);
    const status = input.print
      ? ('printed' as const)
      : await putComment(places[on]({ env: io.env }), Number(number), {
          marker: markerOf(input.env),
          body,
          make: record !== null || lastRun !== null || unreadable !== undefined || failed,
        });
    // Whoever reads the comment knows by now; whoever called has to know, too.
    if (unreadable !== undefined) throw unreadable;
    const document = {
      ...emptyDocument('comment', 'done'),
      target: input.env,
      record,
      comment: { pullRequest: number === undefined ? null : Number(number), status, body },
    } as Document;
    printResult(io, input, document, [paragraph(said[status])]);
    return exitCodes.done;
  },
});
