/**
 * Runs our own executable as a child. So standard output stays the protocol's, whatever a command prints; a call that
 * is cancelled is interrupted as Ctrl+C would; and a command means the same here as on the command line.
 */
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { run, type RunResult } from '../../process/run.ts';
import { tail } from '../../process/tail.ts';
import { privateFolder } from '../../tools/private-folder.ts';
import { type ErrorCode, exitCodes } from '../../transfer/error-codes.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { type Document, failureDocument } from '../document.ts';

export interface OwnRequest {
  /** The word of the command first. */
  readonly args: readonly string[];
  /** Milliseconds until it is interrupted. */
  readonly timeoutMs: number;
  /** Milliseconds that it may take to end after an interrupt. */
  readonly graceMs: number;
  /** Aborted when nobody waits for the answer any more: interrupts the command. */
  readonly signal: AbortSignal;
  /** Called with every line of progress. */
  readonly onProgress: (line: string) => void;
}

export interface OwnRun {
  readonly exitCode: number;
  /** What the command printed; one that says why, where it printed none. */
  readonly document: Document;
}

export type RunOwn = (request: OwnRequest) => Promise<OwnRun>;

/** How this program was started, and where it works. */
export interface OwnCommand {
  /** Arguments of Node before those of the program: its options, and the path of the program. */
  readonly node: readonly string[];
  /** Folder of the project. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Enough to tell our document from anything else: it was checked where it was made. */
const printed = z.looseObject({ version: z.literal(1), command: z.string(), status: z.string() });

/** @returns a runner; it never throws for what the command does */
export function createRunOwn({ node, cwd, env }: OwnCommand): RunOwn {
  return async ({ args, timeoutMs, graceMs, signal, onProgress }) => {
    const folder = await privateFolder('mcp');
    try {
      const outputFile = join(folder.path, 'output');
      // Into files: a client that goes away takes this process with it, and an apply has to come to its end.
      const running = run({
        command: process.execPath,
        args: [...node, ...args],
        cwd,
        env: { ...env, NO_COLOR: '1', FORCE_COLOR: undefined },
        timeoutMs,
        graceMs,
        signal,
        outputFile,
      });
      let last = '';
      // The files are there as soon as the process was asked for.
      const follower = tail(`${outputFile}.err`, (line) => {
        if (line.trim() === '') return;
        last = line.trim();
        onProgress(last);
      });
      let result: RunResult;
      try {
        result = await running;
      } finally {
        await follower.finish();
      }
      return { exitCode: result.exitCode ?? exitCodes.unexpected, document: documentOf(args, result, last) };
    } finally {
      await folder.remove();
    }
  };
}

function documentOf([command = '', ...rest]: readonly string[], result: RunResult, last: string): Document {
  try {
    return printed.parse(JSON.parse(result.stdout)) as unknown as Document;
  } catch (cause) {
    return failureDocument(command, withoutDocument(command, result, last, cause), rest);
  }
}

function withoutDocument(command: string, result: RunResult, last: string, cause: unknown): ProvisionError {
  const [code, what]: readonly [ErrorCode, string] = result.timedOut
    ? ['timed-out', 'took longer than its time limit']
    : result.interrupted
      ? ['interrupted', 'was interrupted']
      : ['output-unreadable', `ended with ${result.exitCode ?? 'a signal'} and without a document`];
  const said = result.notStarted ?? last;
  return new ProvisionError(code, `provision-env ${command} ${what}${said === '' ? '.' : `: ${said}`}`, {
    cause,
    hint: 'The tool `status` says how the environment stands.',
  });
}
