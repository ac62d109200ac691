import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommand } from '../../src/cli/define-command.ts';
import { agentCommandPath, agentCommandText } from '../../src/init/agent-command.ts';
import { runJson } from '../cli/run.ts';
import { makeProject, runCli } from '../support/cli.ts';

const written = (root: string): Promise<string> => readFile(join(root, agentCommandPath), 'utf8');

describe('provision-env init --agent', () => {
  it('writes the slash command, also where the project has its configuration', async () => {
    const root = await makeProject([], {
      'provision-env.config.json': '{ "defaultSource": "qa" }',
      'terraform/terraform.qa.tfvars': 'environment = "qa"\n',
    });
    const { exitCode, document } = await runJson(root, ['init', '--agent']);
    expect([exitCode, document.file?.status, document.file?.path]).toEqual([0, 'written', agentCommandPath]);
    expect(await written(root)).toBe(agentCommandText('qa'));
    // Once more is no harm.
    expect((await runJson(root, ['init', '--agent'])).document.file?.status).toBe('unchanged');
  });

  it('takes the arguments that the command was described with', () => {
    const [, front = ''] = agentCommandText('dev').split('---\n');
    expect(parse(front)).toMatchObject({
      name: 'provision-env',
      accepts_args: true,
      arg_schema: [
        { name: 'target_env', required: true },
        { name: 'source_env', required: false, default: 'dev' },
      ],
    });
  });

  it('calls commands that there are, with options that they have', async () => {
    const text = agentCommandText('dev').replaceAll('<source_env>', 'dev').replaceAll('<target_env>', 'auth');
    const lines = [...text.matchAll(/provision-env ([a-z]+ --[^`\n]+)/g)].map(([, line = '']) => line.trim());
    expect(lines.length).toBeGreaterThan(4);
    const io = { stdout: { write: () => true } } as never;
    for (const line of lines) {
      const [word = '', ...args] = line.split(' ');
      const spec = await commands[word]?.load();
      const seen: unknown[] = [];
      await runCommand({ ...spec, run: async (input: unknown) => seen.push(input) } as never, args, io);
      expect(seen).toEqual([expect.objectContaining({ json: true })]);
    }
  });

  it('does not write over what somebody changed, unless it is told to', async () => {
    const root = await makeProject();
    await runCli(root, ['init', '--agent']);
    await writeFile(join(root, agentCommandPath), 'mine');
    const refused = await runJson(root, ['init', '--agent']);
    expect([refused.exitCode, refused.document.error?.code]).toEqual([2, 'already-exists']);
    expect(await written(root)).toBe('mine');
    expect((await runCli(root, ['init', '--agent', '--force'])).code).toBe(0);
    expect(await written(root)).toBe(agentCommandText('dev'));
  });

  it('prints it instead of writing it', async () => {
    const root = await makeProject();
    const { code, stdout } = await runCli(root, ['init', '--agent', '--print']);
    expect([code, stdout]).toEqual([0, agentCommandText('dev')]);
    await expect(written(root)).rejects.toThrow('ENOENT');
  });

  it.each([
    [['--force'], '--force is only of use with --agent'],
    [['--agent', '--source', 'qa'], '--agent writes no configuration'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli(await makeProject(), ['init', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
