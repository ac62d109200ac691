/**
 * Doppler: a project holds environments, an environment a root config and branch configs.
 *
 * A branch config shows every secret of its root config until it has a value of its own under that name. Deleting that
 * value lets the root's show through again, and no documented call hides an inherited secret. So in a branch config a
 * secret is *removed* by giving it the empty text as its own value: nobody who reads the config gets the root's value,
 * and an empty value counts as missing everywhere in this tool. Between making a branch config and emptying those
 * secrets lies one request; until then no token of the config exists and nothing has been given its name.
 */
import { ProvisionError } from '../../transfer/errors.ts';
import type { DopplerClient, DopplerConfig } from '../doppler/client.ts';
import { branchConfigName, configsOf, environmentSlug } from '../doppler/naming.ts';
import { SecretValues } from '../in-memory.ts';
import { canonicalKey } from '../names.ts';
import type { SecretsProvider } from '../provider.ts';

export interface DopplerProviderOptions {
  readonly client: DopplerClient;
  /** Environment → config, where the names do not say it. */
  readonly configs?: Readonly<Record<string, string>>;
}

export function dopplerProvider({ client, configs: named = {} }: DopplerProviderOptions): SecretsProvider {
  const existing = async (name: string): Promise<DopplerConfig> => {
    const config = await client.config(name);
    if (config) return config;
    throw new ProvisionError(
      'environment-not-found',
      `There is no config ${name} in the Doppler project ${client.project}.`,
      {
        hint: 'Name the environment’s config under `secrets.configs` in the configuration.',
      },
    );
  };

  const parent = async (name: string): Promise<string | null> => {
    const config = await existing(name);
    if (config.root) return null;
    const siblings = await client.configs(config.environment);
    return (
      siblings.find(({ root, environment }) => root && environment === config.environment)?.name ??
      config.environment
    );
  };

  const set = async (config: string, values: SecretValues): Promise<void> => {
    if (values.size === 0) return;
    // Doppler takes upper-case names only; `--name-transformer tf-var` makes Terraform's spelling of them.
    await client.setSecrets(
      config,
      new SecretValues([...values.revealAll()].map(([key, value]) => [canonicalKey(key), value] as const)),
    );
  };

  return {
    id: 'doppler',
    capabilities: { environments: true, write: true },
    place: (config) => `the Doppler config ${client.project}/${config}`,
    // Without a value it asks for one, so that none gets into the history of a shell.
    setCommand: (config, key) =>
      `doppler secrets set ${canonicalKey(key)} --project ${client.project} --config ${config}`,

    async find(environment) {
      const given = named[environment];
      const candidates =
        given === undefined ? configsOf(environment, await client.configs()) : [await existing(given)];
      if (candidates.length > 1) {
        throw new ProvisionError(
          'config-invalid',
          `Several configs of the Doppler project ${client.project} can be that of ${environment}: ${candidates.map(({ name }) => name).join(', ')}.`,
          { hint: 'Name the right one under `secrets.configs` in the configuration.' },
        );
      }
      return candidates[0]?.name ?? null;
    },

    async nameFor({ environment, standing, source }) {
      const given = named[environment];
      if (given !== undefined) return given;
      if (standing) return environmentSlug(environment, await client.environments());
      return branchConfigName((await existing(source.config)).environment, environment);
    },

    async create(config, { standing, source }) {
      if (await client.config(config)) return;
      if (standing) {
        // The root config comes with its environment and has the same name.
        await client.createEnvironment(config);
        return;
      }
      await client.createConfig((await existing(source.config)).environment, config);
    },

    parent,
    keys: (config) => client.names(config),
    read: (config) => client.secrets(config),
    set,

    async remove(config, keys) {
      if (keys.length === 0) return;
      const root = await parent(config);
      const inherited = new Set(root === null ? [] : await client.names(root));
      const wanted = keys.map(canonicalKey);
      await set(
        config,
        new SecretValues(wanted.filter((key) => inherited.has(key)).map((key) => [key, ''] as const)),
      );
      const own = new Set(await client.names(config));
      for (const key of wanted)
        if (own.has(key) && !inherited.has(key)) await client.deleteSecret(config, key);
    },

    async delete(name) {
      const config = await client.config(name);
      if (!config) return;
      if (!config.root) {
        await client.deleteConfig(name);
        return;
      }
      // A root config goes with its environment, and with that all branch configs: none of them may be somebody else's.
      const branches = (await client.configs(config.environment)).filter((each) => !each.root);
      if (branches.length > 0) {
        throw new ProvisionError(
          'not-ours',
          `The Doppler environment ${config.environment} has configs that provision-env did not make: ${branches.map((each) => each.name).join(', ')}.`,
          { hint: 'Delete or move them, then run the command again.' },
        );
      }
      await client.deleteEnvironment(config.environment);
    },

    version: (config) => client.newestLog(config),
  };
}
