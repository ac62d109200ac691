/** The few questions that are put to GitHub, over octokit: bounded in time, repeated where that can help. */
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { z } from 'zod';
import { ProvisionError } from '../transfer/errors.ts';
import type { CommentPlace } from './one-comment.ts';

export interface PullRequest {
  readonly number: number;
  readonly branch: string;
  readonly commit: string;
  /** `owner/name` of the repository that the branch lies in; `null` if it is gone. */
  readonly from: string | null;
  readonly open: boolean;
}

export interface GitHub extends CommentPlace {
  /** `owner/name`. */
  readonly repository: string;
  /** True if the person may push. */
  mayWrite(login: string): Promise<boolean>;
  pullRequest(number: number): Promise<PullRequest>;
  /** The pull requests of a branch of this repository, the latest first. */
  pullRequestsOf(branch: string, state: 'open' | 'all'): Promise<readonly PullRequest[]>;
  /** The commit that a branch stands at; `null` if there is no such branch. */
  headOf(branch: string): Promise<string | null>;
  /** True if what is at `head` has the commit in its history, or is it. */
  contains(head: string, commit: string): Promise<boolean>;
}

export interface GitHubOptions {
  /** As Actions sets them: GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds for one attempt; 15 seconds if absent. */
  readonly timeoutMs?: number;
  /** Milliseconds that pauses between attempts are counted in; a second if absent. */
  readonly pauseMs?: number;
}

const branch = z.object({
  ref: z.string(),
  sha: z.string().regex(/^[0-9a-f]{40,64}$/),
  repo: z.object({ full_name: z.string() }).nullable(),
});
const pullSchema = z
  .object({ number: z.int(), state: z.enum(['open', 'closed']), head: branch })
  .transform(({ number, state, head }): PullRequest => {
    const from = head.repo?.full_name ?? null;
    return { number, branch: head.ref, commit: head.sha, from, open: state === 'open' };
  });
const refSchema = z.object({ ref: z.string(), object: z.object({ sha: branch.shape.sha }) });
const commentSchema = z.object({
  id: z.int(),
  body: z.string().nullish(),
  user: z.object({ login: z.string(), type: z.string() }).nullable(),
});

const Client = Octokit.plugin(paginateRest, retry);

/** @throws ProvisionError `credentials-missing`, `usage` where Actions' variables are missing or strange */
export function createGitHub({ env, timeoutMs = 15_000, pauseMs = 1000 }: GitHubOptions): GitHub {
  const token = env['GITHUB_TOKEN'];
  if (!token) {
    throw new ProvisionError('credentials-missing', 'GITHUB_TOKEN is not set.', {
      hint: 'In a workflow: env: GITHUB_TOKEN: ${{ github.token }}. It is read from the environment only.',
    });
  }
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(env['GITHUB_REPOSITORY'] ?? '') ?? [];
  if (owner === undefined || repo === undefined) {
    throw new ProvisionError('usage', 'GITHUB_REPOSITORY does not name a repository.', {
      hint: 'Outside of Actions set it: GITHUB_REPOSITORY=owner/name.',
    });
  }
  const here = { owner, repo };
  const octokit = new Client({
    auth: token,
    baseUrl: apiOf(env['GITHUB_API_URL']),
    userAgent: 'provision-env',
    request: {
      fetch: (url: string, init: RequestInit) =>
        fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) }),
    },
    retry: { retries: 2, retryAfterBaseValue: pauseMs },
    // What octokit would log is told by our own errors.
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const asked = async <T>(what: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      throw githubError(what, error);
    }
  };

  return {
    repository: `${owner}/${repo}`,
    async me() {
      try {
        const { data } = await octokit.request('GET /user');
        return z.object({ login: z.string() }).parse(data).login;
      } catch (error) {
        if (statusOf(error) === 403 && !isRateLimited(error)) return null;
        throw githubError('the account of the token', error);
      }
    },
    mayWrite: (login) =>
      asked('what a person may do', async () => {
        const { data } = await octokit.request(
          'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
          {
            ...here,
            username: login,
          },
        );
        // `maintain` and custom roles are given as the one of these four that they are made of.
        return ['admin', 'write'].includes(z.object({ permission: z.string() }).parse(data).permission);
      }),
    pullRequest: (number) =>
      asked('a pull request', async () => {
        const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
          ...here,
          pull_number: number,
        });
        return pullSchema.parse(data);
      }),
    pullRequestsOf: (name, state) =>
      asked('the pull requests', async () => {
        const all: unknown = await octokit.paginate('GET /repos/{owner}/{repo}/pulls', {
          ...here,
          state,
          head: `${owner}:${name}`,
          per_page: 100,
        });
        // The filter reads the name leniently; ours does not.
        return z
          .array(pullSchema)
          .parse(all)
          .filter(({ branch: of, from }) => of === name && from === `${owner}/${repo}`);
      }),
    headOf: (name) =>
      asked('a branch', async () => {
        // An empty list where there is none: 404 is what a token gets that may not read the repository.
        const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', {
          ...here,
          ref: `heads/${name}`,
        });
        const found = z
          .array(refSchema)
          .parse(data)
          .find(({ ref }) => ref === `refs/heads/${name}`);
        return found?.object.sha ?? null;
      }),
    contains: (head, commit) =>
      asked('the history of a branch', async () => {
        try {
          const { data } = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
            ...here,
            basehead: `${commit}...${head}`,
            per_page: 1,
          });
          return ['ahead', 'identical'].includes(z.object({ status: z.string() }).parse(data).status);
        } catch (error) {
          // A commit that nothing leads to any more.
          if (statusOf(error) === 404) return false;
          throw error;
        }
      }),
    comments: (number) =>
      asked('the comments', async () => {
        const all: unknown = await octokit.paginate(
          'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
          {
            ...here,
            issue_number: number,
            per_page: 100,
          },
        );
        return z
          .array(commentSchema)
          .parse(all)
          .map(({ id, body, user }) => ({
            id,
            body: body ?? '',
            author: user?.login ?? null,
            bot: user?.type === 'Bot',
          }));
      }),
    addComment: (number, body) =>
      asked('a new comment', async () => {
        await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
          ...here,
          issue_number: number,
          body,
          // Whoever asks looks first whether it was made without an answer.
          request: { retries: 0 },
        });
      }),
    changeComment: (_pullRequest, id, body) =>
      asked('the comment', async () => {
        await octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
          ...here,
          comment_id: id,
          body,
        });
      }),
  };
}

/** The token goes there: nowhere without encryption, but to this machine. */
function apiOf(given: string | undefined): string {
  if (given === undefined || given === '') return 'https://api.github.com';
  const url = URL.canParse(given) ? new URL(given) : null;
  const local = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && local)))
    return given.replace(/\/+$/, '');
  throw new ProvisionError('usage', 'GITHUB_API_URL is not an https URL.');
}

/** 0 where there was no answer. */
function statusOf(error: unknown): number {
  // octokit calls it 500 where the network failed; then there is no response.
  const answered = error instanceof Error && 'response' in error && error.response !== undefined;
  return answered && 'status' in error ? Number(error.status) : 0;
}

/** GitHub says 403 for too many requests, too: then it says so in its headers, or in its message. */
function isRateLimited(error: unknown): boolean {
  const status = statusOf(error);
  if (status === 429) return true;
  if (status !== 403 || !(error instanceof Error)) return false;
  const { headers } = (error as { response?: { headers?: Record<string, unknown> } }).response ?? {};
  return (
    headers?.['x-ratelimit-remaining'] === '0' ||
    headers?.['retry-after'] !== undefined ||
    /rate limit/i.test(error.message)
  );
}

/** Without the error as its cause: octokit's holds the request. */
function githubError(what: string, error: unknown): ProvisionError {
  if (error instanceof z.ZodError)
    return new ProvisionError('output-unreadable', `GitHub answered in a form that is not known (${what}).`);
  const status = statusOf(error);
  const about = `GitHub answered ${status} when asked for ${what}.`;
  if (isRateLimited(error))
    return new ProvisionError('rate-limited', `${about} Too many requests were made with this token.`, {
      hint: 'Run it again later: GitHub lets a token make so many requests an hour.',
    });
  switch (status) {
    case 401:
      return new ProvisionError('credentials-expired', about, {
        hint: 'GITHUB_TOKEN is not valid any more.',
      });
    case 403:
    case 404:
      return new ProvisionError('access-denied', about, {
        hint: 'Does it exist, and has the job the permission `pull-requests: write`?',
      });
    case 400:
    case 410:
    case 422:
      return new ProvisionError('unexpected', about, {
        hint: 'It does not take what it was sent: is the conversation locked, or turned off?',
      });
    case 0:
      return new ProvisionError('network-unreachable', `GitHub could not be reached for ${what}.`);
    default:
      return new ProvisionError('network-unreachable', about, { hint: 'Try again in a minute.' });
  }
}
