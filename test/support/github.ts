/** A stand-in for the API of GitHub, as much of it as is asked for, over HTTP: the real octokit talks to it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const githubToken = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';

interface StandInComment {
  id: number;
  body: string;
  user: { login: string; type: string };
}

export interface GitHubStandIn {
  readonly env: Readonly<Record<string, string>>;
  /** Who may do what. */
  readonly permissions: Map<string, 'admin' | 'write' | 'read' | 'none'>;
  readonly pulls: Map<number, { ref: string; sha: string; from: string | null; state?: 'open' | 'closed' }>;
  /** The commits of each branch, the latest last. */
  readonly branches: Map<string, readonly string[]>;
  readonly comments: Map<number, StandInComment[]>;
  /** Method and path of every request. */
  readonly requests: string[];
  /** Statuses that the next requests are answered with instead; 0 breaks the connection. */
  readonly failures: number[];
  /** The same for writing only; the comment is there all the same where `done` says so. */
  readonly writeFailures: { status: number; done: boolean }[];
  /** Headers of every answer. */
  readonly headers: Record<string, string>;
  /** Whose token it is; `null` for that of a workflow. */
  account: string | null;
  /** How many comments stand on one page. */
  pageSize: number;
  close(): Promise<void>;
}

const body = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
};

export async function startGitHub(): Promise<GitHubStandIn> {
  let ids = 100;
  const stand: Omit<GitHubStandIn, 'env' | 'close'> = {
    permissions: new Map(),
    pulls: new Map(),
    branches: new Map(),
    comments: new Map(),
    requests: [],
    failures: [],
    writeFailures: [],
    headers: {},
    account: null,
    pageSize: 100,
  };
  const pull = (number: number) => {
    const found = stand.pulls.get(number);
    if (!found) return undefined;
    const { ref, sha, from, state = 'open' } = found;
    return { number, state, head: { ref, sha, repo: from === null ? null : { full_name: from } } };
  };

  const answer = async (
    request: IncomingMessage,
    url: URL,
  ): Promise<readonly [number, unknown, (string | undefined)?]> => {
    if (request.headers.authorization !== `token ${githubToken}`)
      return [401, { message: 'Bad credentials' }];
    const path = decodeURIComponent(url.pathname);
    const route = `${request.method} ${path.replace('/repos/acme/daily-report/', '')}`;
    if (route === 'GET /user')
      return stand.account === null
        ? [403, { message: 'Resource not accessible by integration' }]
        : [200, { login: stand.account }];
    const permission = /^GET collaborators\/(.+)\/permission$/.exec(route);
    if (permission) {
      const level = stand.permissions.get(permission[1] ?? '') ?? 'none';
      return [200, { permission: level, role_name: level }];
    }
    const one = /^GET pulls\/(\d+)$/.exec(route);
    if (one) {
      const found = pull(Number(one[1]));
      return found ? [200, found] : [404, { message: 'Not Found' }];
    }
    if (route === 'GET pulls') {
      // As lenient as the real one: everything that begins so.
      const [, head = ''] = (url.searchParams.get('head') ?? '').split(':');
      const state = url.searchParams.get('state');
      return [
        200,
        [...stand.pulls.keys()]
          .reverse()
          .map(pull)
          .filter((each) => each?.head.ref.startsWith(head.slice(0, 7)))
          .filter((each) => state === 'all' || each?.state === state),
      ];
    }
    const refs = /^GET git\/matching-refs\/heads\/(.+)$/.exec(route);
    if (refs) {
      const found = [...stand.branches].filter(([name]) => name.startsWith(refs[1] ?? ''));
      return [
        200,
        found.map(([name, commits]) => ({ ref: `refs/heads/${name}`, object: { sha: commits.at(-1) } })),
      ];
    }
    const compared = /^GET compare\/(\w+)\.\.\.(\w+)$/.exec(route);
    if (compared) {
      const [, base = '', head = ''] = compared;
      const history = [...stand.branches.values()].find((commits) => commits.at(-1) === head) ?? [];
      if (base.startsWith('9')) return [404, { message: 'No commit found' }];
      const status = base === head ? 'identical' : history.includes(base) ? 'ahead' : 'diverged';
      return [200, { status }];
    }
    const comments = /^(GET|POST) issues\/(\d+)\/comments$/.exec(route);
    if (comments) {
      const list = stand.comments.get(Number(comments[2])) ?? [];
      stand.comments.set(Number(comments[2]), list);
      if (comments[1] === 'POST') {
        const added = {
          id: (ids += 1),
          body: String((await body(request))['body']),
          user:
            stand.account === null
              ? { login: 'github-actions[bot]', type: 'Bot' }
              : { login: stand.account, type: 'User' },
        };
        list.push(added);
        return [201, added];
      }
      const page = Number(url.searchParams.get('page') ?? '1');
      const from = (page - 1) * stand.pageSize;
      url.searchParams.set('page', String(page + 1));
      const next = list.length > from + stand.pageSize ? `<${url.href}>; rel="next"` : undefined;
      return [200, list.slice(from, from + stand.pageSize), next];
    }
    const change = /^PATCH issues\/comments\/(\d+)$/.exec(route);
    const found = [...stand.comments.values()].flat().find(({ id }) => id === Number(change?.[1]));
    if (!change || !found) return [404, { message: 'Not Found' }];
    found.body = String((await body(request))['body']);
    return [200, found];
  };

  const respond = async (
    failure: number | undefined,
    request: IncomingMessage,
    url: URL,
    response: ServerResponse,
  ): Promise<void> => {
    const onWrite = request.method === 'GET' ? undefined : stand.writeFailures.shift();
    const [status, content, link] =
      failure === undefined && onWrite?.done !== false ? await answer(request, url) : [failure ?? 0, {}];
    if (onWrite?.status === 0) {
      request.socket.destroy();
      return;
    }
    const headers = { 'content-type': 'application/json', ...(link ? { link } : {}), ...stand.headers };
    response.writeHead(onWrite?.status ?? status, headers);
    response.end(JSON.stringify(content));
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    stand.requests.push(`${request.method} ${url.pathname}`);
    const failure = stand.failures.shift();
    if (failure === 0) {
      request.socket.destroy();
      return;
    }
    void respond(failure, request, url, response);
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(stand, {
    env: {
      GITHUB_TOKEN: githubToken,
      GITHUB_REPOSITORY: 'acme/daily-report',
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  });
}
