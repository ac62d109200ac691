/** Standard output and standard error with the redactor of the run before them. */
import { createRedactor } from '../redact/redactor.ts';
import { learnEnvironment } from '../secrets/learn.ts';
import type { CliIo } from './io.ts';

export type PlainIo = Omit<CliIo, 'redactor' | 'writeJson'>;

function gated(stream: NodeJS.WriteStream, redact: (text: string) => string): NodeJS.WriteStream {
  const write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean =>
    (stream.write as (...args: unknown[]) => boolean)(
      typeof chunk === 'string' ? redact(chunk) : chunk,
      ...rest,
    );
  return new Proxy(stream, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}

/** @returns the same with the redactor of this run, which knows what the caller's environment holds */
export function withGate(io: PlainIo): CliIo {
  const redactor = createRedactor();
  learnEnvironment(redactor, io.env);
  const redact = (text: string): string => redactor.text(text);
  return {
    ...io,
    stdout: gated(io.stdout, redact),
    stderr: gated(io.stderr, redact),
    redactor,
    // Text by text, so that it stays JSON whatever is taken out.
    writeJson: (value) => void io.stdout.write(`${JSON.stringify(redactor.value(value), null, 2)}\n`),
  };
}
