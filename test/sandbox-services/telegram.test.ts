/** grammY against the stand-in: what it takes for Telegram, others will. */
import { Api, GrammyError } from 'grammy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegram, type TelegramStandIn } from '../../sandbox/telegram/start.ts';
import { startHook, type Hook } from '../channels/hook.ts';

let telegram: TelegramStandIn;
let hook: Hook;
let now: number;

beforeEach(async () => {
  now = Date.parse('2026-11-23T10:00:00Z');
  hook = await startHook();
  telegram = await startTelegram({
    now: () => now,
    seed: { bots: [{ name: 'Daily dev' }, { name: 'Daily staging' }], users: [{ name: 'Mali' }] },
  });
});
afterEach(async () => {
  await telegram.stop();
  await hook.stop();
});

function api(token = telegram.bots[0]?.token ?? ''): Api {
  return new Api(token, { apiRoot: telegram.endpoint });
}

function user(): string {
  return telegram.users[0]?.id ?? '';
}

function bot(index = 0): string {
  return telegram.bots[index]?.id ?? '';
}

async function refusal(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => expect.unreachable('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GrammyError)) throw error;
  return { code: error.error_code, description: error.description, parameters: error.parameters };
}

describe('the Telegram stand-in', () => {
  it('says who the bot is', async () => {
    expect(await api().getMe()).toMatchObject({
      id: Number(bot()),
      is_bot: true,
      first_name: 'Daily dev',
      username: telegram.bots[0]?.username,
    });
  });

  it('sets, reads and removes a webhook', async () => {
    expect(await api().getWebhookInfo()).toMatchObject({ url: '', pending_update_count: 0 });
    expect(await api().setWebhook(hook.url, { secret_token: 'abc_DEF-1' })).toBe(true);
    expect(await api().getWebhookInfo()).toMatchObject({ url: hook.url, has_custom_certificate: false });
    expect(await refusal(api().getUpdates())).toMatchObject({ code: 409 });
    expect(await api().deleteWebhook()).toBe(true);
    expect((await api().getWebhookInfo()).url).toBe('');
  });

  it.each([
    ['http://example.com/hook', 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook'],
    [
      'https://example.com:9000/hook',
      'Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443',
    ],
  ])('refuses the webhook %s', async (url, description) => {
    expect(await refusal(api().setWebhook(url))).toMatchObject({ code: 400, description });
  });

  it('refuses a secret with other characters', async () => {
    expect(await refusal(api().setWebhook(hook.url, { secret_token: 'a b' }))).toMatchObject({
      code: 400,
      description: 'Bad Request: secret token contains unallowed characters',
    });
  });

  it('sends what a user writes with the secret, and takes the answer', async () => {
    await api().setWebhook(hook.url, { secret_token: 'abc' });
    expect(await telegram.say(user(), bot(), 'สวัสดี')).toBe(200);
    expect(hook.requests[0]?.headers['x-telegram-bot-api-secret-token']).toBe('abc');
    expect(JSON.parse(hook.requests[0]?.body ?? '')).toMatchObject({
      message: { text: 'สวัสดี', chat: { id: Number(user()), type: 'private' } },
    });
    await api().sendMessage(user(), 'hello');
    expect(telegram.inbox(user()).map(({ from, text }) => [from, text])).toEqual([
      ['user', 'สวัสดี'],
      ['bot', 'hello'],
    ]);
  });

  it('takes a call in the answer of the webhook', async () => {
    await api().setWebhook(hook.url);
    hook.answer = JSON.stringify({ method: 'sendMessage', chat_id: Number(user()), text: 'at once' });
    await telegram.say(user(), bot(), 'hello');
    expect(telegram.inbox(user()).at(-1)).toMatchObject({ from: 'bot', text: 'at once' });
  });

  it('keeps what the webhook does not take, and says why', async () => {
    await api().setWebhook(hook.url);
    hook.status = 401;
    await telegram.say(user(), bot(), 'one');
    expect(await api().getWebhookInfo()).toMatchObject({
      pending_update_count: 1,
      last_error_date: now / 1000,
      last_error_message: 'Wrong response from the webhook: 401 Unauthorized',
    });
    hook.status = 200;
    await telegram.say(user(), bot(), 'two');
    expect((await api().getWebhookInfo()).pending_update_count).toBe(0);
    expect(hook.requests).toHaveLength(3);
  });

  it('writes only to those who have written first', async () => {
    expect(await refusal(api().sendMessage(user(), 'hello'))).toMatchObject({
      code: 400,
      description: 'Bad Request: chat not found',
    });
    telegram.start(user(), bot());
    await api().sendMessage(user(), 'hello');
    telegram.block(user(), bot());
    expect(await refusal(api().sendMessage(user(), 'hello'))).toMatchObject({
      code: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    expect(await refusal(api().sendMessage(user(), ''))).toMatchObject({
      description: 'Bad Request: message text is empty',
    });
  });

  it('knows no token that was revoked, and none that never was one', async () => {
    const old = telegram.bots[0]?.token ?? '';
    const fresh = telegram.revoke(old) ?? '';
    expect(await refusal(api(old).getMe())).toMatchObject({ code: 401, description: 'Unauthorized' });
    expect((await api(fresh).getMe()).id).toBe(Number(bot()));
    expect(await refusal(api('nonsense').getMe())).toMatchObject({ code: 404, description: 'Not Found' });
  });

  it('limits messages, and says when to come back', async () => {
    telegram.start(user(), bot());
    for (let sent = 0; sent < 20; sent++) await api().sendMessage(user(), 'hello');
    expect(await refusal(api().sendMessage(user(), 'hello'))).toEqual({
      code: 429,
      description: 'Too Many Requests: retry after 20',
      parameters: { retry_after: 20 },
    });
    now += 20_001;
    await api().sendMessage(user(), 'hello');
  });

  it('fails on order', async () => {
    telegram.inject({ path: 'getMe', status: 429, retryAfterSeconds: 3 });
    expect((await refusal(api().getMe())).parameters).toEqual({ retry_after: 3 });
    telegram.inject({ path: 'getMe', status: 502 });
    expect((await refusal(api().getMe())).code).toBe(502);
    expect((await api().getMe()).first_name).toBe('Daily dev');
  });
});
