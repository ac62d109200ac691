import { assert, constantFrom, array, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/report/blocks.ts';
import { columnsOf } from '../../src/report/columns.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { toTerminal } from '../../src/report/terminal.ts';
import { wrap } from '../../src/report/wrap.ts';

describe('wrapping', () => {
  it('keeps every line within the width and every word whole that fits', () => {
    assert(
      property(
        array(constantFrom('a', 'bb', 'arn:aws:iam', ' ', '  ')),
        integer({ min: 1, max: 30 }),
        (parts, width) => {
          const text = parts.join('');
          const lines = wrap(text, width).split('\n');
          expect(lines.every((line) => line.length <= width)).toBe(true);
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
          for (const word of text.split(' ').filter((each) => each !== '' && each.length <= width)) {
            expect(lines.some((line) => line.split(' ').includes(word))).toBe(true);
          }
        },
      ),
    );
  });

  it('takes a cell of a large project in its stride', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `aws_lambda_function.attribute_${index}`).join(
      ', ',
    );
    const started = performance.now();
    toTerminal([{ kind: 'table', head: ['How', 'What'], rows: [['renamed', text]] }], {
      color: true,
      width: 120,
    });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('a terminal', () => {
  const table: Block = {
    kind: 'table',
    head: ['Source', 'Target', 'Action', 'Why'],
    rows: [
      [
        'arn:aws:states:ap-southeast-1:123456789012:stateMachine:dr-daily-report-report-workflow-dev',
        `name-${'x'.repeat(55)}`,
        { text: 'new-credential', tone: 'good' },
        'รายงานประจำวัน "日報ボット" の鍵は環境ごとに別のものです and an emoji 🎉 at the end of it',
      ],
      ['a', 'b', '', 'd'],
    ],
  };
  const blocks: readonly Block[] = [
    { kind: 'heading', level: 1, text: 'feature-auth from dev' },
    table,
    {
      kind: 'paragraph',
      text: 'It is provisioned and waits for a person to confirm the last layer, which takes a while.',
    },
    {
      kind: 'list',
      items: ['a constraint that is long enough to need a second line: yes, it is, and a third one'],
      checks: [true],
    },
  ];

  it.each([30, 40, 60, 80, 200])('of %i columns is never written past its edge', (width) => {
    const lines = toTerminal(blocks, { color: false, width, fill: true }).split('\n');
    expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
  });

  it('of few columns gets lists instead of tables', () => {
    const [first = ''] = toTerminal([table], { color: false, width: 40 }).split('\n\n');
    expect(first.split('\n')[0]).toBe('  Source  arn:aws:states:ap-southeast-1:');
    expect(first).toContain('\n  Action  new-credential\n');
    // Nothing is said of a cell in which nothing stands.
    expect(toTerminal([table], { color: false, width: 40 })).toContain(
      '  Source  a\n  Target  b\n  Why     d\n',
    );
  });

  it('has its columns one below the other whatever the script', () => {
    const lines = toTerminal(
      [
        {
          kind: 'table',
          head: ['Name', 'What'],
          rows: [
            ['日報', 'x'],
            ['วันนี้', 'x'],
            ['plain', 'x'],
          ],
        },
      ],
      { color: false, width: 80 },
    )
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => columnsOf(line.slice(0, line.search(/What|x$/))))).toEqual([9, 9, 9, 9]);
  });

  it('parts names where they are parted, and copies URLs whole', () => {
    expect(wrap('aws_cloudwatch_log_group.function["line-bot"]', 26).split('\n')).toEqual([
      'aws_cloudwatch_log_group.',
      'function["line-bot"]',
    ]);
    const url = `https://example.com/${'x'.repeat(80)}`;
    expect(
      toTerminal([{ kind: 'paragraph', text: `see ${url} for more` }], {
        color: false,
        width: 40,
        fill: true,
      }),
    ).toBe(`  see\n  ${url}\n  for more\n`);
  });

  it('that is a pipe gets whole lines', () => {
    const text = 'word '.repeat(60).trim();
    expect(toTerminal([{ kind: 'paragraph', text }], { color: false, width: 80 })).toBe(`  ${text}\n`);
  });
});

it('leaves no empty line over a table without a head', () => {
  const table = { kind: 'table', head: ['', ''], rows: [['State', 'verified']] } as const;
  expect(toTerminal([table], { color: false, width: 80 }).trimEnd()).toBe('  State  verified');
});

describe('foreign texts', () => {
  it('turn nothing round that stands after them', () => {
    const text = toTerminal([{ kind: 'paragraph', text: 'a\u202Eb\u2066c\u2028d' }], {
      color: false,
      width: 80,
    });
    expect(text).toBe('  a\uFFFDb\uFFFDc d\n');
  });

  it('bring no control characters to the terminal', () => {
    const text = toTerminal([{ kind: 'paragraph', text: 'name\u001b[2J\u0007' }], {
      color: false,
      width: 80,
    });
    expect(text.trim()).not.toMatch(/\p{Cc}/u);
  });
  it('bring no markup into Markdown', () => {
    const text = toMarkdown([
      { kind: 'paragraph', text: '<script>alert(1)</script> [a](b) *c*' },
      { kind: 'table', head: ['a|b'], rows: [[{ text: 'x|y`z', code: true }]] },
    ]);
    expect(text).not.toContain('<script>');
    expect(text).toContain('\\[a\\]');
    expect(text).toContain('<code>x&#124;y&#96;z</code>');
  });
});
