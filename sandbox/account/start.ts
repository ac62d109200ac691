/**
 * An account with thousands of things, in this process: speaks what a sweep and a check ask, page by page, and can
 * throttle. For what moto is too slow for.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type AccountSize, answer, type Share } from './contents.ts';
import { type Call, readCall, throttled } from './wire.ts';

export interface BigAccountOptions {
  readonly size: AccountSize;
  readonly share: Share;
  /** Of 100 calls so many are throttled: the same ones whatever their order. */
  readonly throttledPercent?: number;
  /** Milliseconds until an answer. */
  readonly latencyMs?: number;
}

export interface AccountStatistics {
  /** Calls by operation, those throttled included. */
  readonly calls: Readonly<Record<string, number>>;
  readonly total: number;
  readonly throttled: number;
  /** So many calls were under way at once. */
  readonly peakConcurrency: number;
}

export interface BigAccount {
  readonly endpoint: string;
  /** What the SDK has to find in its environment. */
  readonly env: Readonly<Record<string, string>>;
  statistics(): AccountStatistics;
  reset(): void;
  stop(): Promise<void>;
}

export async function startBigAccount(options: BigAccountOptions): Promise<BigAccount> {
  const { size, share, throttledPercent = 0, latencyMs = 0 } = options;
  let calls: Record<string, number> = {};
  let refused: Map<string, number> = new Map();
  let throttledCalls = 0;
  let underWay = 0;
  let peakConcurrency = 0;

  /** A call is refused as often as its own hash says, and answered then: no order of calls changes it. */
  const refuses = (call: Call): boolean => {
    if (throttledPercent === 0) return false;
    const key = JSON.stringify([call.service, call.operation, call.input]);
    const before = refused.get(key) ?? 0;
    if (share100(`${key}#${before}`) >= throttledPercent || before === mostRefusals) return false;
    refused.set(key, before + 1);
    return true;
  };

  const server = createServer((request, response) => {
    underWay += 1;
    peakConcurrency = Math.max(peakConcurrency, underWay);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void (async () => {
        const call = readCall(request, Buffer.concat(chunks).toString('utf8'));
        const name = `${call.service} ${call.operation}`;
        calls[name] = (calls[name] ?? 0) + 1;
        if (latencyMs > 0) await wait(latencyMs);
        const refusal = refuses(call);
        if (refusal) throttledCalls += 1;
        const { status, headers, body } = refusal ? throttled(call) : answer(call, size, share);
        underWay -= 1;
        response.writeHead(status, { ...headers, 'x-amzn-requestid': 'request' }).end(body);
      })();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'sandbox',
      AWS_SECRET_ACCESS_KEY: 'sandbox',
      AWS_REGION: 'eu-west-1',
    },
    statistics: () => ({
      calls: { ...calls },
      total: Object.values(calls).reduce((sum, count) => sum + count, 0),
      throttled: throttledCalls,
      peakConcurrency,
    }),
    reset() {
      calls = {};
      refused = new Map();
      throttledCalls = 0;
      peakConcurrency = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** No call is refused more often than any client would try. */
const mostRefusals = 4;

/** A number from 0 to 99 for a text, the same each time (FNV-1a). */
function share100(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  // The low bits of this hash are poor.
  return ((hash >>> 8) ^ (hash >>> 20)) % 100;
}
