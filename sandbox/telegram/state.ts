/** The bots, chats and updates of the Telegram stand-in. */
import { randomBytes, randomInt } from 'node:crypto';
import { Conversations, type OpenConversation } from '../inbox/conversations.ts';
import { Inboxes } from '../inbox/inbox.ts';

const webhookTimeoutMs = 20_000;

export interface TelegramBot {
  readonly id: number;
  readonly firstName: string;
  readonly username: string;
  token: string;
  webhook: { readonly url: string; readonly secret: string; readonly allowed: readonly string[] } | null;
  lastError: { readonly date: number; readonly message: string } | null;
  /** Updates that were not taken yet. */
  pending: object[];
  /** Chats whose person has pressed Start. */
  readonly started: Set<number>;
  readonly blocked: Set<number>;
}

export interface BotSeed {
  readonly name: string;
  readonly username?: string;
  readonly token?: string;
  readonly webhook?: string;
}

export interface ChatSeed {
  readonly name: string;
  readonly id?: number;
}

export interface SendOutcome {
  readonly code: number;
  readonly description: string;
}

export class TelegramState {
  readonly bots = new Map<number, TelegramBot>();
  readonly users = new Map<number, { readonly id: number; readonly name: string }>();
  readonly inboxes = new Inboxes();
  readonly conversations = new Conversations();
  readonly now: () => number;
  #updates = randomInt(10 ** 8);

  constructor(now: () => number) {
    this.now = now;
  }

  addBot(seed: BotSeed): TelegramBot {
    const id = seed.token === undefined ? randomInt(10 ** 8, 10 ** 9) : Number(seed.token.split(':')[0]);
    const bot: TelegramBot = {
      id,
      firstName: seed.name,
      username: seed.username ?? `${seed.name.replace(/\W+/g, '_').toLowerCase()}_${id}_bot`,
      token: seed.token ?? tokenFor(id),
      webhook: seed.webhook === undefined ? null : { url: seed.webhook, secret: '', allowed: [] },
      lastError: null,
      pending: [],
      started: new Set(),
      blocked: new Set(),
    };
    this.bots.set(id, bot);
    return bot;
  }

  /** What @BotFather does on /revoke: the bot stays, its token is another one. */
  revoke(token: string): string | null {
    const bot = this.botOf(token);
    if (bot === null) return null;
    bot.token = tokenFor(bot.id);
    return bot.token;
  }

  botOf(token: string): TelegramBot | null {
    return [...this.bots.values()].find((bot) => bot.token === token) ?? null;
  }

  addUser(seed: ChatSeed): { readonly id: number; readonly name: string } {
    const user = { id: seed.id ?? randomInt(10 ** 8, 10 ** 10), name: seed.name };
    this.users.set(user.id, user);
    return user;
  }

  openConversation(token: string, user: string | undefined): OpenConversation | null {
    const bot = this.botOf(token);
    if (bot === null) return null;
    const chat = this.addressee(user);
    bot.started.add(chat);
    return this.conversations.open({ id: randomBytes(8).toString('hex'), userId: String(chat) });
  }

  /** `null`: sent. */
  send(bot: TelegramBot, chat: number, text: string): SendOutcome | null {
    const refused = this.#refusal(bot, chat);
    if (refused === null)
      this.inboxes.add(String(chat), { bot: named(bot), from: 'bot', text, at: this.#time() });
    this.recordReply(chat, named(bot), refused?.description ?? null, text);
    return refused;
  }

  recordReply(
    chat: number,
    bot: { readonly id: string; readonly name: string } | null,
    reason: string | null,
    text: string,
  ): void {
    this.conversations.record((each) => each.userId === String(chat), {
      bot,
      accepted: reason === null,
      reason,
      text,
    });
  }

  #refusal(bot: TelegramBot, chat: number): SendOutcome | null {
    if (bot.blocked.has(chat)) return { code: 403, description: 'Forbidden: bot was blocked by the user' };
    // The service tells a person that it does not know from one who has not written to this bot by nothing.
    if (!bot.started.has(chat)) return { code: 400, description: 'Bad Request: chat not found' };
    return null;
  }

  /** A user writes, and by that has pressed Start. */
  async say(user: string, bot: TelegramBot, text: string): Promise<number | null> {
    const chat = this.addressee(user);
    bot.started.add(chat);
    bot.blocked.delete(chat);
    this.inboxes.add(String(chat), { bot: named(bot), from: 'user', text, at: this.#time() });
    const person = { id: chat, first_name: this.users.get(chat)?.name ?? 'user' };
    this.#updates += 1;
    bot.pending.push({
      update_id: this.#updates,
      message: {
        message_id: randomInt(1, 2 ** 31),
        date: Math.floor(this.now() / 1000),
        from: { ...person, is_bot: false },
        chat: { ...person, type: 'private' },
        text,
      },
    });
    return this.flush(bot);
  }

  /** Sends what is pending, in order; the first that is not taken stops it. Answers the last status. */
  async flush(bot: TelegramBot): Promise<number | null> {
    let status: number | null = null;
    while (bot.webhook !== null && bot.pending[0] !== undefined) {
      const answer = await this.#callWebhook(bot, bot.webhook, bot.pending[0]);
      ({ status } = answer);
      if (answer.error !== null) {
        bot.lastError = { date: Math.floor(this.now() / 1000), message: answer.error };
        return status;
      }
      bot.pending.shift();
      this.#answerInResponse(bot, answer.body);
    }
    return status;
  }

  async #callWebhook(
    bot: TelegramBot,
    { url, secret }: NonNullable<TelegramBot['webhook']>,
    update: object,
  ): Promise<{ readonly status: number | null; readonly error: string | null; readonly body: string }> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(secret === '' ? {} : { 'x-telegram-bot-api-secret-token': secret }),
        },
        body: JSON.stringify(update),
        redirect: 'manual',
        signal: AbortSignal.timeout(webhookTimeoutMs),
      });
      const { status, statusText, ok } = response;
      const error = ok ? null : `Wrong response from the webhook: ${status} ${statusText}`;
      return { status, error, body: await response.text() };
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      return { status: null, error: timedOut ? 'Read timeout expired' : 'Connection refused', body: '' };
    }
  }

  /** A webhook may answer with one call of the API in its response. */
  #answerInResponse(bot: TelegramBot, body: string): void {
    let call: unknown;
    try {
      call = JSON.parse(body);
    } catch {
      return;
    }
    if (typeof call !== 'object' || call === null || !('method' in call) || call.method !== 'sendMessage')
      return;
    const chat = 'chat_id' in call ? Number(call.chat_id) : Number.NaN;
    if ('text' in call && typeof call.text === 'string') this.send(bot, chat, call.text);
  }

  addressee(user: string | undefined): number {
    const id = user === undefined ? undefined : Number(user);
    if (id !== undefined && this.users.has(id)) return id;
    return this.addUser({ name: user ?? 'verification', ...(id === undefined ? {} : { id }) }).id;
  }

  #time(): string {
    return new Date(this.now()).toISOString();
  }
}

function tokenFor(id: number): string {
  return `${id}:${randomBytes(26).toString('base64url').slice(0, 35)}`;
}

export function named(bot: TelegramBot): { readonly id: string; readonly name: string } {
  return { id: String(bot.id), name: bot.firstName };
}
