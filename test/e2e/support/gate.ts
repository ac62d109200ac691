/**
 * Stands between the command line under test and the sandbox, passes everything on, and can hold a request until the
 * test lets it go: so that a test acts at a certain instant of an apply and not after a certain time.
 */
import { createServer, type IncomingMessage, request as forward, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The operation that a request asks for, for example `CreateTable`, with all that it says. */
export interface Call {
  readonly operation: string;
  readonly body: string;
}

export interface Held {
  /** Resolves as soon as a request is being held. */
  readonly arrived: Promise<void>;
  release(): void;
}

export interface Gate {
  readonly endpoint: string;
  /** Holds what fits until it is released; requests that come later pass. */
  hold(fits: (call: Call) => boolean): Held;
  /** Answers what fits in the sandbox's stead. */
  answer(fits: (call: Call) => boolean, status: number, body: string | ((call: Call) => string)): void;
  /** From here on nothing is answered in its stead. */
  clear(): void;
  close(): Promise<void>;
}

function operationOf({ headers, method, url }: IncomingMessage, body: string): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? target;
  return new URLSearchParams(body).get('Action') ?? `${method} ${url}`;
}

async function textOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function createGate(upstream: string): Promise<Gate> {
  const { hostname, port } = new URL(upstream);
  const holds = new Set<{ fits: (call: Call) => boolean; arrive: () => void; free: Promise<void> }>();
  const answers: {
    fits: (call: Call) => boolean;
    status: number;
    body: string | ((call: Call) => string);
  }[] = [];

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const bytes = await textOf(incoming);
    const body = bytes.toString('utf8');
    const call = { operation: operationOf(incoming, body), body };
    for (const hold of holds) {
      if (!hold.fits(call)) continue;
      hold.arrive();
      await hold.free;
    }
    // Whoever hung up while the request was held does not want it done any more.
    if (outgoing.destroyed) return;
    const answer = answers.find(({ fits }) => fits(call));
    if (answer) {
      const text = typeof answer.body === 'string' ? answer.body : answer.body(call);
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
      return;
    }
    const { headers, method, url: path } = incoming;
    const passed = forward({ hostname, port, method, path, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    passed.end(bytes);
  };
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port: own } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${own}`,
    hold(fits) {
      let letGo = (): void => undefined;
      const free = new Promise<void>((done) => {
        letGo = done;
      });
      let hold: (typeof holds extends Set<infer Hold> ? Hold : never) | undefined;
      const arrived = new Promise<void>((arrive) => {
        hold = { fits, arrive, free };
        holds.add(hold);
      });
      return {
        arrived,
        release() {
          if (hold) holds.delete(hold);
          letGo();
        },
      };
    },
    answer(fits, status, body) {
      answers.push({ fits, status, body });
    },
    clear() {
      answers.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
