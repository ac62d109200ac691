/**
 * What the people of examples/daily-report have outside of AWS: a Doppler project, a LINE channel and a Telegram bot for
 * dev and for prod, a spare channel and bot for the next environment, and a person behind each who writes and reads.
 *
 * All values are made up when it starts and are good for the stand-ins only.
 */
import { randomBytes } from 'node:crypto';
import { terraformVariableName } from '../src/secrets/names.ts';
import { type DopplerSandbox, startDoppler } from './doppler/start.ts';
import { type LineCredentials, type LineStandIn, startLine } from './line/start.ts';
import { startTelegram, type TelegramCredentials, type TelegramStandIn } from './telegram/start.ts';

export const dopplerProject = 'daily-report';

/** A person with the app of a service open. */
export interface Tester {
  /** LINE: `U` and 32 hexadecimal characters. Telegram: the number of the chat. */
  readonly id: string;
  readonly name: string;
  /** Page that shows what this person sees. */
  readonly inbox: string;
}

/** The channels of one environment. */
export interface ChannelSet {
  readonly line: LineCredentials & { readonly tester: Tester };
  readonly telegram: TelegramCredentials & { readonly webhookSecret: string; readonly tester: Tester };
  /** The same credentials under the keys of the secret store. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Outputs of the source's Terraform, as far as people carry them into the outside world by hand. */
export interface SourceOutputs {
  readonly line_bot_function_url?: string | null | undefined;
  readonly telegram_webhook_url?: string | null | undefined;
  readonly aurora_endpoint?: string | null | undefined;
}

export interface ServicesOptions {
  /**
   * Doppler environments that exist and hold nothing, as `stg` does in every new project of Doppler. None if absent: the
   * environment of a target is then made by the tool.
   */
  readonly emptyEnvironments?: readonly string[];
}

export interface DailyReportServices {
  readonly doppler: DopplerSandbox;
  readonly line: LineStandIn;
  readonly telegram: TelegramStandIn;
  readonly dev: ChannelSet;
  /** Of an environment that nobody should touch. */
  readonly prod: ChannelSet;
  /** Used by no environment yet. */
  readonly spare: ChannelSet;
  /** What the tool, Terraform and the functions need to reach the stand-ins. */
  readonly env: Readonly<Record<string, string>>;
  /** A channel and a bot more, as a person makes them at LINE's console and with @BotFather. */
  makeChannels(label: string): ChannelSet;
  /** A config's secrets as `doppler run --name-transformer tf-var` gives them to Terraform. */
  terraformVariables(config: string): Readonly<Record<string, string>>;
  /**
   * What a person does once dev stands: sets both webhooks, and writes Aurora's endpoint into Doppler.
   * @throws Error if a stand-in refuses
   */
  settleDev(outputs: SourceOutputs): Promise<void>;
  /** Safe to call more than once. */
  close(): Promise<void>;
}

/** What the environments keep in Doppler beside their channels. AURORA_HOST follows when Aurora is there. */
function databaseAndModels(openRouterKey: string): Record<string, string> {
  return {
    AURORA_DATABASE: 'daily_report',
    AURORA_PASSWORD: randomBytes(18).toString('base64url'),
    AURORA_PORT: '3306',
    AURORA_USER: 'report_admin',
    OPENROUTER_API_KEY: openRouterKey,
  };
}

interface Chats {
  readonly line: LineStandIn;
  readonly telegram: TelegramStandIn;
}

function makeChannels({ line, telegram }: Chats, label: string): ChannelSet {
  const channel = line.createChannel({ name: `Daily Report (${label})` });
  const bot = telegram.createBot({ name: `Daily Report (${label})` });
  const webhookSecret = randomBytes(32).toString('base64url');
  const reader = line.createUser({ name: `Mali (${label})` });
  const chat = telegram.createUser({ name: `Somchai (${label})` });
  // A bot cannot write first: the person has pressed Start, as the guide asks of the tester.
  telegram.start(chat.id, bot.id);
  const tester = (endpoint: string, user: { readonly id: string; readonly name: string }): Tester => ({
    ...user,
    inbox: `${endpoint}/sandbox/inbox/${user.id}`,
  });
  return {
    line: { ...channel, tester: tester(line.endpoint, reader) },
    telegram: { ...bot, webhookSecret, tester: tester(telegram.endpoint, chat) },
    secrets: {
      LINE_CHANNEL_ACCESS_TOKEN: channel.accessToken,
      LINE_CHANNEL_SECRET: channel.secret,
      TELEGRAM_BOT_TOKEN: bot.token,
      TELEGRAM_WEBHOOK_SECRET: webhookSecret,
    },
  };
}

async function call(url: string, method: string, body: object, token?: string): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  // The URL of a Telegram call holds the token, so it is not repeated.
  if (!response.ok) throw new Error(`A stand-in refused the webhook: ${await response.text()}`);
}

/** Ends all of them; the first that does not end as it should is reported when the others have. */
export async function closeAll(parts: readonly (() => Promise<void>)[]): Promise<void> {
  const ended = await Promise.allSettled(parts.map((close) => close()));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
}

/** Starts Doppler, LINE and Telegram. AWS is not among them: see `startSandboxWorld`. */
export async function startServices(options: ServicesOptions = {}): Promise<DailyReportServices> {
  const started: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll(started));
  const keep = <T extends { stop(): Promise<void> }>(service: T): T => {
    started.push(() => service.stop());
    return service;
  };
  try {
    const line = keep(await startLine());
    const telegram = keep(await startTelegram());
    const dev = makeChannels({ line, telegram }, 'dev');
    const prod = makeChannels({ line, telegram }, 'prod');
    const spare = makeChannels({ line, telegram }, 'spare');
    const openRouterKey = `sk-or-v1-${randomBytes(32).toString('hex')}`;
    const doppler = keep(
      await startDoppler({
        seed: {
          [dopplerProject]: {
            dev: { secrets: { ...databaseAndModels(openRouterKey), ...dev.secrets } },
            // Doppler's own name for it.
            prd: { secrets: { ...databaseAndModels(openRouterKey), ...prod.secrets } },
            ...Object.fromEntries((options.emptyEnvironments ?? []).map((slug) => [slug, {}])),
          },
        },
      }),
    );
    const apiBases = { ...line.env, ...telegram.env };
    const variables = Object.entries(apiBases).map(([key, value]) => [terraformVariableName(key), value]);

    return {
      doppler,
      line,
      telegram,
      dev,
      prod,
      spare,
      env: { ...doppler.env, ...apiBases, ...Object.fromEntries(variables) },
      makeChannels: (label) => makeChannels({ line, telegram }, label),
      terraformVariables: (config) =>
        Object.fromEntries(
          Object.entries(doppler.secrets(dopplerProject, config)).map(([key, value]) => [
            terraformVariableName(key),
            value,
          ]),
        ),
      async settleDev({ line_bot_function_url, telegram_webhook_url, aurora_endpoint }) {
        if (line_bot_function_url) {
          const url = `${line.endpoint}/v2/bot/channel/webhook/endpoint`;
          await call(url, 'PUT', { endpoint: line_bot_function_url }, dev.line.accessToken);
        }
        if (telegram_webhook_url) {
          const url = `${telegram.endpoint}/bot${dev.telegram.token}/setWebhook`;
          await call(url, 'POST', { url: telegram_webhook_url, secret_token: dev.telegram.webhookSecret });
        }
        if (aurora_endpoint) doppler.set(dopplerProject, 'dev', { AURORA_HOST: aurora_endpoint });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
