/**
 * What becomes of a run whose output cannot be written. Node ends a process over it, at whatever instant that is:
 * half-way through an apply, because somebody piped the progress into `head`.
 */

export interface Outputs {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export interface OutputErrors {
  /** The first that means that a result is lost to somebody who wanted it, for example a full disk. */
  readonly lost: () => Error | null;
}

/** Where nobody reads any more, that was their choice: the work goes on without being told. */
const nobodyReads = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

export function outliveOutputErrors({ stdout, stderr }: Outputs): OutputErrors {
  let lost: Error | null = null;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (lost !== null || nobodyReads.has(error.code ?? '')) return;
    lost = error;
    stderr.write(`Error [unexpected] Standard output cannot be written: ${error.message}.\n`);
  });
  // Progress that nobody can be shown is no loss.
  stderr.on('error', () => undefined);
  return { lost: () => lost };
}
