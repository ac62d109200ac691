import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServiceCall {
  readonly url: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: unknown;
}

export interface Service extends AsyncDisposable {
  readonly base: string;
  readonly calls: ServiceCall[];
  /** What it answers from now on. */
  status: number;
}

/** A stand-in for LINE or Telegram: remembers what it was asked and answers with one status. */
export async function startService(): Promise<Service> {
  const calls: ServiceCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      calls.push({ url: request.url ?? '', headers: request.headers, body });
      response.writeHead(service.status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const service: Service = {
    base: `http://127.0.0.1:${port}`,
    calls,
    status: 200,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}
