/**
 * The chat channels of a transfer: which ones the source uses, whose bots are behind the credentials of each
 * environment, and whether the target's are its own. Credentials live in memory only.
 */
import type {
  Channel,
  ChannelIdentity,
  ChannelKind,
  ChannelSecrets,
  ChannelTools,
} from '../channels/channel.ts';
import { isCredentialError } from '../channels/failure.ts';
import { holderOf, webhookFingerprints } from '../channels/holder.ts';
import {
  type ChannelHolder,
  compareIdentities,
  type IsolationResult,
  nameOf,
} from '../channels/isolation.ts';
import { apiBaseOf, channelKind, channelsIn, connectChannel } from '../channels/registry.ts';
import type { Config } from '../config/schema.ts';
import type { Fingerprinter } from '../secrets/fingerprint.ts';
import type { SecretValues } from '../secrets/in-memory.ts';
import type { Finding } from '../transfer/finding.ts';
import type { Clock } from '../transfer/host.ts';
import type { EnvironmentRecord, RecordedChannel } from '../transfer/record.ts';

export type ChannelSettings = Config['channels'][string];

/** Whether the target's channels are its own. */
export interface ChannelsJudged extends IsolationResult {
  /** Of the channels whose credentials are there. */
  readonly channels: readonly Omit<RecordedChannel, 'webhookUrl'>[];
}

export interface ChannelsSession {
  /** Kinds that the source uses. */
  readonly used: readonly ChannelKind[];
  /** Kinds that the configuration leaves out, and why. */
  readonly leftOut: readonly { readonly kind: ChannelKind; readonly reason: string }[];
  settingsOf(kind: ChannelKind): ChannelSettings;
  toolsFor(kind: ChannelKind): ChannelTools;
  /** The credentials of a kind among the secrets of an environment. */
  credentialsIn(kind: ChannelKind, values: SecretValues): ChannelSecrets;
  /** @throws ProvisionError `credentials-missing`, or `credentials-expired` for what cannot be right */
  connect(kind: ChannelKind, values: SecretValues): Channel;
  /** The bots of the source and of every other recorded environment. */
  others(): Promise<readonly ChannelHolder[]>;
  /** Asks the services about the target's credentials; each set of them once. */
  judge(values: SecretValues): Promise<ChannelsJudged>;
  /** What changes when somebody touches a webhook of the source. */
  sourceFingerprints(): Promise<Readonly<Record<string, string>>>;
  /** Who is sent the code of layer 4; `null` if nobody is configured. */
  testerOf(kind: ChannelKind): string | null;
}

export interface ChannelsOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly source: string;
  readonly target: string;
  /** The source's secrets by their canonical names: as its functions have them, and as its secret store has them. */
  readonly sourceValues: readonly SecretValues[];
  readonly records: readonly EnvironmentRecord[];
  readonly fingerprinter: Fingerprinter;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly fetch?: typeof fetch;
}

export function openChannels(options: ChannelsOptions): ChannelsSession {
  const { config, clock, signal, source, target, sourceValues, records, fingerprinter } = options;
  const { env = process.env, fetch: fetchIt = globalThis.fetch } = options;
  // A kind that does not exist is named before anything is asked.
  for (const id of Object.keys(config.channels)) channelKind(id);
  const settingsOf = ({ id }: ChannelKind): ChannelSettings => config.channels[id] ?? {};
  const found = channelsIn(
    sourceValues.flatMap((values) => values.keys().filter((key) => values.hasValue(key))),
  );
  const used = found.filter((kind) => settingsOf(kind).skip === undefined);

  const toolsFor = (kind: ChannelKind): ChannelTools => ({
    clock,
    signal,
    fetch: fetchIt,
    apiBase: apiBaseOf(kind, settingsOf(kind).apiBase, env),
    fingerprint: (value) => fingerprinter.of(value) ?? 'empty',
  });
  const credentialsIn = ({ secrets }: ChannelKind, values: SecretValues): ChannelSecrets =>
    Object.fromEntries(secrets.map(({ key }) => [key, values.reveal(key) ?? '']));
  const sameCredentials = (kind: ChannelKind, a: SecretValues, b: SecretValues): boolean =>
    kind.secrets.every(({ key }) => (a.reveal(key) ?? '') === (b.reveal(key) ?? ''));
  /** The source's credentials of a kind, each set of them once. */
  const sourceSets = (kind: ChannelKind): readonly SecretValues[] =>
    sourceValues
      .filter((values) => kind.shownBy.some((key) => values.hasValue(key)))
      .filter((values, index, all) => index === all.findIndex((each) => sameCredentials(kind, each, values)));

  let asked: Promise<readonly ChannelHolder[]> | undefined;
  const others = (): Promise<readonly ChannelHolder[]> =>
    (asked ??= Promise.all(
      used.flatMap((kind) =>
        sourceSets(kind).map((values) => holderOf(kind, source, credentialsIn(kind, values), toolsFor(kind))),
      ),
    ).then((live) => [...live, ...recordedHolders(records, [source, target])]));

  const judged = new Map<string, Promise<Judged>>();
  const judgeOne = (kind: ChannelKind, values: SecretValues): Promise<Judged> => {
    const key = JSON.stringify([
      kind.id,
      ...Object.values(credentialsIn(kind, values)).map((value) => fingerprinter.of(value)),
    ]);
    const known = judged.get(key);
    if (known) return known;
    const asking = judgeChannel(kind, target, credentialsIn(kind, values), toolsFor(kind));
    judged.set(key, asking);
    // A service that was down may be up when it is asked again.
    asking.catch(() => judged.delete(key));
    return asking;
  };

  return {
    used,
    leftOut: found.flatMap((kind) => {
      const { skip } = settingsOf(kind);
      return skip === undefined ? [] : [{ kind, reason: skip }];
    }),
    settingsOf,
    toolsFor,
    credentialsIn,
    connect: (kind, values) => connectChannel(kind, credentialsIn(kind, values), toolsFor(kind)),
    others,
    async judge(values) {
      // What lacks is reported where secrets are compared, or asked for; there is nobody behind it yet.
      const present = used.filter((kind) => kind.shownBy.every((key) => values.hasValue(key)));
      const [own, foreign] = await Promise.all([
        Promise.all(present.map((kind) => judgeOne(kind, values))),
        others(),
      ]);
      const compared = compareIdentities(
        own.flatMap(({ holder }) => (holder.identity === null ? [] : [holder])),
        foreign,
      );
      return {
        ...compared,
        judged: own.length,
        findings: [
          ...own.flatMap(({ refused }) => (refused === null ? [] : [refused])),
          ...compared.findings,
          ...foreign.flatMap((holder) => (own.length > 0 ? unreadable(holder, target) : [])),
        ],
        channels: own.map(({ holder: { kind, identity } }) => ({
          kind,
          bot: identity,
          sharedWith:
            foreign.find(
              (each) => each.kind === kind && identity !== null && each.identity?.id === identity.id,
            )?.environment ?? null,
        })),
      };
    },
    async sourceFingerprints() {
      const all = await Promise.all(
        used.flatMap((kind) =>
          sourceSets(kind)
            .slice(0, 1)
            .map((values) => fingerprintOf(kind, credentialsIn(kind, values), toolsFor(kind))),
        ),
      );
      return Object.assign({}, ...all) as Record<string, string>;
    },
    testerOf(kind) {
      const { tester } = settingsOf(kind);
      if (tester === undefined || typeof tester === 'string') return tester ?? null;
      return tester[target] ?? tester['*'] ?? null;
    },
  };
}

interface Judged {
  readonly holder: ChannelHolder;
  /** Why the service does not take the credentials; `null` if it does. */
  readonly refused: Finding | null;
}

async function judgeChannel(
  kind: ChannelKind,
  environment: string,
  secrets: ChannelSecrets,
  tools: ChannelTools,
): Promise<Judged> {
  const key = kind.shownBy[0] ?? kind.id;
  const holder = { environment, kind: kind.id, title: kind.title, key };
  let identity: ChannelIdentity | null = null;
  try {
    const channel = connectChannel(kind, secrets, tools);
    identity = await channel.identify();
    await channel.checkSecrets();
    return { holder: { ...holder, identity }, refused: null };
  } catch (error) {
    if (!isCredentialError(error)) throw error;
    return {
      holder: { ...holder, identity, unreadable: error.message },
      refused: {
        rule: 'credential-isolated',
        severity: 'error',
        subject: key,
        message: `The ${kind.title} of ${environment} cannot work. ${error.message}`,
        hint: error.hint ?? `Issue new credentials: ${kind.guide.link}`,
      },
    };
  }
}

/** Not the target's fault, and no proof that its bot is another one. */
function unreadable(holder: ChannelHolder, target: string): readonly Finding[] {
  if (holder.identity !== null) return [];
  return [
    {
      rule: 'credential-isolated',
      severity: 'warning',
      subject: holder.key,
      message: `Whether ${target} has the ${holder.title} of ${holder.environment} could not be asked. ${holder.unreadable ?? ''}`,
      hint: `Compared were the values of the credentials only. Mend the credentials of ${holder.environment}, or look at the service which bot they are of.`,
    },
  ];
}

async function fingerprintOf(
  kind: ChannelKind,
  secrets: ChannelSecrets,
  tools: ChannelTools,
): Promise<Readonly<Record<string, string>>> {
  try {
    return await webhookFingerprints([connectChannel(kind, secrets, tools)]);
  } catch (error) {
    if (!isCredentialError(error)) throw error;
    // The same before and after, unless somebody mends or breaks the source's credentials in between.
    return { [`${kind.id} webhook`]: 'unreadable: the service does not accept the credentials' };
  }
}

/** As they were when those environments were last verified; asking again would need their credentials. */
function recordedHolders(
  records: readonly EnvironmentRecord[],
  without: readonly string[],
): readonly ChannelHolder[] {
  return records
    .filter(({ name }) => !without.includes(name))
    .flatMap(({ name, channels = [] }) =>
      channels.flatMap((each) => {
        if (each.bot === null) return [];
        const kind = channelKind(each.kind);
        return [
          {
            environment: name,
            kind: kind.id,
            title: kind.title,
            key: kind.shownBy[0] ?? kind.id,
            identity: each.bot,
          },
        ];
      }),
    );
}

/** For tables: who is behind a channel, or that nobody is known. */
export function botText({ bot, sharedWith }: Pick<RecordedChannel, 'bot' | 'sharedWith'>): string {
  if (bot === null) return 'the service does not accept the credentials';
  return `${nameOf(bot)}${sharedWith === null ? '' : `, which is ${sharedWith}'s`}`;
}
