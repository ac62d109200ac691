import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { readEventFile } from '../../ci/branch-state.ts';
import { outputLines, readEvent } from '../../ci/github-event.ts';
import { loadConfig } from '../../config/load.ts';
import { createGitHub } from '../../github/client.ts';
import { paragraph } from '../../report/blocks.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { defineCommand } from '../define-command.ts';
import { emptyDocument } from '../document.ts';
import { printResult } from '../print.ts';

export const ciEvent = defineCommand({
  name: 'ci-event',
  summary: 'what a GitHub event asks for (for the workflow of ci github)',
  description:
    'Reads the event of a GitHub workflow run, checks it (forks, write permission, names) and says what it asks for: as lines for GITHUB_OUTPUT, where Actions set that.',
  arguments: [],
  options: [
    {
      flags: '--pushed <prefix>',
      description: 'what branches begin with whose pushes run the workflow, too: none is provisioned twice',
    },
    { flags: '--json', description: 'print one JSON document to standard output' },
    { flags: '-C, --project <dir>', description: 'folder of the project (default: the working directory)' },
  ],
  examples: ['provision-env ci-event'],
  input: z.object({
    pushed: z.string().min(1).optional(),
    json: z.boolean().optional(),
    project: z.string().optional(),
  }),
  async run(input, io) {
    const config = await loadConfig(resolve(io.cwd, input.project ?? '.'));
    const { name, payload } = await readEventFile(io.env);
    const request = await readEvent(name, payload, {
      config,
      github: () => createGitHub({ env: io.env }),
      pushed: input.pushed,
    });
    const { GITHUB_OUTPUT: output } = io.env;
    if (output) await appendFile(output, outputLines(request));
    const document = { ...emptyDocument('ci-event', 'done'), target: request.environment, event: request };
    const text = `${request.reason} → ${request.action}${request.environment === null ? '' : ` ${request.environment}`}`;
    printResult(io, input, document, [paragraph(text)]);
    return exitCodes.done;
  },
});
