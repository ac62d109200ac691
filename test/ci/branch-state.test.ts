/** What a late run finds: whether its branch still wants the environment, asked of GitHub and of a real clone. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { branchState } from '../../src/ci/branch-state.ts';
import { toProvisionError } from '../../src/transfer/errors.ts';
import { hostileBranches } from '../support/branches.ts';
import { type GitHubStandIn, startGitHub } from '../support/github.ts';

const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];
const unknown = '9'.repeat(40);
const here = 'acme/daily-report';
const name = 'feature/auth';

describe('on GitHub', () => {
  let github: GitHubStandIn;
  let folder: string;
  beforeEach(async () => {
    github = await startGitHub();
    folder = await mkdtemp(join(tmpdir(), 'pe-event-'));
  });
  afterEach(() => github.close());

  async function ask(event: string, payload: unknown, more: Record<string, string> = {}) {
    const path = join(folder, 'event.json');
    await writeFile(path, JSON.stringify(payload));
    return branchState({ ...github.env, GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path, ...more }, folder);
  }
  const push = (after: string, ref = `refs/heads/${name}`) => ask('push', { ref, after });
  const pull = (sha: string, from: string | null = here) =>
    ask('pull_request', {
      action: 'closed',
      number: 7,
      repository: { full_name: here },
      pull_request: { head: { ref: name, sha, repo: from === null ? null : { full_name: from } } },
    });
  const deleted = () => ask('delete', { ref: name, ref_type: 'branch' });
  const yes = { wanted: true };
  const nobodys = { wanted: null, reason: 'The run is about no branch of this repository.' };
  const no = (reason: RegExp) => ({ wanted: false, reason: expect.stringMatching(reason) as string });

  it('a push is done while its branch is there, at its commit or a later one', async () => {
    github.branches.set(name, [a, b]).set(`${name}-beside`, [c]);
    expect(await push(b)).toEqual(yes);
    expect(await push(a)).toEqual(yes);
  });

  it('a push whose branch is gone is not, whatever begins with its name', async () => {
    github.branches.set(`${name}-beside`, [a]).set('feature/authority', [a]);
    expect(await push(a)).toEqual(no(/is gone/));
    expect(await deleted()).toEqual(no(/is gone/));
  });

  it('a push that was forced over is left to the push that did it', async () => {
    github.branches.set(name, [a, c]);
    expect(await push(b)).toEqual(no(/was moved/));
    expect(await push(unknown)).toEqual(no(/was moved/));
  });

  it('a push whose pull request is closed is not; one that was reopened, or pushed again since, is', async () => {
    github.branches.set(name, [a, b]);
    github.pulls.set(7, { ref: name, sha: b, from: here, state: 'closed' });
    expect(await push(b)).toEqual(no(/^Pull request 7 is closed\.$/));
    expect(await push(a)).toEqual(no(/^Pull request 7 is closed\.$/));
    expect(await pull(b)).toEqual(no(/is closed/));
    github.pulls.set(8, { ref: name, sha: b, from: here });
    expect(await pull(b)).toEqual(yes);
    github.pulls.delete(8);
    github.branches.set(name, [a, b, c]);
    expect(await push(c)).toEqual(yes);
  });

  it('a branch that was made anew wants its environment, whatever became of the old one', async () => {
    github.pulls.set(7, { ref: name, sha: b, from: here, state: 'closed' });
    github.branches.set(name, [c]);
    expect(await push(c)).toEqual(yes);
    expect(await deleted()).toEqual(yes);
    // A late run of the old one is about commits that the new one has not.
    expect(await push(b)).toEqual(no(/was moved/));
  });

  it('a pull request of a fork has no branch here, even where one has its name', async () => {
    github.branches.set(name, [a]);
    github.pulls.set(8, { ref: name, sha: a, from: 'eve/daily-report', state: 'closed' });
    expect(await pull(a, 'eve/daily-report')).toEqual(nobodys);
    expect(await pull(a, null)).toEqual(nobodys);
    // Nor does one that was closed close the branch.
    expect(await push(a)).toEqual(yes);
    const comment = {
      action: 'created',
      issue: { number: 8 },
      comment: { body: '', user: { login: 'eve' } },
    };
    expect(await ask('issue_comment', comment)).toEqual(nobodys);
  });

  it('a run that was started by hand is about the branch that it was started on', async () => {
    github.branches.set(name, [a]);
    expect(await ask('workflow_dispatch', {}, { GITHUB_REF: `refs/heads/${name}` })).toEqual(yes);
    expect(await ask('workflow_dispatch', {}, { GITHUB_REF: 'refs/heads/gone' })).toEqual(no(/is gone/));
    expect(await ask('workflow_dispatch', {}, { GITHUB_REF: 'refs/tags/v1' })).toEqual(nobodys);
  });

  it.each(hostileBranches.filter((each) => !/[\n\ud800-\udfff]/.test(each)))(
    'asks for %j and no other',
    async (hostile) => {
      github.branches.set(hostile, [a]);
      expect(await push(a, `refs/heads/${hostile}`)).toEqual(yes);
      github.branches.clear();
      expect(await push(a, `refs/heads/${hostile}`)).toEqual(no(/is gone/));
    },
  );

  it.each([
    [[403], 'access-denied'],
    [[404], 'access-denied'],
    [[401], 'credentials-expired'],
    [[429, 429, 429], 'rate-limited'],
    [[0, 0, 0], 'network-unreachable'],
    [[502, 502, 502], 'network-unreachable'],
  ])('what cannot be asked (%j) is no answer', { timeout: 30_000 }, async (failures, code) => {
    github.branches.set(name, [a]);
    github.failures.push(...failures);
    const error = toProvisionError(await push(a).catch((thrown: unknown) => thrown));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining('nothing was done')]);
    expect(error.exitCode).not.toBe(0);
  });

  it('nor is a job without a token, or outside of CI', async () => {
    await expect(ask('push', {}, { GITHUB_TOKEN: '' })).rejects.toThrow('GITHUB_TOKEN is not set');
    await expect(branchState({}, folder)).rejects.toThrow('no job of GitHub or GitLab');
  });
});

describe('on GitLab', () => {
  let origin: string;
  let clone: string;
  const git = (cwd: string, ...args: string[]) =>
    execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@x.test', ...args], { cwd });
  const commit = async (cwd: string): Promise<string> => {
    await git(cwd, 'commit', '--quiet', '--allow-empty', '-m', String(Math.random()));
    return (await git(cwd, 'rev-parse', 'HEAD')).stdout;
  };
  beforeEach(async () => {
    origin = await mkdtemp(join(tmpdir(), 'pe-origin-'));
    clone = join(await mkdtemp(join(tmpdir(), 'pe-clone-')), 'project');
    await git(origin, 'init', '--quiet', '-b', 'main');
    await commit(origin);
    await git(origin, 'checkout', '--quiet', '-b', name);
  });
  const ask = (env: Record<string, string>) =>
    branchState({ GITLAB_CI: 'true', CI_PROJECT_ID: '1', CI_COMMIT_BRANCH: name, ...env }, clone);

  it('asks the remote of the clone for the branch and its history', async () => {
    const first = await commit(origin);
    await execa('git', ['clone', '--quiet', '--depth', '1', `file://${origin}`, clone]);
    expect(await ask({ CI_COMMIT_SHA: first })).toEqual({ wanted: true });
    await commit(origin);
    expect(await ask({ CI_COMMIT_SHA: first })).toEqual({ wanted: true });
    await git(origin, 'reset', '--quiet', '--hard', 'main');
    await commit(origin);
    expect(await ask({ CI_COMMIT_SHA: first })).toMatchObject({ reason: expect.stringContaining('moved') });
    await git(origin, 'checkout', '--quiet', 'main');
    await git(origin, 'branch', '--quiet', '-D', name);
    await git(origin, 'branch', `${name}-beside`);
    expect(await ask({ CI_COMMIT_SHA: first })).toEqual({ wanted: false, reason: 'The branch is gone.' });
  });

  it('asks for the merge request, and does nothing where it may not', async () => {
    const head = await commit(origin);
    await execa('git', ['clone', '--quiet', `file://${origin}`, clone]);
    let state = 'opened';
    const server = setupServer(
      http.get('https://gitlab.test/api/v4/projects/1/merge_requests/7', ({ request }) =>
        request.headers.get('private-token') === 't'
          ? HttpResponse.json({ state })
          : new HttpResponse(null, { status: 401 }),
      ),
    );
    server.listen({ onUnhandledRequest: 'error' });
    try {
      const request = {
        CI_API_V4_URL: 'https://gitlab.test/api/v4',
        CI_COMMIT_SHA: head,
        CI_MERGE_REQUEST_IID: '7',
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: name,
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '1',
      };
      const token = { PROVISION_ENV_GITLAB_TOKEN: 't' };
      expect(await ask({ ...request, ...token })).toEqual({ wanted: true });
      for (state of ['closed', 'merged', 'locked'])
        expect(await ask({ ...request, ...token })).toMatchObject({ reason: 'The merge request is closed.' });
      await expect(ask(request)).rejects.toThrow('PROVISION_ENV_GITLAB_TOKEN is not set');
      await expect(ask({ ...request, PROVISION_ENV_GITLAB_TOKEN: 'old' })).rejects.toThrow(
        'nothing was done',
      );
      expect(await ask({ ...request, ...token, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '2' })).toMatchObject({
        reason: expect.stringContaining('no branch'),
      });
    } finally {
      server.close();
    }
  });

  it('is no answer where the remote cannot be asked', async () => {
    await commit(origin);
    await execa('git', ['clone', '--quiet', `file://${origin}`, clone]);
    await git(clone, 'remote', 'set-url', 'origin', join(origin, 'nowhere'));
    await expect(ask({})).rejects.toThrow('could not be asked; nothing was done');
  });
});
