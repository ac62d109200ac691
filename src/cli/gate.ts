/**
 * Standard output and standard error as a command has them: the redactor of the run and the guard of the log stand
 * before both.
 */
import { createRedactor } from '../redact/redactor.ts';
import { learnEnvironment } from '../secrets/learn.ts';
import { type CliIo, wantsColor } from './io.ts';
import { createOutputGuard, jsonText } from './output-guard.ts';

export type PlainIo = Omit<CliIo, 'redactor' | 'unguarded' | 'writeJson'>;

function gated(stream: NodeJS.WriteStream, change: (text: string) => string): NodeJS.WriteStream {
  const write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean =>
    (stream.write as (...args: unknown[]) => boolean)(
      typeof chunk === 'string' ? change(chunk) : chunk,
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
  const guarded = (stream: NodeJS.WriteStream): NodeJS.WriteStream => {
    const guard = createOutputGuard({ color: wantsColor(stream, io.env) });
    return gated(stream, (text) => guard(redact(text)));
  };
  return {
    ...io,
    stdout: guarded(io.stdout),
    stderr: guarded(io.stderr),
    unguarded: { stdout: gated(io.stdout, redact), stderr: gated(io.stderr, redact) },
    redactor,
    // Text by text, so that it stays JSON whatever is taken out.
    writeJson: (value) => void io.stdout.write(jsonText(redactor.value(value))),
  };
}
