/** Who is behind the channels of an environment, read from their services. */
import type { Channel, ChannelKind, ChannelSecrets, ChannelTools } from './channel.ts';
import { isCredentialError } from './failure.ts';
import type { ChannelHolder } from './isolation.ts';
import { connectChannel } from './registry.ts';

/**
 * Credentials that are missing or that the service does not accept are an answer too: unreadable, hence neither the
 * same as others nor different from them. A service that is down is thrown.
 */
export async function holderOf(
  kind: ChannelKind,
  environment: string,
  secrets: ChannelSecrets,
  tools: ChannelTools,
): Promise<ChannelHolder> {
  const holder = { environment, kind: kind.id, title: kind.title, key: kind.shownBy[0] ?? kind.id };
  try {
    return { ...holder, identity: await connectChannel(kind, secrets, tools).identify() };
  } catch (error) {
    if (!isCredentialError(error)) throw error;
    return { ...holder, identity: null, unreadable: error.message };
  }
}

/** For the fingerprint of a source: any difference between two of these is a touch. */
export async function webhookFingerprints(
  channels: readonly Channel[],
): Promise<Readonly<Record<string, string>>> {
  const all = await Promise.all(
    channels.map(async (channel) => [`${channel.kind} webhook`, await channel.webhookFingerprint()] as const),
  );
  return Object.fromEntries(all);
}
