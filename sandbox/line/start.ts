/** Starts a LINE of this machine: channels, tokens, webhooks, and test users with an inbox. */
import { Hono } from 'hono';
import { Faults, type Fault } from '../inbox/faults.ts';
import type { InboxMessage } from '../inbox/inbox.ts';
import { sandboxRoutes } from '../inbox/routes.ts';
import { serveLocally } from '../inbox/serve.ts';
import { lineApi } from './api.ts';
import { botOf, type ChannelSeed, LineState, type UserSeed, type WebhookDelivery } from './state.ts';

export interface LineOptions {
  /** 0, the default, is any free port. */
  readonly port?: number;
  readonly seed?: { readonly channels?: readonly ChannelSeed[]; readonly users?: readonly UserSeed[] };
  /** LINE takes HTTPS URLs only; true, the default, lets those of this machine through as well. */
  readonly allowLocalWebhooks?: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** What a person would copy from the LINE Developers Console. */
export interface LineCredentials {
  readonly channelId: string;
  readonly botUserId: string;
  readonly basicId: string;
  readonly name: string;
  readonly accessToken: string;
  readonly secret: string;
}

export interface LineStandIn {
  readonly endpoint: string;
  /** What a function and provision-env need to reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** In the order of the seed. */
  readonly channels: readonly LineCredentials[];
  readonly users: readonly { readonly id: string; readonly name: string }[];
  createChannel(seed: ChannelSeed): LineCredentials;
  createUser(seed: UserSeed): { readonly id: string; readonly name: string };
  revoke(token: string): void;
  /** The switch "Use webhook" of the console. */
  useWebhook(channelId: string, on: boolean): void;
  unfriend(channelId: string, userId: string): void;
  /** `null`: the channel has no webhook, or does not use it. */
  say(userId: string, channelId: string, text: string): Promise<WebhookDelivery | null>;
  inbox(userId: string): readonly InboxMessage[];
  inject(fault: Fault): void;
  /** Takes back what was injected and has not happened yet. */
  clearFaults(): void;
  stop(): Promise<void>;
}

export async function startLine(options: LineOptions = {}): Promise<LineStandIn> {
  const state = new LineState(options.now ?? Date.now);
  const faults = new Faults();
  const credentialsOf = (seed: ChannelSeed): LineCredentials => {
    const channel = state.addChannel(seed);
    const [accessToken = ''] = channel.tokens.keys();
    const { id, botUserId, basicId, secret } = channel;
    return { channelId: id, botUserId, basicId, name: channel.displayName, accessToken, secret };
  };
  const channelOf = (id: string) => {
    const channel =
      state.channels.get(id) ?? [...state.channels.values()].find((each) => each.botUserId === id);
    if (channel) return channel;
    throw new Error(`There is no LINE channel ${id}`);
  };
  const channels = (options.seed?.channels ?? []).map(credentialsOf);
  const users = (options.seed?.users ?? []).map((seed) => state.addUser(seed));

  const app = new Hono();
  app.route(
    '/sandbox',
    sandboxRoutes({
      standIn: 'line',
      service: 'LINE',
      inboxes: state.inboxes,
      conversations: state.conversations,
      faults,
      users: () => [...state.users.values()],
      bots: () => [...state.channels.values()].map(botOf),
      say: async (user, bot, text) => ({
        status: (await state.say(user, channelOf(bot), text))?.status ?? null,
      }),
      openConversation: (token, user) => state.openConversation(token, user),
    }),
  );
  app.route('/', lineApi(state, faults, { allowLocalWebhooks: options.allowLocalWebhooks ?? true }));
  const served = await serveLocally(app, options.port ?? 0);

  return {
    endpoint: served.endpoint,
    env: { LINE_API_BASE: served.endpoint },
    channels,
    users,
    createChannel: credentialsOf,
    createUser: (seed) => state.addUser(seed),
    revoke: (token) => state.revoke(token),
    useWebhook: (id, on) => {
      channelOf(id).useWebhook = on;
    },
    unfriend: (id, user) => state.unfriend(channelOf(id), user),
    say: (user, id, text) => state.say(user, channelOf(id), text),
    inbox: (user) => state.inboxes.of(user),
    inject: (fault) => faults.inject(fault),
    clearFaults: () => faults.clear(),
    stop: () => served.stop(),
  };
}
