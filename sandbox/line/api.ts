/**
 * The Messaging API as far as an environment needs it, with the answers of
 * https://developers.line.biz/en/reference/messaging-api/.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { type Faults, RateLimiter } from '../inbox/faults.ts';
import type { LineChannel, LineState } from './state.ts';

export interface LineRules {
  /** LINE takes HTTPS URLs only. True lets `http://127.0.0.1` through as well. */
  readonly allowLocalWebhooks: boolean;
}

/** Calls by endpoint: number and window. */
const limits: Readonly<Record<string, readonly [number, number]>> = {
  'POST /v2/bot/channel/webhook/test': [60, 3_600_000],
  'PUT /v2/bot/channel/webhook/endpoint': [1000, 60_000],
  'GET /v2/bot/channel/webhook/endpoint': [1000, 60_000],
};
const otherLimit = [2000, 1000] as const;

const unauthorized =
  'Authentication failed. Confirm that the access token in the authorization header is valid.';

const Message = z.object({ type: z.string(), text: z.string().optional() });
const Messages = z.array(Message);
const Reply = z.object({ replyToken: z.string(), messages: Messages });
const Push = z.object({ to: z.string(), messages: Messages });
const Endpoint = z.object({ endpoint: z.string() });

interface Env {
  Variables: { channel: LineChannel };
}

export function lineApi(state: LineState, faults: Faults, rules: LineRules): Hono<Env> {
  const app = new Hono<Env>();
  const limiter = new RateLimiter();
  const retryKeys = new Map<string, string>();

  app.use('*', async (c, next) => {
    c.header('x-line-request-id', randomBytes(16).toString('hex'));
    const fault = faults.next(c.req.path, c.req.method);
    if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault && fault.status >= 400) {
      if (fault.retryAfterSeconds !== undefined) c.header('retry-after', String(fault.retryAfterSeconds));
      return failed(c, fault.status, faultText(fault.status));
    }
    return next();
  });

  tokenRoutes(app, state);

  app.use('/v2/bot/*', async (c, next) => {
    const channel = state.channelOf((c.req.header('authorization') ?? '').replace(/^Bearer /, ''));
    if (channel === null) {
      // Kept in mind: an answer with a token that nobody has would else leave no trace.
      const lost = Reply.safeParse(await body(c));
      if (lost.success) state.recordReply(lost.data.replyToken, null, false, textsOf(lost.data.messages));
      return failed(c, 401, unauthorized);
    }
    const endpoint = `${c.req.method} ${c.req.path}`;
    const [limit, windowMs] = limits[endpoint] ?? otherLimit;
    if (limiter.take(`${channel.id} ${endpoint}`, limit, windowMs, state.now()) > 0)
      return failed(c, 429, faultText(429));
    c.set('channel', channel);
    return next();
  });

  app.get('/v2/bot/info', (c) => {
    const channel = c.get('channel');
    return c.json({
      userId: channel.botUserId,
      basicId: channel.basicId,
      displayName: channel.displayName,
      chatMode: 'bot',
      markAsReadMode: 'auto',
    });
  });
  webhookRoutes(app, state, rules);

  app.post('/v2/bot/message/reply', async (c) => {
    const request = Reply.safeParse(await body(c));
    if (!request.success) return unreadable(c, request.error);
    const problem = problemOf(request.data.messages);
    if (problem) return c.json(problem, 400);
    const texts = textsOf(request.data.messages);
    if (!state.reply(c.get('channel'), request.data.replyToken, texts))
      return failed(c, 400, 'Invalid reply token');
    return c.json(sentMessages(texts.length));
  });

  app.post('/v2/bot/message/push', async (c) => {
    const channel = c.get('channel');
    const request = Push.safeParse(await body(c));
    if (!request.success) return unreadable(c, request.error);
    const problem = problemOf(request.data.messages);
    if (problem) return c.json(problem, 400);
    const { to } = request.data;
    if (!/^[UCR][0-9a-f]{32}$/.test(to))
      return failed(c, 400, "The property, 'to', in the request body is invalid (line: -, column: -)");
    if (!state.users.has(to)) return failed(c, 400, 'Failed to send messages');
    const retryKey = c.req.header('x-line-retry-key');
    const accepted = retryKey === undefined ? undefined : retryKeys.get(`${channel.id} ${retryKey}`);
    if (accepted !== undefined) {
      c.header('x-line-accepted-request-id', accepted);
      return failed(c, 409, 'The retry key is already accepted');
    }
    if (channel.quota !== null && channel.quota <= 0)
      return failed(c, 429, 'You have reached your monthly limit.');
    if (channel.quota !== null) channel.quota -= 1;
    if (retryKey !== undefined) retryKeys.set(`${channel.id} ${retryKey}`, randomBytes(16).toString('hex'));
    const texts = textsOf(request.data.messages);
    state.deliver(channel, to, texts);
    return c.json(sentMessages(texts.length));
  });

  app.get('/v2/bot/profile/:user', (c) => {
    const user = state.users.get(c.req.param('user'));
    return user
      ? c.json({ userId: user.id, displayName: user.name, language: 'en' })
      : failed(c, 404, 'Not found');
  });

  app.notFound((c) => failed(c, 404, 'Not found'));
  return app;
}

function webhookRoutes(app: Hono<Env>, state: LineState, { allowLocalWebhooks }: LineRules): void {
  const path = '/v2/bot/channel/webhook/endpoint';
  const good = (url: string): boolean => {
    if (!URL.canParse(url) || url.length > 500) return false;
    const { protocol, hostname } = new URL(url);
    return protocol === 'https:' || (allowLocalWebhooks && /^(?:127\.0\.0\.1|localhost)$/.test(hostname));
  };
  app.get(path, (c) => {
    const { endpoint, useWebhook } = c.get('channel');
    if (endpoint === null) return failed(c, 404, 'Webhook endpoint not found');
    return c.json({ endpoint, active: useWebhook });
  });
  app.put(path, async (c) => {
    const request = Endpoint.safeParse(await body(c));
    if (!request.success || !good(request.data.endpoint))
      return failed(c, 400, 'Invalid webhook endpoint URL');
    c.get('channel').endpoint = request.data.endpoint;
    return c.json({});
  });
  app.post('/v2/bot/channel/webhook/test', async (c) => {
    const channel = c.get('channel');
    const given = Endpoint.safeParse(await body(c));
    const endpoint = given.success ? given.data.endpoint : channel.endpoint;
    if (endpoint === null) return failed(c, 404, 'Webhook endpoint not found');
    if (!good(endpoint)) return failed(c, 400, 'Invalid webhook endpoint URL');
    const { status, reason, detail } = await state.callWebhook(channel, endpoint, []);
    return c.json({
      success: reason === 'OK',
      timestamp: new Date(state.now()).toISOString(),
      statusCode: status ?? 0,
      reason,
      detail,
    });
  });
}

/** https://developers.line.biz/en/reference/messaging-api/#channel-access-token */
function tokenRoutes(app: Hono<Env>, state: LineState): void {
  const form = async (c: Context<Env>, key: string): Promise<string> => {
    const value = (await c.req.parseBody())[key];
    return typeof value === 'string' ? value : '';
  };
  const verify = (c: Context<Env>, token: string) => {
    const channel = state.channelOf(token);
    if (channel === null)
      return c.json({ error: 'invalid_request', error_description: 'access token expired' }, 400);
    const expires = channel.tokens.get(token)?.expires ?? Infinity;
    const seconds = Number.isFinite(expires) ? Math.floor((expires - state.now()) / 1000) : 3_138_007_490;
    return c.json({ client_id: channel.id, expires_in: seconds, scope: 'P CM' });
  };
  app.post('/v2/oauth/verify', async (c) => verify(c, await form(c, 'access_token')));
  app.get('/oauth2/v2.1/verify', (c) => verify(c, c.req.query('access_token') ?? ''));
  app.post('/v2/oauth/revoke', async (c) => {
    state.revoke(await form(c, 'access_token'));
    return c.body(null, 200);
  });
  for (const [path, lifeSeconds] of [
    ['/v2/oauth/accessToken', 2_592_000],
    ['/oauth2/v3/token', 900],
  ] as const)
    app.post(path, async (c) => {
      const channel = state.channels.get(await form(c, 'client_id'));
      if (channel === undefined || channel.secret !== (await form(c, 'client_secret')))
        return c.json({ error: 'invalid_client', error_description: 'invalid client_secret' }, 400);
      return c.json({
        access_token: state.issueToken(channel, lifeSeconds * 1000),
        expires_in: lifeSeconds,
        token_type: 'Bearer',
      });
    });
}

async function body(c: Context<Env>): Promise<unknown> {
  return c.req.json().catch(() => null);
}

function failed(c: Context<Env>, status: number, message: string) {
  return c.json({ message }, status as ContentfulStatusCode);
}

function faultText(status: number): string {
  return status === 429 ? 'The API rate limit has been exceeded. Try again later.' : 'Internal server error';
}

function unreadable(c: Context<Env>, error: z.ZodError) {
  const details = error.issues.map((issue) => ({
    message: 'May not be empty',
    property: issue.path.map(String).join('.'),
  }));
  return c.json({ message: `The request body has ${details.length} error(s)`, details }, 400);
}

function problemOf(messages: readonly z.infer<typeof Message>[]): object | null {
  const details = messages.flatMap(({ type, text }, index) =>
    type === 'text' && (text ?? '') === ''
      ? [{ message: 'May not be empty', property: `messages[${index}].text` }]
      : [],
  );
  if (messages.length < 1 || messages.length > 5)
    details.push({ message: 'Size must be between 1 and 5', property: 'messages' });
  return details.length === 0
    ? null
    : { message: `The request body has ${details.length} error(s)`, details };
}

function textsOf(messages: readonly z.infer<typeof Message>[]): string[] {
  return messages.map(({ type, text }) => text ?? `[${type}]`);
}

function sentMessages(count: number): object {
  return {
    sentMessages: Array.from({ length: count }, () => ({
      id: String(randomInt(10 ** 14)),
      quoteToken: randomBytes(24).toString('base64url'),
    })),
  };
}
