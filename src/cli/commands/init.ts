import { join, resolve } from 'node:path';
import { z } from 'zod';
import { writeGenerated } from '../../ci/write-file.ts';
import { findConfigFile } from '../../config/find.ts';
import { agentCommandPath, agentCommandText } from '../../init/agent-command.ts';
import { configName, configText } from '../../init/config-text.ts';
import { type Answers, type Found, type InitQuestion, look } from '../../init/look.ts';
import { type Block, code, heading, paragraph } from '../../report/blocks.ts';
import { openProject } from '../../steps/open-project.ts';
import { type ExitCode, exitCodes } from '../../transfer/error-codes.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { defineCommand } from '../define-command.ts';
import { runChecks } from '../doctor-checks.ts';
import { emptyDocument } from '../document.ts';
import { type CliIo, isInteractive } from '../io.ts';
import { printBlocks, printResult } from '../print.ts';
import { doctorBlocks } from './doctor.ts';

const optionOf: Readonly<Record<InitQuestion['id'], string>> = {
  dir: '--dir',
  variable: '--variable',
  varFile: '--var-file',
  source: '--source',
};

/** @throws ProvisionError `needs-person` where there is nobody; the hint names the option that answers it */
async function ask(io: CliIo, { id, text, choices }: InitQuestion): Promise<string> {
  if (!isInteractive(io)) {
    throw new ProvisionError('needs-person', `There is nobody to ask: ${text}`, {
      hint: `Say it with ${optionOf[id]}. There are: ${choices.join(', ')}.`,
    });
  }
  const prompts = await import('@clack/prompts');
  const answer = await prompts.select({
    message: text,
    options: choices.map((value) => ({ value, label: value })),
    input: io.stdin,
    output: io.stderr,
  });
  if (prompts.isCancel(answer)) throw new ProvisionError('declined', 'Nothing was written.');
  return answer;
}

/** Looks, asks what it cannot find, and looks again; each question is put once. */
async function findOut(io: CliIo, cwd: string, given: Answers): Promise<Found> {
  let answers = given;
  for (;;) {
    const { found, question } = await look(cwd, answers);
    if (found !== null) return found;
    answers = { ...answers, [question.id]: await ask(io, question) };
  }
}

function foundBlocks(found: Found): Block[] {
  const { dir, variable, environments, source, backend, doppler, workspaces, functions, told } = found;
  return [
    heading(1, 'What was found'),
    {
      kind: 'table',
      head: ['', ''],
      rows: [
        ['Root module', code(dir)],
        ['Names the environment', code(`var.${variable}`)],
        ['Environments', environments.join(', ') || 'none yet: give the first one a var-file'],
        ...(told.varFile === undefined ? [] : [['Var-files', code(told.varFile)]]),
        ['Copied by default', code(source)],
        [
          'Backend',
          backend ?? 'none declared: states lie on this machine, where no other machine and no CI finds them',
        ],
        ...(workspaces
          ? [
              [
                'Workspaces',
                `terraform.workspace stands in names: it is \`default\` in every environment here; use var.${variable}`,
              ],
            ]
          : []),
        ['Secrets', doppler ? 'doppler.yaml' : 'the environment of the command'],
      ],
    },
    ...functionBlocks(functions),
  ];
}

/** What a verification will do with each function, and the event that is proposed for it. */
function functionBlocks(functions: Found['functions']): Block[] {
  if (functions.length === 0) return [];
  return [
    heading(3, 'Functions in a verification, if nothing is said'),
    {
      kind: 'table',
      head: ['Function', 'It is', 'Event that fits, proposed in the configuration'],
      rows: functions.map(({ address, why, called, event }) => [
        code(address),
        { text: `${called ? 'asked with a GET' : 'not called'}: ${why}`, tone: called ? 'warn' : 'plain' },
        code(JSON.stringify(event), 'dim'),
      ]),
    },
  ];
}

/** The slash command for coding agents. A project that has its configuration already is where it is of use. */
async function writeAgentCommand(
  io: CliIo,
  cwd: string,
  input: { readonly print: boolean; readonly force: boolean; readonly json?: boolean | undefined },
): Promise<ExitCode> {
  const { project, config } = await openProject(cwd);
  const text = agentCommandText(config.defaultSource);
  if (input.print && !input.json) {
    io.stdout.write(text);
    return exitCodes.done;
  }
  const status = input.print
    ? ('printed' as const)
    : await writeGenerated(project.root, agentCommandPath, text, input.force);
  const document = {
    ...emptyDocument('init', 'done'),
    source: config.defaultSource,
    file: { path: agentCommandPath, status, text },
  };
  const said = status === 'unchanged' ? 'is up to date' : 'is written';
  printResult(io, input, document, [
    paragraph(`${agentCommandPath} ${said}: /provision-env <target_env> [from=<source_env>].`, 'good'),
    paragraph('provision-env mcp offers the same as tools: docs/agents.md says how to set it up.'),
  ]);
  return exitCodes.done;
}

export const init = defineCommand({
  name: 'init',
  summary: 'look at the project and write its configuration',
  description:
    'Looks at a project, shows what it found, asks only what it cannot find, writes a commented provision-env.config.ts, and ends with what doctor says. Writes over nothing. With --agent it writes the slash command /provision-env for coding agents instead.',
  arguments: [],
  options: [
    { flags: '--dir <dir>', description: 'root module, where it is not found' },
    { flags: '--variable <name>', description: 'variable that names the environment, where it is not found' },
    {
      flags: '--var-file <pattern>',
      description: 'where the var-file of an environment lies, where it is not found: config/{env}.tfvars',
    },
    { flags: '--source <env>', description: 'environment to copy where none is named' },
    { flags: '--agent', description: 'write the slash command /provision-env for coding agents instead' },
    { flags: '--force', description: 'with --agent: write over a file that differs' },
    { flags: '--print', description: 'print what would be written instead of writing it' },
    { flags: '--json', description: 'print one JSON document to standard output' },
    { flags: '-C, --project <dir>', description: 'folder of the project (default: the working directory)' },
  ],
  examples: [
    'provision-env init',
    'provision-env init --dir deploy/terraform --variable stage',
    'provision-env init --agent',
  ],
  input: z
    .object({
      dir: z.string().min(1).optional(),
      variable: z.string().min(1).optional(),
      varFile: z
        .string()
        .regex(/\{env\}/, { error: 'must have {env} in it, for the name of the environment' })
        .optional(),
      source: z.string().min(1).optional(),
      agent: z.boolean().default(false),
      force: z.boolean().default(false),
      print: z.boolean().default(false),
      json: z.boolean().optional(),
      project: z.string().optional(),
    })
    .refine(({ agent, force }) => agent || !force, {
      error: 'is only of use with --agent: a configuration is never written over',
      path: ['force'],
    })
    .refine(
      ({ agent, dir, variable, varFile, source }) =>
        !agent || (dir ?? variable ?? varFile ?? source) === undefined,
      {
        error: 'writes no configuration: leave --dir, --variable, --var-file and --source out',
        path: ['agent'],
      },
    ),
  async run(input, io) {
    const cwd = resolve(io.cwd, input.project ?? '.');
    if (input.agent) return writeAgentCommand(io, cwd, input);
    const existing = await findConfigFile(cwd);
    if (existing !== null && !input.print) {
      throw new ProvisionError('already-exists', 'The project has a configuration already.', {
        where: { file: existing },
        hint: 'provision-env doctor looks whether it is right; init --print shows what would be written.',
      });
    }
    const { dir, variable, varFile, source } = input;
    const found = await findOut(io, cwd, { dir, variable, varFile, source });
    const text = configText(found);
    if (input.print && !input.json) {
      io.stdout.write(text);
      return exitCodes.done;
    }
    // Before it is written: what it proposes can be looked at while it is still only proposed.
    if (!input.json) printBlocks(io, foundBlocks(found));
    const status = input.print
      ? ('printed' as const)
      : await writeGenerated(found.root, configName, text, false);
    const checks = input.print ? [] : await runChecks(io, { from: found.source, project: found.root });
    const document = {
      ...emptyDocument('init', 'done'),
      source: found.source,
      file: { path: configName, status, text },
      checks: [...checks],
    };
    printResult(io, input, document, [
      paragraph(`${join(found.root, configName)} is written.`, 'good'),
      ...doctorBlocks(checks),
    ]);
    return exitCodes.done;
  },
});
