/**
 * The Bot API as far as an environment needs it: https://core.telegram.org/bots/api. Descriptions are those that the
 * service is known to answer; it calls them no contract.
 */
import { randomInt } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Faults, RateLimiter } from '../inbox/faults.ts';
import type { TelegramBot, TelegramState } from './state.ts';

export interface TelegramRules {
  /** Telegram takes HTTPS on four ports only. True lets any URL of this machine through as well. */
  readonly allowLocalWebhooks: boolean;
}

type Parameters = Readonly<Record<string, unknown>>;

interface Failed {
  readonly code: number;
  readonly description: string;
  readonly retryAfter?: number;
}

type Outcome = { readonly result: unknown; readonly description?: string } | { readonly failed: Failed };

const fail = (code: number, description: string, retryAfter?: number): Outcome => ({
  failed: { code, description, ...(retryAfter === undefined ? {} : { retryAfter }) },
});

/** https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this */
const messagesPerSecond = 30;
/** "Avoid sending more than one message per second" to one chat; "short bursts" go through. */
const chatBurst = 20;

export function telegramApi(state: TelegramState, faults: Faults, rules: TelegramRules): Hono {
  const app = new Hono();
  const limiter = new RateLimiter();
  app.all('/:bot{bot[^/]+}/:method', async (c) => {
    const method = c.req.param('method');
    const fault = faults.next(c.req.path, c.req.method);
    if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault && fault.status >= 400) return answer(c, faultOutcome(fault.status, fault.retryAfterSeconds));
    const token = c.req.param('bot').slice('bot'.length);
    // What is no token at all is a path that does not exist.
    if (!/^\d+:[\w-]+$/.test(token)) return answer(c, fail(404, 'Not Found'));
    const bot = state.botOf(token);
    const parameters = await parametersOf(c);
    if (bot === null) {
      const { chat_id: chat, text } = parameters;
      if (method === 'sendMessage') state.recordReply(Number(chat), null, 'Unauthorized', textOf(text));
      return answer(c, fail(401, 'Unauthorized'));
    }
    const call = methods[method.toLowerCase()];
    if (call === undefined) return answer(c, fail(404, 'Not Found: method not found'));
    return answer(c, await call({ state, rules, limiter, bot, parameters }));
  });
  app.notFound((c) => answer(c, fail(404, 'Not Found')));
  return app;
}

interface Call {
  readonly state: TelegramState;
  readonly rules: TelegramRules;
  readonly limiter: RateLimiter;
  readonly bot: TelegramBot;
  readonly parameters: Parameters;
}

/** By name in small letters: the service does not tell them apart by case. */
const methods: Readonly<Record<string, (call: Call) => Outcome | Promise<Outcome>>> = {
  getme: ({ bot }) => ({
    result: {
      id: bot.id,
      is_bot: true,
      first_name: bot.firstName,
      username: bot.username,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    },
  }),

  setwebhook: ({ state, rules, bot, parameters }) => {
    const url = textOf(parameters['url']);
    if (url === '') return removeWebhook(bot, parameters);
    const refused = refusedUrl(url, rules);
    if (refused !== null) return fail(400, `Bad Request: bad webhook: ${refused}`);
    const secret = textOf(parameters['secret_token']);
    if (secret !== '' && !/^[\w-]{1,256}$/.test(secret))
      return fail(400, 'Bad Request: secret token contains unallowed characters');
    if (bot.webhook?.url === url && bot.webhook.secret === secret)
      return { result: true, description: 'Webhook is already set' };
    const allowed = listOf(parameters['allowed_updates']);
    bot.webhook = { url, secret, allowed: allowed ?? bot.webhook?.allowed ?? [] };
    bot.lastError = null;
    if (isTrue(parameters['drop_pending_updates'])) bot.pending = [];
    // What was waiting goes to the new URL, after the answer.
    void state.flush(bot);
    return { result: true, description: 'Webhook was set' };
  },

  deletewebhook: ({ bot, parameters }) => removeWebhook(bot, parameters),

  getwebhookinfo: ({ bot }) => ({
    result: {
      url: bot.webhook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: bot.pending.length,
      ...(bot.webhook === null ? {} : { max_connections: 40, ip_address: '127.0.0.1' }),
      ...(bot.webhook === null || bot.webhook.allowed.length === 0
        ? {}
        : { allowed_updates: bot.webhook.allowed }),
      ...(bot.lastError === null
        ? {}
        : { last_error_date: bot.lastError.date, last_error_message: bot.lastError.message }),
    },
  }),

  getupdates: ({ bot }) => {
    if (bot.webhook !== null)
      return fail(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    const updates = bot.pending;
    bot.pending = [];
    return { result: updates };
  },

  sendmessage: ({ state, limiter, bot, parameters }) => {
    const text = textOf(parameters['text']);
    const chat = Number(textOf(parameters['chat_id']) || Number.NaN);
    if (Number.isNaN(chat)) return fail(400, 'Bad Request: chat_id is empty');
    if (text === '') return fail(400, 'Bad Request: message text is empty');
    if (text.length > 4096) return fail(400, 'Bad Request: message is too long');
    const now = state.now();
    const wait = Math.max(
      limiter.take(`${bot.id}`, messagesPerSecond, 1000, now),
      limiter.take(`${bot.id} ${chat}`, chatBurst, chatBurst * 1000, now),
    );
    if (wait > 0) return tooMany(Math.ceil(wait / 1000));
    const refused = state.send(bot, chat, text);
    if (refused) return fail(refused.code, refused.description);
    return {
      result: {
        message_id: randomInt(1, 2 ** 31),
        from: { id: bot.id, is_bot: true, first_name: bot.firstName, username: bot.username },
        chat: { id: chat, first_name: state.users.get(chat)?.name ?? 'user', type: 'private' },
        date: Math.floor(now / 1000),
        text,
      },
    };
  },

  getchat: ({ state, bot, parameters }) => {
    const chat = Number(textOf(parameters['chat_id']));
    if (!bot.started.has(chat)) return fail(400, 'Bad Request: chat not found');
    return { result: { id: chat, first_name: state.users.get(chat)?.name ?? 'user', type: 'private' } };
  },
};

function removeWebhook(bot: TelegramBot, parameters: Parameters): Outcome {
  const was = bot.webhook;
  bot.webhook = null;
  bot.lastError = null;
  if (isTrue(parameters['drop_pending_updates'])) bot.pending = [];
  return { result: true, description: was === null ? 'Webhook is already deleted' : 'Webhook was deleted' };
}

function refusedUrl(url: string, { allowLocalWebhooks }: TelegramRules): string | null {
  if (!URL.canParse(url)) return 'Invalid webhook URL specified';
  const { protocol, hostname, port } = new URL(url);
  if (allowLocalWebhooks && /^(?:127\.0\.0\.1|localhost)$/.test(hostname)) return null;
  if (protocol !== 'https:') return 'An HTTPS URL must be provided for webhook';
  if (!['', '80', '88', '443', '8443'].includes(port))
    return 'Webhook can be set up only on ports 80, 88, 443 or 8443';
  return null;
}

/** The service takes JSON, forms and the query alike. */
async function parametersOf(c: Context): Promise<Parameters> {
  const query = c.req.query();
  if (c.req.method === 'GET') return query;
  const type = c.req.header('content-type') ?? '';
  if (type.includes('application/json')) {
    const body: unknown = await c.req.json().catch(() => ({}));
    return typeof body === 'object' && body !== null ? { ...query, ...body } : query;
  }
  return { ...query, ...(await c.req.parseBody()) };
}

function answer(c: Context, outcome: Outcome) {
  if (!('failed' in outcome)) return c.json({ ok: true, ...outcome });
  const { code, description, retryAfter } = outcome.failed;
  return c.json(
    {
      ok: false,
      error_code: code,
      description,
      ...(retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }),
    },
    code as ContentfulStatusCode,
  );
}

function tooMany(seconds: number): Outcome {
  return fail(429, `Too Many Requests: retry after ${seconds}`, seconds);
}

function faultOutcome(status: number, retryAfter: number | undefined): Outcome {
  if (status === 429) return tooMany(retryAfter ?? 1);
  if (status === 401) return fail(401, 'Unauthorized');
  return fail(status, status === 502 ? 'Bad Gateway' : 'Internal Server Error');
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === '1';
}

function listOf(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  return value.filter((each): each is string => typeof each === 'string');
}
