/** The comment, over the real octokit, on a stand-in of the API. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitHub } from '../../src/github/client.ts';
import { putComment } from '../../src/github/one-comment.ts';
import { toProvisionError } from '../../src/transfer/errors.ts';
import { makeProject, runCli } from '../support/cli.ts';
import { type GitHubStandIn, githubToken, startGitHub } from '../support/github.ts';
import { aRecord } from '../support/record.ts';

let github: GitHubStandIn;
beforeEach(async () => {
  github = await startGitHub();
});
afterEach(() => github.close());

const client = (env: Record<string, string> = {}, timeoutMs = 2000) =>
  createGitHub({ env: { ...github.env, ...env }, pauseMs: 1, timeoutMs });
const marker = '<!-- provision-env: feature-auth -->';
const put = (body: string, make = true) =>
  putComment(client(), 12, { marker, body: `${marker}\n${body}`, make });
const bodies = (): string[] => (github.comments.get(12) ?? []).map(({ body }) => body);
const by = (login: string, type: string, body: string, id = 1) => ({ id, body, user: { login, type } });

describe('the one comment', () => {
  it('is made once, then changed in place, however many others there are', async () => {
    github.pageSize = 3;
    github.comments.set(12, [
      by('ada', 'User', 'hi', 1),
      by('ada', 'User', 'ho', 2),
      by('ada', 'User', 'x', 3),
    ]);
    expect(await put('one')).toBe('made');
    github.comments.get(12)?.push(by('ada', 'User', 'later', 5));
    expect(await put('two')).toBe('changed');
    expect(bodies()).toEqual(['hi', 'ho', 'x', `${marker}\ntwo`, 'later']);
  });

  it('is never somebody else’s that begins with the marker', async () => {
    github.comments.set(12, [by('eve', 'User', `${marker}\nmine`)]);
    expect(await put('one')).toBe('made');
    expect(bodies()).toEqual([`${marker}\nmine`, `${marker}\none`]);
    github.account = 'ada';
    expect(await put('of ada')).toBe('made');
    expect(await put('of ada again')).toBe('changed');
    expect(bodies()).toEqual([`${marker}\nmine`, `${marker}\none`, `${marker}\nof ada again`]);
  });

  it('is not made where there is nothing to tell', async () => {
    expect(await put('gone', false)).toBe('none');
    expect(bodies()).toEqual([]);
  });

  it('is written in spite of failures that pass', async () => {
    github.failures.push(502, 0);
    expect(await put('one')).toBe('made');
    expect(bodies()).toHaveLength(1);
  });

  it.each([
    ['was made without an answer', { status: 0, done: true }],
    ['was made, and an error was the answer', { status: 502, done: true }],
    ['was not made at first', { status: 502, done: false }],
    ['was not sent at first', { status: 0, done: false }],
  ])('stands there once where it %s', async (_, failure) => {
    github.writeFailures.push(failure);
    expect(await put('one')).toBe('made');
    expect(bodies()).toEqual([`${marker}\none`]);
  });

  it('is kept true where two runs made it at the same moment', async () => {
    const bot = (id: number) => by('github-actions[bot]', 'Bot', `${marker}\nold`, id);
    github.comments.set(12, [bot(1), by('ada', 'User', 'hi', 2), bot(3)]);
    expect(await put('new')).toBe('changed');
    expect(bodies()).toEqual([`${marker}\nnew`, 'hi', `${marker}\nnew`]);
  });

  it.each([
    [403, { 'x-ratelimit-remaining': '0' }, 'rate-limited'],
    [403, { 'retry-after': '60' }, 'rate-limited'],
    [429, {}, 'rate-limited'],
    [403, { 'x-ratelimit-remaining': '10' }, 'access-denied'],
    [404, {}, 'access-denied'],
    [422, {}, 'unexpected'],
  ])('is not written where GitHub answers %d with %j: %s', async (status, headers, code) => {
    Object.assign(github.headers, headers);
    github.writeFailures.push(...Array.from({ length: 5 }, () => ({ status, done: false })));
    await expect(put('one')).rejects.toMatchObject({ code });
    expect(bodies()).toEqual([]);
  });

  it.each([
    ['never answers well', [500, 500, 500, 500, 500, 500], 'network-unreachable'],
    ['breaks every connection', [0, 0, 0, 0, 0, 0], 'network-unreachable'],
  ])('is given up where GitHub %s, after a bounded number of attempts', async (_, failures, code) => {
    github.failures.push(...failures);
    await expect(put('one')).rejects.toMatchObject({ code });
    expect(github.requests.length).toBeLessThanOrEqual(6);
  });
});

describe('the token', () => {
  it.each([
    [{ GITHUB_TOKEN: `${githubToken}-wrong` }, 'credentials-expired'],
    [{ GITHUB_TOKEN: '' }, 'credentials-missing'],
    [{ GITHUB_REPOSITORY: '../../x' }, 'usage'],
    [{ GITHUB_API_URL: 'http://evil.test' }, 'usage'],
    [{ GITHUB_API_URL: 'http://127.0.0.1:1' }, 'network-unreachable'],
  ])('stands in no error: %j', async (env, code) => {
    const error = await (async () => client(env).comments(12))().then(
      () => null,
      (thrown: unknown) => toProvisionError(thrown),
    );
    expect(error?.code).toBe(code);
    expect(`${error?.message} ${error?.hint} ${error?.stack}`).not.toContain(githubToken);
    expect(error?.cause).toBeUndefined();
  });
});

describe('provision-env comment', () => {
  it('tells a pull request, and tells it again when the environment is gone', async () => {
    const project = await makeProject([aRecord({ source: '<b>@eve' })]);
    const args = ['comment', 'feature-auth', '--pr', '12'];
    expect((await runCli(project, args, github.env)).stdout).toContain('is written');
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toContain('🟢 verified');
    expect(bodies()[0]).not.toContain('@eve');
    const gone = await makeProject();
    const { code, stdout } = await runCli(gone, [...args, '--json'], github.env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ command: 'comment', comment: { status: 'changed' } });
    expect(bodies()).toEqual([expect.stringContaining('⚪ destroyed')]);
  });

  it('tells that a run has failed on a pull request whose Terraform does not even parse', async () => {
    const project = await makeProject([aRecord()], { 'terraform/main.tf': 'variable "environment" {\n' });
    const env = { ...github.env, GITHUB_SERVER_URL: 'https://github.test', GITHUB_RUN_ID: '9' };
    const args = ['comment', 'feature-auth', '--pr', '12', '--exit-code', '2'];
    expect((await runCli(project, args, env)).code).toBe(0);
    expect(bodies()[0]).toContain('🔴 refused');
    expect(bodies()[0]).toContain('<https://github.test/acme/daily-report/actions/runs/9>');
    // Nothing was made, but there is something to tell.
    expect(
      (await runCli(project, ['comment', 'feature-b', '--pr', '13', '--exit-code', '0'], env)).code,
    ).toBe(0);
    expect(github.comments.get(13)).toEqual([]);
    await runCli(project, ['comment', 'feature-b', '--pr', '13', '--exit-code', '1'], env);
    expect(github.comments.get(13)?.[0]?.body).toContain('🔴 not made');
  });

  it('tells that it cannot be looked, and fails', async () => {
    const project = await makeProject([aRecord()]);
    const args = ['comment', 'feature-auth', '--pr', '12'];
    expect((await runCli(project, args, github.env)).code).toBe(0);
    await writeFile(join(project, 'provision-env.config.json'), '{ "store": 7 }');
    const { code, stderr } = await runCli(project, args, github.env);
    expect([code, stderr]).toEqual([2, expect.stringContaining('config-invalid')]);
    expect(bodies()).toEqual([expect.stringContaining('it could not be read how it stands')]);
  });

  it('prints without a token', async () => {
    const project = await makeProject([aRecord()]);
    const { code, stdout } = await runCli(project, ['comment', 'feature-auth', '--print']);
    expect(code).toBe(0);
    expect(stdout).toContain('🟢 verified');
  });

  it.each([
    [['comment', 'feature-auth'], '--pr is missing'],
    [['comment', 'feature-auth', '--pr', '1;id'], '--pr must be a number'],
    [['comment', 'x -->', '--pr', '1'], 'environment name'],
    [['comment', 'feature-auth', '--pr', '1'], 'GITHUB_TOKEN is not set'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli(await makeProject([aRecord()]), args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
