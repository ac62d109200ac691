/**
 * Finds a Python that has moto, the AWS emulator of the sandbox, or makes one.
 *
 * Users have Python in many ways (system, pyenv, pipx, virtual environments), so each candidate is asked whether it
 * can import what the server needs, rather than judged by its name.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { run } from '../src/process/run.ts';

/** The server patches moto's internals, so it is bound to one minor version. */
export const MOTO_VERSION = '5.2';
const REQUIREMENT = `moto[server]==${MOTO_VERSION}.*`;

/**
 * Prints the interpreter's own path: a pyenv shim answers too, but cannot be started without pyenv's environment.
 * Looks without importing: loading moto takes seconds.
 */
const PROBE = [
  'import sys, importlib.metadata, importlib.util as u',
  'parts = ["moto", "flask", "flask_cors", "werkzeug", "antlr4"]',
  'sys.exit("missing") if not all(u.find_spec(part) for part in parts) else None',
  'print(importlib.metadata.version("moto") + "\\n" + sys.executable)',
].join('\n');

export interface MotoPython {
  /** Absolute path of the interpreter. */
  readonly python: string;
  readonly version: string;
}

export interface MotoOptions {
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  readonly signal?: AbortSignal | undefined;
}

function cacheFolder(env: Readonly<NodeJS.ProcessEnv>): string {
  const cache = env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');
  return path.join(cache, 'provision-env', 'moto');
}

function ownPython(env: Readonly<NodeJS.ProcessEnv>): string {
  return path.join(cacheFolder(env), 'bin', 'python');
}

async function probe(python: string, options: MotoOptions): Promise<MotoPython | undefined> {
  const { exitCode, stdout } = await run({
    command: python,
    args: ['-c', PROBE],
    timeoutMs: 30_000,
    graceMs: 2_000,
    signal: options.signal,
  });
  const [version, executable] = stdout.trim().split('\n');
  if (exitCode !== 0 || !version?.startsWith(`${MOTO_VERSION}.`) || !executable) return undefined;
  return { python: executable, version };
}

/** The interpreter in the first line of `moto_server`, as pip and pipx write it; none if it is another kind of file. */
async function behindMotoServer(env: Readonly<NodeJS.ProcessEnv>): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(path.delimiter)) {
    if (folder === '') continue;
    const script = await readFile(path.join(folder, 'moto_server'), 'utf8').catch(() => undefined);
    if (script === undefined) continue;
    return /^#!\s*(?<python>\S*python[\d.]*)\s*\n/.exec(script)?.groups?.['python'];
  }
  return undefined;
}

/** A Python with a fitting moto, or `undefined` where there is none. */
export async function findMoto(options: MotoOptions = {}): Promise<MotoPython | undefined> {
  const env = options.env ?? process.env;
  const chosen = env['PROVISION_ENV_PYTHON'];
  if (chosen) {
    // Who names an interpreter wants that one: silently taking another would hide a mistake.
    const found = await probe(chosen, options);
    if (!found) {
      throw new Error(
        `PROVISION_ENV_PYTHON is ${chosen}, which has no moto ${MOTO_VERSION}. ` +
          `Install it there: ${chosen} -m pip install "${REQUIREMENT}"`,
      );
    }
    return found;
  }
  const candidates = [
    ownPython(env),
    await behindMotoServer(env),
    'python3',
    'python3.14',
    'python3.13',
    'python3.12',
    'python3.11',
    'python',
  ];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    options.signal?.throwIfAborted();
    const found = await probe(candidate, options);
    if (found) return found;
  }
  return undefined;
}

/** Makes a virtual environment of our own in the user's cache and installs moto there. */
export async function installMoto(options: MotoOptions = {}): Promise<MotoPython> {
  const env = options.env ?? process.env;
  const folder = cacheFolder(env);
  const steps = [
    { command: 'python3', args: ['-m', 'venv', folder] },
    { command: ownPython(env), args: ['-m', 'pip', 'install', '--quiet', REQUIREMENT] },
  ];
  for (const { command, args } of steps) {
    const result = await run({ command, args, timeoutMs: 300_000, graceMs: 5_000, signal: options.signal });
    options.signal?.throwIfAborted();
    if (result.exitCode !== 0) {
      const reason = result.timedOut
        ? 'it took longer than five minutes'
        : lastLines(result.stderr || result.stdout, 2);
      throw new Error(
        `The sandbox needs Python 3.10 or newer with moto ${MOTO_VERSION}, and \`${command} ${args.join(' ')}\` failed: ` +
          `${result.notStarted ?? reason}\nInstall it yourself (pip install "${REQUIREMENT}") ` +
          'and name the interpreter in PROVISION_ENV_PYTHON.',
      );
    }
  }
  const found = await probe(ownPython(env), options);
  if (!found)
    throw new Error(
      `moto was installed in ${folder} but cannot be loaded. Remove that folder and try again.`,
    );
  return found;
}

export function lastLines(text: string, count = 8): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
