/** Makes the target's secrets config, once a person has said yes, and asks for what only a person can give. */
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
  for (const [index, key] of lacking.entries()) {
    const value = await askFor(context, config, lacking.slice(index));
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
 * Asks for the first of the keys. Where nobody is there, says at once what all of them need.
 * @throws ProvisionError `needs-person`
 */
async function askFor(
  context: TransferContext,
  { place, recorded }: TargetConfig,
  lacking: readonly string[],
): Promise<string> {
  const { host, source, target } = context;
  const names = lacking.map(canonicalKey);
  const [key = ''] = names;
  try {
    return await host.ask({
      kind: 'secret',
      id: `secret-${key}`,
      text: `${key} of ${target.name} (stored in ${place}; its own, never ${source.name}'s)`,
    });
  } catch (error) {
    if (!isProvisionError(error) || error.code !== 'needs-person') throw error;
    const { provider } = await context.secrets();
    const commands = names.map((name) => provider.setCommand?.(recorded.config, name)).filter(Boolean);
    const how =
      commands.length > 0
        ? commands.map((command) => `\`${command}\``).join(', ')
        : `Set ${names.join(', ')} in ${place}`;
    throw new ProvisionError(
      'needs-person',
      `${names.join(', ')} of ${target.name} ${names.length === 1 ? 'has' : 'have'} no value in ${place}, and there is nobody to ask.`,
      {
        cause: error,
        hint: `Issue ${names.length === 1 ? 'one' : 'them'} for ${target.name} alone (never ${source.name}'s). ${how}, then \`provision-env resume ${target.name}\`. In a terminal, resume asks.`,
      },
    );
  }
}
