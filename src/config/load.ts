/** Loads `provision-env.config.*`, and says what is wrong with it in the words of the file. */
import { extname } from 'node:path';
import { readTextFile } from '../environment/text-file.ts';
import { parseJsonSource } from '../hcl/json-source.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { defineConfig } from './define.ts';
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
  const [, line, column] = /:(\d+):(\d+)\s*$/.exec(message) ?? [];
  const [first = ''] = message.split('\n');
  const problem = first.replaceAll(file, 'the file').trim();
  return new ProvisionError('config-invalid', `The configuration cannot be loaded: ${problem}`, {
    where: { file, ...(line === undefined ? {} : { line: Number(line), column: Number(column) }) },
    hint:
      line === undefined
        ? 'It is run to be read. It exports one object: `export default defineConfig({ … })`.'
        : 'Correct what stands there.',
    cause: thrown,
  });
}

async function load(file: string): Promise<Loaded> {
  const text = await readTextFile(file, 'The configuration', 'config-invalid');
  if (extname(file) === '.json')
    return { value: parseJsonSource(text, file, 'config-invalid').root.value, text };
  try {
    const { createJiti } = await import('jiti');
    const jiti = createJiti(import.meta.url, {
      // The file belongs to the user's project, and it is small: nothing of it is kept on disk.
      fsCache: false,
      moduleCache: false,
      // Resolves also where the package is not installed in the project, as with `npx`.
      virtualModules: { 'provision-env': { defineConfig } },
    });
    return { value: await jiti.import(file, { default: true }), text };
  } catch (thrown) {
    throw notLoaded(file, thrown);
  }
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
