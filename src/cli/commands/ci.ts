import { resolve } from 'node:path';
import { z } from 'zod';
import { githubWorkflow, workflowPath } from '../../ci/github-workflow.ts';
import { gitlabPipeline, pipelinePath } from '../../ci/gitlab-pipeline.ts';
import { findRepository, needBlocks, trustPolicy } from '../../ci/needs.ts';
import { ownVersion } from '../../ci/install.ts';
import { writeGenerated } from '../../ci/write-file.ts';
import { durationProblem } from '../../environment/time-to-live.ts';
import { paragraph } from '../../report/blocks.ts';
import { openProject } from '../../steps/open-project.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { defineCommand } from '../define-command.ts';
import { type Document, emptyDocument } from '../document.ts';
import { printResult } from '../print.ts';

const systems = {
  github: { path: workflowPath, make: githubWorkflow },
  gitlab: { path: pipelinePath, make: gitlabPipeline },
} as const;

export const ci = defineCommand({
  name: 'ci',
  summary: 'write the workflow that provisions branches and takes them away',
  description:
    'Writes the CI file: an environment for each feature branch and pull request, updated on push, destroyed with the branch, and every night what has expired. docs/ci.md says what it needs.',
  arguments: [{ name: 'system', description: 'github or gitlab', required: true }],
  options: [
    { flags: '--print', description: 'print the file instead of writing it' },
    { flags: '--force', description: 'write over a file that differs' },
    {
      flags: '--ttl <duration>',
      description:
        'how long an environment lives after its last push (default: what the configuration says, or 7d)',
    },
    { flags: '--json', description: 'print one JSON document to standard output' },
    { flags: '-C, --project <dir>', description: 'folder of the project (default: the working directory)' },
  ],
  examples: ['provision-env ci github', 'provision-env ci gitlab --print'],
  input: z.object({
    system: z.enum(['github', 'gitlab'], { error: 'must be github or gitlab' }),
    print: z.boolean().default(false),
    force: z.boolean().default(false),
    // Stands in a script: a checked duration cannot hold anything that a shell reads.
    ttl: z
      .string()
      .refine((text) => durationProblem(text) === null && !/\s/.test(text), {
        error: 'is no duration: write 3d',
      })
      .optional(),
    json: z.boolean().optional(),
    project: z.string().optional(),
  }),
  async run(input, io) {
    const { project, config } = await openProject(resolve(io.cwd, input.project ?? '.'));
    const { path, make } = systems[input.system];
    const configured = config.ttl.default ?? config.ttl.max ?? config.ttl.maxTotal;
    const ttl = input.ttl ?? (configured === undefined ? '7d' : undefined);
    const text = make({ version: await ownVersion(), ...(ttl === undefined ? {} : { ttl }) });
    if (input.print && !input.json) {
      io.stdout.write(text);
      return exitCodes.done;
    }
    const status = input.print
      ? ('printed' as const)
      : await writeGenerated(project.root, path, text, input.force);
    const repository = await findRepository(project.root);
    const policy = trustPolicy(input.system, repository);
    const document = {
      ...emptyDocument('ci', 'done'),
      file: { path, status, text, trustPolicy: policy },
    } as Document;
    const said = { written: `${path} is written.`, unchanged: `${path} is up to date.`, printed: '' }[status];
    printResult(io, input, document, [
      paragraph(said, 'good'),
      ...needBlocks(input.system, { store: config.store !== undefined, repository }),
    ]);
    // As it is: a wrapped policy cannot be copied.
    if (!input.json) io.writeJson(policy);
    return exitCodes.done;
  },
});
