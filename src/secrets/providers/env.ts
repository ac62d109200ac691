/**
 * The caller's own environment: `doppler run --config dev -- provision-env …`, or a CI job with its secrets set. It
 * holds one environment's secrets, knows nothing else of them, and is never written.
 */
import { ProvisionError } from '../../transfer/errors.ts';
import { SecretValues } from '../in-memory.ts';
import { canonicalKey, terraformVariableName } from '../names.ts';
import type { SecretsProvider } from '../provider.ts';

export interface EnvProviderOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of secrets in any spelling, as the Terraform configuration and the mapping have them. Others are not ours to read. */
  readonly names: readonly string[];
}

const config = 'env';

function notWritable(what: string): ProvisionError {
  return new ProvisionError(
    'needs-person',
    `${what}, and the environment of the command cannot be changed by it.`,
    {
      hint: 'Set it where the command gets its environment from and run it again, or keep the secrets with a provider that can be written: `secrets.provider` in the configuration.',
    },
  );
}

export function envProvider({ env, names }: EnvProviderOptions): SecretsProvider {
  const wanted = new Map(names.map((name) => [canonicalKey(name), name] as const));

  /** Terraform reads `TF_VAR_…`: where both are set, that one counts. */
  const valueOf = (name: string): string | undefined => {
    const spellings = [terraformVariableName(name), `TF_VAR_${name}`, name, canonicalKey(name)];
    const found = spellings.map((spelling) => env[spelling]).find((value) => value !== undefined);
    if (found !== undefined) return found;
    const key = canonicalKey(name);
    return Object.entries(env).find(([other]) => /^tf_var_/i.test(other) && canonicalKey(other) === key)?.[1];
  };

  const read = (): SecretValues =>
    new SecretValues(
      [...wanted.values()].flatMap((name): [string, string][] => {
        const value = valueOf(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );

  return {
    id: 'env',
    capabilities: { environments: false, write: false },
    place: () => 'the environment of the command',
    find: () => Promise.resolve(config),
    nameFor: () => Promise.resolve(config),
    create: () => Promise.resolve(),
    parent: () => Promise.resolve(null),
    keys: () => Promise.resolve(read().keys()),
    read() {
      const values = read();
      return Promise.resolve({ values, raw: values, unreadable: [] });
    },
    set(_config, values) {
      if (values.size === 0) return Promise.resolve();
      return Promise.reject(notWritable(`${values.keys().join(', ')} should be set`));
    },
    remove(_config, keys) {
      if (keys.length === 0) return Promise.resolve();
      return Promise.reject(notWritable(`${keys.join(', ')} should be removed`));
    },
    delete: () => Promise.resolve(),
    version: () => Promise.resolve(null),
  };
}
