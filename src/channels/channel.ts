/**
 * The interface of a channel kind: an outside chat service whose webhook belongs to one environment. One kind is one
 * file in `kinds/` and one line in `registry.ts`. No verb has a silent default: what a service does not offer is said
 * in the answer, so that nobody takes silence for "done" or "fine".
 */
import type { Clock } from '../transfer/host.ts';
import type { ReplyObserver } from './observer.ts';

/** Values by key, in memory only. */
export type ChannelSecrets = Readonly<Record<string, string>>;

/** One secret that a channel needs. */
export interface SecretField {
  readonly key: string;
  /** What the service calls it, so that a person finds it. */
  readonly title: string;
  /** Where in the service it is found. */
  readonly where: string;
  /** What is wrong with the form of a value, without the value; `null` if nothing is. */
  problem(value: string): string | null;
  /** For values that nobody has to look up: made here instead of asked for. */
  readonly generate?: () => string;
  readonly optional?: boolean;
}

/** How a person makes what no program may make. */
export interface ChannelGuide {
  readonly link: string;
  /** In order; `{env}` stands for the environment. */
  readonly steps: readonly string[];
}

/** The bot behind the credentials, as the service names it. Not secret. */
export interface ChannelIdentity {
  /** What tells it from every other bot of the service, for example LINE's `userId`. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** Its public handle, for example `@daily_dev_bot`; `null` if there is none. */
  readonly handle: string | null;
}

export type WebhookState =
  | {
      readonly state: 'set';
      readonly url: string;
      /** False if the service has a switch for webhooks and it is off. */
      readonly active: boolean;
      /** What the service last complained of when it called the URL; `null` if it did not. */
      readonly lastError: string | null;
    }
  | { readonly state: 'not-set' }
  /** The service lets no program look. */
  | { readonly state: 'unreadable'; readonly reason: string };

/** `by-hand`: the service lets no program do it, and `what` says what a person has to do. */
export type WebhookChange = { readonly state: 'done' } | { readonly state: 'by-hand'; readonly what: string };

export interface WebhookTest {
  /** `not-offered`: the service has no test of its own. */
  readonly outcome: 'passed' | 'failed' | 'not-offered';
  readonly detail: string;
}

/** A text message of a user, as far as a webhook event tells it. */
export interface TextEvent {
  readonly text: string;
  readonly userId: string;
  /** For services whose replies need one; absent: one that the service does not know. */
  readonly replyToken?: string | undefined;
}

/** A webhook request as the service would send it. */
export interface SignedRequest {
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a kind needs of the world around it. */
export interface ChannelTools {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly signal?: AbortSignal | undefined;
  /** Root of the service's API; the kind's own default unless a sandbox or a proxy takes its place. */
  readonly apiBase: string;
  /** Turns a secret into something comparable that does not give it away. */
  fingerprint(value: string): string;
  /** Longest time for one request; the default is ten seconds. */
  readonly timeoutMs?: number | undefined;
}

/** A channel with its credentials. Holds them in closures: inspecting or serialising it shows none. */
export interface Channel {
  readonly kind: string;
  /** False where nobody chats: nothing can be sent to a person, and nothing is replied. */
  readonly hasUsers: boolean;
  /** Who is the bot behind these credentials? */
  identify(): Promise<ChannelIdentity>;
  /** Whether the credentials belong to one and the same bot, as far as the service lets one ask. */
  checkSecrets(): Promise<{ readonly checked: boolean; readonly detail: string }>;
  readWebhook(): Promise<WebhookState>;
  setWebhook(url: string): Promise<WebhookChange>;
  testWebhook(): Promise<WebhookTest>;
  removeWebhook(): Promise<WebhookChange>;
  /** Changes when somebody touches the webhook, and never otherwise. */
  webhookFingerprint(): Promise<string>;
  signedEvent(event: TextEvent): Promise<SignedRequest>;
  sendMessage(to: string, text: string): Promise<void>;
  /** `null`: the service lets no program see what its users receive. */
  observeReplies(): Promise<ReplyObserver | null>;
}

export interface ChannelKind {
  /** Kebab-case, the same as the file's name. */
  readonly id: string;
  /** For people, for example "LINE channel". */
  readonly title: string;
  /** For messages, for example "LINE". */
  readonly service: string;
  readonly secrets: readonly SecretField[];
  /** Which of the secrets makes a function use this channel: found among its settings, the channel is in use. */
  readonly shownBy: readonly string[];
  readonly guide: ChannelGuide;
  /** `null` where there is no service to ask. */
  readonly defaultApiBase: string | null;
  /** Environment variable that puts another root in its place. */
  readonly apiBaseVariable: string;
  /** What evidence a program can have of a reply on the real service, in one sentence. */
  readonly provable: string;
  /** How a person tested on this service is named in the configuration. */
  readonly testerIs: string;
  connect(secrets: ChannelSecrets, tools: ChannelTools): Channel;
}
