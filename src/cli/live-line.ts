/** One line at the bottom that says what is being waited for, with the time it has taken so far. */
import { clearLine, cursorTo } from 'node:readline';

export interface LiveLine {
  readonly enabled: boolean;
  /** Prints a line that stays. */
  print(text: string): void;
  /** Shows what is under way; `null` clears the line. */
  set(text: string | null): void;
}

/** @param options.enabled false where no person watches: then only `print` does something */
export function createLiveLine(stream: NodeJS.WriteStream, options: { readonly enabled: boolean }): LiveLine {
  const { enabled } = options;
  let current: string | null = null;
  let since = Date.now();
  let timer: NodeJS.Timeout | undefined;

  const erase = (): void => {
    cursorTo(stream, 0);
    clearLine(stream, 0);
  };
  const draw = (): void => {
    if (!enabled || current === null) return;
    const elapsed = Math.round((Date.now() - since) / 1000);
    erase();
    stream.write(`  ⏳ ${current}${elapsed > 0 ? ` ${elapsed} s` : ''}`.slice(0, (stream.columns ?? 80) - 2));
  };

  return {
    enabled,
    print(text) {
      if (enabled && current !== null) erase();
      stream.write(`${text}\n`);
      draw();
    },
    set(text) {
      if (!enabled) return;
      if (text === null) {
        clearInterval(timer);
        timer = undefined;
        if (current !== null) erase();
        current = null;
        return;
      }
      current = text;
      since = Date.now();
      timer ??= setInterval(draw, 1000).unref();
      draw();
    },
  };
}
