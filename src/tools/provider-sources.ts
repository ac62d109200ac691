/**
 * Where Terraform gets its providers from. Normally that is its own business. Only where nothing is configured and
 * the registry is out of reach, mirrors that lie on this machine are given to it.
 */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { privateFolder } from './private-folder.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface ProviderSourcesOptions {
  readonly env?: Env;
  /** Folders in which mirrors are looked for; for tests. */
  readonly roots?: readonly string[];
  /** Asked whether the registry answers; for tests. */
  readonly reachable?: () => Promise<boolean>;
}

export interface ProviderSources {
  /** Give it to Terraform as `TF_CLI_CONFIG_FILE`; `null` leaves Terraform to itself. */
  readonly cliConfigFile: string | null;
  /** What was decided and why, in one sentence. */
  readonly note: string;
  /** Folders used as mirrors. */
  readonly mirrors: readonly string[];
}

const REGISTRY = 'registry.terraform.io';
const REACH_LIMIT_MS = 2_000;
/** Below a root; a mirror lies near the top. */
const DEPTH = 4;
/** Folders looked into per root: a home or an /opt may hold millions of files. */
const FOLDERS = 400;
const passedOver = new Set(['node_modules', '.git', 'proc', 'sys']);

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** The user's CLI configuration where Terraform looks for it by itself. */
async function ownConfig(env: Env, home: string): Promise<string | null> {
  const appData = env['APPDATA'];
  const candidates =
    process.platform === 'win32' && appData
      ? [path.join(appData, 'terraform.rc'), path.join(appData, 'tofu.rc')]
      : [path.join(home, '.terraformrc'), path.join(home, '.tofurc')];
  for (const file of candidates) if (await isFile(file)) return file;
  return null;
}

async function registryAnswers(): Promise<boolean> {
  try {
    // Any answer will do: what counts is that there is a way to it.
    await fetch(`https://${REGISTRY}/.well-known/terraform.json`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(REACH_LIMIT_MS),
    });
    return true;
  } catch {
    return false;
  }
}

function usualRoots(home: string): string[] {
  return [
    '/opt',
    '/usr/local',
    '/usr/share',
    '/usr/lib',
    '/var/lib',
    '/var/cache',
    '/srv',
    ...['.terraform.d', '.cache', '.local/share'].map((folder) => path.join(home, folder)),
  ];
}

interface Looked {
  readonly isMirror: boolean;
  readonly below: readonly string[];
}

async function look(folder: string): Promise<Looked> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (entries.some(({ name }) => name === REGISTRY)) {
    const held = await readdir(path.join(folder, REGISTRY)).catch(() => []);
    return { isMirror: held.length > 0, below: [] };
  }
  const below = entries.filter((entry) => entry.isDirectory() && !passedOver.has(entry.name));
  return { isMirror: false, below: below.map(({ name }) => path.join(folder, name)) };
}

/** Folders under `root` that hold a `registry.terraform.io` with something in it; what lies near the top first. */
async function mirrorsUnder(root: string): Promise<string[]> {
  const found: string[] = [];
  let level = [root];
  let left = FOLDERS;
  for (let depth = 0; depth < DEPTH && level.length > 0 && left > 0; depth += 1) {
    const now = level.slice(0, left);
    left -= now.length;
    const looked = await Promise.all(now.map(look));
    found.push(...now.filter((_folder, index) => looked[index]?.isMirror));
    level = looked.flatMap(({ below }) => below);
  }
  return found;
}

/** A mirror holds providers as `<host>/<namespace>/<type>/…`; a plugin cache has the same shape. */
async function findMirrors(env: Env, roots: readonly string[]): Promise<string[]> {
  const cache = env['TF_PLUGIN_CACHE_DIR'];
  const found = await Promise.all([...(cache ? [cache] : []), ...roots].map(mirrorsUnder));
  return [...new Set(found.flat())];
}

function cliConfig(mirrors: readonly string[]): string {
  // JSON strings are HCL strings, but for templates.
  const text = (value: string): string => JSON.stringify(value).replaceAll(/([$%])\{/g, '$1$1{');
  const blocks = mirrors.map((folder) => `  filesystem_mirror {\n    path = ${text(folder)}\n  }\n`);
  return `provider_installation {\n${blocks.join('')}}\n`;
}

/** Decides once, before the first `init`. The file it may write lasts until this process ends. */
export async function providerSources(options: ProviderSourcesOptions = {}): Promise<ProviderSources> {
  const env = options.env ?? process.env;
  const home = env['HOME'] || homedir();
  const named = env['TF_CLI_CONFIG_FILE'];
  const nothing = (note: string): ProviderSources => ({ cliConfigFile: null, note, mirrors: [] });
  if (named && (await isFile(named))) return { cliConfigFile: named, note: `As ${named} says.`, mirrors: [] };
  const own = await ownConfig(env, home);
  if (own !== null && (await readFile(own, 'utf8').catch(() => '')).trim() !== '')
    return nothing(`As ${own} says.`);

  if (await (options.reachable ?? registryAnswers)()) return nothing(`From ${REGISTRY}.`);
  const mirrors = await findMirrors(env, options.roots ?? usualRoots(home));
  if (mirrors.length === 0) {
    return nothing(
      `${REGISTRY} is out of reach and no mirror was found: only what is installed already can be used.`,
    );
  }
  const folder = await privateFolder('providers');
  const file = path.join(folder.path, 'terraform.rc');
  await writeFile(file, cliConfig(mirrors), { mode: 0o600 });
  return {
    cliConfigFile: file,
    note: `${REGISTRY} is out of reach: from ${mirrors.join(', ')}.`,
    mirrors,
  };
}
