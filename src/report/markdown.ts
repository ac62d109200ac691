import type { Block, Cell } from './blocks.ts';
import { markdownCode, markdownText } from './markdown-text.ts';

function inline(cell: string | Cell): string {
  if (typeof cell === 'string') return markdownText(cell);
  return cell.code ? markdownCode(cell.text) : markdownText(cell.text);
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${markdownText(block.text)}`;
    case 'paragraph':
      return markdownText(block.text);
    case 'list':
      return block.items
        .map(
          (item, index) => `- ${block.checks ? (block.checks[index] ? '[x] ' : '[ ] ') : ''}${inline(item)}`,
        )
        .join('\n');
    case 'table':
      return [
        `| ${block.head.map(markdownText).join(' | ')} |`,
        `| ${block.head.map(() => '---').join(' | ')} |`,
        ...block.rows.map((row) => `| ${row.map((cell) => inline(cell)).join(' | ')} |`),
      ].join('\n');
  }
}

/** Renders blocks as GitHub-flavoured Markdown. */
export function toMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(renderBlock).join('\n\n')}\n`;
}
