import * as fc from 'fast-check';
import markdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { type Block, code } from '../../src/report/blocks.ts';
import { toMarkdown } from '../../src/report/markdown.ts';

const parser = markdownIt({ html: true, linkify: true });

/** What a reader sees of inline content, in order: the kind of each piece, and its text. */
function pieces(blocks: readonly Block[]): (readonly [string, string])[] {
  const all = parser
    .parse(toMarkdown(blocks), {})
    .flatMap(({ type, content, children }) => {
      if (type !== 'inline') return content === '' ? [] : [[type, content] as const];
      return (children ?? []).map((child) => [child.type, child.content] as const);
    })
    .filter(([type, content]) => type !== 'text' || content !== '');
  // Code is code to a reader, however it is written.
  const seen: (readonly [string, string])[] = [];
  for (let index = 0; index < all.length; index += 1) {
    const [type, content] = all[index] ?? ['', ''];
    if (type === 'html_inline' && content === '<code>') {
      const end = all.findIndex(
        ([kind, text], at) => at > index && kind === 'html_inline' && text === '</code>',
      );
      seen.push([
        'code',
        all
          .slice(index + 1, end)
          .map(([, text]) => text)
          .join(''),
      ]);
      index = end;
    } else seen.push([type === 'code_inline' ? 'code' : type, content]);
  }
  return seen;
}

/** Text as names and messages from outside may be: full of what Markdown takes for its own. */
const hostile = fc
  .array(
    fc.constantFrom(
      '`',
      '``',
      '```',
      '|',
      '\\',
      ' ',
      'a',
      '<b>',
      '*',
      '[x](y)',
      '\n',
      '&amp;',
      '&#64;',
      '~',
      '~~',
      '$',
      '^',

      '@team',
      'a@b.test',
      '#12',
      'o/r#3',
      'GH-4',
      '!5',
      'https://x.test',
      'www.x.test',
      'feedfacecafe',
      ':white_check_mark:',
      '~"bug"',
      'GL-8',
      '[-',
      '+}',
      '/merge',
      '1. ',

      '- ',
      '+ ',
      '= ',
      '# ',
      '> ',
      '::',
      '<!--',
      '-->',
      '</code>',
      '</details>',
      '![',
      '日報',
      '\u202E',
      '\u001B',
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** White space of any kind is one space, none at the ends: a report has no line breaks inside a name. */
const shown = (text: string): string =>
  text.replaceAll('\u001B', ' ').replaceAll('\u202E', '\uFFFD').replaceAll(/\s+/g, ' ').trim();
const asCode = (text: string): (readonly [string, string])[] =>
  shown(text) === '' ? [] : [['code', shown(text)]];

describe('code in Markdown', () => {
  it.each([
    ['a``b', '<code>a&#96;&#96;b</code>'],
    ['`', '<code>&#96;</code>'],
    ['a|b', '<code>a&#124;b</code>'],
    [' a ', '`a`'],
    ['aws_x.y["k"]', '`aws_x.y["k"]`'],
    ['@team', '`@team`'],
  ])('%j is written as %j', (text, wanted) => {
    expect(toMarkdown([{ kind: 'list', items: [code(text)] }])).toBe(`- ${wanted}\n`);
  });

  it('reads back as it was in a list, and nothing breaks out', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(pieces([{ kind: 'list', items: [code(text)] }])).toEqual(asCode(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads back as it was in a table, beside its neighbours', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const table = { kind: 'table', head: ['A', 'B'], rows: [[code(text), 'after']] } as const;
        expect(pieces([table])).toEqual([['text', 'A'], ['text', 'B'], ...asCode(text), ['text', 'after']]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('plain text in Markdown', () => {
  const places: readonly ((text: string) => Block)[] = [
    (text) => ({ kind: 'paragraph', text }),
    (text) => ({ kind: 'heading', level: 2, text }),
    (text) => ({ kind: 'list', items: [text], checks: [true] }),
    (text) => ({ kind: 'table', head: ['A'], rows: [[text]] }),
  ];

  it('reads back as it was, and is no markup, no mention, no reference and no link', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(...places), (text, place) => {
        const seen = pieces([place(text)]).filter(([, content]) => content !== 'A');
        expect(seen.every(([type]) => type === 'text' || type === 'code')).toBe(true);
        const all = seen.map(([, content]) => content).join('');
        expect(place === places[2] ? all.replace(/^\[x\] ?/, '') : all).toBe(shown(text));
        // GitHub and GitLab look for these in the text that a reader sees, code excepted.
        const plain = seen.filter(([type]) => type === 'text').map(([, content]) => content);
        expect(plain.join('\n')).not.toMatch(
          /@\w|#\d|:\/\/|www\.|\bG[HL]-\d|(?<!\w)(?:!\d|~"b)|\bfeedfacecafe\b|:white_check_mark:|\[-|\+\}/,
        );
        // GitLab does what such a line says, with the rights of who wrote the comment.
        expect(toMarkdown([place(text)])).not.toMatch(/^\/\w/m);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['ask @acme/team about #12', 'ask <code>&#64;acme&#47;team</code> about <code>&#35;12</code>'],
    ['see https://x.test/a', 'see <code>https&#58;&#47;&#47;x&#46;test&#47;a</code>'],
    ['\u001B[31mred\u202E', '\\[31mred\uFFFD'],
    ['::error::x', '<code>&#58;&#58;error&#58;&#58;x</code>'],
    [':: x', '&#58;: x'],
    ['12. a', '12&#46; a'],
    ['/merge', '&#47;merge'],
    ['all :white_check_mark: at 12:30:45', 'all <code>&#58;white&#95;check&#95;mark&#58;</code> at 12:30:45'],
    ['a_b costs $5', 'a\\_b costs &#36;5'],
  ])('%j is written as %j', (text, wanted) => {
    expect(toMarkdown([{ kind: 'paragraph', text }])).toBe(`${wanted}\n`);
  });
});
