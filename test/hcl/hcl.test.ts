import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { expressionFacts } from '../../src/hcl/facts.ts';
import { parseJsonSource } from '../../src/hcl/json-source.ts';
import { createHclParser, type HclParser } from '../../src/hcl/parser.ts';
import { applyEdits, lineStarts, positionOf, shown } from '../../src/hcl/text.ts';
import { literalValue, toHcl } from '../../src/hcl/values.ts';
import { isProvisionError, type ProvisionError } from '../../src/transfer/errors.ts';
import type { Json } from '../../src/transfer/json.ts';

let hcl: HclParser;
beforeAll(async () => {
  hcl = await createHclParser();
});

const valueOf = (expression: string): Json | undefined => {
  const parsed = hcl.parseExpression(expression);
  if (!parsed) throw new Error(`does not parse: ${expression}`);
  return literalValue(parsed.node, parsed.text)?.value;
};

function refusal(parse: () => unknown): ProvisionError | null {
  try {
    parse();
    return null;
  } catch (thrown) {
    if (isProvisionError(thrown)) return thrown;
    throw thrown;
  }
}

describe('literal values', () => {
  // What `terraform console` makes of them.
  it.each<readonly [string, Json | undefined]>([
    ['"a"', 'a'],
    ['"  a  "', '  a  '],
    ['" # a // b /* c */"', ' # a // b /* c */'],
    ['""', ''],
    [
      String.raw`"tab\t nl\n q\" bs\\ u\u00e9 \U0001F600 $` + '${x} %%{y} $ % $x"',
      'tab\t nl\n q" bs\\ ué 😀 ${x} %{y} $ % $x',
    ],
    ['12', 12],
    ['-1.5', -1.5],
    ['1e5', 100_000],
    ['1.5e-3', 0.0015],
    ['true', true],
    ['null', null],
    ['(1)', 1],
    ['[1, "2", true, null,]', [1, '2', true, null]],
    ['{ a = 1, "b c" : 2\n (true) = 3 }', { a: 1, 'b c': 2, true: 3 }],
    ['{}', {}],
    ['<<EOT\n x $${y} \\n "q"\nEOT', ' x ${y} \\n "q"\n'],
    ['<<EOT\nEOT', ''],
    ['<<-EOT\n      one\n        two\n\n    three\n  EOT', '  one\n    two\n\nthree\n'],
    ['<<-EOT\n      one\n  \n    three\n  EOT', '  one\n  \nthree\n'],
    ['<<-EOT\n\ttabbed\n\t  more\n\tEOT', 'tabbed\n  more\n'],
    ['"${x}"', undefined],
    ['var.x', undefined],
    ['[var.x]', undefined],
    ['1 + 2', undefined],
    ['f(1)', undefined],
  ])('%s', (expression, value) => {
    expect(valueOf(expression)).toEqual(value);
  });

  it('of any JSON value written as HCL is the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }) as fc.Arbitrary<Json>, (value) => {
        const number = JSON.stringify(value);
        fc.pre(!/e\+?\d{3}/.test(number));
        expect(valueOf(toHcl(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('facts of an expression', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['var.x', ['var.x'], []],
    ['"a-${var.x}-b"', ['var.x'], ['a-', '-b']],
    ['"  ${var.x} "', ['var.x'], ['  ', ' ']],
    ['aws_x.y.z', ['aws_x.y.z'], []],
    ['aws_x.y[0].arn', ['aws_x.y[0].arn'], []],
    ['aws_x.y.0.arn', ['aws_x.y[0].arn'], []],
    ['aws_x.y["eu"].arn', ['aws_x.y["eu"].arn'], []],
    ['aws_x.y[each.key].arn', ['aws_x.y[*].arn', 'each.key'], []],
    ['aws_x.y[*].arn', ['aws_x.y[*].arn'], []],
    ['aws_x.y.*.arn', ['aws_x.y[*].arn'], []],
    ['data.a.b.c', ['data.a.b.c'], []],
    ['module.m.out', ['module.m.out'], []],
    ['{ a = local.b, "c" = "d" }', ['local.b'], ['c', 'd']],
    ['{ (var.k) = 1 }', ['var.k'], []],
    ['jsonencode({ R = [aws_x.y.arn, "arn:aws:s3:::b/*"] })', ['aws_x.y.arn'], ['arn:aws:s3:::b/*']],
    ['[for k, v in var.m : "${k}-${v.id}-${local.z}" if v.on]', ['var.m', 'local.z'], ['-']],
    ['{ for s in var.l : s => upper(s)... }', ['var.l'], []],
    ['var.a ? "x" : local.b', ['var.a', 'local.b'], ['x']],
    [
      '<<-EOT\n  dev ${var.a}\n  %{ for x in var.b ~}\n  ${x}\n  %{ endfor ~}\nEOT',
      ['var.a', 'var.b'],
      ['  dev ', '\n  ', '\n'],
    ],
    ['"%{ if var.a }dev-${var.b} %{ else }prod%{ endif }!"', ['var.a', 'var.b'], ['!', 'dev-', ' ', 'prod']],
    ['(var.a)', ['var.a'], []],
    ['5', [], []],
  ])('%s', (expression, references, literals) => {
    const parsed = hcl.parseExpression(expression);
    if (!parsed) throw new Error('does not parse');
    const facts = expressionFacts(parsed.node, parsed.text, 1);
    expect(facts.references).toEqual(references);
    expect(facts.literals).toEqual(literals);
  });
});

describe('syntax errors', () => {
  it.each<readonly [string, string, number, number, RegExp]>([
    ['an open string', 'a = 1\nb = "dev\nc = 2\n', 2, 5, /string that begins here is not closed/],
    ['an open string at the end', 'a = 1\nb = "dev', 2, 5, /string that begins here is never closed/],
    [
      'an open string in a block',
      'x {\n  a = 1\n  b = "x\n}\n',
      3,
      7,
      /string that begins here is not closed/,
    ],
    ['an open heredoc', 'a = 1\nb = <<EOT\nx\n', 2, 5, /heredoc that begins here is never closed/],
    ['an open block', 'x "y" {\n a = 1\n', 1, 1, /is never closed|not closed/],
    ['an open list', 'x "y" {\n  b = [1,\n}\nc = 2\n', 2, 7, /`\[` here is not closed/],
    ['no value', 'a = \nb = 2\n', 1, 3, /./],
    ['a value on the next line', 'a =\n 1\n', 1, 3, /no value on the line/],
    ['no equals sign', 'a = 1\nb 2\n', 2, 1, /not understood/],
    ['no opening quote', 'a = 1\nenvironment = dev"\nb = 1\n', 2, 15, /not understood|not closed/],
    ['two on a line', 'a = 1 b = 2\n', 1, 7, /two arguments stand on one line/],
    ['no comma', 'a = 1\nb = [1 2]\n', 2, 5, /not closed|not understood/],
    ['twice the same', 'a = 1\na = 2\n', 2, 1, /`a` is set twice/],
  ])('%s', (_, text, line, column, message) => {
    const error = refusal(() => hcl.parse(text, 'x.tfvars', 'var-file-invalid'));
    expect(error).toMatchObject({ code: 'var-file-invalid', exitCode: 2 });
    expect(error?.message).toMatch(message);
    expect(error?.where).toEqual({ file: 'x.tfvars', line, column });
  });

  it('never quote what stands in the file', () => {
    const error = refusal(() => hcl.parse('password = hunter2"\n', 'x.tfvars'));
    expect(JSON.stringify([error?.message, error?.hint])).not.toContain('hunter2');
  });

  it('are none in what Terraform accepts', () => {
    const text = `\uFEFF# comment
a = 1e5 # exponent
b = [
  <<-EOT
    "x" # $ % \\
  EOT
  ,
  "\${b["x-\${c}"]}", /* c */
]
x "y" z {}
c = provider::aws::arn_parse("x")
d = a ? b : c
for = 1
e = { null = 1, if = 2 }
f = "%{ if x ~} y %{ else }z%{ endif }"`;
    for (const lineEnd of ['\n', '\r\n']) {
      const file = hcl.parse(text.replaceAll('\n', lineEnd), 'x.tf');
      expect(file.body.attributes.map((attribute) => attribute.name)).toEqual([
        'a',
        'b',
        'c',
        'd',
        'for',
        'e',
        'f',
      ]);
      expect(file.body.blocks).toMatchObject([{ type: 'x', labels: ['y', 'z'], line: 10 }]);
    }
  });

  it('whatever the text: it parses, or is refused with a place inside it', () => {
    const pieces = fc.constantFrom(
      'a',
      '=',
      ' ',
      '\n',
      '"',
      '{',
      '}',
      '[',
      ']',
      '1',
      '${',
      '%{',
      '<<E\n',
      'E\n',
      '#',
      '/*',
      ',',
      '.',
      '\\',
      'é',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
        const text = parts.join('');
        const error = refusal(() => hcl.parse(text, 'x.tf'));
        if (error === null) return;
        expect(error.code).toBe('configuration-invalid');
        expect(error.where?.line).toBeLessThanOrEqual(text.split('\n').length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('JSON with places', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(
        fc.json({ stringUnit: 'grapheme' }),
        fc.constantFrom(undefined, 2, '\t'),
        (text, indentation) => {
          const value: unknown = JSON.parse(text);
          const source = JSON.stringify(value, null, indentation);
          expect(parseJsonSource(source, 'x.json').root.value).toEqual(value);
        },
      ),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            '"',
            'a',
            ':',
            ',',
            '1',
            '-',
            '.',
            'null',
            ' ',
            '\n',
            '\\',
            'u00e9',
          ),
          { maxLength: 12 },
        ),
        (parts) => {
          const text = parts.join('');
          let valid = true;
          try {
            JSON.parse(text);
          } catch {
            valid = false;
          }
          expect(refusal(() => parseJsonSource(text, 'x.json')) === null).toBe(valid);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('says where it is broken', () => {
    const error = refusal(() => parseJsonSource('{\n  "a": 1,\n  "b" 2\n}', 'x.json'));
    expect(error?.where).toEqual({ file: 'x.json', line: 3, column: 7 });
    expect(error?.message).toContain('a `:` is missing here');
  });
});

it('finds line and column of every offset', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n')), fc.nat(), (parts, at) => {
      const text = parts.join('');
      const offset = text.length === 0 ? 0 : at % (text.length + 1);
      const before = text.slice(0, offset).split('\n');
      expect(positionOf(lineStarts(text), offset)).toEqual({
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1,
      });
    }),
  );
});

it('refuses edits that overlap', () => {
  expect(
    applyEdits('abcdef', [
      { start: 4, end: 5, text: 'X' },
      { start: 0, end: 2, text: '' },
    ]),
  ).toBe('cdXf');
  expect(() =>
    applyEdits('abc', [
      { start: 0, end: 2, text: '' },
      { start: 1, end: 3, text: '' },
    ]),
  ).toThrow(RangeError);
});

it('shows hostile text on one line', () => {
  expect(shown('a\n\u001b[31m\u202e\u0085')).toBe(String.raw`"a\n\u001b[31m\u202e\u0085"`);
  expect(shown('x'.repeat(100)).length).toBeLessThan(70);
});
