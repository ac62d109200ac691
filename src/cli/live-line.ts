/** One line at the bottom that says what is under way. Where no person watches, it is a line of the log now and then. */
import { clearLine, cursorTo } from 'node:readline';
import { printable } from '../report/foreign-text.ts';

export interface LiveLine {
  /** Prints lines that stay. */
  print(text: string): void;
  /** Draws the line anew: something has changed. */
  draw(): void;
  close(): void;
}

export interface LiveLineOptions {
  /** `redraw` needs a person at a terminal; `log` tells only where nothing else was told for a while. */
  readonly mode: 'redraw' | 'log' | 'off';
  /** Where it is drawn; the stream of the lines that stay, if absent. */
  readonly screen?: NodeJS.WriteStream | undefined;
  /** What to show in so many columns; `null` for nothing. */
  readonly text: (columns: number) => string | null;
}

/** Systems for CI end what is silent for ten minutes; a person begins to wonder far earlier. */
export const silenceMs = 60_000;

const mark = '⏳ ';
/** What the mark takes, and the last column: a line that fills it wraps on some terminals, and cannot be redrawn. */
const besides = 4;

export function createLiveLine(
  stream: NodeJS.WriteStream,
  { mode, text, screen = stream }: LiveLineOptions,
): LiveLine {
  let drawn = false;
  let timer: NodeJS.Timeout | undefined;

  const erase = (): void => {
    if (!drawn) return;
    cursorTo(screen, 0);
    clearLine(screen, 0);
    drawn = false;
  };
  const redraw = (): void => {
    erase();
    const line = text(Math.max(1, (stream.columns ?? 80) - besides));
    if (line === null) return;
    screen.write(`${mark}${printable(line)}`);
    drawn = true;
  };
  const log = (): void => {
    const line = text(200);
    if (line !== null) stream.write(`  … ${line}\n`);
  };
  const restart = (): void => {
    clearInterval(timer);
    timer = undefined;
    if (mode === 'off' || text(200) === null) return;
    timer = setInterval(mode === 'redraw' ? redraw : log, mode === 'redraw' ? 1000 : silenceMs).unref();
  };

  return {
    print(line) {
      erase();
      stream.write(`${line}\n`);
      if (mode === 'redraw') redraw();
      restart();
    },
    draw() {
      if (mode === 'redraw') redraw();
      if (timer === undefined || text(200) === null) restart();
    },
    close() {
      clearInterval(timer);
      timer = undefined;
      erase();
    },
  };
}
