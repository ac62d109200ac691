/**
 * The one place that starts child processes.
 *
 * Arguments are an array, never a shell string. Every process has a time limit. An interrupt reaches the child as
 * SIGINT and is followed by SIGKILL after a grace period, because a hung Terraform plan ignores SIGINT for minutes.
 */
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { execa, type Options } from 'execa';
import { onlyNeeded } from './environment.ts';
import { tail } from './tail.ts';

export interface RunRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the inherited environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Names of what the program reads of the environment, beside what every one does; all of it if absent. */
  readonly reads?: RegExp;
  /** What the child reads from standard input; nothing if absent. */
  readonly input?: string;
  /** Milliseconds until the process is interrupted. */
  readonly timeoutMs: number;
  /** Milliseconds between SIGINT and SIGKILL. */
  readonly graceMs?: number;
  /** Asks the process to end, as Ctrl+C does. */
  readonly signal?: AbortSignal | undefined;
  /** Ends it at once: a second SIGINT, which Terraform takes as "stop now", and SIGKILL shortly after. */
  readonly insist?: AbortSignal | undefined;
  /** Called with every whole line of standard output, while the process runs. */
  readonly onLine?: (line: string) => void;
  /** False when `onLine` is all the caller needs and the output may be large. */
  readonly keepStdout?: boolean;
  /**
   * Where the output goes instead of into pipes: `<file>.out` and `<file>.err`. A program that writes into the pipe
   * of a reader that was killed dies of it; one that writes into a file finishes its work. So an apply saves its
   * state even when this process is killed.
   */
  readonly outputFile?: string;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; `undefined` if the process could not be started or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
  readonly interrupted: boolean;
  /** Set when the program does not exist or may not be run. */
  readonly notStarted?: string;
  readonly durationMs: number;
}

/** How long a process may take to end after it was told to end at once. */
const INSIST_MS = 5_000;

type Kill = (signal: NodeJS.Signals) => void;

/** Children that run now. They are in process groups of their own, so nobody else would tell them that we end. */
const running = new Set<Kill>();

function onExit(): void {
  // Not SIGKILL: an apply may still save its state. For one that was interrupted before, it is the second SIGINT.
  for (const kill of running) kill('SIGINT');
}

function watch(kill: Kill): () => void {
  if (running.size === 0) process.on('exit', onExit);
  running.add(kill);
  return () => {
    running.delete(kill);
    if (running.size === 0) process.off('exit', onExit);
  };
}

/** Sends a signal to a process and, for SIGKILL, to all it started: provider plugins would otherwise live on. */
function killer(child: { readonly pid?: number | undefined; kill(signal: NodeJS.Signals): boolean }): Kill {
  return (signal) => {
    if (signal === 'SIGKILL' && child.pid !== undefined && process.platform !== 'win32') {
      try {
        process.kill(-child.pid, signal);
        return;
      } catch {
        // The group is gone already, or never was: the process itself is tried next.
      }
    }
    child.kill(signal);
  };
}

/** The ways in which a process is made to end before it does so by itself. */
interface Endings {
  timedOut: boolean;
  interrupted: boolean;
  /** Ends it now, with the usual grace. */
  stop(): void;
  clear(): void;
}

function endings(request: RunRequest, kill: Kill): Endings {
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number, act: () => void): void => void timers.push(setTimeout(act, ms));
  let stopped = false;
  const stop = (): void => {
    kill('SIGINT');
    if (!stopped) later(request.graceMs ?? 30_000, () => kill('SIGKILL'));
    stopped = true;
  };
  const onAbort = (): void => {
    ended.interrupted = true;
    stop();
  };
  const onInsist = (): void => {
    ended.interrupted = true;
    kill('SIGINT');
    later(INSIST_MS, () => kill('SIGKILL'));
  };
  const ended: Endings = {
    timedOut: false,
    interrupted: false,
    stop,
    clear() {
      for (const timer of timers) clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
      request.insist?.removeEventListener('abort', onInsist);
    },
  };
  later(request.timeoutMs, () => {
    ended.timedOut = true;
    stop();
  });
  if (request.signal?.aborted) onAbort();
  else request.signal?.addEventListener('abort', onAbort, { once: true });
  if (request.insist?.aborted) onInsist();
  else request.insist?.addEventListener('abort', onInsist, { once: true });
  return ended;
}

/** Execa hands any file descriptor to the child, but its types know only the lowest ones. */
type Descriptor = 3;

/** The child writes into the files by itself: no byte passes through this process. */
function openOutputs(file: string): { stdout: Descriptor; stderr: Descriptor; close(): void } {
  const stdout = openSync(`${file}.out`, 'w', 0o600) as Descriptor;
  const stderr = openSync(`${file}.err`, 'w', 0o600) as Descriptor;
  return {
    stdout,
    stderr,
    close() {
      closeSync(stdout);
      closeSync(stderr);
    },
  };
}

/** Runs a program to its end. Never throws for what the program does: the result says how it ended. */
export async function run(request: RunRequest): Promise<RunResult> {
  const started = performance.now();
  const { outputFile, onLine } = request;
  const keepStdout = request.keepStdout ?? true;
  const files = outputFile === undefined ? undefined : openOutputs(outputFile);
  const options: Options = {
    reject: false,
    env: { ...(request.reads === undefined ? {} : onlyNeeded(request.reads)), ...request.env },
    extendEnv: request.reads === undefined,
    stripFinalNewline: false,
    input: request.input ?? '',
    stdout: files?.stdout ?? 'pipe',
    stderr: files?.stderr ?? 'pipe',
    buffer: { stdout: keepStdout && files === undefined, stderr: files === undefined },
    maxBuffer: 1024 * 1024 * 1024,
    // A process group of its own: Ctrl+C in the terminal must not reach Terraform twice, which it takes
    // as "stop at once".
    detached: process.platform !== 'win32',
    // Execa would end it with SIGTERM when this process exits; `onExit` does it more gently.
    cleanup: false,
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
  };
  const child = execa(request.command, request.args, options);
  const kill = killer(child);
  const unwatch = watch(kill);
  const ended = endings(request, kill);
  let deaf: { readonly error: unknown } | undefined;
  const listen = (line: string): void => {
    if (deaf) return;
    try {
      onLine?.(line);
    } catch (error) {
      // What the listener should have heard is lost, so the process has no purpose any more.
      deaf = { error };
      ended.stop();
    }
  };
  const follower = outputFile !== undefined && onLine ? tail(`${outputFile}.out`, listen) : undefined;
  try {
    if (files === undefined && onLine) {
      for await (const line of child.iterable({ from: 'stdout' })) listen(String(line));
    }
    const result = await child;
    await follower?.finish();
    if (deaf) throw deaf.error;
    const text = async (name: 'out' | 'err', piped: unknown): Promise<string> => {
      if (outputFile !== undefined && (name === 'err' || keepStdout))
        return readFile(`${outputFile}.${name}`, 'utf8');
      return typeof piped === 'string' ? piped : '';
    };
    const notStarted = result.failed && result.exitCode === undefined && !result.signal;
    return {
      stdout: await text('out', result.stdout),
      stderr: await text('err', result.stderr),
      exitCode: result.exitCode,
      timedOut: ended.timedOut,
      interrupted: ended.interrupted,
      // The short message would repeat the arguments; the cause says why it did not start.
      ...(notStarted ? { notStarted: result.originalMessage ?? 'it could not be started' } : {}),
      durationMs: performance.now() - started,
    };
  } finally {
    ended.clear();
    unwatch();
    files?.close();
  }
}
