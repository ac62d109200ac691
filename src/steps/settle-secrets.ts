/** Makes the target's secrets config, once a person has said yes, and asks for what only a person can give. */
import { guide } from '../channels/guide.ts';
import { SecretValues } from '../secrets/in-memory.ts';
import { canonicalKey } from '../secrets/names.ts';
import { fingerprintsToRecord } from '../secrets/proof-input.ts';
import type { TargetConfig } from '../secrets/target-config.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import type { RecordedSecrets } from '../transfer/record.ts';
import type { TransferContext } from './context.ts';

export interface SettledSecrets {
  readonly config: TargetConfig;
  /** True if the values are not those that the plan was made with. */
  readonly changed: boolean;
  /** What was done, for the report. Keys only. */
  readonly detail: string;
}

/**
 * Idempotent: what is right already stays as it is.
 * @param remember records the config before it is made, so that a killed process is known to have made it
 * @throws ProvisionError `needs-person` if a credential lacks and nobody is there to ask
 */
export async function settleSecrets(
  context: TransferContext,
  remember: (secrets: RecordedSecrets) => Promise<void>,
): Promise<SettledSecrets> {
  const [secrets, planned] = await Promise.all([context.secrets(), context.plannedSecrets()]);
  const accepted = context.request.accept
    .filter((text) => text.startsWith('credential-isolated:'))
    .map((text) => text.slice('credential-isolated:'.length));
  const fingerprints = context.record?.secrets?.fingerprints ?? {};
  let config = await secrets.ensure(accepted, (recorded) => remember({ ...recorded, fingerprints }));
  const lacking = planned.asked.filter((key) => !config.values.hasValue(canonicalKey(key)));
  const left = await guideChannels(context, config, lacking);
  for (const [index, key] of left.entries()) {
    const value = await askFor(context, config, left.slice(index));
    await secrets.store(config, new SecretValues({ [key]: value }));
  }
  if (lacking.length > 0) config = await secrets.preview();
  const names = new Set([...config.values.keys(), ...planned.values.keys()]);
  const changed = [...names].some(
    (name) => (config.values.reveal(name) ?? '') !== (planned.values.reveal(name) ?? ''),
  );
  const proof = await secrets.proofInput(config, []);
  await remember({ ...config.recorded, fingerprints: fingerprintsToRecord(proof) });
  const said = (what: string, keys: readonly string[]): string[] =>
    keys.length === 0 ? [] : [`${what} ${keys.join(', ')}`];
  return {
    config,
    changed,
    detail: [
      config.place,
      ...said('copied', config.copied),
      ...said('taken out', config.emptied),
      ...said('generated', config.generated),
    ].join('; '),
  };
}

/**
 * Leads a person to the channels that lack credentials, one after the other, and stores what the service accepts.
 * @returns the keys that belong to no channel
 * @throws ProvisionError `needs-person`
 */
async function guideChannels(
  context: TransferContext,
  config: TargetConfig,
  lacking: readonly string[],
): Promise<readonly string[]> {
  const [secrets, channels] = await Promise.all([context.secrets(), context.channels()]);
  let left = lacking;
  for (const kind of channels.used) {
    const own = new Set(kind.secrets.map(({ key }) => key));
    if (!left.some((key) => own.has(canonicalKey(key)))) continue;
    const have = channels.credentialsIn(kind, config.values);
    const request = { kind, environment: context.target.name, others: await channels.others(), have };
    const guided = await guide(request, context.host, channels.toolsFor(kind)).catch((error: unknown) =>
      nobodyToAsk(context, config, left, error),
    );
    // Spelled as the store spells them: what is there under another spelling is not there twice.
    const spelled = (key: string): string => left.find((each) => canonicalKey(each) === key) ?? key;
    const fresh = Object.entries(guided.secrets).filter(([key, value]) => value !== have[key]);
    await secrets.store(
      config,
      new SecretValues(fresh.map(([key, value]) => [spelled(key), value] as const)),
    );
    left = left.filter((key) => !own.has(canonicalKey(key)));
  }
  return left;
}

/**
 * Asks for the first of the keys.
 * @throws ProvisionError `needs-person`
 */
async function askFor(
  context: TransferContext,
  config: TargetConfig,
  lacking: readonly string[],
): Promise<string> {
  const { host, source, target } = context;
  const key = canonicalKey(lacking[0] ?? '');
  try {
    return await host.ask({
      kind: 'secret',
      id: `secret-${key}`,
      text: `${key} of ${target.name} (stored in ${config.place}; its own, never ${source.name}'s)`,
    });
  } catch (error) {
    return nobodyToAsk(context, config, lacking, error);
  }
}

/** Where nobody is there, says at once what all of the keys need. Any other error stays what it is. */
async function nobodyToAsk(
  context: TransferContext,
  { place, recorded }: TargetConfig,
  lacking: readonly string[],
  error: unknown,
): Promise<never> {
  if (!isProvisionError(error) || error.code !== 'needs-person') throw error;
  const { source, target } = context;
  const [{ provider }, channels] = await Promise.all([context.secrets(), context.channels()]);
  // What is made here needs nobody.
  const made = new Set(
    channels.used.flatMap(({ secrets }) => secrets.flatMap((each) => (each.generate ? [each.key] : []))),
  );
  const names = lacking.map(canonicalKey).filter((name) => !made.has(name));
  const commands = names.map((name) => provider.setCommand?.(recorded.config, name)).filter(Boolean);
  const how =
    commands.length > 0
      ? commands.map((command) => `\`${command}\``).join(', ')
      : `Set ${names.join(', ')} in ${place}`;
  const guides = channels.used
    .filter(({ secrets }) => secrets.some(({ key }) => names.includes(key)))
    .map(({ title, guide: { link } }) => `${title}: ${link}.`);
  const them = names.length === 1 ? 'one' : 'them';
  throw new ProvisionError(
    'needs-person',
    `${names.join(', ')} of ${target.name} ${names.length === 1 ? 'has' : 'have'} no value in ${place}, and there is nobody to ask.`,
    {
      cause: error,
      hint: [
        `Issue ${them} for ${target.name} alone (never ${source.name}'s).`,
        ...guides,
        `${how}, then \`provision-env resume ${target.name}\`. In a terminal, resume asks.`,
      ].join(' '),
    },
  );
}
