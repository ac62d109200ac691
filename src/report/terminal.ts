import { createColors } from 'picocolors';
import type { Block, Cell, Tone } from './blocks.ts';
import { columnsOf } from './columns.ts';
import { printable } from './foreign-text.ts';
import { wrap } from './wrap.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal; tables are wrapped to it. */
  readonly width: number;
  /** Breaks other texts between words, too. Not for what is read by programs: they look for whole lines. */
  readonly fill?: boolean;
}

/** Less than this for a column, and nobody can read a table: each row then becomes a list of its cells. */
const leastColumn = 12;

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
    const wanted = head.map((_, column) =>
      Math.max(...texts.map((row) => columnsOf(printable(row[column]?.text ?? '')))),
    );
    const room = options.width - 2 - gap * (head.length - 1);
    const needed = wanted.reduce((all, each) => all + each, 0);
    if (needed > room && room < leastColumn * head.length)
      return rows.map((row) => asList(head, row.map(asCell))).join('\n\n');
    const widths = columnWidths(wanted, room);
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
              paint(text, cells[column]?.tone) +
              ' '.repeat(Math.max(0, (widths[column] ?? 0) - columnsOf(text)))
            );
          })
          .join(' '.repeat(gap))
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

  const asList = (head: readonly string[], cells: readonly Cell[]): string => {
    const label = Math.max(...head.map(columnsOf)) + gap;
    return cells
      .flatMap(({ text, tone }, column) => {
        const [first = '', ...more] = wrap(printable(text), Math.max(1, options.width - 2 - label)).split(
          '\n',
        );
        if (text === '') return [];
        const title = head[column] ?? '';
        return [
          `  ${colors.dim(title)}${' '.repeat(label - columnsOf(title))}${paint(first, tone)}`,
          ...more.map((line) => `  ${' '.repeat(label)}${paint(line, tone)}`),
        ];
      })
      .join('\n');
  };

  /** Lines of a text that is no table, the ones after the first as far in as its words begin. */
  const filled = (text: string, indent: number, tone?: Tone): string => {
    const lines = options.fill
      ? wrap(printable(text), Math.max(1, options.width - indent), { keepWords: true }).split('\n')
      : [printable(text)];
    return lines.map((line) => paint(line, tone)).join(`\n${' '.repeat(indent)}`);
  };

  const renderBlock = (block: Block): string => {
    switch (block.kind) {
      case 'heading':
        return block.level === 3
          ? `  ${colors.bold(printable(block.text))}`
          : colors.bold(colors.cyan(printable(block.text)));
      case 'paragraph':
        return `  ${filled(block.text, 2, block.tone)}`;
      case 'list':
        return block.items
          .map((item, index) => {
            const cell = asCell(item);
            const passed = block.checks?.[index];
            const bullet = passed === undefined ? '•' : passed ? colors.green('✓') : colors.red('✗');
            return `  ${bullet} ${filled(cell.text, 4, cell.tone)}`;
          })
          .join('\n');
      case 'table':
        return table(block.head, block.rows);
    }
  };

  return `${blocks.map(renderBlock).join('\n\n')}\n`;
}

const gap = 2;

/** Shares the width out: narrow columns get what they need, wide ones split the rest. */
function columnWidths(wanted: readonly number[], room: number): number[] {
  const available = Math.max(room, wanted.length * 8);
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
