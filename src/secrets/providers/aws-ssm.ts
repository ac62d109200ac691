/** AWS SSM Parameter Store: one path per environment, one SecureString for each secret below it. */
import type { Parameter, SSM } from '@aws-sdk/client-ssm';
import { createHash } from 'node:crypto';
import { ProvisionError } from '../../transfer/errors.ts';
import { orNull, placeOf, withoutValues } from '../aws-failure.ts';
import { SecretValues } from '../in-memory.ts';
import { canonicalKey } from '../names.ts';
import type { SecretsProvider } from '../provider.ts';

export type SsmCalls = Pick<SSM, 'deleteParameters' | 'getParametersByPath' | 'putParameter'>;

export interface SsmProviderOptions {
  readonly client: () => Promise<SsmCalls>;
  /** Path of the parameters, `{env}` standing for the environment: `/daily-report/{env}`. */
  readonly pattern: string;
  readonly configs?: Readonly<Record<string, string>>;
}

/** What one `DeleteParameters` takes. */
const deletesAtOnce = 10;

/** Longest value of a standard parameter; longer ones cost money and are no secrets of a function. */
const longestValue = 4096;

const slashed = (path: string): string => `/${path.replaceAll(/^\/+|\/+$/g, '')}`;

export function ssmProvider({ client, pattern, configs = {} }: SsmProviderOptions): SecretsProvider {
  const pathOf = (environment: string): string => slashed(placeOf(pattern, configs, environment));
  const keyOf = (path: string, parameter: Parameter): string => (parameter.Name ?? '').slice(path.length + 1);

  const load = (path: string, decrypt: boolean): Promise<readonly Parameter[]> =>
    withoutValues(`reading the parameters below ${path}`, async () => {
      const calls = await client();
      const found: Parameter[] = [];
      let next: string | undefined;
      do {
        const token = next === undefined ? {} : { NextToken: next };
        const page = await calls.getParametersByPath({
          Path: path,
          Recursive: false,
          WithDecryption: decrypt,
          ...token,
        });
        found.push(...(page.Parameters ?? []));
        next = page.NextToken;
      } while (next !== undefined);
      return found;
    });

  /** Spelling of a key as it stands below the path already. */
  const spellings = async (path: string): Promise<ReadonlyMap<string, string>> =>
    new Map(
      (await load(path, false)).map((each) => [canonicalKey(keyOf(path, each)), keyOf(path, each)] as const),
    );

  const remove = async (path: string, keys: readonly string[]): Promise<void> => {
    const spelled = await spellings(path);
    const names = keys.flatMap((key) => {
      const spelling = spelled.get(canonicalKey(key));
      return spelling === undefined ? [] : [`${path}/${spelling}`];
    });
    await withoutValues(`removing parameters below ${path}`, async () => {
      const calls = await client();
      for (let from = 0; from < names.length; from += deletesAtOnce) {
        await calls.deleteParameters({ Names: names.slice(from, from + deletesAtOnce) });
      }
    });
  };

  const set = async (path: string, values: SecretValues): Promise<void> => {
    const spelled = await spellings(path);
    const calls = await client();
    for (const [key, value] of values.revealAll()) {
      const name = `${path}/${spelled.get(canonicalKey(key)) ?? key}`;
      if (value.length > longestValue) {
        throw new ProvisionError(
          'config-invalid',
          `${key} has ${value.length} characters, more than the ${longestValue} of a parameter.`,
          {
            hint: 'Keep it in AWS Secrets Manager: `secrets.provider` in the configuration.',
          },
        );
      }
      // A parameter cannot be empty. None at all says the same: there is no value.
      if (value === '') await remove(path, [key]);
      else {
        await withoutValues(`setting the parameter ${name}`, async () => {
          await orNull([], () =>
            calls.putParameter({ Name: name, Value: value, Type: 'SecureString', Overwrite: true }),
          );
        });
      }
    }
  };

  return {
    id: 'aws-ssm',
    capabilities: { environments: true, write: true },
    place: (path) => `the parameters below ${path}`,
    async find(environment) {
      const path = pathOf(environment);
      return (await load(path, false)).length > 0 ? path : null;
    },
    nameFor: ({ environment }) => Promise.resolve(pathOf(environment)),
    // A path is there as soon as something lies below it.
    create: () => Promise.resolve(),
    parent: () => Promise.resolve(null),
    keys: async (path) => (await load(path, false)).map((each) => keyOf(path, each)).sort(),
    async read(path) {
      const parameters = await load(path, true);
      const values = new SecretValues(
        parameters.map((each) => [keyOf(path, each), each.Value ?? ''] as const),
      );
      return { values, raw: values, unreadable: [] };
    },
    set,
    remove,
    delete: async (path) =>
      remove(
        path,
        (await load(path, false)).map((each) => keyOf(path, each)),
      ),
    async version(path) {
      const versions = (await load(path, false))
        .map((each) => `${keyOf(path, each)}:${each.Version ?? 0}`)
        .sort();
      return createHash('sha256').update(versions.join('\n')).digest('hex').slice(0, 16);
    },
  };
}
