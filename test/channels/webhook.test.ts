import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LineStandIn, startLine } from '../../sandbox/line/start.ts';
import { startTelegram, type TelegramStandIn } from '../../sandbox/telegram/start.ts';
import { holderOf, webhookFingerprints } from '../../src/channels/holder.ts';
import { compareIdentities } from '../../src/channels/isolation.ts';
import { line as lineKind } from '../../src/channels/kinds/line.ts';
import { signedWebhook } from '../../src/channels/kinds/signed-webhook.ts';
import { telegram as telegramKind } from '../../src/channels/kinds/telegram.ts';
import { pointWebhook, releaseWebhook } from '../../src/channels/webhook.ts';
import { toolsFor } from './tools.ts';

const [devUrl, stagingUrl] = ['http://127.0.0.1:9/dev', 'http://127.0.0.1:9/staging'] as const;

let line: LineStandIn;
let telegram: TelegramStandIn;
beforeEach(async () => {
  line = await startLine({
    seed: { channels: [{ name: 'Daily dev', endpoint: devUrl }, { name: 'Daily staging' }] },
  });
  telegram = await startTelegram({ seed: { bots: [{ name: 'Daily staging' }] } });
});
afterEach(async () => {
  await Promise.all([line.stop(), telegram.stop()]);
});

function secretsOf(index: number) {
  const { accessToken = '', secret = '' } = line.channels[index] ?? {};
  return { LINE_CHANNEL_ACCESS_TOKEN: accessToken, LINE_CHANNEL_SECRET: secret };
}

const connect = (index: number) => lineKind.connect(secretsOf(index), toolsFor(line.endpoint));
const devHolder = () => holderOf(lineKind, 'dev', secretsOf(0), toolsFor(line.endpoint));

describe('pointWebhook', () => {
  it('sets the webhook once, and is content when it is repeated', async () => {
    const [staging, others] = [connect(1), [await devHolder()]];
    expect(await pointWebhook(staging, stagingUrl, others)).toMatchObject({
      state: 'changed',
      detail: expect.stringContaining(`was not set and is ${stagingUrl}`) as string,
    });
    expect((await pointWebhook(staging, stagingUrl, others)).state).toBe('unchanged');
    line.useWebhook(line.channels[1]?.channelId ?? '', false);
    expect((await pointWebhook(staging, stagingUrl, others)).state).toBe('by-hand');
  });

  it("never takes another environment's webhook away", async () => {
    const dev = connect(0);
    const before = await webhookFingerprints([dev]);
    const action = await pointWebhook(dev, stagingUrl, [await devHolder()]);
    expect(action.state).toBe('left-alone');
    expect(action.detail).toContain('is the bot of dev');
    expect(await webhookFingerprints([dev])).toEqual(before);
    expect(await dev.readWebhook()).toMatchObject({ url: devUrl });
  });

  it('says what a person has to do', async () => {
    const channel = signedWebhook.connect({ WEBHOOK_SIGNING_SECRET: 'x'.repeat(20) }, toolsFor(''));
    expect((await pointWebhook(channel, stagingUrl, [])).state).toBe('by-hand');
    expect((await releaseWebhook(channel, stagingUrl)).state).toBe('by-hand');
  });
});

describe('releaseWebhook', () => {
  it('removes what is of this environment, and nothing else', async () => {
    const secrets = { TELEGRAM_BOT_TOKEN: telegram.bots[0]?.token ?? '' };
    const bot = telegramKind.connect(secrets, toolsFor(telegram.endpoint));
    expect((await releaseWebhook(bot, stagingUrl)).state).toBe('unchanged');
    await bot.setWebhook(devUrl);
    expect((await releaseWebhook(bot, stagingUrl)).state).toBe('left-alone');
    await bot.setWebhook(stagingUrl);
    expect((await releaseWebhook(bot, stagingUrl)).state).toBe('changed');
    expect(await bot.readWebhook()).toEqual({ state: 'not-set' });
    expect((await releaseWebhook(connect(0), devUrl)).state).toBe('by-hand');
  });
});

describe('holderOf', () => {
  it('finds two environments with one bot, also behind two tokens', async () => {
    const another = { ...secretsOf(0), LINE_CHANNEL_ACCESS_TOKEN: await anotherToken(0) };
    const staging = await holderOf(lineKind, 'staging', another, toolsFor(line.endpoint));
    expect(compareIdentities([staging], [await devHolder()]).findings).toHaveLength(1);
  });

  it('says why it does not know, and throws where the service is down', async () => {
    const missing = await holderOf(lineKind, 'staging', {}, toolsFor(line.endpoint));
    expect(missing).toMatchObject({
      identity: null,
      unreadable: expect.stringContaining('is not set') as string,
    });
    line.revoke(line.channels[1]?.accessToken ?? '');
    const revoked = await holderOf(lineKind, 'staging', secretsOf(1), toolsFor(line.endpoint));
    expect(revoked.unreadable).toContain('does not accept the token');
    line.inject({ path: '*', status: 500, times: 10 });
    await expect(devHolder()).rejects.toMatchObject({ code: 'service-unavailable' });
  });
});

async function anotherToken(index: number): Promise<string> {
  const { channelId = '', secret = '' } = line.channels[index] ?? {};
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: channelId,
    client_secret: secret,
  });
  const response = await fetch(`${line.endpoint}/oauth2/v3/token`, { method: 'POST', body });
  return ((await response.json()) as { access_token: string }).access_token;
}
