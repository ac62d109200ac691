/** Points a channel's webhook to an environment, and takes it away again; never another environment's. */
import { wasRedacted } from '../redact/redactor.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Channel, WebhookState } from './channel.ts';
import { type ChannelHolder, nameOf } from './isolation.ts';
import { shownUrl } from './scrub.ts';

export interface WebhookAction {
  /** `by-hand`: a person has to do it. `left-alone`: it is not this environment's to change. */
  readonly state: 'changed' | 'unchanged' | 'by-hand' | 'left-alone';
  /** What was done, or what a person has to do, in one sentence. */
  readonly detail: string;
}

/** Safe to repeat: what is right already is set to the same once more, since no service shows the secret it has. */
export async function pointWebhook(
  channel: Channel,
  url: string,
  others: readonly ChannelHolder[],
): Promise<WebhookAction> {
  const identity = await channel.identify();
  const twin = others.find((each) => each.kind === channel.kind && each.identity?.id === identity.id);
  if (twin)
    return {
      state: 'left-alone',
      detail: `${nameOf(identity)} is the bot of ${twin.environment}: its webhook stays, or ${twin.environment} would get no messages any more`,
    };
  const before = await channel.readWebhook();
  const change = await channel.setWebhook(url);
  if (change.state === 'by-hand') return { state: 'by-hand', detail: change.what };
  const after = await channel.readWebhook();
  if (!pointsTo(after, url))
    throw new ProvisionError(
      'apply-failed',
      `The webhook of ${nameOf(identity)} was set, but reads ${shown(after)} instead of ${shownUrl(url, [])}.`,
      { hint: 'Somebody else may have set it at the same time. `provision-env resume` sets it again.' },
    );
  if (after.state === 'set' && !after.active)
    return {
      state: 'by-hand',
      detail: `the webhook of ${nameOf(identity)} is set, but its use is switched off: switch "Use webhook" on`,
    };
  return pointsTo(before, url)
    ? { state: 'unchanged', detail: `the webhook of ${nameOf(identity)} was right` }
    : {
        state: 'changed',
        detail: `the webhook of ${nameOf(identity)} was ${shown(before)} and is ${shownUrl(url, [])}`,
      };
}

/**
 * @param url of the environment that goes: a webhook that points elsewhere is somebody else's by now
 * @param recorded how a URL is written down: a secret in it is left out
 */
export async function releaseWebhook(
  channel: Channel,
  url: string,
  recorded: (url: string) => string = asItIs,
): Promise<WebhookAction> {
  const before = await channel.readWebhook();
  if (before.state === 'not-set') return { state: 'unchanged', detail: 'no webhook is set' };
  if (before.state === 'set' && !pointsTo(before, url, recorded))
    return wasRedacted(url)
      ? {
          state: 'by-hand',
          detail: `the webhook is ${shown(before)}; whether that is this environment's a person has to say: its URL holds a secret, and stands in the record without it`,
        }
      : {
          state: 'left-alone',
          detail: `the webhook is ${shown(before)}, which is not of this environment`,
        };
  const change = await channel.removeWebhook();
  return change.state === 'by-hand'
    ? { state: 'by-hand', detail: change.what }
    : { state: 'changed', detail: `the webhook ${shown(before)} was removed` };
}

const asItIs = (url: string): string => url;

/** @param recorded how a URL is written down, where `url` comes from a record */
export function pointsTo(
  webhook: WebhookState,
  url: string,
  recorded: (url: string) => string = asItIs,
): boolean {
  if (webhook.state !== 'set' || !URL.canParse(webhook.url) || !URL.canParse(url)) return false;
  const { href } = new URL(url);
  return [webhook.url, recorded(webhook.url)].some(
    (seen) => URL.canParse(seen) && new URL(seen).href === href,
  );
}

function shown(webhook: WebhookState): string {
  return webhook.state === 'set' ? shownUrl(webhook.url, []) : 'not set';
}
