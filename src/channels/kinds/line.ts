/**
 * LINE Messaging API channel, over LINE's own client. What LINE lets no program do: make a channel, issue a long-lived
 * token, switch "Use webhook" on, take the webhook URL away.
 */
import { createHash, createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { HTTPFetchError } from '@line/bot-sdk';
import { z } from 'zod';
import { callService } from '../call.ts';
import type {
  Channel,
  ChannelIdentity,
  ChannelKind,
  ChannelSecrets,
  ChannelTools,
  TextEvent,
} from '../channel.ts';
import { type Failure, unreachableOf } from '../failure.ts';
import { observerOf } from '../observer.ts';
import { shownUrl } from '../scrub.ts';

const tokenKey = 'LINE_CHANNEL_ACCESS_TOKEN';
const secretKey = 'LINE_CHANNEL_SECRET';

/** LINE calls the webhook itself and waits for its answer, which for a cold function takes seconds. */
const testTimeoutMs = 30_000;

export const line: ChannelKind = {
  id: 'line',
  title: 'LINE channel',
  service: 'LINE',
  secrets: [
    {
      key: tokenKey,
      title: 'Channel access token (long-lived)',
      where: 'tab "Messaging API", at the bottom: Issue',
      problem: (value) =>
        /^[\w+/=.-]{30,}$/.test(value)
          ? null
          : 'it does not look like a channel access token, which is one long run of letters, digits and + / = . -',
    },
    {
      key: secretKey,
      title: 'Channel secret',
      where: 'tab "Basic settings"',
      problem: (value) =>
        /^[0-9a-f]{32}$/.test(value) ? null : 'a channel secret has 32 characters, 0 to 9 and a to f',
    },
  ],
  shownBy: [tokenKey, secretKey],
  guide: {
    link: 'https://developers.line.biz/console/',
    steps: [
      'Create a LINE Official Account for {env}, or take one that no other environment uses.',
      'In its settings, enable the Messaging API: that makes the channel.',
      'Tab "Messaging API": switch "Use webhook" on. The URL is set for you.',
      'Same tab: issue a long-lived channel access token and copy it.',
      'Tab "Basic settings": copy the channel secret.',
      'Add the account as a friend with the LINE app of the tester.',
    ],
  },
  defaultApiBase: 'https://api.line.me',
  apiBaseVariable: 'LINE_API_BASE',
  provable:
    'LINE honours only reply tokens that it issued, and shows no program what users receive: that a reply arrives, a person has to confirm.',
  testerIs:
    'the user ID of the tester (U and 32 characters): tab "Basic settings" of the channel, "Your user ID"',
  connect: connectLine,
};

function connectLine(secrets: ChannelSecrets, tools: ChannelTools): Channel {
  const token = secrets[tokenKey] ?? '';
  const secret = secrets[secretKey] ?? '';
  const hidden = [token, secret];
  const { apiBase } = tools;
  const info = (what: string) => ({ service: 'LINE', what, secrets: hidden });

  const messaging = async () => {
    const { messagingApi } = await import('@line/bot-sdk');
    return new messagingApi.MessagingApiClient({ channelAccessToken: token, baseURL: apiBase });
  };
  const tokens = async () => {
    const { channelAccessToken } = await import('@line/bot-sdk');
    return new channelAccessToken.ChannelAccessTokenClient({ baseURL: apiBase });
  };

  let identity: Promise<ChannelIdentity> | undefined;
  const identify = (): Promise<ChannelIdentity> => {
    identity ??= callService(tools, {
      ...info('Asking LINE who the bot is'),
      classify,
      run: async () => {
        const bot = await (await messaging()).getBotInfo();
        return { id: bot.userId, name: bot.displayName, handle: bot.basicId };
      },
    });
    // A failure is not kept: the person may have mended it.
    identity.catch(() => (identity = undefined));
    return identity;
  };

  const webhook = () =>
    callService(tools, {
      ...info("Reading the channel's webhook"),
      classify,
      run: async () =>
        (await messaging())
          .getWebhookEndpoint()
          .catch((error: unknown) => (statusOf(error) === 404 ? null : Promise.reject(error))),
    });

  return {
    kind: 'line',
    hasUsers: true,
    identify,
    // The token says which channel it is of; only that channel's secret is good for a stateless token. Those are
    // unlimited in number, last fifteen minutes and are thrown away here: nothing at LINE changes.
    checkSecrets: async () => {
      const what = 'Checking that token and secret are of the same LINE channel';
      const { client_id } = await callService(tools, {
        ...info(what),
        classify: (error) => (statusOf(error) === 400 ? { kind: 'revoked' } : classify(error)),
        run: async () => (await tokens()).verifyChannelToken(token),
      });
      await callService(tools, {
        ...info(what),
        classify: (error) =>
          statusOf(error) === 400 || statusOf(error) === 401
            ? { kind: 'mismatch', reason: `the token is of channel ${client_id}, the secret is not` }
            : classify(error),
        run: async () => (await tokens()).issueStatelessChannelTokenByClientSecret(client_id, secret),
      });
      return { checked: true, detail: `token and secret are both of channel ${client_id}` };
    },
    readWebhook: async () => {
      const seen = await webhook();
      return seen === null || seen.endpoint === ''
        ? { state: 'not-set' }
        : { state: 'set', url: seen.endpoint, active: seen.active, lastError: null };
    },
    setWebhook: async (url) => {
      await callService(tools, {
        ...info("Setting the channel's webhook"),
        classify: (error) => asRefusedUrl(error, url),
        run: async () => (await messaging()).setWebhookEndpoint({ endpoint: url }),
      });
      return { state: 'done' };
    },
    testWebhook: async () => {
      const result = await callService(tools, {
        ...info('The webhook test of LINE'),
        classify,
        timeoutMs: testTimeoutMs,
        run: async () => (await messaging()).testWebhookEndpoint({}),
      });
      return {
        outcome: result.success === true ? 'passed' : 'failed',
        detail: `${result.reason} (${result.detail})`,
      };
    },
    removeWebhook: async () => {
      if ((await webhook()) === null) return { state: 'done' };
      return {
        state: 'by-hand',
        what: 'LINE lets no program take a webhook URL away. In the LINE Developers Console, tab "Messaging API", delete the webhook URL, or delete the channel.',
      };
    },
    webhookFingerprint: async () => {
      const seen = await webhook();
      return createHash('sha256')
        .update(JSON.stringify(seen === null ? null : [seen.endpoint, seen.active]))
        .digest('hex');
    },
    signedEvent: async (event) => {
      const body = JSON.stringify(callback((await identify()).id, event, tools.clock.now()));
      return {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'LineBotWebhook/2.0',
          'x-line-signature': createHmac('sha256', secret).update(body).digest('base64'),
        },
        body,
      };
    },
    sendMessage: async (to, text) => {
      // With a retry key LINE delivers once, however often it is asked.
      const retryKey = randomUUID();
      await callService(tools, {
        ...info('Sending a LINE message'),
        classify: (error) => asRefusedMessage(error),
        run: async () => {
          await (
            await messaging()
          )
            .pushMessage({ to, messages: [{ type: 'text', text }] }, retryKey)
            .catch((error: unknown) => (statusOf(error) === 409 ? null : Promise.reject(error)));
        },
      });
    },
    observeReplies: () => observerOf(apiBase, token, tools.fetch),
  };
}

/** The body of a webhook request: https://developers.line.biz/en/reference/messaging-api/#request-body */
function callback(destination: string, event: TextEvent, at: Date): object {
  return {
    destination,
    events: [
      {
        type: 'message',
        mode: 'active',
        timestamp: at.getTime(),
        source: { type: 'user', userId: event.userId },
        webhookEventId: ulid(at),
        deliveryContext: { isRedelivery: false },
        // Without a token that LINE issued, it has the form of one and LINE refuses it.
        replyToken: event.replyToken ?? randomBytes(16).toString('hex'),
        message: {
          type: 'text',
          id: String(randomInt(10 ** 14)),
          quoteToken: randomBytes(24).toString('base64url'),
          text: event.text,
        },
      },
    ],
  };
}

function ulid(at: Date): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const time = Array.from({ length: 10 }, (_, place) => Math.floor(at.getTime() / 32 ** (9 - place)) % 32);
  const random = Array.from({ length: 16 }, () => randomInt(32));
  return [...time, ...random].map((digit) => alphabet[digit]).join('');
}

/** By shape and not by class: the client loads lazily, and a bundle may hold two of it. */
function isHttpError(error: unknown): error is HTTPFetchError {
  return error instanceof Error && 'status' in error && 'body' in error && 'headers' in error;
}

function statusOf(error: unknown): number | null {
  return isHttpError(error) ? error.status : null;
}

const ErrorBody = z.object({
  message: z.string().optional(),
  details: z.array(z.object({ message: z.string().optional(), property: z.string().optional() })).optional(),
  error_description: z.string().optional(),
});

function reasonOf(error: HTTPFetchError): string {
  const body = ErrorBody.safeParse(parse(error.body)).data;
  const details = (body?.details ?? []).map((each) =>
    [each.property, each.message].filter(Boolean).join(': '),
  );
  return [body?.message ?? body?.error_description ?? `HTTP ${error.status}`, ...details].join('; ');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** https://developers.line.biz/en/reference/messaging-api/#status-codes */
function classify(error: unknown): Failure {
  if (error instanceof SyntaxError) return { kind: 'unavailable', status: null };
  if (!isHttpError(error)) return unreachableOf(error);
  const reason = reasonOf(error);
  if (error.status === 401) return { kind: 'revoked' };
  if (error.status === 403) return { kind: 'forbidden', reason };
  if (error.status === 429) {
    // The same status says that the month's messages are used up: waiting does not help.
    if (/monthly/i.test(reason)) return { kind: 'forbidden', reason };
    const after = Number(error.headers.get('retry-after') ?? Number.NaN);
    return { kind: 'rate-limited', retryAfterMs: Number.isFinite(after) ? after * 1000 : null };
  }
  if (error.status >= 500) return { kind: 'unavailable', status: error.status };
  return { kind: 'refused', reason };
}

function asRefusedUrl(error: unknown, url: string): Failure {
  const failure = classify(error);
  return failure.kind === 'refused'
    ? { kind: 'url-refused', reason: `${failure.reason} (${shownUrl(url, [])})` }
    : failure;
}

function asRefusedMessage(error: unknown): Failure {
  const failure = classify(error);
  if (failure.kind !== 'refused') return failure;
  return {
    ...failure,
    hint: 'The tester has to be a friend of this account; a user ID differs from one LINE provider to the next.',
  };
}
