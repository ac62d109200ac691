/** A service that speaks as much of S3 as the store needs, and misbehaves as it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface S3Service {
  readonly endpoint: string;
  readonly content: Map<string, { text: string; etag: string; modified: Date }>;
  /** What it does with a request before anything else; `undefined`: as S3 would. */
  answer: (
    request: IncomingMessage,
  ) => { readonly status: number; readonly code: string } | 'ignore conditions' | undefined;
  /** Milliseconds by which its clock is ahead. */
  skew: number;
  close(): Promise<void>;
}

export async function startS3Service(): Promise<S3Service> {
  let writes = 0;
  const content: S3Service['content'] = new Map();
  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const now = new Date(Date.now() + service.skew);
    response.setHeader('Date', now.toUTCString());
    const refuse = (status: number, code: string): void => {
      response.writeHead(status, { 'Content-Type': 'application/xml' });
      response.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
    };
    const asked = service.answer(request);
    if (typeof asked === 'object') return refuse(asked.status, asked.code);
    const url = new URL(request.url ?? '/', 'http://s3');
    const key = decodeURIComponent(url.pathname);
    const there = content.get(key);
    const { 'if-none-match': none, 'if-match': match } = request.headers;
    if (asked === undefined && none === '*' && there) return refuse(412, 'PreconditionFailed');
    if (asked === undefined && match !== undefined) {
      if (!there) return refuse(404, 'NoSuchKey');
      if (match !== there.etag) return refuse(412, 'PreconditionFailed');
    }
    if (request.method === 'PUT') {
      const etag = `"${(writes += 1)}"`;
      content.set(key, { text: textOf(Buffer.concat(chunks), request), etag, modified: now });
      response.writeHead(200, { ETag: etag });
      return void response.end();
    }
    if (request.method === 'DELETE') {
      content.delete(key);
      response.writeHead(204);
      return void response.end();
    }
    if (url.searchParams.has('list-type')) {
      const prefix = `${url.pathname.replace(/\/$/, '')}/${url.searchParams.get('prefix') ?? ''}`;
      const keys = [...content.keys()].filter((each) => each.startsWith(prefix));
      const bucket = url.pathname.replace(/\/$/, '').length + 1;
      response.end(
        `<ListBucketResult>${keys.map((each) => `<Contents><Key>${each.slice(bucket)}</Key></Contents>`).join('')}</ListBucketResult>`,
      );
      return;
    }
    if (!there) return refuse(404, 'NoSuchKey');
    response.writeHead(200, { ETag: there.etag, 'Last-Modified': there.modified.toUTCString() });
    response.end(there.text);
  };
  const service: S3Service = {
    endpoint: '',
    content,
    answer: () => undefined,
    skew: 0,
    close: () => new Promise((done) => server.close(() => done())),
  };
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return Object.assign(service, { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** The SDK sends some bodies in chunks of its own, each with its length before it. */
function textOf(body: Buffer, request: IncomingMessage): string {
  if (!(request.headers['content-encoding'] ?? '').includes('aws-chunked')) return body.toString('utf8');
  let text = '';
  for (let rest = body.toString('latin1'); ;) {
    const [, length = '0', after = ''] = /^([0-9a-f]+)[^\r]*\r\n([\s\S]*)$/.exec(rest) ?? [];
    const size = Number.parseInt(length, 16);
    if (size === 0) return Buffer.from(text, 'latin1').toString('utf8');
    text += after.slice(0, size);
    rest = after.slice(size + 2);
  }
}
