/** The incident that layer 4 is for, with the functions of the example: staging answers with dev's LINE token. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { captureLog, load, setEnvironment } from '../../examples/daily-report/test/handlers.ts';
import { type LineStandIn, startLine } from '../../sandbox/line/start.ts';
import { line as kind } from '../../src/channels/kinds/line.ts';
import type { Evidence } from '../../src/transfer/evidence.ts';
import { verifyGroundTruth } from '../../src/verify/ground-truth.ts';
import { type Hook, startHook } from './hook.ts';
import { fakeClock, toolsFor } from './tools.ts';

let line: LineStandIn;
let hook: Hook;
let log: Record<string, unknown>[];

beforeEach(async () => {
  hook = await startHook();
  log = captureLog();
  line = await startLine({
    seed: { channels: [{ name: 'Daily dev' }, { name: 'Daily staging' }], users: [{ name: 'Mali' }] },
  });
  const handler = (await load('line-bot')) as (
    event: unknown,
  ) => Promise<{ statusCode: number; body: string }>;
  hook.onRequest = async ({ headers, body }) => {
    const answer = await handler({ headers, body, isBase64Encoded: false });
    Object.assign(hook, { status: answer.statusCode, answer: answer.body });
  };
});
afterEach(async () => {
  await Promise.all([line.stop(), hook.stop()]);
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function connect(index: number) {
  const { accessToken = '', secret = '' } = line.channels[index] ?? {};
  const secrets = { LINE_CHANNEL_ACCESS_TOKEN: accessToken, LINE_CHANNEL_SECRET: secret };
  return kind.connect(secrets, toolsFor(line.endpoint));
}

/** Verifies staging, whose function has the token of one channel and the secret of staging's. */
async function verifyWith(tokenOf: number): Promise<readonly Evidence[]> {
  setEnvironment({
    ENVIRONMENT: 'staging',
    LINE_CHANNEL_ACCESS_TOKEN: line.channels[tokenOf]?.accessToken ?? '',
    LINE_CHANNEL_SECRET: line.channels[1]?.secret ?? '',
    LINE_API_BASE: line.endpoint,
  });
  const channel = connect(1);
  await channel.setWebhook(hook.url);
  const context = {
    clock: fakeClock(),
    fetch: globalThis.fetch,
    notify: () => undefined,
    limitMs: 5000,
    codeTtlMs: 600_000,
  };
  const { evidence } = await verifyGroundTruth(context, [
    {
      subject: 'line',
      environment: 'staging',
      service: 'LINE',
      channel,
      webhookUrl: hook.url,
      tester: line.users[0]?.id ?? '',
      others: [{ environment: 'dev', identity: await connect(0).identify() }],
      logs: (text) =>
        Promise.resolve({ state: JSON.stringify(log).includes(text) ? 'found' : 'absent', where: 'logs' }),
      held: [],
    },
  ]);
  return evidence;
}

describe("staging with dev's LINE token", () => {
  it('looks well to everybody but layer 4', async () => {
    const evidence = await verifyWith(0);
    // What layers 1 to 3 see: it answers 200 and valid JSON, and logs no error.
    expect([hook.status, JSON.parse(hook.answer)]).toEqual([200, { ok: true, received: 1 }]);
    expect(log.some(({ level }) => level === 'ERROR')).toBe(false);
    expect(evidence.map(({ check, status }) => [check, status])).toEqual([
      ['webhook-configured', 'pass'],
      ['reply-on-own-channel', 'fail'],
      ['code-received-inbound', 'pass'],
      ['code-returned', 'pending'],
    ]);
    expect(evidence[1]?.observed).toContain(`the reply went to dev's channel "Daily dev"`);
    // The user got the code that was pushed, and no answer.
    expect(line.inbox(line.users[0]?.id ?? '').map(({ text }) => text.includes('Daily report'))).toEqual([
      false,
    ]);
  });

  it('is well again with its own', async () => {
    const evidence = await verifyWith(1);
    expect(evidence.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass', 'pending']);
  });
});
