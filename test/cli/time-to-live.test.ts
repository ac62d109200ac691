import { describe, expect, it } from 'vitest';
import { makeProject, runCli } from '../support/cli.ts';
import { aRecord } from '../support/record.ts';

const hour = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();
const json = (text: string): Record<string, never> => JSON.parse(text) as Record<string, never>;

describe('the command line', () => {
  it('extends an environment, and shows the time left', async () => {
    const project = await makeProject([aRecord({ expires: inHours(5.5) })]);
    expect((await runCli(project, ['status', 'feature-auth'])).stdout).toMatch(
      /Expires .*\(5 h 29 min left\)/,
    );
    const { code, stdout } = await runCli(project, ['extend', 'feature-auth', '2d', '--json']);
    expect(code).toBe(0);
    expect(json(stdout)).toMatchObject({ command: 'extend', status: 'done', target: 'feature-auth' });
    expect((await runCli(project, ['list'])).stdout).toContain('2 d 5 h left');
  });

  it('lists with gc --dry-run what would go, and leaves it', async () => {
    const project = await makeProject([
      aRecord({ name: 'feature-old', expires: inHours(-3) }),
      aRecord({ name: 'feature-soon', expires: inHours(3.5) }),
      aRecord({ name: 'feature-new', expires: inHours(300) }),
    ]);
    const { code, stdout, stderr } = await runCli(project, ['gc', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('feature-old');
    expect(stdout).toContain('would be destroyed');
    expect(stdout).not.toContain('feature-new');
    expect(stderr).toContain('feature-soon ends at');
    expect(json((await runCli(project, ['gc', '--dry-run', '--json'])).stdout)).toMatchObject({
      status: 'done',
      gc: {
        dryRun: true,
        environments: [{ environment: 'feature-old', outcome: 'would-destroy', error: null }],
        notices: [{ environment: 'feature-soon', delivery: 'shown' }],
      },
    });
  });

  it.each([
    [['feature-auth', '--ttl', '3'], '--ttl has no unit'],
    [['feature-auth', '--ttl', '9d'], 'at most 7d from now'],
    [['staging', '--ttl', '3d'], 'is protected'],
    [['extend', 'feature-auth', 'soon'], 'is not a duration'],
    [['extend', 'feature-none', '3d'], 'no record'],
    [['extend', 'dev', '3d'], 'dev is protected'],
  ])('refuses %j', async (args, message) => {
    const project = await makeProject([aRecord({ expires: inHours(1) })], {
      'provision-env.config.json': '{ "ttl": { "max": "7d" } }',
    });
    const { code, stderr } = await runCli(project, args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it.each([
    ['{ "ttl": { "default": "9d", "max": "7d" } }', '`ttl.default`'],
    ['{ "ttl": { "max": "7" } }', 'has no unit'],
    ['{ "ttl": { "noticeUrl": "file:///etc" } }', '`ttl.noticeUrl`'],
  ])('refuses the configuration %s', async (text, message) => {
    const project = await makeProject([], { 'provision-env.config.json': text });
    const { code, stderr } = await runCli(project, ['list']);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
