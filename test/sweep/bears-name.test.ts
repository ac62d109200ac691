import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spellings } from '../../src/environment/rename.ts';
import { createNameMatcher } from '../../src/sweep/bears-name.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9]{1,8}$/);
const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('-'));
const separator = fc.constantFrom('-', '_', '/', '.', ':');

describe('bears the name', () => {
  const bears = createNameMatcher('feature-auth', ['dev', 'feature-auth-x', 'feature']);

  it.each([
    'feature-auth',
    'bot-feature-auth',
    '/aws/lambda/bot-feature-auth',
    'feature-auth-bot',
    'bot_feature_auth_table',
    'BOT_FEATURE_AUTH',
    'botdb.featureauth',
    'arn:aws:sqs:eu-west-1:1:jobs-feature-auth.fifo',
    'feature-auth-20261124',
    'feature-auth-2026-queue-feature-auth',
    '機能/feature-auth/$&(.*)[a-',
    `${'x'.repeat(240)}-feature-auth`,
  ])('%s', (text) => {
    expect(bears(text)).toBe(true);
  });

  it.each([
    'feature-auth-2',
    'bot-feature-auth-2',
    'bot-feature-auth-1234',
    'feature_auth_2',
    'feature-auth-x',
    'bot-feature-auth-x-queue',
    'feature-authority',
    'myfeature-auth',
    'feature-auth2',
    'feature',
    'dev',
    '',
    'éfeature-auth',
    'feature-authé',
    'feature-auth機能',
    'feature-auth-٢',
    '.*feature.auth[',
    `${'x'.repeat(240)}feature-auth`,
  ])('not %s', (text) => {
    expect(bears(text)).toBe(false);
  });
});

describe('for any name', () => {
  it('is found as a whole token, in every spelling', () => {
    fc.assert(
      fc.property(name, word, separator, (environment, other, between) => {
        const bears = createNameMatcher(environment, []);
        for (const spelling of spellings(environment)) {
          expect(bears(spelling)).toBe(true);
          expect(bears(`${other}${between}${spelling}`)).toBe(true);
        }
      }),
    );
  });

  it('is never found within a longer word', () => {
    fc.assert(
      fc.property(name, fc.stringMatching(/^[a-z0-9]{1,5}$/), (environment, more) => {
        const bears = createNameMatcher(environment, []);
        // A compact spelling may be the longer word itself: only plain names of one word have none.
        fc.pre(!environment.includes('-'));
        expect(bears(`${environment}${more}`)).toBe(false);
        expect(bears(`x9${environment}`)).toBe(false);
      }),
    );
  });

  it('is never found in that of a second environment with a number', () => {
    fc.assert(
      fc.property(name, word, fc.integer({ min: 0, max: 99_999 }), (environment, prefix, number) => {
        fc.pre(prefix !== environment);
        const bears = createNameMatcher(environment, []);
        expect(bears(`${environment}-${number}`)).toBe(false);
        expect(bears(`${environment}_${number}`)).toBe(false);
      }),
    );
  });

  it('is never found in that of a known environment which begins or ends with it', () => {
    fc.assert(
      fc.property(name, word, word, (environment, before, after) => {
        const longer = `${environment}-${after}`;
        const ending = `${before}-${environment}`;
        fc.pre(
          longer !== environment && ![before, after].some((each) => spellings(environment).includes(each)),
        );
        fc.pre(!spellings(environment).some((each) => before.includes(each) || after.includes(each)));
        const bears = createNameMatcher(environment, [longer, ending]);
        expect(bears(longer)).toBe(false);
        expect(bears(`queue/${longer}`)).toBe(false);
        expect(bears(ending)).toBe(false);
      }),
    );
  });
});
