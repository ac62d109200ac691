/** Loads `provision-env.config.*`, and says what is wrong with it in the words of the file. */
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readTextFile } from '../environment/text-file.ts';
import { parseJsonSource } from '../hcl/json-source.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import { findConfigFile } from './find.ts';
import { describeIssues } from './issues.ts';
import { type Config, configSchema, defaultConfig } from './schema.ts';

interface Loaded {
  readonly value: unknown;
  readonly text: string;
}

/** What kept a configuration file from being evaluated, with the place if the loader says it. */
function notLoaded(file: string, thrown: unknown): ProvisionError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const [, line, column] = /\((\d+):(\d+)\)/.exec(message) ?? [];
  const [first = ''] = message.split('\n');
  return new ProvisionError(
    'config-invalid',
    `The configuration cannot be loaded: ${first.replaceAll(file, 'the file')}`,
    {
      where: { file, ...(line === undefined ? {} : { line: Number(line), column: Number(column) + 1 }) },
      hint: 'It has to export an object: `export default defineConfig({ … })`.',
      cause: thrown,
    },
  );
}

async function load(file: string): Promise<Loaded> {
  const text = await readTextFile(file, 'The configuration', 'config-invalid');
  if (extname(file) === '.json')
    return { value: parseJsonSource(text, file, 'config-invalid').root.value, text };
  try {
    if (/\.m?ts$/.test(file)) {
      const { createJiti } = await import('jiti');
      // No cache on disk: the file belongs to the user's project, and it is small.
      const jiti = createJiti(import.meta.url, {
        fsCache: false,
        moduleCache: false,
        interopDefault: true,
        alias: ownModule(),
      });
      return { value: await jiti.import(file, { default: true }), text };
    }
    const module = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
    return { value: module.default, text };
  } catch (thrown) {
    if (isProvisionError(thrown)) throw thrown;
    throw notLoaded(file, thrown);
  }
}

/**
 * `import { defineConfig } from 'provision-env'` works also where the package is not installed in the project, for
 * example when it is run by `npx`.
 */
function ownModule(): Record<string, string> {
  const helper = 'data:text/javascript,export const defineConfig = (config) => config;';
  return { 'provision-env': helper };
}

/** Options that are there but `undefined` count as not there. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutUndefined(inner)]));
}

/**
 * The configuration of the project that a folder belongs to: from the nearest `provision-env.config.*` upwards, or
 * all defaults if there is none.
 * @throws ProvisionError `config-invalid` with the key, what is wrong with its value, and the line
 */
export async function loadConfig(cwd: string): Promise<Config> {
  const file = await findConfigFile(cwd);
  if (file === null) return defaultConfig();
  const { text, value } = await load(file);
  const result = configSchema.safeParse(withoutUndefined(value));
  if (result.success) return result.data;
  const { line, messages } = describeIssues(result.error.issues, value, text, file);
  const [message = 'it is not valid', ...others] = messages;
  throw new ProvisionError('config-invalid', `The configuration is not valid: ${message}.`, {
    where: { file, ...(line === undefined ? {} : { line }) },
    ...(others.length > 0 ? { hint: `Also: ${others.join('; ')}.` } : {}),
  });
}
