/**
 * Leads a person through what no program may do: making a LINE channel, talking to @BotFather. Every value is checked
 * for its form at once, and all of them against the service before they are returned. Nothing is stored here: the
 * caller puts the values straight into the secret provider.
 */
import { ProvisionError } from '../transfer/errors.ts';
import type { Host } from '../transfer/host.ts';
import type { ChannelIdentity, ChannelKind, ChannelSecrets, ChannelTools, SecretField } from './channel.ts';
import { isCredentialError } from './failure.ts';
import { type ChannelHolder, compareIdentities, nameOf } from './isolation.ts';

const rounds = 3;

export interface GuideRequest {
  readonly kind: ChannelKind;
  /** The environment that the channel is for. */
  readonly environment: string;
  /** The bots of the other environments: theirs are refused. */
  readonly others: readonly ChannelHolder[];
  /** What is there already, for example from an interrupted run: not asked for again. */
  readonly have?: ChannelSecrets;
}

export interface Guided {
  readonly secrets: ChannelSecrets;
  readonly identity: ChannelIdentity;
}

/** @throws ProvisionError `needs-person` (from the host) where nobody can be asked */
export async function guide(request: GuideRequest, host: Host, tools: ChannelTools): Promise<Guided> {
  explain(request, host);
  let have = request.have ?? {};
  for (let round = 1; ; round++) {
    const secrets = await collect(request, host, have);
    const outcome = await check(request, secrets, tools);
    if (outcome.identity !== null) {
      const text = `${request.kind.title} of ${request.environment}: ${nameOf(outcome.identity)}`;
      host.notify({ type: 'note', level: 'info', text });
      return { secrets, identity: outcome.identity };
    }
    if (round === rounds) throw outcome.error;
    const { message, hint } = outcome.error;
    host.notify({ type: 'note', level: 'warning', text: message, ...(hint === undefined ? {} : { hint }) });
    // All anew: which of them was wrong is not always known.
    have = {};
  }
}

function explain({ kind, environment }: GuideRequest, host: Host): void {
  const note = (text: string): void => host.notify({ type: 'note', level: 'info', text });
  note(
    `${environment} needs a ${kind.title} of its own. ${kind.service} lets no program make one: ${kind.guide.link}`,
  );
  for (const [index, step] of kind.guide.steps.entries())
    note(`${index + 1}. ${step.replaceAll('{env}', environment)}`);
}

async function collect(request: GuideRequest, host: Host, have: ChannelSecrets): Promise<ChannelSecrets> {
  const secrets: Record<string, string> = {};
  for (const field of request.kind.secrets) {
    const existing = have[field.key];
    if (existing !== undefined && existing !== '' && field.problem(existing) === null)
      secrets[field.key] = existing;
    else secrets[field.key] = field.generate ? field.generate() : await askFor(field, request, host);
  }
  return secrets;
}

async function askFor(field: SecretField, { kind, environment }: GuideRequest, host: Host): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const text = `${field.title} of the ${kind.title} for ${environment} (${field.where})`;
    // What is pasted often brings blanks along.
    const value = (await host.ask({ kind: 'secret', id: `channel-${kind.id}-${field.key}`, text })).trim();
    const problem = value === '' ? 'nothing was entered' : field.problem(value);
    if (problem === null) return value;
    if (attempt === rounds)
      throw new ProvisionError('needs-person', `${field.key} was not entered: ${problem}.`, {
        hint: `Find it at ${kind.guide.link}, ${field.where}; then run \`provision-env resume ${environment}\`.`,
      });
    host.notify({ type: 'note', level: 'warning', text: `${field.key}: ${problem}` });
  }
}

type Outcome =
  { readonly identity: ChannelIdentity } | { readonly identity: null; readonly error: ProvisionError };

async function check(
  { kind, environment, others }: GuideRequest,
  secrets: ChannelSecrets,
  tools: ChannelTools,
): Promise<Outcome> {
  try {
    const channel = kind.connect(secrets, tools);
    const identity = await channel.identify();
    await channel.checkSecrets();
    const key = kind.shownBy[0] ?? kind.id;
    const own = { environment, kind: kind.id, title: kind.title, key, identity };
    const [shared] = compareIdentities([own], others).findings;
    if (shared === undefined) return { identity };
    return { identity: null, error: new ProvisionError('blocked', shared.message, { hint: shared.hint }) };
  } catch (error) {
    // Only what a person can mend by entering something else is asked again.
    if (isCredentialError(error)) return { identity: null, error };
    throw error;
  }
}
