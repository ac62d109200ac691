/** LINE's own client against the stand-in: what it takes for LINE, others will. */
import { createHmac } from 'node:crypto';
import { channelAccessToken, HTTPFetchError, messagingApi, validateSignature } from '@line/bot-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LineStandIn, startLine } from '../../sandbox/line/start.ts';
import { startHook, type Hook } from '../channels/hook.ts';

const channelSecret = '0123456789abcdef0123456789abcdef';

let line: LineStandIn;
let hook: Hook;
let now: number;

beforeEach(async () => {
  now = Date.parse('2026-11-23T10:00:00Z');
  hook = await startHook();
  line = await startLine({
    now: () => now,
    seed: {
      channels: [{ name: 'Daily dev', secret: channelSecret, endpoint: hook.url }, { name: 'Daily staging' }],
      users: [{ name: 'Mali' }],
    },
  });
});
afterEach(async () => {
  await line.stop();
  await hook.stop();
});

const [dev, staging] = [0, 1] as const;

function client(which: 0 | 1, token = line.channels[which]?.accessToken ?? '') {
  return new messagingApi.MessagingApiClient({ channelAccessToken: token, baseURL: line.endpoint });
}

function user(): string {
  return line.users[0]?.id ?? '';
}

function channelId(which: 0 | 1): string {
  return line.channels[which]?.channelId ?? '';
}

async function refusal(work: Promise<unknown>): Promise<{ status: number; body: unknown }> {
  const error: unknown = await work.then(
    () => expect.unreachable('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HTTPFetchError)) throw error;
  return { status: error.status, body: JSON.parse(error.body) };
}

describe('the LINE stand-in', () => {
  it('says who the bot is', async () => {
    const { channels } = line;
    expect(await client(dev).getBotInfo()).toMatchObject({
      userId: channels[0]?.botUserId,
      basicId: channels[0]?.basicId,
      displayName: 'Daily dev',
      chatMode: 'bot',
    });
    expect((await client(staging).getBotInfo()).userId).not.toBe(channels[0]?.botUserId);
  });

  it('sets, reads and tests a webhook', async () => {
    expect(await refusal(client(staging).getWebhookEndpoint())).toEqual({
      status: 404,
      body: { message: 'Webhook endpoint not found' },
    });
    await client(staging).setWebhookEndpoint({ endpoint: hook.url });
    expect(await client(staging).getWebhookEndpoint()).toEqual({ endpoint: hook.url, active: true });
    expect(await client(staging).testWebhookEndpoint({})).toMatchObject({
      success: true,
      statusCode: 200,
      reason: 'OK',
      detail: '200',
    });
    expect(JSON.parse(hook.requests[0]?.body ?? '')).toEqual({
      destination: line.channels[1]?.botUserId,
      events: [],
    });

    hook.status = 500;
    expect(await client(staging).testWebhookEndpoint({})).toMatchObject({
      success: false,
      statusCode: 500,
      reason: 'ERROR_STATUS_CODE',
    });
    await client(staging).setWebhookEndpoint({ endpoint: 'http://127.0.0.1:9/nobody' });
    expect(await client(staging).testWebhookEndpoint({})).toMatchObject({
      success: false,
      statusCode: 0,
      reason: 'COULD_NOT_CONNECT',
    });
    line.useWebhook(channelId(staging), false);
    expect((await client(staging).getWebhookEndpoint()).active).toBe(false);
  });

  it.each(['http://example.com/line', 'not a URL', `https://example.com/${'x'.repeat(500)}`])(
    'refuses the webhook %.30s',
    async (endpoint) => {
      expect(await refusal(client(dev).setWebhookEndpoint({ endpoint }))).toEqual({
        status: 400,
        body: { message: 'Invalid webhook endpoint URL' },
      });
    },
  );

  it('takes local webhooks only if it may', async () => {
    const strict = await startLine({ allowLocalWebhooks: false, seed: { channels: [{ name: 'strict' }] } });
    const api = new messagingApi.MessagingApiClient({
      channelAccessToken: strict.channels[0]?.accessToken ?? '',
      baseURL: strict.endpoint,
    });
    expect((await refusal(api.setWebhookEndpoint({ endpoint: hook.url }))).status).toBe(400);
    await strict.stop();
  });

  it('signs what a user writes, and takes one reply within a minute', async () => {
    const delivery = await line.say(user(), channelId(dev), 'สวัสดี');
    expect(delivery).toEqual({ status: 200, reason: 'OK', detail: '200' });
    const [request] = hook.requests;
    expect(
      validateSignature(request?.body ?? '', channelSecret, request?.headers['x-line-signature'] ?? ''),
    ).toBe(true);
    expect(request?.headers['x-line-signature']).toBe(
      createHmac('sha256', channelSecret)
        .update(request?.body ?? '')
        .digest('base64'),
    );
    const { replyToken, message, source } = hook.event(0);
    expect([message.text, source.userId]).toEqual(['สวัสดี', user()]);

    const reply = { replyToken, messages: [{ type: 'text' as const, text: 'hello' }] };
    expect((await client(dev).replyMessage(reply)).sentMessages).toHaveLength(1);
    expect(line.inbox(user()).map(({ from, text }) => [from, text])).toEqual([
      ['user', 'สวัสดี'],
      ['bot', 'hello'],
    ]);
    const again = { status: 400, body: { message: 'Invalid reply token' } };
    expect(await refusal(client(dev).replyMessage(reply))).toEqual(again);

    await line.say(user(), channelId(dev), 'too late');
    now += 61_000;
    expect(
      await refusal(client(dev).replyMessage({ ...reply, replyToken: hook.event(1).replyToken })),
    ).toEqual(again);
  });

  it("refuses a reply through another channel's token", async () => {
    await line.say(user(), channelId(dev), 'hello');
    const reply = { replyToken: hook.event(0).replyToken, messages: [{ type: 'text' as const, text: 'hi' }] };
    expect(await refusal(client(staging).replyMessage(reply))).toEqual({
      status: 400,
      body: { message: 'Invalid reply token' },
    });
    expect(line.inbox(user()).map(({ from }) => from)).toEqual(['user']);
  });

  it('pushes once for one retry key, to friends only', async () => {
    const push = { to: user(), messages: [{ type: 'text' as const, text: 'code' }] };
    const key = '123e4567-e89b-12d3-a456-426614174000';
    await client(dev).pushMessage(push, key);
    expect((await refusal(client(dev).pushMessage(push, key))).status).toBe(409);
    expect(line.inbox(user())).toHaveLength(1);

    expect(await refusal(client(dev).pushMessage({ ...push, to: `U${'0'.repeat(32)}` }))).toEqual({
      status: 400,
      body: { message: 'Failed to send messages' },
    });
    expect((await refusal(client(dev).pushMessage({ ...push, to: 'me' }))).status).toBe(400);
    line.unfriend(channelId(dev), user());
    await client(dev).pushMessage(push);
    expect(line.inbox(user())).toHaveLength(1);
  });

  it('says what is wrong with a message', async () => {
    const empty = { to: user(), messages: [{ type: 'text' as const, text: '' }] };
    expect(await refusal(client(dev).pushMessage(empty))).toEqual({
      status: 400,
      body: {
        message: 'The request body has 1 error(s)',
        details: [{ message: 'May not be empty', property: 'messages[0].text' }],
      },
    });
  });

  it('verifies, issues and revokes tokens', async () => {
    const tokens = new channelAccessToken.ChannelAccessTokenClient({ baseURL: line.endpoint });
    const token = line.channels[0]?.accessToken ?? '';
    expect((await tokens.verifyChannelToken(token)).client_id).toBe(channelId(dev));
    const stateless = await tokens.issueStatelessChannelTokenByClientSecret(channelId(dev), channelSecret);
    expect([stateless.expires_in, stateless.token_type]).toEqual([900, 'Bearer']);
    expect((await client(dev, stateless.access_token).getBotInfo()).displayName).toBe('Daily dev');
    now += 901_000;
    expect((await refusal(client(dev, stateless.access_token).getBotInfo())).status).toBe(401);
    expect(
      await refusal(tokens.issueStatelessChannelTokenByClientSecret(channelId(staging), channelSecret)),
    ).toMatchObject({ status: 400, body: { error: 'invalid_client' } });

    await tokens.revokeChannelToken(token);
    expect(await refusal(client(dev).getBotInfo())).toEqual({
      status: 401,
      body: {
        message: 'Authentication failed. Confirm that the access token in the authorization header is valid.',
      },
    });
    expect((await refusal(tokens.verifyChannelToken(token))).status).toBe(400);
  });

  it('limits webhook tests to sixty an hour', async () => {
    for (let call = 0; call < 60; call++) await client(dev).testWebhookEndpoint({});
    expect((await refusal(client(dev).testWebhookEndpoint({}))).status).toBe(429);
    now += 3_600_001;
    expect((await client(dev).testWebhookEndpoint({})).success).toBe(true);
  });

  it('fails on order', async () => {
    line.inject({ path: '/v2/bot/info', status: 429, retryAfterSeconds: 7 });
    const limited: unknown = await client(dev)
      .getBotInfo()
      .catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(HTTPFetchError);
    expect((limited as HTTPFetchError).headers.get('retry-after')).toBe('7');
    line.inject({ path: '*', status: 503, times: 2 });
    expect((await refusal(client(dev).getBotInfo())).status).toBe(503);
    expect((await refusal(client(dev).getBotInfo())).status).toBe(503);
    expect((await client(dev).getBotInfo()).displayName).toBe('Daily dev');
  });
});
