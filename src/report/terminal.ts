import Table from 'cli-table3';
import { createColors } from 'picocolors';
import wrapAnsi from 'wrap-ansi';
import type { Block, Cell, Tone } from './blocks.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal; tables are wrapped to it. */
  readonly width: number;
}

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '  ',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

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
    const rendered = new Table({
      chars: noBorders,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
      colWidths: widths,
    });
    rendered.push(head.map((text) => colors.dim(text)));
    for (const row of rows) {
      // Words that are longer than their column (ARNs, addresses) are broken, all others stay whole.
      rendered.push(
        row
          .map(asCell)
          .map((cell, column) =>
            paint(wrapAnsi(printable(cell.text), widths[column] ?? options.width, { hard: true }), cell.tone),
          ),
      );
    }
    return rendered
      .toString()
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n');
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
