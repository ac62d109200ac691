/** What a command may touch of the process around it. Tests hand in their own. */
export interface CliIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** True if a person sits at a terminal that can be asked. */
export function isInteractive(io: CliIo): boolean {
  return io.stdin.isTTY && io.stderr.isTTY && !io.env['CI'];
}

/** Colours only where a person sees them, and never against NO_COLOR (https://no-color.org). */
export function wantsColor(stream: NodeJS.WriteStream, env: CliIo['env']): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return stream.isTTY && env['TERM'] !== 'dumb';
}
