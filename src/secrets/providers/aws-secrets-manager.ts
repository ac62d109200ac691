/** AWS Secrets Manager: one secret per environment, a JSON object of texts. */
import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { ProvisionError } from '../../transfer/errors.ts';
import { orNull, placeOf, withoutValues } from '../aws-failure.ts';
import { SecretValues } from '../in-memory.ts';
import { canonicalKey } from '../names.ts';
import type { SecretsProvider } from '../provider.ts';

export type SecretsManagerCalls = Pick<
  SecretsManager,
  'createSecret' | 'deleteSecret' | 'describeSecret' | 'getSecretValue' | 'putSecretValue'
>;

export interface SecretsManagerProviderOptions {
  readonly client: () => Promise<SecretsManagerCalls>;
  /** Name of the secret, `{env}` standing for the environment: `daily-report/{env}`. */
  readonly pattern: string;
  readonly configs?: Readonly<Record<string, string>>;
}

const gone = ['ResourceNotFoundException'];

/** Numbers and truth values are common in hand-made secrets; they are texts for whoever reads them. */
const content = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

function parse(name: string, text: string): ReadonlyMap<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const result = content.safeParse(parsed);
  if (!result.success) {
    throw new ProvisionError('config-invalid', `The secret ${name} is not a JSON object of texts.`, {
      hint: 'Store it as { "KEY": "value" }, or name another secret under `secrets.configs` in the configuration.',
    });
  }
  return new Map(Object.entries(result.data).map(([key, value]) => [key, String(value)] as const));
}

export function secretsManagerProvider({
  client,
  pattern,
  configs = {},
}: SecretsManagerProviderOptions): SecretsProvider {
  const describe = (name: string) =>
    withoutValues(`looking for the secret ${name}`, async () => {
      const calls = await client();
      return orNull(gone, () => calls.describeSecret({ SecretId: name }));
    });

  /** Whether the secret is there; one in its recovery window can neither be used nor made anew. */
  const describeUsable = async (name: string): Promise<boolean> => {
    const found = await describe(name);
    if (found?.DeletedDate) {
      throw new ProvisionError(
        'already-exists',
        `The secret ${name} is scheduled for deletion, and its name is taken until then.`,
        {
          hint: `Restore it (aws secretsmanager restore-secret --secret-id ${name}) or delete it at once (delete-secret --force-delete-without-recovery).`,
        },
      );
    }
    return found !== null;
  };

  const load = (name: string): Promise<ReadonlyMap<string, string>> =>
    withoutValues(`reading the secret ${name}`, async () => {
      const calls = await client();
      const answer = await orNull(gone, () => calls.getSecretValue({ SecretId: name }));
      if (answer) return parse(name, answer.SecretString ?? '{}');
      throw new ProvisionError(
        'environment-not-found',
        `There is no secret ${name} with a value in AWS Secrets Manager.`,
        {
          hint: 'Make it, or name the right one under `secrets.configs` in the configuration.',
        },
      );
    });

  /** One secret holds all: what others changed in between must not be lost, so it is read right before it is written. */
  const change = async (name: string, changes: ReadonlyMap<string, string | null>): Promise<void> => {
    const before = await load(name);
    const spelled = new Map([...before.keys()].map((key) => [canonicalKey(key), key] as const));
    const after = new Map(before);
    for (const [key, value] of changes) {
      const spelling = spelled.get(canonicalKey(key)) ?? key;
      if (value === null) after.delete(spelling);
      else after.set(spelling, value);
    }
    const text = JSON.stringify(Object.fromEntries(after));
    if (text === JSON.stringify(Object.fromEntries(before))) return;
    await withoutValues(`writing the secret ${name}`, async () => {
      await (await client()).putSecretValue({ SecretId: name, SecretString: text });
    });
  };

  const nameOf = (environment: string): string => placeOf(pattern, configs, environment);

  return {
    id: 'aws-secrets-manager',
    capabilities: { environments: true, write: true },
    place: (name) => `the secret ${name} in AWS Secrets Manager`,
    async find(environment) {
      const name = nameOf(environment);
      const found = await describe(name);
      return found === null || found.DeletedDate !== undefined ? null : name;
    },
    // Asked before anything is made: a name that is taken is better known at the plan than in the middle of an apply.
    async nameFor({ environment }) {
      const name = nameOf(environment);
      await describeUsable(name);
      return name;
    },
    async create(name, { environment }) {
      if (await describeUsable(name)) return;
      await withoutValues(`making the secret ${name}`, async () => {
        await (
          await client()
        ).createSecret({
          Name: name,
          Description: `Secrets of ${environment}, made by provision-env`,
          SecretString: '{}',
          Tags: [{ Key: 'provision-env:environment', Value: environment }],
        });
      });
    },
    parent: () => Promise.resolve(null),
    keys: async (name) => [...(await load(name)).keys()].sort(),
    async read(name) {
      const values = new SecretValues(await load(name));
      return { values, raw: values, unreadable: [] };
    },
    set: (name, values) => change(name, new Map(values.revealAll())),
    remove: (name, keys) => change(name, new Map(keys.map((key) => [key, null] as const))),
    delete: (name) =>
      withoutValues(`deleting the secret ${name}`, async () => {
        const calls = await client();
        // At once: in its recovery window the name stays taken, and the environment could not be made again.
        await orNull(gone, () => calls.deleteSecret({ SecretId: name, ForceDeleteWithoutRecovery: true }));
      }),
    async version(name) {
      const versions = Object.entries((await describe(name))?.VersionIdsToStages ?? {});
      return versions.find(([, stages]) => stages.includes('AWSCURRENT'))?.[0] ?? null;
    },
  };
}
