import { z } from 'zod';
import { loadConfig } from '../../config/load.ts';
import { environmentNameFor } from '../../environment/branch-name.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { resolve } from 'node:path';
import { defineCommand } from '../define-command.ts';
import { emptyDocument } from '../document.ts';

export const name = defineCommand({
  name: 'name',
  summary: 'the name of the environment of a branch',
  description:
    'Prints the name that the environment of a branch has: valid, short, always the same, and no other branch has it. For scripts: put -- before the branch, and quote it.',
  arguments: [{ name: 'branch', description: 'its short name, for example feature/auth', required: true }],
  options: [
    { flags: '--json', description: 'print one JSON document to standard output' },
    { flags: '-C, --project <dir>', description: 'folder of the project (default: the working directory)' },
  ],
  examples: ['provision-env name feature/auth', 'ENVIRONMENT="$(provision-env name -- "$BRANCH")"'],
  input: z.object({ branch: z.string(), json: z.boolean().optional(), project: z.string().optional() }),
  async run(input, io) {
    // The configuration only: a branch whose Terraform does not parse has its environment all the same.
    const config = await loadConfig(resolve(io.cwd, input.project ?? '.'));
    const target = environmentNameFor(input.branch, config);
    if (input.json) io.writeJson({ ...emptyDocument('name', 'done'), target });
    else io.stdout.write(`${target}\n`);
    return exitCodes.done;
  },
});
