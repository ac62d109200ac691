/** The few questions that are put to GitLab for one comment, over its REST API: bounded in time, repeated where that can help. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { CommentPlace } from '../github/one-comment.ts';
import { ProvisionError } from '../transfer/errors.ts';

export interface GitLabOptions {
  /** As GitLab CI sets them: CI_API_V4_URL, CI_PROJECT_ID; and PROVISION_ENV_GITLAB_TOKEN. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds for one attempt; 15 seconds if absent. */
  readonly timeoutMs?: number;
  /** Milliseconds before the second attempt; a second if absent. */
  readonly pauseMs?: number;
}

export interface GitLab extends CommentPlace {
  /** Whether a merge request is open. */
  isOpen(mergeRequest: number): Promise<boolean>;
}

/** The token of a job may not write comments, so it takes one of a project. */
export const gitlabTokenVariable = 'PROVISION_ENV_GITLAB_TOKEN';

const attempts = 3;
const perPage = 100;
/** As many pages as are read at most: a merge request with more has another trouble. */
const mostPages = 100;

const noteSchema = z.object({
  id: z.int(),
  body: z.string().nullish(),
  system: z.boolean().optional(),
  author: z.object({ username: z.string() }).nullable(),
});

/** @throws ProvisionError `credentials-missing`, `usage` where CI's variables are missing or strange */
export function createGitLab({ env, timeoutMs = 15_000, pauseMs = 1000 }: GitLabOptions): GitLab {
  const token = env[gitlabTokenVariable];
  if (!token) {
    throw new ProvisionError('credentials-missing', `${gitlabTokenVariable} is not set.`, {
      hint: 'It is a project access token (role Reporter or more, scope api), masked. It is read from the environment only.',
    });
  }
  const project = env['CI_PROJECT_ID'] ?? '';
  if (!/^[1-9]\d*$/.test(project)) {
    throw new ProvisionError('usage', 'CI_PROJECT_ID does not name a project.', {
      hint: 'Outside of GitLab CI set it to the number of the project.',
    });
  }
  const api = apiOf(env['CI_API_V4_URL']);

  const once = async (method: string, path: string, body?: string): Promise<Response | null> => {
    try {
      return await fetch(`${api}${path}`, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'private-token': token,
          'user-agent': 'provision-env',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify({ body }) }),
      });
    } catch {
      return null;
    }
  };
  const ask = async (what: string, method: string, path: string, body?: string): Promise<Response> => {
    for (let attempt = 1; ; attempt += 1) {
      const response = await once(method, path, body);
      if (response?.ok) return response;
      const status = response?.status ?? 0;
      await response?.body?.cancel();
      // A comment that was made without an answer would be made twice.
      const again = status === 429 || (method !== 'POST' && (status === 0 || status >= 500));
      if (!again || attempt === attempts) throw gitlabError(what, status);
      await pause(pauseMs * 2 ** (attempt - 1));
    }
  };
  const read = async <T>(what: string, path: string, schema: z.ZodType<T>): Promise<T> => {
    const response = await ask(what, 'GET', path);
    const answer = schema.safeParse(await response.json().catch(() => null));
    if (answer.success) return answer.data;
    throw new ProvisionError('output-unreadable', `GitLab answered in a form that is not known (${what}).`);
  };
  const notes = (mergeRequest: number): string => `/projects/${project}/merge_requests/${mergeRequest}/notes`;

  return {
    async me() {
      const { username } = await read(
        'the account of the token',
        '/user',
        z.object({ username: z.string() }),
      );
      return username;
    },
    async isOpen(mergeRequest) {
      const path = `/projects/${project}/merge_requests/${mergeRequest}`;
      const { state } = await read('a merge request', path, z.object({ state: z.string() }));
      // `locked` is being merged at this moment.
      return state === 'opened';
    },
    async comments(mergeRequest) {
      const all: z.output<typeof noteSchema>[] = [];
      for (let page = 1; page <= mostPages; page += 1) {
        const path = `${notes(mergeRequest)}?sort=asc&per_page=${perPage}&page=${page}`;
        const found = await read('the comments', path, z.array(noteSchema));
        all.push(...found);
        if (found.length < perPage) break;
      }
      return all
        .filter(({ system }) => system !== true)
        .map(({ id, body, author }) => ({
          id,
          body: body ?? '',
          author: author?.username ?? null,
          bot: false,
        }));
    },
    async addComment(mergeRequest, body) {
      await ask('a new comment', 'POST', notes(mergeRequest), body);
    },
    async changeComment(mergeRequest, id, body) {
      await ask('the comment', 'PUT', `${notes(mergeRequest)}/${id}`, body);
    },
  };
}

/** The token goes there: nowhere without encryption, but to this machine. */
function apiOf(given: string | undefined): string {
  if (given === undefined || given === '') return 'https://gitlab.com/api/v4';
  const url = URL.canParse(given) ? new URL(given) : null;
  const local = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && local)))
    return given.replace(/\/+$/, '');
  throw new ProvisionError('usage', 'CI_API_V4_URL is not an https URL.');
}

function gitlabError(what: string, status: number): ProvisionError {
  const about = `GitLab answered ${status} when asked for ${what}.`;
  switch (status) {
    case 401:
      return new ProvisionError('credentials-expired', about, {
        hint: `${gitlabTokenVariable} is not valid any more.`,
      });
    case 403:
    case 404:
      return new ProvisionError('access-denied', about, {
        hint: 'Does it exist, and has the token the scope `api` and the role Reporter or more?',
      });
    case 429:
      return new ProvisionError('rate-limited', about, { hint: 'Run it again in a few minutes.' });
    case 0:
      return new ProvisionError('network-unreachable', `GitLab could not be reached for ${what}.`);
    default:
      return new ProvisionError('network-unreachable', about, { hint: 'Try again in a minute.' });
  }
}
