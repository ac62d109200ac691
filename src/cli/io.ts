import type { Clock } from '../transfer/host.ts';
import type { Redactor } from '../redact/redactor.ts';

/** What a command may touch of the process around it. Tests hand in their own. */
export interface CliIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** The streams for what draws on the terminal or speaks a protocol; texts do not go there. */
  readonly unguarded: Pick<CliIo, 'stdout' | 'stderr'>;
  /** Knows the secrets of this run. All streams go through it. */
  readonly redactor: Redactor;
  /** Prints the one document of a run on standard output. */
  writeJson(value: unknown): void;
  /** The system's own if absent. */
  readonly clock?: Clock;
}

/** True if a person sits at a terminal that can be asked. */
export function isInteractive(io: CliIo): boolean {
  return io.stdin.isTTY && io.stderr.isTTY && !io.env['CI'];
}

/** The variable that `--plain` stands for. */
export const plainVariable = 'PROVISION_ENV_PLAIN';

const askedPlain = (env: CliIo['env']): boolean => !['', '0', undefined].includes(env[plainVariable]);

/** True where nothing may be redrawn or coloured: asked for, or a terminal that could not do it. */
export const isPlain = ({ env }: Pick<CliIo, 'env'>): boolean => env['TERM'] === 'dumb' || askedPlain(env);

/** Colours only where a person sees them, and never against NO_COLOR (https://no-color.org). */
export function wantsColor(stream: NodeJS.WriteStream, env: CliIo['env']): boolean {
  if (env['NO_COLOR'] || askedPlain(env)) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return stream.isTTY && env['TERM'] !== 'dumb';
}
