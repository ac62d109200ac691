/** The real SDK against a server of our own: retries, time limits, the signal, the endpoint. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AwsClients, type ClientOptions, createClients } from '../../src/aws/clients.ts';
import { checkResources } from '../../src/aws/check.ts';

let server: Server;
let clients: AwsClients | undefined;
let requests: number;

async function serve(answer: RequestListener, options: ClientOptions = {}): Promise<AwsClients> {
  server = createServer((request, response) => {
    requests += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  clients = createClients({ region: 'eu-central-1', ...options });
  return clients;
}

beforeEach(() => {
  requests = 0;
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});

afterEach(() => {
  clients?.close();
  server.closeAllConnections();
  server.close();
  vi.unstubAllEnvs();
});

const table = {
  address: 'aws_dynamodb_table.t',
  type: 'aws_dynamodb_table',
  identity: 't',
  id: 't',
  arn: null,
};

const throttle: RequestListener = (_request, response) => {
  response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' }));
};

describe('throttling', () => {
  it('is waited out', async () => {
    const open = await serve((request, response) => {
      if (requests < 3) {
        throttle(request, response);
        return;
      }
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ Table: { TableStatus: 'ACTIVE' } }));
    });
    const [checked] = await checkResources([table], open);
    expect(checked?.presence).toMatchObject({ state: 'present', status: 'ACTIVE' });
    expect(requests).toBe(3);
  });

  it('has an end: then it is unreadable, not absent', async () => {
    const open = await serve(throttle, { maxAttempts: 2 });
    const [checked] = await checkResources([table], open);
    expect(checked?.presence).toEqual({
      state: 'unreadable',
      reason: 'throttled by AWS after several attempts',
    });
    expect(requests).toBe(2);
  });
});

describe('a server that does not answer', () => {
  it('is given up after the time limit', async () => {
    const open = await serve(() => undefined, { maxAttempts: 1, requestTimeoutMs: 100 });
    const [checked] = await checkResources([table], open);
    expect(checked?.presence).toEqual({ state: 'unreadable', reason: 'AWS did not answer in time' });
  });

  it('is given up at once on an interrupt', async () => {
    const abort = new AbortController();
    const open = await serve(() => abort.abort(), { signal: abort.signal });
    await expect(checkResources([table], open)).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('the clients', () => {
  it('are made once each, and anew for other settings', async () => {
    const open = await serve(throttle);
    expect(await open.get('sqs')).toBe(await open.get('sqs'));
    const other = open.with({ region: 'us-east-1' });
    expect(await (await other.get('sqs')).config.region()).toBe('us-east-1');
    expect(await (await open.get('sqs')).config.region()).toBe('eu-central-1');
    other.close();
  });

  it('name the missing service where nothing listens', async () => {
    const open = await serve(throttle, { maxAttempts: 1 });
    server.close();
    await new Promise((resolve) => setImmediate(resolve));
    const [checked] = await checkResources([table], open);
    expect(checked?.presence).toEqual({ state: 'unreadable', reason: 'AWS could not be reached' });
  });
});
