/** The LINE kind against the stand-in. */
import { validateSignature } from '@line/bot-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LineStandIn, startLine } from '../../sandbox/line/start.ts';
import { line as kind } from '../../src/channels/kinds/line.ts';
import { type Hook, startHook } from './hook.ts';
import { toolsFor } from './tools.ts';

let line: LineStandIn;
let hook: Hook;

beforeEach(async () => {
  hook = await startHook();
  line = await startLine({
    seed: { channels: [{ name: 'Daily dev' }, { name: 'Daily staging' }], users: [{ name: 'Mali' }] },
  });
});
afterEach(async () => {
  await line.stop();
  await hook.stop();
});

function connect(index = 0, over: { token?: string; secret?: string } = {}, apiBase = line.endpoint) {
  const { accessToken = '', secret = '' } = line.channels[index] ?? {};
  const tools = toolsFor(apiBase);
  const secrets = {
    LINE_CHANNEL_ACCESS_TOKEN: over.token ?? accessToken,
    LINE_CHANNEL_SECRET: over.secret ?? secret,
  };
  return { channel: kind.connect(secrets, tools), tools };
}

describe('a LINE channel', () => {
  it('says which bot is behind its token', async () => {
    const { channel } = connect();
    const { botUserId, basicId } = line.channels[0] ?? {};
    expect(await channel.identify()).toEqual({ id: botUserId, name: 'Daily dev', handle: basicId });
  });

  it('knows a token and a secret of different channels', async () => {
    expect(await connect().channel.checkSecrets()).toMatchObject({ checked: true });
    const mixed = connect(0, { secret: line.channels[1]?.secret ?? '' });
    await expect(mixed.channel.checkSecrets()).rejects.toMatchObject({
      code: 'credentials-mismatch',
      message: expect.stringContaining('are of different LINE channels') as string,
    });
  });

  it('knows a token that was revoked', async () => {
    line.revoke(line.channels[0]?.accessToken ?? '');
    for (const ask of [connect().channel.identify(), connect().channel.checkSecrets()])
      await expect(ask).rejects.toMatchObject({
        code: 'credentials-expired',
        message: expect.stringContaining('LINE does not accept the token') as string,
      });
  });

  it('sets the webhook, reads it back and has it tested', async () => {
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
    expect(await channel.testWebhook()).toEqual({ outcome: 'passed', detail: 'OK (200)' });
    const set = await channel.webhookFingerprint();
    expect(set).not.toBe(none);
    expect(await channel.webhookFingerprint()).toBe(set);
    hook.status = 403;
    expect(await channel.testWebhook()).toEqual({ outcome: 'failed', detail: 'ERROR_STATUS_CODE (403)' });
    line.useWebhook(line.channels[0]?.channelId ?? '', false);
    expect(await channel.readWebhook()).toMatchObject({ active: false });
    expect(await channel.webhookFingerprint()).not.toBe(set);
    expect(await channel.removeWebhook()).toMatchObject({ state: 'by-hand' });
  });

  it('names a webhook URL that LINE refuses', async () => {
    await expect(connect().channel.setWebhook('http://example.com/line')).rejects.toMatchObject({
      code: 'webhook-refused',
      message:
        "Setting the channel's webhook failed: LINE refuses the webhook URL: Invalid webhook endpoint URL (http://example.com/line)",
    });
  });

  it('signs events as LINE does', async () => {
    const { channel } = connect();
    const { secret = '', botUserId } = line.channels[0] ?? {};
    const request = await channel.signedEvent({ text: 'รหัส 4711', userId: 'U1', replyToken: 'r' });
    expect(validateSignature(request.body, secret, request.headers['x-line-signature'] ?? '')).toBe(true);
    expect(JSON.parse(request.body)).toMatchObject({
      destination: botUserId,
      events: [
        {
          type: 'message',
          mode: 'active',
          replyToken: 'r',
          webhookEventId: expect.stringMatching(/^01[0-9A-HJKMNP-TV-Z]{24}$/) as string,
          deliveryContext: { isRedelivery: false },
          source: { type: 'user', userId: 'U1' },
          message: { type: 'text', text: 'รหัส 4711' },
        },
      ],
    });
  });

  it('sends a message once, however often it has to ask', async () => {
    const { channel, tools } = connect();
    const user = line.users[0]?.id ?? '';
    line.inject({ path: '/v2/bot/message/push', status: 500, times: 2 });
    await channel.sendMessage(user, 'hello');
    expect(tools.clock.pauses).toEqual([1000, 2000]);
    expect(line.inbox(user).map(({ text }) => text)).toEqual(['hello']);
    await expect(channel.sendMessage(`U${'0'.repeat(32)}`, 'hello')).rejects.toMatchObject({
      message: 'Sending a LINE message failed: LINE refused: Failed to send messages',
      hint: expect.stringContaining('friend') as string,
    });
  });

  it('waits as long as LINE says, but not for ever', async () => {
    const { channel, tools } = connect();
    line.inject({ path: '/v2/bot/info', status: 429, retryAfterSeconds: 7 });
    await channel.identify();
    expect(tools.clock.pauses).toEqual([7000]);

    line.inject({ path: '/v2/bot/info', status: 429, retryAfterSeconds: 3600 });
    await expect(connect().channel.identify()).rejects.toThrow('to come back in 3600 s');
    line.inject({ path: '/v2/bot/info', status: 503, times: 5 });
    const patient = connect();
    await expect(patient.channel.identify()).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(patient.tools.clock.pauses).toEqual([1000, 2000, 4000, 8000]);
    expect((await patient.channel.identify()).name).toBe('Daily dev');
  });

  it('does not wait for next month', async () => {
    const spent = line.createChannel({ name: 'spent', quota: 0 });
    const { channel, tools } = connect(0, { token: spent.accessToken, secret: spent.secret });
    await expect(channel.sendMessage(line.users[0]?.id ?? '', 'x')).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringContaining('monthly limit') as string,
    });
    expect(tools.clock.pauses).toEqual([]);
  });

  it('gives up on a service that does not answer, or is not there', async () => {
    line.inject({ path: '/v2/bot/info', status: 200, delayMs: 300, times: 5 });
    const slow = kind.connect(
      { LINE_CHANNEL_ACCESS_TOKEN: line.channels[0]?.accessToken ?? '', LINE_CHANNEL_SECRET: 'x' },
      toolsFor(line.endpoint, { timeoutMs: 20 }),
    );
    await expect(slow.identify()).rejects.toMatchObject({ code: 'timed-out' });
    await expect(connect(0, {}, 'http://127.0.0.1:1').channel.identify()).rejects.toMatchObject({
      code: 'network-unreachable',
    });
  });

  it('stops when it is interrupted', async () => {
    const controller = new AbortController();
    controller.abort();
    const channel = kind.connect({}, toolsFor(line.endpoint, { signal: controller.signal }));
    await expect(channel.identify()).rejects.toMatchObject({ code: 'interrupted' });
  });
});
