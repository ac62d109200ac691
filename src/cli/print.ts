/** Prints results to standard output, in the form that was asked for. */
import { type Block, paragraph } from '../report/blocks.ts';
import { withHead } from '../report/head.ts';
import { toMarkdown } from '../report/markdown.ts';
import { type TerminalOptions, toTerminal } from '../report/terminal.ts';
import type { Document } from './document.ts';
import { type CliIo, wantsColor } from './io.ts';

export interface PrintOptions {
  /** What was shown before it has the first line already. */
  readonly headed?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly markdown?: boolean | undefined;
}

/** Columns to fill; 120 where nobody says. */
function terminalWidth(io: CliIo): number {
  return Math.max(30, Math.min(io.stdout.columns ?? 120, 200));
}

/** How blocks are laid out on standard output. */
export function terminalOptions(io: CliIo): TerminalOptions {
  return { color: wantsColor(io.stdout, io.env), width: terminalWidth(io), fill: io.stdout.isTTY };
}

export function printBlocks(io: CliIo, blocks: readonly Block[]): void {
  if (blocks.length === 0) return;
  // Before they are laid out: a secret that a table breaks into lines is not found any more.
  io.stdout.write(`${toTerminal(io.redactor.value(blocks), terminalOptions(io))}\n`);
}

/** Exactly one of: the document, Markdown, or text for the terminal. */
export function printResult(
  io: CliIo,
  options: PrintOptions,
  document: Document,
  blocks: readonly Block[],
): void {
  if (options.json) io.writeJson(document);
  else if (options.markdown) io.stdout.write(toMarkdown(io.redactor.value(withHead(blocks, document))));
  else printBlocks(io, options.headed === true ? blocks : withHead(blocks, document));
}

/** For a command that ended well, and did nothing: `why`, in one sentence. */
export function printNothingDone(io: CliIo, options: PrintOptions, document: Document, why: string): void {
  printResult(io, options, { ...document, nothingDone: why }, [paragraph(`${why} Nothing was done.`)]);
}
