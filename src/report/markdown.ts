import type { Block, Cell } from './blocks.ts';

/** Text that came from outside must not become markup: names and messages may hold anything. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

/**
 * A code span that reads back as the text it was made of (CommonMark 0.31, section 6.1): its fence is longer than any
 * run of backticks in it, and it is padded where it would otherwise lose a space or grow its fence by a backtick.
 *
 * @param inTable there a bar would end the cell, code or not (GFM 0.29, section 4.10)
 */
function codeSpan(raw: string, inTable: boolean): string {
  const spaced = raw.replaceAll(/\s+/g, ' ');
  if (spaced === '') return '';
  const text = inTable ? spaced.replaceAll('|', '\\|') : spaced;
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const trimmed = text.startsWith(' ') && text.endsWith(' ') && text.trim() !== '';
  const pad = longest > 0 || trimmed ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

function inline(cell: string | Cell, inTable: boolean): string {
  if (typeof cell === 'string') return escaped(cell);
  return cell.code ? codeSpan(cell.text, inTable) : escaped(cell.text);
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
          (item, index) =>
            `- ${block.checks ? (block.checks[index] ? '[x] ' : '[ ] ') : ''}${inline(item, false)}`,
        )
        .join('\n');
    case 'table':
      return [
        `| ${block.head.map(escaped).join(' | ')} |`,
        `| ${block.head.map(() => '---').join(' | ')} |`,
        ...block.rows.map((row) => `| ${row.map((cell) => inline(cell, true)).join(' | ')} |`),
      ].join('\n');
  }
}

/** Renders blocks as GitHub-flavoured Markdown. */
export function toMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(renderBlock).join('\n\n')}\n`;
}
