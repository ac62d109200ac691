import * as fc from 'fast-check';
import markdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { type Block, code } from '../../src/report/blocks.ts';
import { toMarkdown } from '../../src/report/markdown.ts';

const parser = markdownIt({ html: true });

/** What a reader sees of inline content, in order: the kind of each piece, and its text. */
function pieces(blocks: readonly Block[]): (readonly [string, string])[] {
  return parser
    .parse(toMarkdown(blocks), {})
    .flatMap(({ type, content, children }) => {
      if (type !== 'inline') return content === '' ? [] : [[type, content] as const];
      return (children ?? []).map((child) => [child.type, child.content] as const);
    })
    .filter(([type, content]) => type !== 'text' || content !== '');
}

/** Text as names and messages from outside may be: full of what Markdown takes for its own. */
const hostile = fc
  .array(fc.constantFrom('`', '``', '```', '|', '\\', ' ', 'a', '<b>', '*', '[x](y)', '\n', '&amp;', '~'), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

/** White space of any kind is one space: a report has no line breaks inside a name. */
const shown = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('code in Markdown', () => {
  it.each([
    ['a``b', '``` a``b ```'],
    ['`', '`` ` ``'],
    ['``', '``` `` ```'],
    ['a`', '`` a` ``'],
    [' a ', '`  a  `'],
    ['a', '`a`'],
  ])('%j is fenced as %j', (text, wanted) => {
    expect(toMarkdown([{ kind: 'list', items: [code(text)] }])).toBe(`- ${wanted}\n`);
  });

  it('reads back as it was in a list, and nothing breaks out', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(pieces([{ kind: 'list', items: [code(text)] }])).toEqual([['code_inline', shown(text)]]);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads back as it was in a table, beside its neighbours', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const table = { kind: 'table', head: ['A', 'B'], rows: [[code(text), 'after']] } as const;
        expect(pieces([table])).toEqual([
          ['text', 'A'],
          ['text', 'B'],
          ['code_inline', shown(text)],
          ['text', 'after'],
        ]);
      }),
      { numRuns: 2000 },
    );
  });
});
