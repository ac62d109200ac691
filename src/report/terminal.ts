import { createColors } from 'picocolors';
import type { Block, Cell, Tone } from './blocks.ts';
import { wrap } from './wrap.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal; tables are wrapped to it. */
  readonly width: number;
}

/** Control characters of foreign texts must not reach the terminal. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ');

/** Renders blocks for a terminal of the given width. */
export function toTerminal(blocks: readonly Block[], options: TerminalOptions): string {
  const colors = createColors(options.color);
  const paint = (text: string, tone: Tone = 'plain'): string => {
    switch (tone) {
      case 'good':
        return colors.green(text);
      case 'bad':
        return colors.red(text);
      case 'warn':
        return colors.yellow(text);
      case 'dim':
        return colors.dim(text);
      case 'plain':
        return text;
    }
  };
  const asCell = (cell: string | Cell): Cell => (typeof cell === 'string' ? { text: cell } : cell);

  const table = (head: readonly string[], rows: readonly (readonly (string | Cell)[])[]): string => {
    const texts = [head.map((text) => ({ text })), ...rows.map((row) => row.map(asCell))];
    const widths = columnWidths(
      head.map((_, column) => Math.max(...texts.map((row) => row[column]?.text.length ?? 0))),
      options.width - 2,
    );
    const line = (cells: readonly Cell[]): string => {
      const columns = cells.map(({ text }, column) =>
        wrap(printable(text), widths[column] ?? options.width).split('\n'),
      );
      const height = Math.max(...columns.map((lines) => lines.length));
      return Array.from({ length: height }, (_, row) =>
        columns
          .map((lines, column) => {
            const text = lines[row] ?? '';
            // Padded before it is painted: escape sequences have no width.
            return (
              paint(text, cells[column]?.tone) + ' '.repeat(Math.max(0, (widths[column] ?? 0) - text.length))
            );
          })
          .join('  ')
          .trimEnd(),
      )
        .map((text) => `  ${text}`)
        .join('\n');
    };
    // Where the rows speak for themselves there is nothing over them, and no empty line either.
    const headless = head.every((text) => text === '');
    return [
      ...(headless ? [] : [line(head.map((text) => ({ text, tone: 'dim' })))]),
      ...rows.map((row) => line(row.map(asCell))),
    ].join('\n');
  };

  const renderBlock = (block: Block): string => {
    switch (block.kind) {
      case 'heading':
        return block.level === 3
          ? `  ${colors.bold(printable(block.text))}`
          : colors.bold(colors.cyan(printable(block.text)));
      case 'paragraph':
        return `  ${paint(printable(block.text), block.tone)}`;
      case 'list':
        return block.items
          .map((item, index) => {
            const cell = asCell(item);
            const passed = block.checks?.[index];
            const bullet = passed === undefined ? '•' : passed ? colors.green('✓') : colors.red('✗');
            return `  ${bullet} ${paint(printable(cell.text), cell.tone)}`;
          })
          .join('\n');
      case 'table':
        return table(block.head, block.rows);
    }
  };

  return `${blocks.map(renderBlock).join('\n\n')}\n`;
}

/** Shares the width out: narrow columns get what they need, wide ones split the rest. Two columns of gap each. */
function columnWidths(wanted: readonly number[], total: number): number[] {
  const gap = 2;
  const available = Math.max(total - gap * (wanted.length - 1), wanted.length * 8);
  const widths = [...wanted];
  const sum = (): number => widths.reduce((all, width) => all + width, 0);
  while (sum() > available) {
    const widest = widths.indexOf(Math.max(...widths));
    const next = Math.max(...widths.map((width, index) => (index === widest ? 0 : width)), 8);
    const cut = Math.min(sum() - available, Math.max(1, (widths[widest] ?? 0) - next));
    widths[widest] = (widths[widest] ?? 0) - cut;
  }
  return widths.map((width) => Math.max(width, 1));
}
