import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CiRequest, outputLines, parseCommand, readEvent } from '../../src/ci/github-event.ts';
import { createGitHub } from '../../src/github/client.ts';
import { branches } from '../support/branches.ts';
import { type GitHubStandIn, startGitHub } from '../support/github.ts';

const sha = 'a'.repeat(40);
const repository = { full_name: 'acme/daily-report' };
const config = { protected: [] };

let github: GitHubStandIn;
beforeEach(async () => {
  github = await startGitHub();
  github.permissions.set('ada', 'write').set('eve', 'read').set('root', 'admin');
  github.pulls.set(7, { ref: 'feature/auth', sha, from: 'acme/daily-report' });
  github.pulls.set(8, { ref: 'feature/auth', sha, from: 'eve/daily-report' });
});
afterEach(() => github.close());

const read = (name: string, payload: unknown): Promise<CiRequest> =>
  readEvent(name, payload, { config, github: () => createGitHub({ env: github.env, pauseMs: 1 }) });

const pullEvent = (action: string, ref: string, from: string | null = 'acme/daily-report') => ({
  action,
  number: 7,
  repository,
  pull_request: { head: { ref, sha, repo: from === null ? null : { full_name: from } } },
});

const commentEvent = (body: string, login = 'ada', number = 7, onPull = true) => ({
  action: 'created',
  issue: { number, ...(onPull ? { pull_request: {} } : {}) },
  comment: { body, user: { login } },
});

describe('an event', () => {
  it('that pushes a branch provisions it, and names its pull request', async () => {
    expect(await read('push', { ref: 'refs/heads/feature/auth', after: sha })).toMatchObject({
      action: 'provision',
      environment: 'feature-auth',
      commit: sha,
      pullRequest: 7,
    });
    expect(await read('push', { ref: 'refs/heads/feature/authority', after: sha })).toMatchObject({
      environment: 'feature-authority',
      pullRequest: null,
    });
  });

  it.each([
    ['opened', 'provision'],
    ['synchronize', 'provision'],
    ['reopened', 'provision'],
    ['closed', 'destroy'],
    ['labeled', 'none'],
  ])('that has a pull request %s asks to %s', async (action, asked) => {
    expect((await read('pull_request', pullEvent(action, 'feature/auth'))).action).toBe(asked);
  });

  it('that updates a pull request is left to the push of its branch, where that is an event', async () => {
    const tools = { config, github: () => createGitHub({ env: github.env }), pushed: 'feature/' };
    const asked = async (action: string, ref: string): Promise<string> =>
      (await readEvent('pull_request', pullEvent(action, ref), tools)).action;
    expect(await asked('synchronize', 'feature/auth')).toBe('none');
    expect(await asked('opened', 'feature/auth')).toBe('provision');
    expect(await asked('closed', 'feature/auth')).toBe('destroy');
    // Filters of GitHub tell upper case from lower.
    expect(await asked('synchronize', 'Feature/auth')).toBe('provision');
    expect(await asked('synchronize', 'fix/auth')).toBe('provision');
  });

  it.each([['eve/daily-report'], [null]])('of a fork (%s) asks for nothing', async (from) => {
    expect((await read('pull_request', pullEvent('opened', 'feature/auth', from))).action).toBe('none');
    expect((await read('pull_request', pullEvent('closed', 'feature/auth', from))).action).toBe('none');
  });

  it('that deletes a branch destroys its environment, and that of no tag', async () => {
    expect(await read('delete', { ref: 'feature/auth', ref_type: 'branch' })).toMatchObject({
      action: 'destroy',
      environment: 'feature-auth',
      commit: null,
    });
    expect((await read('delete', { ref: 'v1', ref_type: 'tag' })).action).toBe('none');
    expect(
      (await read('push', { ref: 'refs/heads/feature/auth', after: '0'.repeat(40), deleted: true })).action,
    ).toBe('none');
  });

  it('that deletes a branch called like a protected environment touches that environment never', async () => {
    for (const ref of ['dev', 'staging', 'prod']) {
      const { environment } = await read('delete', { ref, ref_type: 'branch' });
      expect(environment).toMatch(new RegExp(`^${ref}-[2-7][a-z2-7]{8}$`));
    }
  });

  it('that is not as GitHub sends it is refused', async () => {
    await expect(read('push', { ref: 'refs/heads/x', after: '$(id)' })).rejects.toMatchObject({
      code: 'output-unreadable',
    });
    expect((await read('star', {})).action).toBe('none');
  });
});

describe('a command in a comment', () => {
  it.each([
    ['/provision-env verify', { action: 'verify', duration: null }],
    ['/provision-env destroy\r\nthanks', { action: 'destroy', duration: null }],
    ['/provision-env   extend  2d ', { action: 'extend', duration: '2d' }],
  ])('%j of somebody who may write is done', async (body, expected) => {
    expect(await read('issue_comment', commentEvent(body))).toMatchObject({
      ...expected,
      environment: 'feature-auth',
      commit: sha,
      pullRequest: 7,
    });
    expect((await read('issue_comment', commentEvent(body, 'root'))).action).toBe(expected.action);
  });

  it.each(['eve', 'stranger'])('of %s, who may not write, is not', async (login) => {
    expect((await read('issue_comment', commentEvent('/provision-env destroy', login))).action).toBe('none');
  });

  it('on a fork’s pull request or an issue is not', async () => {
    expect((await read('issue_comment', commentEvent('/provision-env destroy', 'ada', 8))).action).toBe(
      'none',
    );
    expect(
      (await read('issue_comment', commentEvent('/provision-env destroy', 'ada', 7, false))).action,
    ).toBe('none');
  });

  it('is not done where GitHub does not answer', async () => {
    github.failures.push(500, 500, 500, 500, 500, 500);
    await expect(read('issue_comment', commentEvent('/provision-env destroy'))).rejects.toMatchObject({
      code: 'network-unreachable',
    });
  });

  it.each([
    '/provision-env',
    '/provision-env destroy prod',
    '/provision-env extend',
    '/provision-env extend $(id)',
    '/provision-env extend 2d; rm',
    '/provision-env provision',
    ' text /provision-env destroy',
    '/provision-environment destroy',
  ])('%j is none', (body) => {
    expect(parseCommand(body)).toBeNull();
  });
});

describe('what is handed to the workflow', () => {
  it('holds nothing that a shell or a second output could be made of, whatever the branch', async () => {
    await fc.assert(
      fc.asyncProperty(branches, async (branch) => {
        const asked = [
          await read('delete', { ref: branch, ref_type: 'branch' }),
          await read('pull_request', pullEvent('opened', branch)),
        ];
        for (const request of asked) {
          expect(outputLines(request)).toMatch(
            /^action=[a-z]+\nenvironment=[a-z][a-z0-9-]{0,31}\ncommit=[0-9a-f]*\npr=\d*\nduration=\n$/,
          );
          expect(request.reason).toMatch(/^[A-Za-z0-9 ,.:]+$/);
        }
      }),
    );
  });

  it('holds nothing of a comment but what was checked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const request = await read('issue_comment', commentEvent(`/provision-env extend ${text}`));
        expect(outputLines(request)).toMatch(/\nduration=(?:[0-9.]+[a-z]+)?\n$/);
      }),
      { numRuns: 30 },
    );
  });
});
