import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, captureLog, load, setEnvironment } from './handlers.ts';
import { type Service, startService } from './service.ts';

const TOKEN = '1000001:bot-token';

describe('telegram-api', async () => {
  const handler = (await load('telegram-api')) as (event?: unknown) => Promise<Answer>;
  let telegram: Service;
  let log: Record<string, unknown>[];

  beforeEach(async () => {
    telegram = await startService();
    log = captureLog();
    setEnvironment({
      ENVIRONMENT: 'dev',
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_WEBHOOK_SECRET: 'webhook-secret',
      TELEGRAM_API_BASE: telegram.base,
      WATCHLIST_TABLE: 'watchlist-dev',
    });
  });

  afterEach(async () => {
    await telegram[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  const request = (route: string, event: Record<string, unknown> = {}) => {
    const [method, path] = route.split(' ');
    return { version: '2.0', rawPath: path, requestContext: { http: { method, path } }, ...event };
  };

  const update = (secret: string) =>
    request('POST /telegram/webhook', {
      headers: { 'x-telegram-bot-api-secret-token': secret },
      body: JSON.stringify({ update_id: 7, message: { message_id: 1, chat: { id: 42 }, text: 'code 4711' } }),
    });

  it('answers a message', async () => {
    const answer = await handler(update('webhook-secret'));

    expect(answer.statusCode).toBe(200);
    expect(telegram.calls).toHaveLength(1);
    expect(telegram.calls[0]?.url).toBe(`/bot${TOKEN}/sendMessage`);
    expect(telegram.calls[0]?.body).toEqual({ chat_id: 42, text: 'Daily report (dev): code 4711' });
    expect(log).toContainEqual(expect.objectContaining({ message: 'message received', text: 'code 4711' }));
  });

  it('refuses an update without the secret of its webhook', async () => {
    expect((await handler(update('another'))).statusCode).toBe(401);
    expect(telegram.calls).toEqual([]);
  });

  it('checks no secret where none is set', async () => {
    setEnvironment({ TELEGRAM_WEBHOOK_SECRET: '' });
    expect((await handler(update(''))).statusCode).toBe(200);
  });

  it('answers 200 and keeps the token out of the logs when Telegram refuses or is away', async () => {
    telegram.status = 404;
    expect((await handler(update('webhook-secret'))).statusCode).toBe(200);
    setEnvironment({ TELEGRAM_API_BASE: 'not a url' });
    expect((await handler(update('webhook-secret'))).statusCode).toBe(200);
    expect(log.filter(({ level }) => level === 'WARN')).toHaveLength(2);
    expect(log.filter(({ level }) => level === 'ERROR')).toEqual([]);
    expect(JSON.stringify(log)).not.toContain(TOKEN);
  });

  it('refuses a body that no update is', async () => {
    const event = { ...update('webhook-secret'), body: 'not json' };
    expect((await handler(event)).statusCode).toBe(400);
  });

  it.each(['GET /health', 'GET /watchlist'])('serves %s', async (route) => {
    const answer = await handler(request(route));
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ environment: 'dev' });
  });

  it('knows no other route', async () => {
    expect((await handler(request('GET /nothing'))).statusCode).toBe(404);
  });

  it.each([undefined, { source: 'provision-env', check: 'health' }])(
    'says that it is well: %j',
    async (event) => {
      const answer = await handler(event);
      expect(JSON.parse(answer.body)).toMatchObject({ ok: true, function: 'telegram-api' });
    },
  );

  it('names the environment variable that is missing', async () => {
    setEnvironment({ TELEGRAM_BOT_TOKEN: '' });
    const answer = await handler({});
    expect(answer.statusCode).toBe(500);
    expect(answer.body).toContain('missing environment variables: TELEGRAM_BOT_TOKEN');
    expect(log).toEqual([expect.objectContaining({ level: 'ERROR' })]);
  });
});
