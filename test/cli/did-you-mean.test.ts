import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { parseAccept } from '../../src/proof/accept.ts';
import { rules } from '../../src/proof/rules/index.ts';
import { runCli, runJson } from './run.ts';

it.each([
  ['destory', ['feature-auth'], 'destroy'],
  ['provison', ['feature-auth'], 'provision'],
  ['extnd', ['feature-auth', '2d'], 'extend'],
  ['lsit', ['--nope'], 'list'],
])('%s %j is told which command is near', async (word, rest, command) => {
  const { exitCode, stderr } = await runCli(tmpdir(), [word, ...rest]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`"${word}" is no command. Did you mean`);
  expect(stderr).toContain(`\`${command}\``);
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
