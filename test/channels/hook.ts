/** A webhook that remembers what it was sent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface LineEvent {
  readonly replyToken: string;
  readonly message: { readonly text: string };
  readonly source: { readonly userId: string };
}

export interface Hook {
  readonly url: string;
  readonly requests: HookRequest[];
  /** What it answers from now on. */
  status: number;
  answer: string;
  /** Called before it answers. */
  onRequest: (request: HookRequest) => Promise<void>;
  /** The LINE event of the n-th request. */
  event(index: number): LineEvent;
  stop(): Promise<void>;
}

export async function startHook(): Promise<Hook> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const seen = { headers, body: Buffer.concat(chunks).toString('utf8') };
      hook.requests.push(seen);
      void hook
        .onRequest(seen)
        .then(() => response.writeHead(hook.status, { 'content-type': 'application/json' }).end(hook.answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hook: Hook = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    requests: [],
    status: 200,
    answer: '{}',
    onRequest: () => Promise.resolve(),
    event: (index) =>
      (JSON.parse(hook.requests[index]?.body ?? '{"events":[]}') as { events: LineEvent[] })
        .events[0] as LineEvent,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hook;
}
