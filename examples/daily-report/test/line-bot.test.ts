import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, captureLog, load, setEnvironment } from './handlers.ts';
import { type Service, startService } from './service.ts';

const SECRET = 'channel-secret';
const TOKEN = 'channel-token';

describe('line-bot', async () => {
  const handler = (await load('line-bot')) as (event?: unknown) => Promise<Answer>;
  let line: Service;
  let log: Record<string, unknown>[];

  beforeEach(async () => {
    line = await startService();
    log = captureLog();
    setEnvironment({
      ENVIRONMENT: 'dev',
      LINE_CHANNEL_SECRET: SECRET,
      LINE_CHANNEL_ACCESS_TOKEN: TOKEN,
      LINE_API_BASE: line.base,
    });
  });

  afterEach(async () => {
    await line[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  const textEvent = (text: string) => ({
    type: 'message',
    replyToken: 'reply-1',
    source: { type: 'user', userId: 'U1' },
    message: { type: 'text', id: '1', text },
  });

  function webhook(events: unknown[], { secret = SECRET, base64 = false } = {}) {
    const body = JSON.stringify({ destination: 'U0', events });
    return {
      headers: { 'x-line-signature': createHmac('sha256', secret).update(body).digest('base64') },
      body: base64 ? Buffer.from(body).toString('base64') : body,
      isBase64Encoded: base64,
    };
  }

  it.each([false, true])('replies to a text message (base64 body: %s)', async (base64) => {
    const answer = await handler(webhook([textEvent('รหัส 4711')], { base64 }));

    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ ok: true, received: 1 });
    expect(line.calls).toHaveLength(1);
    expect(line.calls[0]?.url).toBe('/v2/bot/message/reply');
    expect(line.calls[0]?.headers['authorization']).toBe(`Bearer ${TOKEN}`);
    expect(line.calls[0]?.body).toEqual({
      replyToken: 'reply-1',
      messages: [{ type: 'text', text: 'Daily report (dev): รหัส 4711' }],
    });
    expect(log).toContainEqual(expect.objectContaining({ message: 'message received', text: 'รหัส 4711' }));
    expect(JSON.stringify(log)).not.toContain(TOKEN);
  });

  it('refuses what another channel signed', async () => {
    const answer = await handler(webhook([textEvent('hello')], { secret: 'of another channel' }));
    expect(answer.statusCode).toBe(401);
    expect(line.calls).toEqual([]);
  });

  it('refuses what nobody signed', async () => {
    const answer = await handler({ ...webhook([textEvent('hello')]), headers: {} });
    expect(answer.statusCode).toBe(401);
  });

  it("accepts LINE's verification, which has no events", async () => {
    const answer = await handler(webhook([]));
    expect(answer).toMatchObject({ statusCode: 200, body: '{"ok":true,"received":0}' });
  });

  it('answers 200 and logs no error when LINE refuses the reply', async () => {
    line.status = 401;
    const answer = await handler(webhook([textEvent('hello')]));
    expect(answer.statusCode).toBe(200);
    expect(log.map(({ level }) => level)).toEqual(['INFO', 'WARN']);
  });

  it('answers 200 when LINE cannot be reached', async () => {
    setEnvironment({ LINE_API_BASE: 'http://127.0.0.1:1' });
    const answer = await handler(webhook([textEvent('hello')]));
    expect(answer.statusCode).toBe(200);
    expect(log.at(-1)).toMatchObject({ level: 'WARN', message: 'reply not sent' });
  });

  it.each([undefined, {}, { source: 'provision-env', check: 'health' }])(
    'says that it is well: %j',
    async (event) => {
      const answer = await handler(event);
      expect(answer.statusCode).toBe(200);
      expect(JSON.parse(answer.body)).toMatchObject({ ok: true, environment: 'dev' });
      expect(log).toEqual([expect.objectContaining({ level: 'INFO', message: 'health check' })]);
    },
  );

  it('names the environment variable that is missing', async () => {
    setEnvironment({ LINE_CHANNEL_SECRET: '' });
    const answer = await handler({});
    expect(answer.statusCode).toBe(500);
    expect(JSON.parse(answer.body)).toEqual({ error: 'missing environment variables: LINE_CHANNEL_SECRET' });
    expect(log).toEqual([expect.objectContaining({ level: 'ERROR', missing: ['LINE_CHANNEL_SECRET'] })]);
  });
});
