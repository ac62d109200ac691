import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretValues } from '../../src/secrets/in-memory.ts';
import { redactor } from '../../src/secrets/redactor.ts';

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

describe('redactor', () => {
  it.each([
    ['as it is', (value: string) => value],
    ['in JSON', (value: string) => JSON.stringify({ value })],
    ['in JSON inside of JSON', (value: string) => JSON.stringify(JSON.stringify({ value }))],
    ['in a URL', (value: string) => `https://x.test/?q=${encodeURIComponent(value)}`],
    ['in a form', (value: string) => new URLSearchParams({ value }).toString()],
    ['in Base64', (value: string) => Buffer.from(value).toString('base64')],
    ['in Base64 of a longer text', (value: string) => Buffer.from(`ab: ${value}, more`).toString('base64')],
    ['in URL-safe Base64', (value: string) => Buffer.from(`user:${value}`).toString('base64url')],
  ])('takes a secret out that stands there %s', (_name, spell) => {
    const redacted = redactor(new SecretValues({ TOKEN: canary }))(`before ${spell(canary)} after`);
    expect(redacted).toContain('«secret TOKEN»');
    for (const form of [canary, 'canary', encodeURIComponent(canary), Buffer.from(canary).toString('base64')])
      expect(redacted).not.toContain(form);
    expect(redacted).toMatch(/^before .* after$/);
  });

  it('takes the longer one out first where one secret holds another', () => {
    const redact = redactor(new SecretValues({ SHORT: 'hunter2x', LONG: 'mysql://hunter2x@db' }));
    expect(redact('at mysql://hunter2x@db with hunter2x')).toBe('at «secret LONG» with «secret SHORT»');
  });

  it('leaves words alone that are too short to be secrets', () => {
    expect(redactor(new SecretValues({ ON: 'on', ONE: '1' }))('on line 1')).toBe('on line 1');
  });

  it('leaves no secret in any text around it', () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 8, maxLength: 40, unit: 'grapheme' })
          .filter((text) => text.trim().length >= 8),
        fc.string({ maxLength: 30 }),
        (secret, around) => {
          const redact = redactor(new SecretValues({ K: secret }));
          expect(redact(`x ${secret} y`)).toBe('x «secret K» y');
          const encoded = Buffer.from(around + secret).toString('base64');
          expect(redact(encoded)).toContain('«secret K»');
        },
      ),
    );
  });
});
