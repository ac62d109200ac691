/** The channels, tokens and users of the LINE stand-in, and the rules that LINE documents for them. */
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { Conversations, type OpenConversation } from '../inbox/conversations.ts';
import { Inboxes } from '../inbox/inbox.ts';

/** "Reply tokens must be used within one minute after receiving the webhook." */
const replyTokenLifeMs = 60_000;
/** LINE itself gives up after two seconds; a function of the sandbox starts a process first. */
const webhookTimeoutMs = 20_000;

export interface LineChannel {
  /** Channel ID: ten digits. */
  readonly id: string;
  readonly secret: string;
  readonly botUserId: string;
  readonly basicId: string;
  readonly displayName: string;
  readonly tokens: Map<string, { readonly expires: number }>;
  endpoint: string | null;
  /** The switch "Use webhook", which no API turns. */
  useWebhook: boolean;
  /** Messages that may still be pushed this month; `null` for no limit. */
  quota: number | null;
}

export interface WebhookDelivery {
  /** `null`: no answer. */
  readonly status: number | null;
  readonly reason: 'OK' | 'COULD_NOT_CONNECT' | 'REQUEST_TIMEOUT' | 'ERROR_STATUS_CODE';
  readonly detail: string;
}

interface ReplyToken {
  readonly channel: LineChannel;
  readonly userId: string;
  readonly issued: number;
  used: boolean;
}

export interface ChannelSeed {
  readonly name: string;
  readonly secret?: string;
  readonly token?: string;
  readonly endpoint?: string;
  readonly useWebhook?: boolean;
  readonly quota?: number;
}

export interface UserSeed {
  readonly name: string;
  /** `U` and 32 hexadecimal characters. */
  readonly id?: string;
}

export class LineState {
  readonly channels = new Map<string, LineChannel>();
  readonly users = new Map<string, { readonly id: string; readonly name: string }>();
  readonly inboxes = new Inboxes();
  readonly conversations = new Conversations();
  readonly #replyTokens = new Map<string, ReplyToken>();
  /** By channel and user: what a friend blocked or never added is accepted by the API and reaches nobody. */
  readonly #strangers = new Set<string>();
  readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  addChannel(seed: ChannelSeed): LineChannel {
    const channel: LineChannel = {
      id: `20${String(randomInt(10 ** 8)).padStart(8, '0')}`,
      secret: seed.secret ?? randomBytes(16).toString('hex'),
      botUserId: `U${randomBytes(16).toString('hex')}`,
      basicId: `@${randomBytes(4).toString('hex')}`,
      displayName: seed.name,
      tokens: new Map(),
      endpoint: seed.endpoint ?? null,
      useWebhook: seed.useWebhook ?? true,
      quota: seed.quota ?? null,
    };
    this.channels.set(channel.id, channel);
    this.issueToken(channel, Infinity, seed.token);
    return channel;
  }

  issueToken(channel: LineChannel, lifeMs: number, token = randomBytes(129).toString('base64')): string {
    channel.tokens.set(token, { expires: this.now() + lifeMs });
    return token;
  }

  revoke(token: string): void {
    for (const channel of this.channels.values()) channel.tokens.delete(token);
  }

  channelOf(token: string): LineChannel | null {
    for (const channel of this.channels.values())
      if ((channel.tokens.get(token)?.expires ?? 0) > this.now()) return channel;
    return null;
  }

  addUser(seed: UserSeed): { readonly id: string; readonly name: string } {
    const user = { id: seed.id ?? `U${randomBytes(16).toString('hex')}`, name: seed.name };
    this.users.set(user.id, user);
    return user;
  }

  unfriend(channel: LineChannel, userId: string): void {
    this.#strangers.add(`${channel.id} ${userId}`);
  }

  /** What a bot sends, to one who is its friend. */
  deliver(channel: LineChannel, userId: string, texts: readonly string[]): void {
    if (this.#strangers.has(`${channel.id} ${userId}`)) return;
    for (const text of texts)
      this.inboxes.add(userId, { bot: botOf(channel), from: 'bot', text, at: this.#time() });
  }

  issueReplyToken(channel: LineChannel, userId: string): string {
    const token = randomBytes(16).toString('hex');
    this.#replyTokens.set(token, { channel, userId, issued: this.now(), used: false });
    return token;
  }

  openConversation(token: string, user: string | undefined): OpenConversation | null {
    const channel = this.channelOf(token);
    if (channel === null) return null;
    const userId = user ?? this.addUser({ name: 'verification' }).id;
    if (!this.users.has(userId)) this.addUser({ id: userId, name: userId });
    const replyToken = this.issueReplyToken(channel, userId);
    return this.conversations.open({ id: randomBytes(8).toString('hex'), userId, replyToken });
  }

  /**
   * Takes a reply: good once, for a minute, and only through the channel that got the event. For a token of another
   * channel LINE answers as for one that never was; users know it as "Account cannot reply".
   */
  reply(channel: LineChannel, replyToken: string, texts: readonly string[]): boolean {
    const found = this.#replyTokens.get(replyToken);
    const fresh = found !== undefined && !found.used && this.now() - found.issued <= replyTokenLifeMs;
    const accepted = fresh && found.channel === channel;
    if (accepted) {
      found.used = true;
      this.deliver(channel, found.userId, texts);
    }
    this.recordReply(replyToken, botOf(channel), accepted, texts);
    return accepted;
  }

  recordReply(
    replyToken: string,
    bot: { readonly id: string; readonly name: string } | null,
    accepted: boolean,
    texts: readonly string[],
  ): void {
    const reason = accepted ? null : bot === null ? 'Authentication failed' : 'Invalid reply token';
    this.conversations.record((each) => each.replyToken === replyToken, {
      bot,
      accepted,
      reason,
      text: texts.join('\n'),
    });
  }

  /** A user writes: what LINE sends to the webhook then. */
  async say(userId: string, channel: LineChannel, text: string): Promise<WebhookDelivery | null> {
    if (!this.users.has(userId)) this.addUser({ id: userId, name: userId });
    this.inboxes.add(userId, { bot: botOf(channel), from: 'user', text, at: this.#time() });
    if (channel.endpoint === null || !channel.useWebhook) return null;
    const event = {
      type: 'message',
      mode: 'active',
      timestamp: this.now(),
      source: { type: 'user', userId },
      webhookEventId: randomBytes(16).toString('hex').toUpperCase().slice(0, 26),
      deliveryContext: { isRedelivery: false },
      replyToken: this.issueReplyToken(channel, userId),
      message: {
        type: 'text',
        id: String(randomInt(10 ** 14)),
        quoteToken: randomBytes(24).toString('base64url'),
        text,
      },
    };
    return this.callWebhook(channel, channel.endpoint, [event]);
  }

  async callWebhook(
    channel: LineChannel,
    endpoint: string,
    events: readonly object[],
  ): Promise<WebhookDelivery> {
    const body = JSON.stringify({ destination: channel.botUserId, events });
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'LineBotWebhook/2.0',
          'x-line-signature': createHmac('sha256', channel.secret).update(body).digest('base64'),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(webhookTimeoutMs),
      });
      await response.body?.cancel();
      const { status } = response;
      return { status, reason: status === 200 ? 'OK' : 'ERROR_STATUS_CODE', detail: String(status) };
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      return timedOut
        ? { status: null, reason: 'REQUEST_TIMEOUT', detail: 'Request timeout' }
        : { status: null, reason: 'COULD_NOT_CONNECT', detail: 'Failure to connect' };
    }
  }

  #time(): string {
    return new Date(this.now()).toISOString();
  }
}

/** As the API names it: a bot is told from the others by its user ID. */
export function botOf(channel: LineChannel): { readonly id: string; readonly name: string } {
  return { id: channel.botUserId, name: channel.displayName };
}
