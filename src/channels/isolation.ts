/**
 * One bot has one webhook: two environments with the same bot take each other's messages. Compared is the bot behind
 * the token and not the token, since one channel has many valid tokens. Pure.
 */
import type { Finding } from '../transfer/finding.ts';
import type { ChannelIdentity } from './channel.ts';

/** Who is behind one channel of one environment. */
export interface ChannelHolder {
  readonly environment: string;
  /** Id of the channel kind. */
  readonly kind: string;
  /** For people, for example "LINE channel". */
  readonly title: string;
  /** Key of the secret that leads to the bot. */
  readonly key: string;
  /** `null`: it could not be read, and `unreadable` says why. */
  readonly identity: ChannelIdentity | null;
  readonly unreadable?: string;
}

/** Has the shape of a rule's result. */
export interface IsolationResult {
  readonly findings: readonly Finding[];
  readonly judged: number;
  /** What could not be compared: it makes the run incomplete, never clean. */
  readonly undecided: readonly string[];
}

export function compareIdentities(
  target: readonly ChannelHolder[],
  others: readonly ChannelHolder[],
): IsolationResult {
  const findings: Finding[] = [];
  const undecided = new Set<string>();
  for (const own of target) {
    if (own.identity === null) {
      undecided.add(`${own.key} of ${own.environment}: ${own.unreadable ?? 'not read'}`);
      continue;
    }
    for (const other of others) {
      if (other.kind !== own.kind || other.environment === own.environment) continue;
      if (other.identity === null)
        undecided.add(`${other.key} of ${other.environment}: ${other.unreadable ?? 'not read'}`);
      else if (other.identity.id === own.identity.id) findings.push(shared(own, own.identity, other));
    }
  }
  return { findings, judged: target.length, undecided: [...undecided] };
}

function shared(own: ChannelHolder, identity: ChannelIdentity, other: ChannelHolder): Finding {
  return {
    rule: 'credential-isolated',
    severity: 'error',
    subject: own.key,
    message: `${own.environment} would use the ${own.title} of ${other.environment}: the bot behind ${own.key} is ${nameOf(identity)} in both. Replies of ${own.environment} would go through ${other.environment}'s channel, and setting the webhook would take ${other.environment}'s messages away.`,
    hint: `Make a ${own.title} for ${own.environment} and store its credentials in the secrets of ${own.environment}.`,
  };
}

export function nameOf({ name, handle, id }: ChannelIdentity): string {
  return `"${name}" (${handle ?? id})`;
}
