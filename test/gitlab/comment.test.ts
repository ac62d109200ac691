/** The comment on a merge request, over HTTP, on a stand-in of GitLab's API. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putComment } from '../../src/github/one-comment.ts';
import { createGitLab } from '../../src/gitlab/client.ts';
import { createFileStore } from '../../src/store/file-store.ts';
import { makeProject, runCli } from '../support/cli.ts';
import { aRecord } from '../support/record.ts';
import { writeRecord } from '../support/store.ts';

interface Note {
  id: number;
  body: string;
  system?: boolean;
  author: { username: string } | null;
}

const token = 'glpat-0123456789abcdefghij';
const notesPath = '/api/v4/projects/42/merge_requests/7/notes';
const marker = '<!-- provision-env: feature-auth -->';

let server: Server;
let notes: Note[];
let requests: string[];
/** Statuses that the next requests are answered with instead; 0 breaks the connection. */
let failures: number[];
let env: Record<string, string>;

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function answer(request: IncomingMessage): Promise<readonly [number, unknown]> {
  const url = new URL(request.url ?? '', 'http://x');
  if (request.headers['private-token'] !== token) return [401, { message: '401 Unauthorized' }];
  if (url.pathname === '/api/v4/user') return [200, { username: 'project_42_bot' }];
  if (!url.pathname.startsWith(notesPath)) return [404, { message: '404 Not found' }];
  const text = await textOf(request);
  const body = text === '' ? '' : (JSON.parse(text) as { body: string }).body;
  if (request.method === 'POST') {
    notes.push({ id: 100 + notes.length, body, author: { username: 'project_42_bot' } });
    return [201, notes.at(-1)];
  }
  if (request.method === 'PUT') {
    const found = notes.find(({ id }) => url.pathname === `${notesPath}/${id}`);
    if (!found) return [404, { message: '404 Not found' }];
    found.body = body;
    return [200, found];
  }
  const size = Number(url.searchParams.get('per_page'));
  const first = (Number(url.searchParams.get('page')) - 1) * size;
  return [200, notes.slice(first, first + size)];
}

beforeEach(async () => {
  [notes, requests, failures] = [[], [], []];
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url?.split('?')[0]}`);
    const failure = failures.shift();
    if (failure === 0) return void request.socket.destroy();
    void (async () => {
      const [status, body] = failure === undefined ? await answer(request) : [failure, {}];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  env = {
    CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`,
    CI_PROJECT_ID: '42',
    PROVISION_ENV_GITLAB_TOKEN: token,
  };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const put = (body: string, make = true) =>
  putComment(createGitLab({ env, pauseMs: 1, timeoutMs: 2000 }), 7, {
    marker,
    body: `${marker}\n${body}`,
    make,
  });
const bodies = (): string[] => notes.map(({ body }) => body);

describe('the one comment', () => {
  it('is made once, then changed in place, however many others there are', async () => {
    notes = Array.from({ length: 150 }, (_, id) => ({
      id: id + 1000,
      body: 'hi',
      author: { username: 'ada' },
    }));
    expect(await put('one')).toBe('made');
    expect(await put('two')).toBe('changed');
    expect(bodies().filter((body) => body.startsWith(marker))).toEqual([`${marker}\ntwo`]);
  });

  it('is never somebody else’s, nor GitLab’s own, that begins with the marker', async () => {
    notes.push({ id: 1, body: `${marker}\nmine`, author: { username: 'eve' } });
    notes.push({ id: 2, body: `${marker}\nsystem`, system: true, author: { username: 'project_42_bot' } });
    expect(await put('one')).toBe('made');
    expect(bodies()).toEqual([`${marker}\nmine`, `${marker}\nsystem`, `${marker}\none`]);
  });

  it('is not made where there is nothing to tell', async () => {
    expect(await put('gone', false)).toBe('none');
    expect(notes).toEqual([]);
  });

  it('is written in spite of failures that pass, and never twice', async () => {
    failures.push(502, 0);
    expect(await put('one')).toBe('made');
    expect(notes).toHaveLength(1);
    notes = [];
    // The questions about the account and the comments are answered, the new comment is not: it is looked for, then
    // sent once more, and given up where that fails, too.
    failures.push(...([undefined, undefined, 502] as unknown as number[]));
    expect(await put('one')).toBe('made');
    expect(notes).toHaveLength(1);
    notes = [];
    failures.push(...([undefined, undefined, 502, undefined, 502] as unknown as number[]));
    await expect(put('one')).rejects.toMatchObject({ code: 'network-unreachable' });
    expect(requests.filter((request) => request.startsWith('POST'))).toHaveLength(5);
  });

  it.each([
    ['it never answers well', [500, 500, 500, 500, 500, 500, 500, 500], 'network-unreachable'],
    ['the token is refused', [401, 401], 'credentials-expired'],
    ['there is no such merge request', [404, 404], 'access-denied'],
    ['it answers something else', [200, 200], 'output-unreadable'],
  ] as const)('says so where %s, without the token', async (_what, statuses, code) => {
    failures.push(...statuses);
    const error = await put('one').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain(token);
  });
});

it.each([
  [{ PROVISION_ENV_GITLAB_TOKEN: '' }, 'credentials-missing'],
  [{ CI_PROJECT_ID: 'a/b' }, 'usage'],
  [{ CI_API_V4_URL: 'http://gitlab.example.com/api/v4' }, 'usage'],
] as const)('asks nobody with %j', (more, code) => {
  expect(() => createGitLab({ env: { ...env, ...more } })).toThrowError(
    expect.objectContaining({ code }) as Error,
  );
  expect(requests).toEqual([]);
});

it('is written by provision-env comment --mr, without commands that GitLab does not take', async () => {
  const project = await makeProject();
  await writeRecord(createFileStore(join(project, '.provision-env')), aRecord());
  const { code } = await runCli(project, ['comment', 'feature-auth', '--mr', '7'], env);
  expect(code).toBe(0);
  expect(notes[0]?.body).toMatch(/^<!-- provision-env: feature-auth -->/);
  expect(notes[0]?.body).toContain('provision-env extend feature-auth 2d');
  expect(notes[0]?.body).not.toContain('Comment `/provision-env');
  const both = await runCli(project, ['comment', 'feature-auth', '--mr', '7', '--pr', '7'], env);
  expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('--pr') as unknown });
});
