/**
 * The one place that starts child processes.
 *
 * Arguments are an array, never a shell string. Every process has a time limit. An interrupt reaches the child as
 * SIGINT and is followed by SIGKILL after a grace period, because a hung Terraform plan ignores SIGINT for minutes.
 */
import { execa } from 'execa';

export interface RunRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the inherited environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What the child reads from standard input; nothing if absent. */
  readonly input?: string;
  /** Milliseconds until the process is interrupted. */
  readonly timeoutMs: number;
  /** Milliseconds between SIGINT and SIGKILL. */
  readonly graceMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with every whole line of standard output, while the process runs. */
  readonly onLine?: (line: string) => void;
  /** False when `onLine` is all the caller needs and the output may be large. */
  readonly keepStdout?: boolean;
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

/** Runs a program to its end. Never throws for what the program does: the result says how it ended. */
export async function run(request: RunRequest): Promise<RunResult> {
  const started = performance.now();
  const ended = { timedOut: false, interrupted: false };
  const child = execa(request.command, request.args, {
    reject: false,
    env: request.env ?? {},
    stripFinalNewline: false,
    input: request.input ?? '',
    buffer: { stdout: request.keepStdout ?? true, stderr: true },
    maxBuffer: 1024 * 1024 * 1024,
    // A process group of its own: Ctrl+C in the terminal must not reach Terraform twice, which it takes
    // as "stop at once".
    detached: process.platform !== 'win32',
    cleanup: true,
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
  });
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGINT');
    killTimer ??= setTimeout(() => child.kill('SIGKILL'), request.graceMs ?? 30_000);
  };
  const limit = setTimeout(() => {
    ended.timedOut = true;
    stop();
  }, request.timeoutMs);
  const onAbort = (): void => {
    ended.interrupted = true;
    stop();
  };
  if (request.signal?.aborted) onAbort();
  else request.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (request.onLine) {
      for await (const line of child.iterable({ from: 'stdout' })) request.onLine(String(line));
    }
    const result = await child;
    const notStarted = result.failed && result.exitCode === undefined && !result.signal ? result.shortMessage : undefined;
    return {
      stdout: typeof result.stdout === 'string' ? result.stdout : '',
      stderr: typeof result.stderr === 'string' ? result.stderr : '',
      exitCode: result.exitCode,
      ...ended,
      ...(notStarted === undefined ? {} : { notStarted }),
      durationMs: performance.now() - started,
    };
  } finally {
    clearTimeout(limit);
    clearTimeout(killTimer);
    request.signal?.removeEventListener('abort', onAbort);
  }
}
