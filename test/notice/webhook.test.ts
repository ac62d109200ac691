import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { type Notice, sendNotice } from '../../src/notice/webhook.ts';
import { fakeClock } from '../channels/tools.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const notice: Notice = {
  environment: 'feature-auth',
  source: 'dev',
  owner: 'ada',
  expires: '2026-11-24T10:00:00.000Z',
  left: '23 h left',
};

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Receiver {
  readonly url: string;
  readonly got: { headers: IncomingMessage['headers']; body: string }[];
}

/** Answers with the given statuses in order, the last one for good; `0` never answers. */
async function receiver(...statuses: number[]): Promise<Receiver> {
  const got: Receiver['got'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const status = statuses[Math.min(got.length, statuses.length - 1)] ?? 200;
      got.push({ headers: request.headers, body });
      if (status !== 0) response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret-path`, got };
}

const tools = (timeoutMs = 2000) => ({
  fetch,
  clock: fakeClock(Date.now()),
  signal: new AbortController().signal,
  timeoutMs,
});

describe('the notice', () => {
  it('is signed so that a Standard Webhooks library accepts it, and refuses it when changed', async () => {
    const { url, got } = await receiver(200);
    await sendNotice(url, secret, notice, tools());
    const [{ headers, body } = { headers: {}, body: '' }] = got;
    const library = new Webhook(secret);
    expect(library.verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'environment.ending',
      data: notice,
      text: expect.stringContaining('provision-env extend feature-auth 2d') as unknown,
    });
    expect(() => library.verify(body.replace('ada', 'eve'), headers as Record<string, string>)).toThrow(
      'No matching signature found',
    );
  });

  it('is sent again after a failure of the receiver, with the same id', async () => {
    const { url, got } = await receiver(503, 429, 200);
    const given = tools();
    await sendNotice(url, secret, notice, given);
    expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(given.clock.pauses).toEqual([1000, 2000]);
  });

  it.each([
    ['fails for good', [500], 'it answered 500', 3],
    ['refuses it', [403], 'it answered 403', 1],
    ['redirects it', [302], 'it answered 302', 1],
    ['never answers', [0], 'no answer within 0.1 s', 3],
  ])('is given up where the receiver %s', async (_, statuses, why, times) => {
    const { url, got } = await receiver(...statuses);
    const failure = (await sendNotice(url, secret, notice, tools(100)).catch(
      (error: unknown) => error,
    )) as Error;
    expect(failure.message).toContain(why);
    expect(failure.message).not.toContain('s3cret-path');
    expect(got).toHaveLength(times);
  });

  it.each([undefined, '', 'hunter2', 'whsec_c2hvcnQ='])(
    'is not sent without a signing secret (%s)',
    async (given) => {
      const { url, got } = await receiver(200);
      const failure = (await sendNotice(url, given, notice, tools()).catch(
        (error: unknown) => error,
      )) as Error;
      expect(failure).toMatchObject({ code: 'credentials-missing' });
      expect(failure.message).not.toContain(given || 'hunter2');
      expect(got).toEqual([]);
    },
  );
});
