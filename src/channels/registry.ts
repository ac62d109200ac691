/** The channel kinds. A new one is a file in `kinds/` and a line here. */
import { ProvisionError } from '../transfer/errors.ts';
import type { Channel, ChannelKind, ChannelSecrets, ChannelTools } from './channel.ts';
import { line } from './kinds/line.ts';
import { signedWebhook } from './kinds/signed-webhook.ts';
import { telegram } from './kinds/telegram.ts';
import { isLoopback } from './observer.ts';

export const channelKinds: readonly ChannelKind[] = [line, telegram, signedWebhook];

export function channelKind(id: string): ChannelKind {
  const kind = channelKinds.find((each) => each.id === id);
  if (kind) return kind;
  throw new ProvisionError('config-invalid', `There is no channel kind "${id}".`, {
    hint: `The kinds are ${channelKinds.map((each) => each.id).join(', ')}.`,
  });
}

/** The kinds that an environment uses, by the names of its secrets and of its functions' settings. */
export function channelsIn(keys: Iterable<string>): readonly ChannelKind[] {
  const all = new Set(keys);
  return channelKinds.filter((kind) => kind.shownBy.some((key) => all.has(key)));
}

/** Where a kind's service is reached: the configuration first, then the environment, then the service itself. */
export function apiBaseOf(
  kind: ChannelKind,
  configured: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const base = configured ?? (env[kind.apiBaseVariable] || undefined) ?? kind.defaultApiBase ?? '';
  if (base === '' && kind.defaultApiBase === null) return base;
  // Credentials go there: in the clear they may only go to this machine.
  const safe = URL.canParse(base) && (new URL(base).protocol === 'https:' || isLoopback(base));
  if (safe) return base;
  throw new ProvisionError('config-invalid', `"${base}" cannot be the API base of the ${kind.title}.`, {
    hint: `It has to be an https URL; http is good for this machine only. It comes from the configuration or from ${kind.apiBaseVariable}.`,
  });
}

/** @throws ProvisionError `credentials-missing`, naming the key; form is checked, the service is not asked */
export function connectChannel(kind: ChannelKind, secrets: ChannelSecrets, tools: ChannelTools): Channel {
  for (const field of kind.secrets) {
    const value = secrets[field.key] ?? '';
    if (value === '' && field.optional === true) continue;
    if (value === '')
      throw new ProvisionError('credentials-missing', `${field.key} of the ${kind.title} is not set.`, {
        hint: `${field.title}: ${field.where} (${kind.guide.link}). Store it in the secrets of this environment.`,
      });
    const problem = field.problem(value);
    if (problem !== null)
      throw new ProvisionError('credentials-expired', `${field.key} cannot be right: ${problem}.`, {
        hint: `${field.title}: ${field.where} (${kind.guide.link}). Copy it whole.`,
      });
  }
  return kind.connect(secrets, tools);
}
