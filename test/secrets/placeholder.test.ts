import { describe, expect, it } from 'vitest';
import { placeholderFor } from '../../src/secrets/placeholder.ts';
import { sampleOf } from '../../src/secrets/sample-pattern.ts';

const of = (type: string | null, ...conditions: string[]): string =>
  placeholderFor(
    {
      name: 'x',
      type,
      validations: conditions.map((condition) => ({ line: 1, errorMessage: null, condition })),
    },
    'r4nd0m',
  );

describe('a stand-in', () => {
  it.each([
    ['string', ['startswith(var.x, "pd_")'], /^pd_standin/],
    ['string', ['startswith(var.x, "pd_") && length(var.x) == 12'], /^pd_.{9}$/],
    ['string', ['endswith(var.x, "==")', 'length(var.x) <= 10'], /^.{8}==$/],
    ['string', ['length(var.x) >= 40'], /^.{40,}$/],
    ['string', ['contains(["eu", "us"], var.x)'], /^eu$/],
    ['string', ['var.x == "on" || var.x == "off"'], /^on$/],
    [
      'string',
      ['can(regex("^sk_(?:live|test)_[A-Za-z0-9]{24}$", var.x))'],
      /^sk_(?:live|test)_[A-Za-z0-9]{24}$/,
    ],
    ['string', ['can(regex("^\\\\d{4}-\\\\w+$", var.x))'], /^\d{4}-\w+$/],
    [null, [], /^standin/],
    ['number', ['var.x >= 1024 && var.x < 65536'], /^1024$/],
    ['number', [], /^1$/],
    ['bool', [], /^true$/],
    ['list(string)', ['length(var.x) > 1'], /^\["standinr4nd0m", "standinr4nd0m"\]$/],
    ['map(string)', [], /^\{\}$/],
    [
      'object({ user = string, port = number, tags = optional(map(string)) })',
      [],
      /^\{ user = "standinr4nd0m", port = 1 \}$/,
    ],
  ] as const)('for %s with %j', (type, conditions, expected) => {
    expect(of(type, ...conditions)).toMatch(expected);
  });
});

describe('a sample of a pattern', () => {
  it.each(['^[a-f0-9]{32}$', '^(?:a|b)+c?$', '^xox[bp]-[0-9]+-[^-]+$', '^[[:alpha:]]{3}$'])(
    'fits %s',
    (pattern) => {
      expect(sampleOf(pattern)).toMatch(new RegExp(pattern.replaceAll('[:alpha:]', 'a-z')));
    },
  );

  it.each(['^(?=x)', '[', '(a'])('is not made up for %s', (pattern) => {
    expect(sampleOf(pattern)).toBeNull();
  });
});
