/**
 * Telegram bot, over grammY's client. What Telegram lets no program do: make a bot (a person talks to @BotFather),
 * and write to somebody who has not written first. The token stands in the path of every URL, so nothing that the
 * client throws may be shown or kept.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { Api, ApiClientOptions } from 'grammy';
import { callService } from '../call.ts';
import type { Channel, ChannelIdentity, ChannelKind, ChannelSecrets, ChannelTools } from '../channel.ts';
import { type Failure, unreachableOf } from '../failure.ts';
import { observerOf } from '../observer.ts';
import { shownUrl } from '../scrub.ts';

const tokenKey = 'TELEGRAM_BOT_TOKEN';
const secretKey = 'TELEGRAM_WEBHOOK_SECRET';

/** The client declares a signal of its own; the platform's does as well. */
type Signal = Parameters<Api['getMe']>[0];

/** Telegram keeps its last complaint for good; what is older than this tells nothing of the URL as it is now. */
const complaintMs = 5 * 60_000;

export const telegram: ChannelKind = {
  id: 'telegram',
  title: 'Telegram bot',
  service: 'Telegram',
  secrets: [
    {
      key: tokenKey,
      title: 'Bot token',
      where: 'in the answer of @BotFather to /newbot',
      problem: (value) =>
        /^\d+:[\w-]{20,}$/.test(value)
          ? null
          : 'it does not look like a bot token, which is a number, a colon, and a run of letters and digits',
    },
    {
      key: secretKey,
      title: 'Webhook secret',
      where: 'made here: Telegram sends it with every update, so that the function knows who calls',
      problem: (value) =>
        /^[\w-]{1,256}$/.test(value) ? null : 'Telegram takes 1 to 256 letters, digits, _ and - only',
      generate: () => randomBytes(32).toString('base64url'),
      optional: true,
    },
  ],
  shownBy: [tokenKey],
  guide: {
    link: 'https://t.me/BotFather',
    steps: [
      'Open @BotFather in Telegram and send /newbot.',
      'Name the bot for {env}, for example "Daily Report {env}"; its username has to end in "bot".',
      'Copy the token from the answer.',
      'Open the chat with the new bot as the tester and press Start: a bot cannot write first.',
    ],
  },
  defaultApiBase: 'https://api.telegram.org',
  apiBaseVariable: 'TELEGRAM_API_BASE',
  provable:
    'The answer really goes to the chat of the tester, but Telegram shows no program what a bot has written: that it arrived, a person has to confirm.',
  testerIs: 'the numeric id of the chat with the tester, who has to have pressed Start',
  connect: connectTelegram,
};

function connectTelegram(secrets: ChannelSecrets, tools: ChannelTools): Channel {
  const token = secrets[tokenKey] ?? '';
  const secret = secrets[secretKey] ?? '';
  const apiRoot = tools.apiBase.replace(/\/+$/, '');

  const ask = async <T>(
    what: string,
    run: (api: Api, signal: Signal) => Promise<T>,
    refine: (failure: Failure) => Failure = (failure) => failure,
    repeatable = true,
  ): Promise<T> =>
    callService(tools, {
      service: 'Telegram',
      what,
      secrets: [token, secret],
      repeatable,
      classify: (error) => refine(classify(error)),
      run: async (signal) => {
        const { Api: Client } = await import('grammy');
        // The platform's own fetch instead of node-fetch; the two declare their types apart.
        const options = { apiRoot, fetch: withOwnSignal(tools.fetch) } as unknown as ApiClientOptions;
        return run(new Client(token, options), signal as Signal);
      },
    });

  let identity: Promise<ChannelIdentity> | undefined;
  const identify = (): Promise<ChannelIdentity> => {
    identity ??= ask('Asking Telegram who the bot is', async (api, signal) => {
      const bot = await api.getMe(signal);
      return { id: String(bot.id), name: bot.first_name, handle: `@${bot.username}` };
    });
    identity.catch(() => (identity = undefined));
    return identity;
  };

  const webhook = () => ask("Reading the bot's webhook", (api, signal) => api.getWebhookInfo(signal));

  return {
    kind: 'telegram',
    hasUsers: true,
    identify,
    checkSecrets: () =>
      Promise.resolve({
        checked: false,
        detail: 'the webhook secret is made for the bot and given to it with the webhook',
      }),
    readWebhook: async () => {
      const seen = await webhook();
      // The client's type knows no bot without a webhook; the service answers an empty text then.
      const url = seen.url ?? '';
      return url === ''
        ? { state: 'not-set' }
        : { state: 'set', url, active: true, lastError: seen.last_error_message ?? null };
    },
    setWebhook: async (url) => {
      await ask(
        "Setting the bot's webhook",
        (api, signal) => api.setWebhook(url, secret === '' ? {} : { secret_token: secret }, signal),
        (failure) =>
          failure.kind === 'refused'
            ? { kind: 'url-refused', reason: `${failure.reason} (${shownUrl(url, [])})` }
            : failure,
      );
      return { state: 'done' };
    },
    testWebhook: async () => {
      const seen = await webhook();
      const age = tools.clock.now().getTime() - (seen.last_error_date ?? 0) * 1000;
      return seen.last_error_message !== undefined && age < complaintMs
        ? { outcome: 'failed', detail: seen.last_error_message }
        : {
            outcome: 'not-offered',
            detail: 'Telegram has no test of its own; it reports no failed delivery',
          };
    },
    removeWebhook: async () => {
      await ask("Removing the bot's webhook", (api, signal) => api.deleteWebhook({}, signal));
      return { state: 'done' };
    },
    webhookFingerprint: async () => {
      const seen = await webhook();
      // Not the counters: they change with every message of a user.
      const settings = [seen.url ?? '', seen.max_connections ?? null, seen.allowed_updates ?? null];
      return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
    },
    signedEvent: ({ text, userId }) => {
      // Ids of chats and users are numbers; a made-up one is no chat of this bot.
      const id = Number(userId);
      const person = { id, first_name: 'provision-env' };
      return Promise.resolve({
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(secret === '' ? {} : { 'x-telegram-bot-api-secret-token': secret }),
        },
        body: JSON.stringify({
          update_id: randomInt(1, 2 ** 31),
          message: {
            message_id: randomInt(1, 2 ** 31),
            date: Math.floor(tools.clock.now().getTime() / 1000),
            from: { ...person, is_bot: false },
            chat: { ...person, type: 'private' },
            text,
          },
        }),
      });
    },
    sendMessage: async (to, text) => {
      // A message that was sent twice is a nuisance, one that was never sent fails the verification: asked again.
      await ask(
        'Sending a Telegram message',
        (api, signal) => api.sendMessage(to, text, {}, signal),
        (failure) =>
          failure.kind === 'refused' || failure.kind === 'forbidden'
            ? {
                kind: 'refused',
                reason: failure.reason,
                hint: 'The tester has to open the chat with this bot and press Start; the id is that of the chat.',
              }
            : failure,
      );
    },
    observeReplies: () => observerOf(tools.apiBase, token, tools.fetch),
  };
}

interface BotApiError {
  readonly error_code: number;
  readonly description: string;
  readonly parameters: { readonly retry_after?: number };
}

function isBotApiError(error: unknown): error is Error & BotApiError {
  return error instanceof Error && 'error_code' in error && 'description' in error;
}

/** https://core.telegram.org/bots/api#making-requests; the descriptions are for people and not a contract. */
function classify(error: unknown): Failure {
  if (isBotApiError(error)) {
    const { error_code: code, description: reason } = error;
    // A token that never was one is answered like a path that does not exist.
    if (code === 401 || (code === 404 && /^not found$/i.test(reason))) return { kind: 'revoked' };
    if (code === 403) return { kind: 'forbidden', reason };
    if (code === 429) {
      const after = error.parameters?.retry_after;
      return { kind: 'rate-limited', retryAfterMs: after === undefined ? null : after * 1000 };
    }
    if (code >= 500) return { kind: 'unavailable', status: code };
    return { kind: 'refused', reason };
  }
  // The client wraps what its fetch threw, and an answer that is not JSON, for example of a proxy before the service.
  const inner = error instanceof Error && 'error' in error ? error.error : error;
  return inner instanceof SyntaxError ? { kind: 'unavailable', status: null } : unreachableOf(inner);
}

/**
 * The client makes its abort signals with a polyfill, which the platform's fetch refuses from Node 24 on: the abort is
 * passed on through a signal of the platform's own.
 */
function withOwnSignal(platform: typeof fetch): typeof fetch {
  return (input, init = {}) => {
    const { signal, ...rest } = init;
    const own = new AbortController();
    if (signal?.aborted) own.abort();
    else signal?.addEventListener('abort', () => own.abort(), { once: true });
    return platform(input, { ...rest, signal: own.signal });
  };
}
