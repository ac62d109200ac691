/** No credential shows up in what is thrown, inspected, serialised, noted or kept, however a service fails. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLine, type LineStandIn } from '../../sandbox/line/start.ts';
import { startTelegram, type TelegramStandIn } from '../../sandbox/telegram/start.ts';
import type { Channel } from '../../src/channels/channel.ts';
import { line as lineKind } from '../../src/channels/kinds/line.ts';
import { signedWebhook } from '../../src/channels/kinds/signed-webhook.ts';
import { telegram as telegramKind } from '../../src/channels/kinds/telegram.ts';
import { quoted, scrub } from '../../src/channels/scrub.ts';
import { verifyGroundTruth } from '../../src/verify/ground-truth.ts';
import { fakeClock, toolsFor } from './tools.ts';

const canaries = {
  LINE_CHANNEL_ACCESS_TOKEN: `canary+line/token=${'a'.repeat(40)}`,
  LINE_CHANNEL_SECRET: 'ca9a51ec0ffee0000000000000000000',
  TELEGRAM_BOT_TOKEN: `987654321:canary-telegram-token-${'b'.repeat(12)}`,
  TELEGRAM_WEBHOOK_SECRET: 'canary_webhook_secret',
  WEBHOOK_SIGNING_SECRET: 'canary-signing-secret',
};

let line: LineStandIn;
let telegram: TelegramStandIn;
beforeEach(async () => {
  const { LINE_CHANNEL_ACCESS_TOKEN: token, LINE_CHANNEL_SECRET: secret } = canaries;
  line = await startLine({ seed: { channels: [{ name: 'Canary', token, secret }] } });
  telegram = await startTelegram({
    seed: { bots: [{ name: 'Canary', token: canaries.TELEGRAM_BOT_TOKEN }] },
  });
});
afterEach(async () => {
  await Promise.all([line.stop(), telegram.stop()]);
});

function channels(lineBase = line.endpoint, telegramBase = telegram.endpoint): Channel[] {
  return [
    lineKind.connect(canaries, toolsFor(lineBase, { timeoutMs: 150 })),
    telegramKind.connect(canaries, toolsFor(telegramBase, { timeoutMs: 150 })),
    signedWebhook.connect(canaries, toolsFor('')),
  ];
}

/** Everything that a printer, a reporter or a crash could make of a value. */
function allOf(value: unknown): string {
  const parts = [
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    JSON.stringify(value) ?? '',
  ];
  if (value instanceof Error) parts.push(String(value), value.stack ?? '', allOf(value.cause));
  if (Array.isArray(value)) parts.push(...value.map(allOf));
  return parts.join('\n');
}

/** The canaries that can be seen in it, by name. */
function seenIn(value: unknown): string[] {
  const text = allOf(value);
  return Object.entries(canaries)
    .filter(([, canary]) =>
      [canary, encodeURIComponent(canary), Buffer.from(canary).toString('base64')].some((form) =>
        text.includes(form),
      ),
    )
    .map(([key]) => key);
}

async function everyVerb(channel: Channel): Promise<unknown[]> {
  return Promise.all(
    [
      channel.identify(),
      channel.checkSecrets(),
      channel.readWebhook(),
      channel.setWebhook(
        `http://example.com/${canaries.TELEGRAM_BOT_TOKEN}?key=${canaries.WEBHOOK_SIGNING_SECRET}`,
      ),
      channel.testWebhook(),
      channel.removeWebhook(),
      channel.webhookFingerprint(),
      channel.sendMessage('1', 'hello'),
    ].map((work) => work.catch((error: unknown) => error)),
  );
}

describe('credentials', () => {
  it('are in no channel that is inspected', () => {
    expect(channels().flatMap(seenIn)).toEqual([]);
    expect(seenIn(canaries)).toEqual(Object.keys(canaries));
  });

  it.each([
    ['as things are', () => undefined],
    [
      'revoked',
      () => (line.revoke(canaries.LINE_CHANNEL_ACCESS_TOKEN), telegram.revoke(canaries.TELEGRAM_BOT_TOKEN)),
    ],
    [
      'with the service down',
      () => [line, telegram].forEach((each) => each.inject({ path: '*', status: 500, times: 200 })),
    ],
    [
      'limited',
      () =>
        [line, telegram].forEach((each) =>
          each.inject({ path: '*', status: 429, times: 200, retryAfterSeconds: 900 }),
        ),
    ],
  ])('are in nothing that a verb answers or throws: %s', async (_name, arrange) => {
    arrange();
    for (const channel of channels()) expect(seenIn(await everyVerb(channel))).toEqual([]);
  });

  it('are in no error of a service that is not there or does not answer', async () => {
    for (const channel of channels('http://127.0.0.1:1', 'http://127.0.0.1:1'))
      expect(seenIn(await everyVerb(channel))).toEqual([]);
    for (const each of [line, telegram]) each.inject({ path: '*', status: 200, times: 50, delayMs: 300 });
    for (const channel of channels().slice(0, 2))
      expect(seenIn(await channel.identify().catch((error: unknown) => error))).toEqual([]);
  });

  it('are in no evidence, and codes neither', async () => {
    const events: unknown[] = [];
    const context = {
      clock: fakeClock(),
      fetch: globalThis.fetch,
      notify: (event: unknown) => events.push(event),
      limitMs: 100,
      codeTtlMs: 1000,
    };
    const subjects = channels().map((channel, index) => ({
      subject: channel.kind,
      environment: 'staging',
      service: channel.kind,
      channel,
      webhookUrl: 'http://127.0.0.1:1/hook',
      tester: index === 0 ? `U${'1'.repeat(32)}` : '1',
      others: [],
      logs: null,
      held: [],
    }));
    expect(seenIn([await verifyGroundTruth(context, subjects), events])).toEqual([]);
  });
});

describe('scrub', () => {
  it('takes out a value in any of its forms, and tokens of a known look', () => {
    const secrets = [canaries.LINE_CHANNEL_ACCESS_TOKEN, 'on'];
    const text = `x ${secrets[0]} y ${encodeURIComponent(secrets[0] ?? '')} z 123456789:${'A'.repeat(35)} on`;
    expect(scrub(text, secrets)).toBe('x «secret» y «secret» z «secret» on');
    expect(quoted(`a\n  ${'b'.repeat(300)}`, [])).toHaveLength(200);
  });
});
