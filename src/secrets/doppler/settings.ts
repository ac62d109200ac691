/**
 * Where Doppler is, who asks, and for which project: from the configuration, from the variables that the Doppler CLI
 * reads, from the CLI's own file (`doppler login`, `doppler setup`), and from the repository's `doppler.yaml`.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { run } from '../../process/run.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { SecretValues } from '../in-memory.ts';
import { parseSimpleYaml, type SimpleYaml, YamlError } from './yaml.ts';

export interface DopplerSettings {
  readonly host: string;
  /** Under the key `DOPPLER_TOKEN`. */
  readonly token: SecretValues;
  readonly project: string;
}

export interface DopplerSettingsRequest {
  /** Folder of the project. */
  readonly root: string;
  /** `secrets.project` of the configuration. */
  readonly project?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
  readonly signal?: AbortSignal | undefined;
}

const standardHost = 'https://api.doppler.com';

async function readYaml(path: string): Promise<SimpleYaml> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return {};
    throw new ProvisionError('config-invalid', `${path} cannot be read.`, {
      hint: 'Check who may read the file.',
    });
  }
  try {
    return parseSimpleYaml(text);
  } catch (error) {
    const why = error instanceof YamlError ? error.message : 'it does not parse';
    throw new ProvisionError('config-invalid', `${path} cannot be read: ${why}.`, {
      hint: 'Write it as `doppler setup` does, or set DOPPLER_TOKEN and DOPPLER_PROJECT.',
    });
  }
}

function child(value: SimpleYaml | undefined, key: string): SimpleYaml | undefined {
  return typeof value === 'object' && !Array.isArray(value)
    ? (value as Readonly<Record<string, SimpleYaml>>)[key]
    : undefined;
}

const withSeparator = (path: string): string => (path.endsWith(sep) ? path : path + sep);

/** The CLI's options for a folder: each from the innermost scope that has it. */
function scopedOption(file: SimpleYaml, folder: string, option: string): string | undefined {
  const scoped = child(file, 'scoped');
  if (typeof scoped !== 'object' || Array.isArray(scoped)) return undefined;
  let found: { readonly scope: string; readonly value: string } | undefined;
  for (const [scope, options] of Object.entries(scoped)) {
    const path = scope === '*' ? sep : scope;
    const value = child(options, option);
    if (typeof value !== 'string' || value === '' || !withSeparator(folder).startsWith(withSeparator(path)))
      continue;
    if (!found || path.length > found.scope.length) found = { scope: path, value };
  }
  return found?.value;
}

/** `setup:` of doppler.yaml is one mapping, or a list of them for the folders of a repository. */
function projectOfRepository(file: SimpleYaml): string | undefined {
  const setup = child(file, 'setup');
  const entries = Array.isArray(setup) ? (setup as readonly SimpleYaml[]) : [setup];
  const here = entries.find((each) =>
    ['', '.', './', undefined].includes(child(each, 'path') as string | undefined),
  );
  const project = child(here ?? (entries.length === 1 ? entries[0] : undefined), 'project');
  return typeof project === 'string' && project !== '' ? project : undefined;
}

/** Newer versions of the CLI keep the token in the system's keyring and its id in the file: the CLI itself has to be asked. */
const inKeyring = /^secret2?-/;

async function askCli(root: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const args = ['configure', 'get', 'token', '--plain', '--scope', root, '--no-check-version'];
  const { stdout, exitCode } = await run({
    command: 'doppler',
    args,
    timeoutMs: 15_000,
    signal,
    reads: /^(?:DOPPLER_|DBUS_)/,
  });
  return exitCode === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}

/** Over plain HTTP everybody on the way reads the token and every value; only a stand-in on this machine may do so. */
function checkedHost(host: string): string {
  const url = URL.canParse(host) ? new URL(host) : null;
  const local = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && local)) return url.origin;
  throw new ProvisionError('config-invalid', 'The address of the Doppler API is not an https URL.', {
    hint: 'Correct or remove DOPPLER_API_HOST (or `api-host` of the Doppler CLI).',
  });
}

/**
 * @throws ProvisionError `credentials-missing` without a token, `config-invalid` without a project
 */
export async function dopplerSettings(request: DopplerSettingsRequest): Promise<DopplerSettings> {
  const { root, env = process.env, home = homedir(), signal } = request;
  const folder = resolve(root);
  const cli = await readYaml(join(home, '.doppler', '.doppler.yaml'));
  let token = env['DOPPLER_TOKEN'] || scopedOption(cli, folder, 'token');
  if (token !== undefined && inKeyring.test(token)) token = await askCli(folder, signal);
  if (token === undefined) {
    throw new ProvisionError('credentials-missing', 'There is no token for Doppler.', {
      hint: 'Run `doppler login`, or set DOPPLER_TOKEN.',
    });
  }
  const project =
    request.project ??
    (env['DOPPLER_PROJECT'] || scopedOption(cli, folder, 'enclave.project')) ??
    projectOfRepository(await readYaml(join(folder, 'doppler.yaml')));
  if (project === undefined) {
    throw new ProvisionError('config-invalid', 'Which project of Doppler is meant is not said.', {
      hint: 'Set `secrets.project` in the configuration, or run `doppler setup` in the project.',
    });
  }
  return {
    host: checkedHost((env['DOPPLER_API_HOST'] || scopedOption(cli, folder, 'api-host')) ?? standardHost),
    token: new SecretValues({ DOPPLER_TOKEN: token }),
    project,
  };
}
