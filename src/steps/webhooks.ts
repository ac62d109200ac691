/** Points the webhooks of a new environment's channels to it, and takes them away again before it goes. */
import type { ChannelKind } from '../channels/channel.ts';
import { isCredentialError } from '../channels/failure.ts';
import { channelKind } from '../channels/registry.ts';
import { pointWebhook, releaseWebhook, type WebhookAction } from '../channels/webhook.ts';
import { webhookUrlOf } from '../channels/webhook-url.ts';
import type { StateModel } from '../terraform/model.ts';
import type { EnvironmentRecord, RecordedChannel } from '../transfer/record.ts';
import type { TransferContext } from './context.ts';

/** The channels of the target as they are to be recorded: who is behind them, and where their messages go. */
export async function channelsOf(
  context: TransferContext,
  state: StateModel | null,
): Promise<readonly RecordedChannel[]> {
  const [session, config] = await Promise.all([
    context.channels(),
    context.secrets().then((secrets) => secrets.preview()),
  ]);
  const { channels } = await session.judge(config.values);
  return channels.map((channel) => {
    const kind = channelKind(channel.kind);
    const found =
      state === null ? null : webhookUrlOf(kind, session.settingsOf(kind), context.target.name, state);
    return { ...channel, webhookUrl: found?.url ?? null };
  });
}

/** Done again, it sets what is right already to the same once more. */
export async function setWebhook(
  context: TransferContext,
  { kind: id, webhookUrl }: RecordedChannel,
): Promise<WebhookAction> {
  const kind = channelKind(id);
  if (webhookUrl === null) {
    return {
      state: 'by-hand',
      detail: `no webhook URL of ${context.target.name} was found: name its output under channels.${id}.webhookOutput in the configuration`,
    };
  }
  const [session, config] = await Promise.all([
    context.channels(),
    context.secrets().then((secrets) => secrets.preview()),
  ]);
  return pointWebhook(session.connect(kind, config.values), webhookUrl, await session.others());
}

export interface ReleasedWebhook {
  readonly kind: string;
  readonly title: string;
  readonly action: WebhookAction;
}

/**
 * Takes away the webhooks that point to an environment, before it goes. What no program can do is said and stops
 * nothing: a webhook without an environment behind it harms nobody but the sender.
 */
export async function releaseWebhooks(
  context: TransferContext,
  record: EnvironmentRecord,
): Promise<readonly ReleasedWebhook[]> {
  const released: ReleasedWebhook[] = [];
  for (const channel of record.channels ?? []) {
    if (channel.webhookUrl === null) continue;
    const kind = channelKind(channel.kind);
    const action = await release(context, kind, channel);
    released.push({ kind: kind.id, title: kind.title, action });
  }
  return released;
}

async function release(
  context: TransferContext,
  kind: ChannelKind,
  { webhookUrl, sharedWith }: RecordedChannel,
): Promise<WebhookAction> {
  if (sharedWith !== null)
    return { state: 'left-alone', detail: `the ${kind.title} is ${sharedWith}'s: its webhook stays` };
  const [session, secrets] = await Promise.all([context.channels(), context.secrets()]);
  const { skip } = session.settingsOf(kind);
  if (skip !== undefined) return { state: 'left-alone', detail: `left out by the configuration: ${skip}` };
  const config = await secrets.preview();
  try {
    return await releaseWebhook(session.connect(kind, config.values), webhookUrl ?? '', (url) =>
      context.redactor.text(url),
    );
  } catch (error) {
    if (!isCredentialError(error)) throw error;
    return {
      state: 'by-hand',
      detail: `its credentials are no longer good, so a person has to look whether its webhook is still set (${kind.guide.link})`,
    };
  }
}
