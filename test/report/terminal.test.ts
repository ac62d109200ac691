import { assert, constantFrom, array, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
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

it('leaves no empty line over a table without a head', () => {
  const table = { kind: 'table', head: ['', ''], rows: [['State', 'verified']] } as const;
  expect(toTerminal([table], { color: false, width: 80 }).trimEnd()).toBe('  State  verified');
});

describe('foreign texts', () => {
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
    expect(text).toContain('x\\|y');
  });
});
