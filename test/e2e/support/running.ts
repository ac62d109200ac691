/** The command line as a process that a test can watch, signal and kill. */
import process from 'node:process';
import { execa } from 'execa';
import { bin, type World } from './world.ts';

export interface Running {
  readonly pid: number;
  /** What it has said so far. */
  stderr(): string;
  /** Resolves as soon as standard error holds the text; rejects if the process ends without having said it. */
  says(text: string | RegExp): Promise<void>;
  /** Resolves when what the test waits for has happened; rejects with its output if the process ends before. */
  reaches(arrived: Promise<void>): Promise<void>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<{
    readonly exitCode: number | undefined;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

export function startCli(
  world: Pick<World, 'project' | 'env'>,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Running {
  const child = execa(process.execPath, [bin, ...args], {
    cwd: world.project,
    env: { ...world.env, CI: undefined, NO_COLOR: '1', ...env },
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
  });
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  const ended = child.then(({ exitCode, stdout, stderr: whole }) => ({ exitCode, stdout, stderr: whole }));
  return {
    pid: child.pid ?? 0,
    stderr: () => stderr,
    says: (text) =>
      new Promise((done, failed) => {
        const look = (): void => {
          if (typeof text === 'string' ? stderr.includes(text) : text.test(stderr)) {
            listeners.delete(look);
            done();
          }
        };
        listeners.add(look);
        look();
        void ended.then((result) =>
          failed(new Error(`it ended (${result.exitCode}) without saying ${text}:\n${result.stderr}`)),
        );
      }),
    reaches: (arrived) =>
      Promise.race([
        arrived,
        ended.then((result) => {
          throw new Error(
            `it ended (${result.exitCode}) before that:\n${result.stdout.slice(-4000)}\n${result.stderr}`,
          );
        }),
      ]),
    signal: (name) => void child.kill(name),
    ended,
  };
}

/** Asks until the answer is yes. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within two minutes: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
