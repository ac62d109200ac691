import { describe, expect, it } from 'vitest';
import { makeProject, runCli } from '../support/cli.ts';

describe('provision-env name', () => {
  it('prints the name alone, also of a branch that looks like an option', async () => {
    const project = await makeProject();
    expect(await runCli(project, ['name', 'feature/auth'])).toEqual({
      code: 0,
      stdout: 'feature-auth\n',
      stderr: '',
    });
    const { code, stdout } = await runCli(project, ['name', '--', '--json']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^json-[2-7][a-z2-7]{8}\n$/);
  });

  it('takes from=… for a branch after --', async () => {
    const { stdout } = await runCli(await makeProject(), ['name', '--', 'from=dev']);
    expect(stdout).toMatch(/^from-dev-[2-7][a-z2-7]{8}\n$/);
  });

  it('heeds what the project protects', async () => {
    const project = await makeProject([], { 'provision-env.config.json': '{ "protected": ["auth"] }' });
    expect((await runCli(project, ['name', 'auth', '--json'])).stdout).toMatch(
      /"target": "auth-[2-7][a-z2-7]{8}"/,
    );
  });

  it('refuses a full ref', async () => {
    expect(await runCli(await makeProject(), ['name', 'refs/heads/x'])).toMatchObject({
      code: 2,
      stdout: '',
    });
  });
});
