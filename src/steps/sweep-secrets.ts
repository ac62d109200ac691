/**
 * Whether a secrets config of the environment is left, as a broken run leaves one, and webhooks of the channels whose
 * credentials stand in it; and how they go.
 */
import type { AwsClients } from '../aws/clients.ts';
import type { Config } from '../config/schema.ts';
import { openProvider } from '../secrets/open.ts';
import type { SecretsProvider } from '../secrets/provider.ts';
import { deleteTargetConfig } from '../secrets/target-config.ts';
import { type Found, type LookedAt, type SweepThing, toFound, type Unreadable } from '../sweep/receipt.ts';
import { toProvisionError } from '../transfer/errors.ts';
import type { Clock } from '../transfer/host.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { secretsSettings } from './secrets.ts';
import { findLeftWebhooks } from './sweep-webhooks.ts';

const type = 'secrets-config';

interface LeftConfig {
  readonly looked: readonly LookedAt[];
  readonly things: readonly SweepThing[];
  readonly unreadable: readonly Unreadable[];
  /** Removes the config or webhook that was found. */
  remove(thing: SweepThing): Promise<Found>;
}

interface LeftConfigInput {
  readonly environment: string;
  readonly source: string;
  /** Of all other environments. */
  readonly others: readonly EnvironmentRecord[];
  /** Names of all other environments, recorded or not. */
  readonly names: readonly string[];
  /** What is recorded of the environment, be it gone or not. */
  readonly record: EnvironmentRecord | null;
  readonly config: Config;
  readonly root: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly aws: () => Promise<AwsClients>;
}

const region = '-';

export async function findLeftConfig(input: LeftConfigInput): Promise<LeftConfig> {
  const { environment, record, config, root, clock, signal, aws } = input;
  const none: LeftConfig = { looked: [], things: [], unreadable: [], remove: unknownThing };
  const settings = await secretsSettings({ config, root });
  // Configs in AWS are secrets and parameters, which the adapters list.
  if (settings.provider === 'env' || settings.provider.startsWith('aws-')) return none;
  let provider: SecretsProvider;
  let found: string | null;
  let owner: string | undefined;
  try {
    provider = await openProvider(settings, { root, clock, signal, aws, names: [] });
    found = await provider.find(environment);
    owner = await ownerAmong(input.names, found, provider);
  } catch (thrown) {
    const { message } = toProvisionError(thrown);
    return {
      ...none,
      unreadable: [{ service: settings.provider, type, region, reason: message, permission: null }],
    };
  }
  const looked = [{ service: provider.id, type, region, seen: found === null ? 0 : 1 }];
  // A pattern without the name in it, or a setting: one config for two is nobody's to delete.
  if (found === null || owner !== undefined) return { ...none, looked };
  const recorded = record?.secrets ?? null;
  const ours = recorded?.made === true && recorded.provider === provider.id && recorded.config === found;
  const thing: SweepThing = {
    item: { type, id: found, name: provider.place(found) },
    region,
    verdict: ours ? 'ours' : 'suspected',
    reason: ours ? 'in its record' : 'it is the config of an environment of this name',
  };
  const { source, others } = input;
  const channels = await findLeftWebhooks({
    provider,
    left: found,
    ours,
    record,
    source,
    others,
    config,
    clock,
    signal,
  });
  /** Webhooks that were to go, did not, and may on another attempt. */
  const stuck = new Set<SweepThing>();
  return {
    looked: [...looked, ...channels.looked],
    // The config last: what is in it is needed to take the others away.
    things: [...channels.webhooks.map((each) => each.thing), thing],
    unreadable: channels.unreadable,
    async remove(named) {
      const webhook = channels.webhooks.find((each) => each.thing === named);
      if (webhook !== undefined) {
        const gone = await webhook.remove();
        if (gone.again) stuck.add(named);
        return gone.found;
      }
      const [holder] = stuck;
      if (holder !== undefined)
        return toFound(named, 'held-back', `its credentials are needed for the ${holder.item.name}`);
      try {
        // Named by a person, it is as good as made by us.
        const deleted = await deleteTargetConfig(provider, {
          provider: provider.id,
          config: named.item.id,
          made: true,
          sealed: true,
        });
        return deleted
          ? toFound(named, 'removed', null)
          : toFound(named, 'failed', `nothing is removed from ${provider.id}: do it by hand`);
      } catch (thrown) {
        return toFound(named, 'failed', toProvisionError(thrown).message);
      }
    },
  };
}

async function ownerAmong(
  names: readonly string[],
  config: string | null,
  provider: SecretsProvider,
): Promise<string | undefined> {
  if (config === null) return undefined;
  for (const name of names) if ((await provider.find(name)) === config) return name;
  return undefined;
}

const unknownThing = (thing: SweepThing): Promise<Found> =>
  Promise.resolve(toFound(thing, 'failed', 'it was not found'));
