/**
 * Webhooks that a broken run left set: read with the credentials in the config that it left. Those of a bot that the
 * source or another recorded environment has are theirs, and are not even told of.
 */
import type { Channel, ChannelKind, WebhookState } from '../channels/channel.ts';
import { nameOf } from '../channels/isolation.ts';
import { apiBaseOf, channelsIn, connectChannel } from '../channels/registry.ts';
import { shownUrl } from '../channels/scrub.ts';
import { pointsTo, releaseWebhook } from '../channels/webhook.ts';
import type { Config } from '../config/schema.ts';
import type { SecretValues } from '../secrets/in-memory.ts';
import type { SecretsProvider } from '../secrets/provider.ts';
import { canonicalValues } from '../secrets/target-config.ts';
import { type Found, type LookedAt, type SweepThing, toFound, type Unreadable } from '../sweep/receipt.ts';
import { toProvisionError } from '../transfer/errors.ts';
import type { Clock } from '../transfer/host.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';

const type = 'webhook';
const region = '-';

export interface LeftWebhook {
  readonly thing: SweepThing;
  /** `again`: another attempt may do it, and takes the credentials. */
  remove(): Promise<{ readonly found: Found; readonly again: boolean }>;
}

export interface LeftWebhooks {
  readonly looked: readonly LookedAt[];
  readonly webhooks: readonly LeftWebhook[];
  readonly unreadable: readonly Unreadable[];
}

export interface LeftWebhooksInput {
  readonly provider: SecretsProvider;
  /** The config that is left. */
  readonly left: string;
  /** Whether the record says that we made the config: then its channels are the environment's own. */
  readonly ours: boolean;
  readonly record: EnvironmentRecord | null;
  readonly source: string;
  /** Of all other environments. */
  readonly others: readonly EnvironmentRecord[];
  readonly config: Config;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export async function findLeftWebhooks(input: LeftWebhooksInput): Promise<LeftWebhooks> {
  const { provider, left, source, config } = input;
  const looked: LookedAt[] = [];
  const webhooks: LeftWebhook[] = [];
  const unreadable: Unreadable[] = [];
  let own: SecretValues;
  let sources: SecretValues | null;
  try {
    const sourceConfig = await provider.find(source);
    own = canonicalValues((await provider.read(left)).values);
    sources = sourceConfig === null ? null : canonicalValues((await provider.read(sourceConfig)).values);
  } catch (thrown) {
    const { message } = toProvisionError(thrown);
    return {
      looked,
      webhooks,
      unreadable: [{ service: provider.id, type, region, reason: message, permission: null }],
    };
  }
  for (const kind of channelsIn(own.keys().filter((key) => own.hasValue(key)))) {
    if (config.channels[kind.id]?.skip !== undefined || sameCredentials(kind, own, sources)) continue;
    try {
      const found = await readWebhook(kind, own, sources, input);
      if (found !== null && 'reason' in found) {
        unreadable.push({ service: kind.id, type, region, reason: found.reason, permission: null });
        continue;
      }
      looked.push({ service: kind.id, type, region, seen: found === null ? 0 : 1 });
      if (found !== null) webhooks.push(found);
    } catch (thrown) {
      const { message } = toProvisionError(thrown);
      unreadable.push({ service: kind.id, type, region, reason: message, permission: null });
    }
  }
  return { looked, webhooks, unreadable };
}

function sameCredentials(kind: ChannelKind, own: SecretValues, sources: SecretValues | null): boolean {
  return (
    sources !== null &&
    kind.secrets.every(({ key }) => (own.reveal(key) ?? '') === (sources.reveal(key) ?? ''))
  );
}

/** @throws ProvisionError where the service does not let us look */
async function readWebhook(
  kind: ChannelKind,
  own: SecretValues,
  sources: SecretValues | null,
  { provider, left, ours, record, others, config, clock, signal }: LeftWebhooksInput,
): Promise<LeftWebhook | Extract<WebhookState, { state: 'unreadable' }> | null> {
  const connect = (values: SecretValues): Channel =>
    connectChannel(kind, Object.fromEntries(kind.secrets.map(({ key }) => [key, values.reveal(key) ?? ''])), {
      clock,
      signal,
      fetch: globalThis.fetch,
      apiBase: apiBaseOf(kind, config.channels[kind.id]?.apiBase, process.env),
      fingerprint: () => '',
    });
  const channel = connect(own);
  const bot = await channel.identify();
  const sourceHas = sources !== null && kind.shownBy.every((key) => sources.hasValue(key));
  const theirs = others.flatMap(({ channels = [] }) => channels.filter((each) => each.kind === kind.id));
  if (theirs.some((each) => each.bot?.id === bot.id)) return null;
  if (sourceHas && (await connect(sources).identify()).id === bot.id) return null;
  const webhook = await channel.readWebhook();
  if (webhook.state === 'not-set') return null;
  if (webhook.state === 'unreadable') return webhook;
  const { url } = webhook;
  if (theirs.some(({ webhookUrl }) => webhookUrl !== null && pointsTo(webhook, webhookUrl))) return null;
  const recorded = (record?.channels ?? []).some(
    (each) => each.kind === kind.id && each.webhookUrl !== null && pointsTo(webhook, each.webhookUrl),
  );
  const thing: SweepThing = {
    item: { type, id: `${kind.id}/${bot.id}`, name: `webhook of ${nameOf(bot)}: ${shownUrl(url, [])}` },
    region,
    ...(recorded
      ? { verdict: 'ours', reason: 'in its record' }
      : {
          verdict: ours ? 'derived' : 'suspected',
          reason: `the credentials of its ${kind.title} stand in ${provider.place(left)}`,
        }),
  };
  return {
    thing,
    async remove() {
      try {
        const { state, detail } = await releaseWebhook(channel, url);
        const found =
          state === 'changed' || state === 'unchanged'
            ? toFound(thing, 'removed', state === 'changed' ? null : 'it was gone already')
            : toFound(thing, 'failed', detail);
        return { found, again: state === 'left-alone' };
      } catch (thrown) {
        return { found: toFound(thing, 'failed', toProvisionError(thrown).message), again: true };
      }
    },
  };
}
