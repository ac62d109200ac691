/**
 * Breaks a text without escape sequences into lines of at most `width` columns: between words where it can, within a
 * word only where that is longer than a line, and then behind a mark that parts a name, if there is one in the second
 * half. Linear: `wrap-ansi` takes a minute for the cells of a large project.
 */
import { beginningOf, columnsOf } from './columns.ts';

export interface WrapOptions {
  /** Leaves words that are longer than a line whole: what is copied from a terminal stays one, for example a URL. */
  readonly keepWords?: boolean;
}

export function wrap(text: string, width: number, { keepWords = false }: WrapOptions = {}): string {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const columns = columnsOf(word);
    if (line !== '' && used + 1 + columns <= width) {
      line += ` ${word}`;
      used += 1 + columns;
      continue;
    }
    if (line !== '') lines.push(line);
    let rest = word;
    let left = columns;
    if (!keepWords)
      while (left > width) {
        const piece = pieceOf(rest, width);
        lines.push(piece);
        rest = rest.slice(piece.length);
        left -= columnsOf(piece);
      }
    line = rest;
    used = left;
  }
  lines.push(line);
  return lines.join('\n');
}

function pieceOf(word: string, width: number): string {
  const most = beginningOf(word, width);
  const last = Math.max(...Array.from('/.:_-,;=@', (mark) => most.lastIndexOf(mark)));
  return last + 1 > most.length / 2 ? most.slice(0, last + 1) : most;
}
