import type { Block, Cell } from './blocks.ts';

/** Text that came from outside must not become markup: names and messages may hold anything. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

function inline(cell: string | Cell): string {
  if (typeof cell === 'string') return escaped(cell);
  if (!cell.code) return escaped(cell.text);
  const text = cell.text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
  // A code span that holds a backtick needs longer fences.
  const fence = text.includes('`') ? '``' : '`';
  return text === '' ? '' : `${fence}${fence.length > 1 ? ` ${text} ` : text}${fence}`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escaped(block.text)}`;
    case 'paragraph':
      return escaped(block.text);
    case 'list':
      return block.items
        .map(
          (item, index) => `- ${block.checks ? (block.checks[index] ? '[x] ' : '[ ] ') : ''}${inline(item)}`,
        )
        .join('\n');
    case 'table':
      return [
        `| ${block.head.map(escaped).join(' | ')} |`,
        `| ${block.head.map(() => '---').join(' | ')} |`,
        ...block.rows.map((row) => `| ${row.map(inline).join(' | ')} |`),
      ].join('\n');
  }
}

/** Renders blocks as GitHub-flavoured Markdown. */
export function toMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(renderBlock).join('\n\n')}\n`;
}
