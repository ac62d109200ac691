import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/schema.ts';
import { nearNames } from '../../src/environment/near-names.ts';
import {
  checkEnvironmentName,
  checkExistingName,
  checkTransferNames,
  isProtected,
  longestName,
  suggestName,
} from '../../src/environment/names.ts';
import { isProvisionError, type ProvisionError } from '../../src/transfer/errors.ts';

function refusal(check: () => void): ProvisionError | null {
  try {
    check();
    return null;
  } catch (thrown) {
    if (isProvisionError(thrown)) return thrown;
    throw thrown;
  }
}

const pattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

describe('names of new environments', () => {
  it.each(['dev', 'staging', 'prod', 'feature-auth', 'feature-auth-2', 'a', 'x1', 'a'.repeat(32)])(
    'allows %s',
    (name) => {
      expect(refusal(() => checkEnvironmentName(name))).toBeNull();
    },
  );

  it.each<readonly [string, RegExp, string | null]>([
    ['', /is empty/, null],
    ['   ', /is blank/, null],
    ['Feature/Auth', /has a slash/, 'feature-auth'],
    ['feature/auth', /has a slash/, 'feature-auth'],
    ['refs/heads/feature/auth', /has a slash/, 'feature-auth'],
    ['FEATURE', /upper-case/, 'feature'],
    ['featureAuth', /upper-case/, 'feature-auth'],
    ['feature_auth', /has "_" in it/, 'feature-auth'],
    ['feature auth', /has a space/, 'feature-auth'],
    ['../etc/passwd', /has `\.\.`/, 'etc-passwd'],
    ['a..b', /has `\.\.`/, 'a-b'],
    ['a.b', /has "\." in it/, 'a-b'],
    ['a\nb', /line break/, 'a-b'],
    ['a\u0000b', /control character/, 'a-b'],
    ['a\u001b[31mb', /control character/, 'a-31mb'],
    ['$(rm -rf ~)', /has a space/, 'rm-rf'],
    ['$(id)', /has "\$" in it/, 'id'],
    ['`id`', /has a quote/, 'id'],
    ["a'b", /has a quote/, 'a-b'],
    ['a"b', /has a quote/, 'a-b'],
    ['a;b', /has ";" in it/, 'a-b'],
    ['a\\b', /has a slash/, 'a-b'],
    ['-a', /starts with a hyphen/, 'a'],
    ['--yes', /starts with a hyphen/, 'yes'],
    ['1a', /starts with a digit/, 'a'],
    ['a-', /ends with a hyphen/, 'a'],
    ['a--b', /two hyphens/, 'a-b'],
    ['café', /has "é" in it/, 'cafe'],
    ['日本', /in it/, null],
    ['fea\u200bture', /in it/, 'fea-ture'],
    ['a'.repeat(33), /has 33 characters/, 'a'.repeat(32)],
    ['x'.repeat(100_000), /has 100000 characters/, 'x'.repeat(32)],
    ['default', /reserved/, null],
    ['terraform', /reserved/, null],
    ['global', /reserved/, null],
    ['shared', /reserved/, null],
    ['none', /reserved/, null],
    ['all', /reserved/, null],
    ['con', /reserved/, null],
  ])('refuses %j', (name, problem, suggestion) => {
    const error = refusal(() => checkEnvironmentName(name));
    expect(error).toMatchObject({ code: 'name-invalid', exitCode: 2 });
    expect(error?.message).toMatch(problem);
    expect(error?.hint).toContain('lower-case letters, digits and single hyphens');
    expect(suggestName(name)).toBe(suggestion);
    expect(/Try `(.*)`/.exec(error?.hint ?? '')?.[1] ?? null).toBe(suggestion);
  });

  it('whatever the text: it is allowed, or refused on one short printable line', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ maxLength: 40 }),
          fc.stringMatching(/^[a-z0-9-]{0,40}$/),
        ),
        (name) => {
          const error = refusal(() => checkEnvironmentName(name));
          const allowed = pattern.test(name) && name.length <= longestName;
          const printable = error !== null && !/\p{Cc}/u.test(error.message) && error.message.length < 500;
          expect(error === null ? allowed : printable).toBe(true);
        },
      ),
    );
  });

  it('whatever the text: what is suggested is allowed, and stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
        const suggestion = suggestName(raw);
        if (suggestion === null) return;
        expect(refusal(() => checkEnvironmentName(suggestion))).toBeNull();
        expect(suggestName(suggestion)).toBe(suggestion);
      }),
    );
  });
});

describe('names of both ends', () => {
  it.each([
    ['dev', 'dev'],
    ['Dev', 'dev'],
  ])('refuses %s onto %s', (source, target) => {
    expect(refusal(() => checkTransferNames(source, target))?.message).toContain(
      'cannot be made from itself',
    );
  });

  it.each(['', '../dev', 'a/b', 'a b', '.hidden', '-x', 'a'.repeat(65), 'a\nb'])(
    'refuses the source %j',
    (source) => {
      expect(refusal(() => checkExistingName(source))?.code).toBe('name-invalid');
    },
  );

  it('takes sources that are older than the rules', () => {
    expect(refusal(() => checkTransferNames('Prod_EU', 'feature-auth'))).toBeNull();
  });
});

it('protects the long-lived environments and those that the config names', () => {
  const config = { ...defaultConfig(), protected: ['demo'] };
  for (const name of ['dev', 'staging', 'prod', 'Prod', 'demo']) expect(isProtected(name, config)).toBe(true);
  for (const name of ['feature-auth', 'developer', 'demo-2']) expect(isProtected(name, config)).toBe(false);
  expect(isProtected('production', defaultConfig())).toBe(true);
});

it.each<readonly [string, readonly string[]]>([
  ['stagin', ['staging']],
  ['porduction', ['production']],
  ['feature', ['feature-a', 'feature-b']],
  ['xyz', []],
])('near %s are %j', (wanted, expected) => {
  expect(nearNames(wanted, ['staging', 'production', 'dev', 'feature-a', 'feature-b'])).toEqual(expected);
});
