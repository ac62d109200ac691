/** One file per environment, `.env.<environment>`, readable for its owner only. For the sandbox and for small projects. */
import { readFile, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { writeWhole } from '../../store/write-whole.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { changeDotenv, parseDotenv } from '../dotenv-text.ts';
import { SecretValues } from '../in-memory.ts';
import { canonicalKey } from '../names.ts';
import type { SecretsProvider } from '../provider.ts';

export interface DotenvProviderOptions {
  /** Folder of the project; the files lie in it. */
  readonly root: string;
  /** Name of the file, `{env}` standing for the environment. */
  readonly pattern?: string;
  readonly configs?: Readonly<Record<string, string>>;
}

export function dotenvProvider({
  root,
  pattern = '.env.{env}',
  configs = {},
}: DotenvProviderOptions): SecretsProvider {
  const nameOf = (environment: string): string =>
    configs[environment] ?? pattern.replaceAll('{env}', environment);

  const pathOf = (config: string): string => {
    const path = join(root, config);
    if (relative(root, path).startsWith('..')) {
      throw new ProvisionError(
        'config-invalid',
        `The file of secrets ${config} lies outside of the project.`,
        {
          hint: 'Change `secrets.pattern` or `secrets.configs` in the configuration.',
        },
      );
    }
    return path;
  };

  const textOf = async (config: string): Promise<string | null> => {
    try {
      return await readFile(pathOf(config), 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  };

  const existing = async (config: string): Promise<string> => {
    const text = await textOf(config);
    if (text !== null) return text;
    throw new ProvisionError('environment-not-found', `There is no file ${config} with secrets.`, {
      hint: 'Make it, or name the right one under `secrets.configs` in the configuration.',
    });
  };

  // The mode of a file that is there already is kept by the writer; secrets are nobody else's, whatever it was.
  const write = (config: string, text: string): Promise<void> => writeWhole(pathOf(config), text, 0o600);

  /** Writes the change under the spelling that the file has already. */
  const change = async (config: string, changes: ReadonlyMap<string, string | null>): Promise<void> => {
    const text = await existing(config);
    const spelled = new Map([...parseDotenv(text).keys()].map((key) => [canonicalKey(key), key] as const));
    const after = changeDotenv(
      text,
      new Map([...changes].map(([key, value]) => [spelled.get(canonicalKey(key)) ?? key, value] as const)),
    );
    if (after !== text) await write(config, after);
  };

  return {
    id: 'dotenv',
    capabilities: { environments: true, write: true },
    place: (config) => `the file ${config}`,
    async find(environment) {
      const name = nameOf(environment);
      return (await textOf(name)) === null ? null : name;
    },
    nameFor: ({ environment }) => Promise.resolve(nameOf(environment)),
    async create(config, { environment }) {
      if ((await textOf(config)) === null)
        await write(config, `# Secrets of ${environment}. Keep this file out of version control.\n`);
    },
    parent: () => Promise.resolve(null),
    keys: async (config) => [...parseDotenv(await existing(config)).keys()].sort(),
    async read(config) {
      const values = new SecretValues(parseDotenv(await existing(config)));
      return { values, raw: values, unreadable: [] };
    },
    set: (config, values) => change(config, new Map(values.revealAll())),
    remove: (config, keys) => change(config, new Map(keys.map((key) => [key, null] as const))),
    delete: (config) => rm(pathOf(config), { force: true }),
    async version(config) {
      const { mtimeMs, size, ino } = await stat(pathOf(config));
      return `${mtimeMs}-${size}-${ino}`;
    },
  };
}
