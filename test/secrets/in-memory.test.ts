import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SecretValues } from '../../src/secrets/in-memory.ts';

const canary = 'canary-7f3a"9/+ü secret';

describe('SecretValues', () => {
  const values = new SecretValues({ TOKEN: canary, EMPTY: '' });

  it('shows no value, however it is printed', () => {
    const holder = { nested: { values }, list: [values] };
    const shown = [
      String(values),
      [values].join(),
      JSON.stringify(holder),
      inspect(holder, { depth: 10, showHidden: true, getters: true }),
      inspect(values, { customInspect: false, showHidden: true, depth: 10 }),
      JSON.stringify(structuredClone(values)),
      String(new Error(`failed with ${String(values)}`)),
      Object.keys(values).join(),
    ];
    for (const text of shown) expect(text).not.toContain('canary');
    expect(String(values)).toBe('«2 secrets»');
  });

  it('gives values only where they are asked for by name', () => {
    expect(values.reveal('TOKEN')).toBe(canary);
    expect(values.reveal('OTHER')).toBeUndefined();
    expect(values.keys()).toEqual(['EMPTY', 'TOKEN']);
    expect([values.has('EMPTY'), values.hasValue('EMPTY'), values.hasValue('TOKEN')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('is not changed by what is made from it', () => {
    const more = values.with('A', '1').merge(new SecretValues({ TOKEN: 'other' }));
    expect(values.size).toBe(2);
    expect([more.reveal('TOKEN'), more.reveal('A')]).toEqual(['other', '1']);
    expect(more.only((key) => key === 'A').keys()).toEqual(['A']);
    expect(values.sameValue('TOKEN', more)).toBe(false);
    expect(values.sameValue('EMPTY', values)).toBe(false);
  });
});
