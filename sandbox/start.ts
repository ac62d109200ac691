/** Starts the sandbox's AWS: moto with its gaps filled, as a child process that ends with this one. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { z } from 'zod';
import { findMoto, installMoto, lastLines } from './find-moto.ts';
import { packageRoot } from './package-root.ts';

const REGION = 'ap-southeast-1';
const START_LIMIT_MS = 60_000;
const STOP_GRACE_MS = 5_000;
const KEPT_STDERR = 16_384;

const Ready = z.object({ ready: z.literal(true), endpoint: z.url() });

export interface SandboxOptions {
  /** 0, the default, is any free port. */
  readonly port?: number;
  /** An interpreter that has moto; looked for, and if need be installed, when absent. */
  readonly python?: string;
  /** Stops the sandbox. */
  readonly signal?: AbortSignal;
  /** Gets the server's log: one line a request, and the tracebacks. */
  readonly logFile?: string;
}

export interface Sandbox {
  readonly endpoint: string;
  /** What Terraform, the AWS SDKs and the AWS CLI need to reach the sandbox and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

function clientEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    // A profile of the user must not win over the keys above, and his files must not add settings of their own. An
    // empty profile counts as none for Terraform and the SDKs; Python's refuse it, so it is only set where it has to be.
    ...(process.env['AWS_PROFILE'] ? { AWS_PROFILE: '' } : {}),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

/** Node functions may import the AWS SDK, as on Lambda: the folder in which this package's own copy lies. */
function sdkFolder(): string {
  const resolved = path.dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-lambda'));
  const marker = `${path.sep}@aws-sdk${path.sep}`;
  return resolved.slice(0, resolved.lastIndexOf(marker));
}

function spawnServer(python: string, options: SandboxOptions) {
  const script = path.join(packageRoot(), 'sandbox', 'moto', 'server.py');
  return execa(
    python,
    [
      '-B',
      script,
      '--port',
      String(options.port ?? 0),
      '--node',
      process.execPath,
      '--node-modules',
      sdkFolder(),
    ],
    {
      reject: false,
      // Standard input is the line by which the server sees that this process is gone.
      stdin: 'pipe',
      buffer: false,
      // A group of its own: an interrupt in the terminal must not take the sandbox away under a running Terraform.
      detached: process.platform !== 'win32',
      cleanup: true,
      forceKillAfterDelay: STOP_GRACE_MS,
    },
  );
}

/** The first line the server writes. Read by hand: the iterator of execa waits for the end of the process. */
async function readEndpoint(child: ReturnType<typeof spawnServer>): Promise<string> {
  if (!child.stdout) throw new Error('its output cannot be read');
  const lines = createInterface({ input: child.stdout });
  const first = once(lines, 'line').then(([line]) => Ready.parse(JSON.parse(String(line))).endpoint);
  const ended = once(lines, 'close').then(() => Promise.reject(new Error('it ended')));
  return Promise.race([first, ended]);
}

async function withLimit<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it was not ready after ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  options.signal?.throwIfAborted();
  const search = { signal: options.signal };
  const python = options.python ?? ((await findMoto(search)) ?? (await installMoto(search))).python;
  const child = spawnServer(python, options);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
  });
  if (options.logFile !== undefined) child.stderr?.pipe(createWriteStream(options.logFile, { flags: 'a' }));

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      options.signal?.removeEventListener('abort', onAbort);
      child.kill('SIGTERM');
      await child;
    })();
    return stopping;
  };
  const onAbort = (): void => void stop();
  options.signal?.addEventListener('abort', onAbort, { once: true });

  try {
    const endpoint = await withLimit(readEndpoint(child), START_LIMIT_MS);
    return { endpoint, env: clientEnvironment(endpoint), stop };
  } catch (error) {
    await stop();
    options.signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The sandbox did not start: ${reason}\n${lastLines(stderr)}`.trim(), { cause: error });
  }
}
