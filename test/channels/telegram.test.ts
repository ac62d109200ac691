/** The Telegram kind against the stand-in. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegram, type TelegramStandIn } from '../../sandbox/telegram/start.ts';
import { telegram as kind } from '../../src/channels/kinds/telegram.ts';
import { type Hook, startHook } from './hook.ts';
import { toolsFor } from './tools.ts';

const webhookSecret = 'webhook_secret-1';

let telegram: TelegramStandIn;
let hook: Hook;

beforeEach(async () => {
  hook = await startHook();
  telegram = await startTelegram({ seed: { bots: [{ name: 'Daily dev' }], users: [{ name: 'Mali' }] } });
});
afterEach(async () => {
  await telegram.stop();
  await hook.stop();
});

const user = (): string => telegram.users[0]?.id ?? '';
const bot = (): string => telegram.bots[0]?.id ?? '';

function connect(token = telegram.bots[0]?.token ?? '', secret = webhookSecret) {
  const tools = toolsFor(telegram.endpoint);
  const secrets = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_WEBHOOK_SECRET: secret };
  return { channel: kind.connect(secrets, tools), tools };
}

describe('a Telegram bot', () => {
  it('says who it is', async () => {
    expect(await connect().channel.identify()).toEqual({
      id: bot(),
      name: 'Daily dev',
      handle: `@${telegram.bots[0]?.username}`,
    });
  });

  it('sets the webhook with its secret, reads it back and removes it', async () => {
    const { channel } = connect();
    expect(await channel.readWebhook()).toEqual({ state: 'not-set' });
    const none = await channel.webhookFingerprint();
    expect(await channel.setWebhook(hook.url)).toEqual({ state: 'done' });
    expect(await channel.readWebhook()).toEqual({
      state: 'set',
      url: hook.url,
      active: true,
      lastError: null,
    });
    expect(await channel.testWebhook()).toMatchObject({ outcome: 'not-offered' });
    const set = await channel.webhookFingerprint();
    await telegram.say(user(), bot(), 'hello');
    expect(hook.requests[0]?.headers['x-telegram-bot-api-secret-token']).toBe(webhookSecret);
    expect(await channel.webhookFingerprint()).toBe(set);
    expect(await channel.removeWebhook()).toEqual({ state: 'done' });
    expect(await channel.webhookFingerprint()).toBe(none);
  });

  it('reports what Telegram complains of', async () => {
    const { channel, tools } = connect();
    await channel.setWebhook(hook.url);
    hook.status = 500;
    await telegram.say(user(), bot(), 'hello');
    const complaint = 'Wrong response from the webhook: 500 Internal Server Error';
    expect(await channel.readWebhook()).toMatchObject({ lastError: complaint });
    tools.clock.advance(Date.now() - tools.clock.now().getTime());
    expect(await channel.testWebhook()).toEqual({ outcome: 'failed', detail: complaint });
    tools.clock.advance(6 * 60_000);
    expect((await channel.testWebhook()).outcome).toBe('not-offered');
  });

  it.each([
    ['http://example.com/hook', 'An HTTPS URL must be provided for webhook'],
    ['https://example.com:9000/hook', 'Webhook can be set up only on ports 80, 88, 443 or 8443'],
  ])('names %s, which Telegram refuses', async (url, reason) => {
    await expect(connect().channel.setWebhook(url)).rejects.toMatchObject({
      code: 'webhook-refused',
      message: expect.stringContaining(
        `Telegram refuses the webhook URL: Bad Request: bad webhook: ${reason} (${url})`,
      ) as string,
    });
  });

  it('makes updates as Telegram does', async () => {
    const request = await connect().channel.signedEvent({ text: 'hello', userId: '4711' });
    expect(request.headers['x-telegram-bot-api-secret-token']).toBe(webhookSecret);
    expect(JSON.parse(request.body)).toMatchObject({
      update_id: expect.any(Number) as number,
      message: { text: 'hello', chat: { id: 4711, type: 'private' }, from: { is_bot: false } },
    });
    const open = await connect(undefined, '').channel.signedEvent({ text: 'hello', userId: '1' });
    expect(Object.keys(open.headers)).toEqual(['content-type']);
  });

  it('sends to those who have pressed Start', async () => {
    const { channel } = connect();
    await expect(channel.sendMessage(user(), 'hello')).rejects.toMatchObject({
      message: 'Sending a Telegram message failed: Telegram refused: Bad Request: chat not found',
      hint: expect.stringContaining('Start') as string,
    });
    telegram.start(user(), bot());
    await channel.sendMessage(user(), 'hello');
    expect(telegram.inbox(user()).map(({ text }) => text)).toEqual(['hello']);
    telegram.block(user(), bot());
    await expect(channel.sendMessage(user(), 'hello')).rejects.toThrow('bot was blocked by the user');
  });

  it('knows a token that was revoked, or never was one', async () => {
    const old = telegram.bots[0]?.token ?? '';
    telegram.revoke(old);
    for (const token of [old, 'nonsense'])
      await expect(connect(token).channel.identify()).rejects.toMatchObject({ code: 'credentials-expired' });
  });

  it('waits as long as Telegram says, but not for ever', async () => {
    const { channel, tools } = connect();
    telegram.inject({ path: 'getMe', status: 429, retryAfterSeconds: 5 });
    telegram.inject({ path: 'getMe', status: 502 });
    await channel.identify();
    expect(tools.clock.pauses).toEqual([5000, 2000]);
    telegram.inject({ path: 'getMe', status: 429, retryAfterSeconds: 900 });
    await expect(connect().channel.identify()).rejects.toThrow('to come back in 900 s');
  });
});
