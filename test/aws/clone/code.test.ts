/** A function's code passes through memory: bounded, and without its URL in any message. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { downloadCode } from '../../../src/aws/clone/code.ts';

let server: Server | undefined;

async function serving(status: number, body: Buffer): Promise<string> {
  const started = createServer((_request, response) => {
    response.writeHead(status).end(body);
  });
  server = started;
  await new Promise<void>((done) => {
    started.listen(0, '127.0.0.1', done);
  });
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/code?X-Amz-Signature=canary`;
}

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
  server = undefined;
});

const never = new AbortController().signal;

async function failure(location: string, signal = never): Promise<Error & { code?: string }> {
  const done = await downloadCode(location, 'the code of the function api', signal).catch(
    (error: unknown) => error,
  );
  if (!(done instanceof Error)) throw new Error('it did not fail');
  return done;
}

describe('the code of a function', () => {
  it('is what the service keeps', async () => {
    const body = Buffer.from('PK zipped');
    const code = await downloadCode(await serving(200, body), 'the code', never);
    expect(Buffer.from(code).equals(body)).toBe(true);
  });

  it('is refused where it is too large for one request', async () => {
    const error = await failure(await serving(200, Buffer.alloc(51 * 1024 * 1024)));
    expect(error).toMatchObject({ code: 'configuration-invalid' });
    expect(error.message).toContain('the code of the function api has more than 50 MB');
  });

  it.each([
    ['that is gone', 403, 'service-unavailable'],
    ['that answers with a fault', 500, 'service-unavailable'],
  ])('from a place %s is an error without the place', async (_what, status, code) => {
    const error = await failure(await serving(status, Buffer.from('no')));
    expect(error).toMatchObject({ code });
    expect(JSON.stringify([error.message, String(error.cause)])).not.toContain('canary');
  });

  it('from a place that cannot be reached is an error without the place', async () => {
    const error = await failure('http://127.0.0.1:9/code?X-Amz-Signature=canary');
    expect(error).toMatchObject({ code: 'network-unreachable' });
    expect(JSON.stringify([error.message, String(error.cause)])).not.toContain('canary');
  });

  it('is not waited for after an interrupt', async () => {
    expect(await failure(await serving(200, Buffer.from('x')), AbortSignal.abort())).toMatchObject({
      name: 'AbortError',
    });
  });
});
