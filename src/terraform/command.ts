/** How a Terraform process is started: the environment it gets, its limits, and the event that counts it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { run, type RunResult } from '../process/run.ts';
import type { Redactor } from '../redact/redactor.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { TransferEvent } from '../transfer/host.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Milliseconds, but for `lockSeconds`. */
export interface Limits {
  /** `version`, `state pull`, `state rm`, `output`. */
  readonly shortMs: number;
  readonly initMs: number;
  readonly planMs: number;
  readonly showMs: number;
  /** Databases take long, and half an apply is worse than a slow one. */
  readonly applyMs: number;
  /** Between SIGINT and SIGKILL where nothing can be lost. */
  readonly graceMs: number;
  /** The same for an apply: it ends what it has begun, and saves the state. */
  readonly applyGraceMs: number;
  /** How long to wait for a state lock that somebody holds. */
  readonly lockSeconds: number;
}

export const defaultLimits: Limits = {
  shortMs: 120_000,
  initMs: 10 * 60_000,
  planMs: 30 * 60_000,
  showMs: 10 * 60_000,
  applyMs: 3 * 60 * 60_000,
  graceMs: 15_000,
  applyGraceMs: 10 * 60_000,
  lockSeconds: 20,
};

export interface CommandOptions {
  /** Program: `terraform`, `tofu`, or a path. */
  readonly binary: string;
  /** Where it runs. */
  readonly moduleDir: string;
  /** `TF_DATA_DIR`: one per environment, so that no environment finds the backend of another. */
  readonly dataDir: string;
  /** `TF_CLI_CONFIG_FILE`; the caller's own if absent. */
  readonly cliConfigFile?: string;
  /** Added to the inherited environment; `undefined` removes a variable. */
  readonly env?: Env;
  /** Learns what is secret in plans and states, and takes it out of what Terraform complains about. */
  readonly redactor?: Redactor | undefined;
  /** Asks the running process to end. */
  readonly signal?: AbortSignal | undefined;
  /** Makes it end at once. */
  readonly insist?: AbortSignal | undefined;
  readonly notify: (event: TransferEvent) => void;
  readonly limits?: Partial<Limits>;
}

/** Names of variables that the caller set and that Terraform is not given. */
export function ignoredVariables(env: Env): readonly string[] {
  return Object.keys(env).filter(
    (name) => env[name] !== undefined && (name === 'TF_WORKSPACE' || /^TF_CLI_ARGS(?:_|$)/.test(name)),
  );
}

/** Terraform fails where a plugin cache is a mirror too: it refuses to copy a folder to itself. */
function servesAsMirror(cache: string | undefined, cliConfigFile: string | undefined): boolean {
  if (!cache || cliConfigFile === undefined) return false;
  const text = readFileSync(cliConfigFile, 'utf8');
  return text.includes('filesystem_mirror') && text.includes(JSON.stringify(cache));
}

/** Variables for the child; `undefined` removes an inherited one. */
export function terraformEnvironment(options: CommandOptions, inherited: Env = process.env): Env {
  const { cliConfigFile, dataDir, env = {} } = options;
  const all = { ...inherited, ...env };
  const named = cliConfigFile ?? all['TF_CLI_CONFIG_FILE'];
  const config = named !== undefined && existsSync(named) ? named : undefined;
  return {
    ...env,
    // TF_WORKSPACE would take another state than the one that was proved. TF_CLI_ARGS* would add arguments that
    // nobody proved: one `-var-file` or `-state` of the source there is enough to change the source.
    ...Object.fromEntries(ignoredVariables(all).map((name) => [name, undefined])),
    // Without a file of its own it would go to standard error, where the complaints are read.
    ...(all['TF_LOG_PATH'] ? {} : { TF_LOG: undefined, TF_LOG_CORE: undefined, TF_LOG_PROVIDER: undefined }),
    // Terraform warns at every start about a file that is not there.
    TF_CLI_CONFIG_FILE: config,
    ...(servesAsMirror(all['TF_PLUGIN_CACHE_DIR'], config) ? { TF_PLUGIN_CACHE_DIR: undefined } : {}),
    TF_DATA_DIR: path.resolve(dataDir),
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
  };
}

export interface Invocation {
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly graceMs?: number;
  readonly onLine?: (line: string) => void;
  readonly keepStdout?: boolean;
  readonly outputFile?: string;
  /** For what is short and tells how things stand: an interrupt that was given before does not stop it. */
  readonly evenIfInterrupted?: boolean;
}

/** Runs one Terraform process. Throws only if it did not start, took too long, or was interrupted. */
export async function invoke(options: CommandOptions, invocation: Invocation): Promise<RunResult> {
  const { binary, moduleDir, notify, signal, insist } = options;
  const { args, evenIfInterrupted, graceMs, ...rest } = invocation;
  const doing = describe(options, args);
  const listens = !(evenIfInterrupted && signal?.aborted);
  if (listens && signal?.aborted) throw interruptedError(doing);
  notify({ type: 'process-started', what: doing });
  const result = await run({
    ...rest,
    command: binary,
    args,
    cwd: moduleDir,
    env: terraformEnvironment(options),
    graceMs: graceMs ?? options.limits?.graceMs ?? defaultLimits.graceMs,
    signal: listens ? signal : undefined,
    insist,
  });
  notify({ type: 'process', command: binary, args, durationMs: result.durationMs });
  if (result.notStarted !== undefined) {
    throw new ProvisionError('tool-missing', `${binary} could not be started: ${result.notStarted}`, {
      hint: 'Install Terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu, or name the program in PROVISION_ENV_TERRAFORM.',
    });
  }
  if (result.timedOut) {
    throw new ProvisionError(
      'timed-out',
      `\`${doing}\` took longer than ${Math.round(rest.timeoutMs / 1000)} s and was stopped.`,
      {
        hint: 'Is a service slow or unreachable? Run the same command again: it goes on where it stopped.',
      },
    );
  }
  return result;
}

export function interruptedError(doing: string): ProvisionError {
  return new ProvisionError('interrupted', `\`${doing}\` was interrupted.`, {
    hint: 'Run the same command again, or `provision-env resume <env>`: it goes on where it stopped.',
  });
}

/** The command as people know it, without its options: `terraform plan`. */
export function describe({ binary }: Pick<CommandOptions, 'binary'>, args: readonly string[]): string {
  const words = args.slice(0, args.findIndex((arg) => arg.startsWith('-')) >>> 0);
  return [path.basename(binary).replace(/\.exe$/, ''), ...words.slice(0, 2)].join(' ');
}
