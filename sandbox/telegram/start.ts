/** Starts a Telegram of this machine: bots, webhooks, and test users with an inbox. */
import { Hono } from 'hono';
import { Faults, type Fault } from '../inbox/faults.ts';
import type { InboxMessage } from '../inbox/inbox.ts';
import { sandboxRoutes } from '../inbox/routes.ts';
import { serveLocally } from '../inbox/serve.ts';
import { telegramApi } from './api.ts';
import { type BotSeed, type ChatSeed, named, TelegramState } from './state.ts';

export interface TelegramOptions {
  /** 0, the default, is any free port. */
  readonly port?: number;
  readonly seed?: { readonly bots?: readonly BotSeed[]; readonly users?: readonly ChatSeed[] };
  /** Telegram takes HTTPS on four ports only; true, the default, lets URLs of this machine through as well. */
  readonly allowLocalWebhooks?: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** What @BotFather answers. */
export interface TelegramCredentials {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly token: string;
}

export interface TelegramStandIn {
  readonly endpoint: string;
  /** What a function and provision-env need to reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** In the order of the seed. */
  readonly bots: readonly TelegramCredentials[];
  readonly users: readonly { readonly id: string; readonly name: string }[];
  createBot(seed: BotSeed): TelegramCredentials;
  createUser(seed: ChatSeed): { readonly id: string; readonly name: string };
  /** Gives the bot another token, which it answers. */
  revoke(token: string): string | null;
  /** The user presses Start in the chat with a bot. */
  start(userId: string, botId: string): void;
  block(userId: string, botId: string): void;
  /** Answers what the webhook answered; `null` without one. */
  say(userId: string, botId: string, text: string): Promise<number | null>;
  inbox(userId: string): readonly InboxMessage[];
  inject(fault: Fault): void;
  /** Takes back what was injected and has not happened yet. */
  clearFaults(): void;
  stop(): Promise<void>;
}

export async function startTelegram(options: TelegramOptions = {}): Promise<TelegramStandIn> {
  const state = new TelegramState(options.now ?? Date.now);
  const faults = new Faults();
  const credentialsOf = (seed: BotSeed): TelegramCredentials => {
    const { id, firstName, username, token } = state.addBot(seed);
    return { id: String(id), name: firstName, username, token };
  };
  const botOf = (id: string) => {
    const bot = state.bots.get(Number(id));
    if (bot) return bot;
    throw new Error(`There is no Telegram bot ${id}`);
  };
  const asText = (user: { readonly id: number; readonly name: string }) => ({ ...user, id: String(user.id) });
  const bots = (options.seed?.bots ?? []).map(credentialsOf);
  const users = (options.seed?.users ?? []).map((seed) => asText(state.addUser(seed)));

  const app = new Hono();
  app.route(
    '/sandbox',
    sandboxRoutes({
      standIn: 'telegram',
      service: 'Telegram',
      inboxes: state.inboxes,
      conversations: state.conversations,
      faults,
      users: () => [...state.users.values()].map(asText),
      bots: () => [...state.bots.values()].map(named),
      say: async (user, bot, text) => ({ status: await state.say(user, botOf(bot), text) }),
      openConversation: (token, user) => state.openConversation(token, user),
    }),
  );
  app.route('/', telegramApi(state, faults, { allowLocalWebhooks: options.allowLocalWebhooks ?? true }));
  const served = await serveLocally(app, options.port ?? 0);

  return {
    endpoint: served.endpoint,
    env: { TELEGRAM_API_BASE: served.endpoint },
    bots,
    users,
    createBot: credentialsOf,
    createUser: (seed) => asText(state.addUser(seed)),
    revoke: (token) => state.revoke(token),
    start: (user, bot) => {
      botOf(bot).started.add(state.addressee(user));
    },
    block: (user, bot) => {
      botOf(bot).blocked.add(state.addressee(user));
    },
    say: (user, bot, text) => state.say(user, botOf(bot), text),
    inbox: (user) => state.inboxes.of(user),
    inject: (fault) => faults.inject(fault),
    clearFaults: () => faults.clear(),
    stop: () => served.stop(),
  };
}
