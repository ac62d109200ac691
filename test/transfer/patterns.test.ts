import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeTokens, wildcard } from '../../src/transfer/patterns.ts';

describe('wholeTokens', () => {
  it('finds the longest text that stands alone', () => {
    expect('dev dev-2 developer a.dev'.match(wholeTokens(['dev', 'dev-2']))).toEqual(['dev', 'dev-2', 'dev']);
  });

  it('finds nothing where there is nothing to find', () => {
    expect('anything'.match(wholeTokens([]))).toBeNull();
  });

  it('takes whatever a text holds for itself', () => {
    const texts = fc.string({ minLength: 1 }).filter((text) => !text.includes('|'));
    fc.assert(
      fc.property(texts, (text) => {
        expect(`|${text}|`.replaceAll(wholeTokens([text]), () => '')).toBe('||');
      }),
    );
  });
});

describe('wildcard', () => {
  it('takes a star for any text, and all else for itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (head, middle, tail) => {
        expect(wildcard(`${head}*${tail}`).test(`${head}${middle}${tail}`)).toBe(true);
      }),
    );
    expect(wildcard('a.c').test('abc')).toBe(false);
    expect(wildcard('a*c').test('xabc')).toBe(false);
  });
});
