/** Whether a secrets config of the environment is left, as a broken run leaves one; and how it goes. */
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

const type = 'secrets-config';

interface LeftConfig {
  readonly looked: readonly LookedAt[];
  readonly things: readonly SweepThing[];
  readonly unreadable: readonly Unreadable[];
  /** Removes the config that was found. */
  remove(thing: SweepThing): Promise<Found>;
}

interface LeftConfigInput {
  readonly environment: string;
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
  try {
    provider = await openProvider(settings, { root, clock, signal, aws, names: [] });
    found = await provider.find(environment);
  } catch (thrown) {
    const { message } = toProvisionError(thrown);
    return {
      ...none,
      unreadable: [{ service: settings.provider, type, region, reason: message, permission: null }],
    };
  }
  const looked = [{ service: provider.id, type, region, seen: found === null ? 0 : 1 }];
  if (found === null) return { ...none, looked };
  const recorded = record?.secrets ?? null;
  const ours = recorded?.made === true && recorded.provider === provider.id && recorded.config === found;
  const thing: SweepThing = {
    item: { type, id: found, name: provider.place(found) },
    region,
    verdict: ours ? 'ours' : 'suspected',
    reason: ours ? 'in its record' : 'it is the config of an environment of this name',
  };
  return {
    looked,
    things: [thing],
    unreadable: [],
    async remove(named) {
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

const unknownThing = (thing: SweepThing): Promise<Found> =>
  Promise.resolve(toFound(thing, 'failed', 'it was not found'));
