import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { parseAccept } from '../../src/proof/accept.ts';
import { rules } from '../../src/proof/rules/index.ts';
import { makeProject } from '../support/cli.ts';
import { runCli, runJson } from './run.ts';

it.each([
  ['destory', ['feature-auth'], 'destroy'],
  ['provison', ['feature-auth'], 'provision'],
  ['extnd', ['feature-auth', '2d'], 'extend'],
  ['lsit', ['--nope'], 'list'],
])('%s %j is told which command is near', async (word, rest, command) => {
  const { exitCode, stderr } = await runCli(tmpdir(), [word, ...rest]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`"${word}" is no command.`);
  expect(stderr).toContain(`Did you mean \`${command}\`?`);
  const { document } = await runJson(tmpdir(), [word, ...rest]);
  expect(document.error).toMatchObject({ code: 'usage', hint: expect.stringContaining(command) as string });
});

it('offers nothing where nothing is near, and for the options of a command that is there', async () => {
  for (const args of [
    ['feature-authentication', 'extra'],
    ['list', '--nope'],
  ])
    expect((await runCli(tmpdir(), args)).stderr).not.toContain('is no command');
});

it('names the rule that is near one that there is not', () => {
  const ids = rules.map(({ id }) => id);
  expect(() => parseAccept('identity-fre:aws_x.y', ids)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('Did you mean `identity-free`?') as string }),
  );
});

it.each([
  ['stauts', 'status'],
  ['destory', 'destroy'],
  ['paln', 'plan'],
])('%s alone is a slip, not the name of an environment', async (word, command) => {
  for (const rest of [[], ['--yes'], ['--ttl', '3d']]) {
    const { exitCode, stderr } = await runCli(tmpdir(), [word, ...rest]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`"${word}" is no command.\n`);
    expect(stderr).toContain(
      `Did you mean \`${command}\`? To make an environment of that name: provision-env provision ${word}`,
    );
  }
});

it.each([
  [['stauts', 'from=dev']],
  [['stauts', '--from', 'dev']],
  [['provision', 'stauts']],
  [['feature-ci']],
  [['qa']],
])('%j means an environment', async (args) => {
  // There is no project here: it has come past the names.
  expect((await runCli(tmpdir(), args)).stderr).toContain('[project-not-found]');
});

it('says so before anything else is looked at', async () => {
  const project = await makeProject();
  const { document } = await runJson(project, ['plan', 'feature-auth', '--accept', 'identity-fre:aws_x.y']);
  expect(document.error).toMatchObject({
    code: 'usage',
    hint: expect.stringContaining('Did you mean `identity-free`?') as string,
  });
  await rm(project, { recursive: true });
});

it.each([
  [['plan', '-C', '/nowhere', '--ttl'], null],
  [['list', '-C', '/nowhere'], null],
  [['plan', '--set', 'x', 'feature-auth', '--nope'], 'feature-auth'],
  [['--max-monthly', '5', 'feature-auth', '--nope'], 'feature-auth'],
  [['plan', '--live', 'feature-auth', '--nope'], 'feature-auth'],
])('the document of %j names the target and no value of an option', async (args, target) => {
  const { document } = await runJson(tmpdir(), args);
  expect(document).toMatchObject({ status: 'error', target });
});

describe('help', () => {
  it('of a command that there is not is an error that offers the near one', async () => {
    const { exitCode, stdout, stderr } = await runCli(tmpdir(), ['help', 'destory']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Did you mean `destroy`?');
    // A name that every object has is no command either.
    expect((await runCli(tmpdir(), ['help', 'constructor'])).stderr).toContain('[usage]');
  });

  it('of a command is that of its --help', async () => {
    const asked = await runCli(tmpdir(), ['help', 'destroy']);
    expect(asked).toEqual(await runCli(tmpdir(), ['destroy', '--help']));
    expect(asked).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.each(Object.keys(commands))(
    'of %s fits 80 columns, breaks no line early and shows an example',
    async (name) => {
      const { exitCode, stdout } = await runCli(tmpdir(), [name, '--help'], {}, 80);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/Examples:\n {2}\$ \S+/);
      const lines = stdout.split('\n');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      // The first word of a line would not have fitted on the one before.
      const description = stdout.split('\n\n')[1]?.split('\n') ?? [];
      description.slice(0, -1).forEach((line, index) => {
        const [next = ''] = description[index + 1]?.split(' ') ?? [];
        expect(line.length + 1 + next.length).toBeGreaterThan(79);
      });
    },
  );

  it('of everything fits 80 columns', async () => {
    const { stdout } = await runCli(tmpdir(), ['--help'], {}, 80);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const name of Object.keys(commands)) expect(stdout).toContain(`\n  ${name} `);
  });
});
