/**
 * The kinds against answers as the public documentation shows them, so that a stand-in that drifts is not the only
 * judge. LINE: https://developers.line.biz/en/reference/messaging-api/ (Get bot info, Webhook settings, Error
 * responses). Telegram: https://core.telegram.org/bots/api (getMe, getWebhookInfo, Making requests, ResponseParameters).
 */
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { line } from '../../src/channels/kinds/line.ts';
import { telegram } from '../../src/channels/kinds/telegram.ts';
import { toolsFor } from './tools.ts';

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

describe('LINE as documented', () => {
  const base = 'https://api.line.me';
  const channel = () =>
    line.connect({ LINE_CHANNEL_ACCESS_TOKEN: 'token', LINE_CHANNEL_SECRET: 'secret' }, toolsFor(base));

  it('get bot info', async () => {
    server.use(
      http.get(`${base}/v2/bot/info`, ({ request }) => {
        expect(request.headers.get('authorization')).toBe('Bearer token');
        return HttpResponse.json({
          userId: 'Ub9952f8...',
          basicId: '@216ru...',
          displayName: 'Example name',
          pictureUrl: 'https://obs.line-apps.com/...',
          chatMode: 'chat',
          markAsReadMode: 'manual',
        });
      }),
    );
    expect(await channel().identify()).toEqual({
      id: 'Ub9952f8...',
      name: 'Example name',
      handle: '@216ru...',
    });
  });

  it.each([
    [{ endpoint: 'https://example.com/test', active: true }, true],
    [{ endpoint: 'https://example.com/test', active: false }, false],
  ])('get webhook endpoint information %o', async (answer, active) => {
    server.use(http.get(`${base}/v2/bot/channel/webhook/endpoint`, () => HttpResponse.json(answer)));
    expect(await channel().readWebhook()).toEqual({
      state: 'set',
      url: 'https://example.com/test',
      active,
      lastError: null,
    });
  });

  it('no webhook endpoint', async () => {
    server.use(
      http.get(`${base}/v2/bot/channel/webhook/endpoint`, () =>
        HttpResponse.json({ message: 'Webhook endpoint not found' }, { status: 404 }),
      ),
    );
    expect(await channel().readWebhook()).toEqual({ state: 'not-set' });
  });

  it('test webhook endpoint', async () => {
    const answers = [
      { success: true, timestamp: '2020-09-30T05:38:20.031Z', statusCode: 200, reason: 'OK', detail: '200' },
      {
        success: false,
        timestamp: '2023-07-07T04:29:51.043124Z',
        statusCode: 0,
        reason: 'COULD_NOT_CONNECT',
        detail: 'TLS handshake failure: https://example.com/webhook',
      },
    ];
    server.use(http.post(`${base}/v2/bot/channel/webhook/test`, () => HttpResponse.json(answers.shift())));
    expect(await channel().testWebhook()).toEqual({ outcome: 'passed', detail: 'OK (200)' });
    expect(await channel().testWebhook()).toEqual({
      outcome: 'failed',
      detail: 'COULD_NOT_CONNECT (TLS handshake failure: https://example.com/webhook)',
    });
  });

  it('error response with details', async () => {
    server.use(
      http.post(`${base}/v2/bot/message/push`, ({ request }) => {
        expect(request.headers.get('x-line-retry-key')).toMatch(/^[0-9a-f-]{36}$/);
        return HttpResponse.json(
          {
            message: 'The request body has 2 error(s)',
            details: [
              { message: 'May not be empty', property: 'messages[0].text' },
              { message: 'Must be one of the following values: [text, image]', property: 'messages[1].type' },
            ],
          },
          { status: 400 },
        );
      }),
    );
    await expect(channel().sendMessage('U1', '')).rejects.toThrow(
      'The request body has 2 error(s); messages[0].text: May not be empty; messages[1].type: Must be one of',
    );
  });

  it('not authorized to use the API', async () => {
    server.use(
      http.put(`${base}/v2/bot/channel/webhook/endpoint`, () =>
        HttpResponse.json(
          { message: 'Access to this API is not available for your account' },
          { status: 403 },
        ),
      ),
    );
    await expect(channel().setWebhook('https://example.com')).rejects.toMatchObject({
      code: 'access-denied',
    });
  });

  it('an answer that is not of the service', async () => {
    server.use(http.get(`${base}/v2/bot/info`, () => HttpResponse.text('<html>captive portal</html>')));
    await expect(channel().identify()).rejects.toThrow('gave an answer that is not its own');
  });
});

describe('Telegram as documented', () => {
  const token = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11';
  const base = 'https://api.telegram.org';
  const channel = () => telegram.connect({ TELEGRAM_BOT_TOKEN: token }, toolsFor(base));
  const method = (name: string, ...bodies: (readonly [number, object])[]) =>
    http.post(`${base}/bot${token}/${name}`, () => {
      const [status, body] = bodies.shift() ?? [500, {}];
      return HttpResponse.json(body as Record<string, unknown>, { status });
    });

  it('getMe', async () => {
    const result = { id: 123456, is_bot: true, first_name: 'Test', username: 'test_bot' };
    server.use(method('getMe', [200, { ok: true, result }]));
    expect(await channel().identify()).toEqual({ id: '123456', name: 'Test', handle: '@test_bot' });
  });

  it('getWebhookInfo', async () => {
    const result = {
      url: 'https://example.com/hook',
      has_custom_certificate: false,
      pending_update_count: 3,
      ip_address: '203.0.113.10',
      last_error_date: 1_756_000_000,
      last_error_message: 'Wrong response from the webhook: 401 Unauthorized',
      max_connections: 40,
    };
    server.use(method('getWebhookInfo', [200, { ok: true, result }]));
    expect(await channel().readWebhook()).toEqual({
      state: 'set',
      url: 'https://example.com/hook',
      active: true,
      lastError: 'Wrong response from the webhook: 401 Unauthorized',
    });
  });

  it('retry_after', async () => {
    const limited = {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 9',
      parameters: { retry_after: 9 },
    };
    const result = { id: 1, is_bot: true, first_name: 'Test', username: 'test_bot' };
    server.use(method('getMe', [429, limited], [200, { ok: true, result }]));
    const tools = toolsFor(base);
    await telegram.connect({ TELEGRAM_BOT_TOKEN: token }, tools).identify();
    expect(tools.clock.pauses).toEqual([9000]);
  });

  it.each([
    [401, 'Unauthorized'],
    [404, 'Not Found'],
  ])('%s for a token that is not one', async (status, description) => {
    server.use(method('getMe', [status, { ok: false, error_code: status, description }]));
    await expect(channel().identify()).rejects.toMatchObject({ code: 'credentials-expired' });
  });
});
