import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRename, maskedName, spellings } from '../../src/environment/rename.ts';

const rename = createRename('dev', 'feature-auth', ['feature-auth-2', 'staging']);

/** Names that `provision-env` accepts. */
const environmentName = fc.stringMatching(/^[a-z][a-z0-9]{1,7}(-[a-z0-9]{1,6}){0,2}$/);
const separator = fc.constantFrom('-', '_', '/', ':', '.', ' ', '"');

describe('whole tokens', () => {
  it.each([
    ['device-dev', 'device-feature-auth'],
    ['dr-daily-report-line-bot-dev', 'dr-daily-report-line-bot-feature-auth'],
    ['arn:aws:sqs:eu-west-1:1:jobs-dev', 'arn:aws:sqs:eu-west-1:1:jobs-feature-auth'],
    ['/aws/lambda/bot-dev/x', '/aws/lambda/bot-feature-auth/x'],
    ['https://api.dev.example.com/v1', 'https://api.feature-auth.example.com/v1'],
    ['/dev/db/password', '/feature-auth/db/password'],
    ['dev', 'feature-auth'],
    ['DEV_TABLE', 'FEATURE_AUTH_TABLE'],
    ['My App Dev', 'My App Feature-Auth'],
    ['dev-dev', 'feature-auth-feature-auth'],
    ['s3://reports.dev', 's3://reports.feature-auth'],
  ])('%s becomes %s', (before, after) => expect(rename.apply(before)).toBe(after));

  it.each([
    'developer',
    'product',
    'dev2',
    'mydev',
    'ünïdeveloper',
    '/dev/xvda',
    '/dev/sdb1',
    '/dev/null',
    '/dev/nvme0n1',
    'https://grafana.dev/x',
    'https://grafana.dev',
    'me@company.dev',
    '',
  ])('%j names no environment', (text) => {
    expect(rename.namesSource(text)).toBe(false);
    expect(rename.apply(text)).toBe(text);
  });

  it('takes feature-auth-2 for itself, not for feature-auth', () => {
    expect(rename.namesTarget('bot-feature-auth-2')).toBe(false);
    expect(rename.namesTarget('bot-feature-auth')).toBe(true);
    const back = createRename('feature-auth', 'dev', ['feature-auth-2']);
    expect(back.apply('bot-feature-auth-2 bot-feature-auth')).toBe('bot-feature-auth-2 bot-dev');
    const onward = createRename('feature-auth', 'feature-auth-2');
    expect(onward.apply('bot-feature-auth')).toBe('bot-feature-auth-2');
    expect(onward.apply('bot-feature-auth-2')).toBe('bot-feature-auth-2');
  });

  it('keeps the spelling', () => {
    const back = createRename('feature-auth', 'bug-7');
    expect(spellings('feature-auth')).toEqual(
      expect.arrayContaining(['feature_auth', 'featureauth', 'FEATURE_AUTH', 'FeatureAuth', 'Feature-Auth']),
    );
    expect(back.apply('db_feature_auth featureauth FEATURE_AUTH FeatureAuth')).toBe(
      'db_bug_7 bug7 BUG_7 Bug7',
    );
  });
});

describe('equality under ρ', () => {
  it.each([
    ['bot-dev', 'bot-feature-auth', true],
    ['db_dev', 'db_feature_auth', true],
    ['dbdev', 'dbfeatureauth', false],
    ['bot-dev', 'bot-dev', true],
    ['dev-dev', 'dev-feature-auth', true],
    ['bot-dev', 'bot-staging', false],
    ['bot-dev', 'bot-feature-auth-2', false],
    ['bot-staging', 'bot-feature-auth', false],
    ['bot-feature-auth', 'bot-dev', false],
    ['/dev/xvda', '/dev/xvda', true],
    ['bot-dev', 'api-feature-auth', false],
  ])('%s and %s: %s', (source, target, equal) => expect(rename.equalUnder(source, target)).toBe(equal));

  it('masks both environments alike and no other', () => {
    expect(rename.mask('a-dev b-feature_auth c-staging developer')).toBe(
      `a-${maskedName} b-${maskedName} c-staging developer`,
    );
  });
});

describe('properties', () => {
  const pair = fc
    .tuple(environmentName, environmentName)
    // Names that contain each other as tokens are the business of the examples above.
    .filter(
      ([a, b]) =>
        !createRename(a, 'zz-other-zz').namesSource(b) && !createRename(b, 'zz-other-zz').namesSource(a),
    );

  it('applying twice is applying once', () => {
    fc.assert(
      fc.property(pair, fc.string(), ([source, target], text) => {
        const rho = createRename(source, target);
        const once = rho.apply(`${text}-${source}/${text}`);
        expect(rho.apply(once)).toBe(once);
      }),
    );
  });

  it('the image names the target, no longer the source, and equals the original under ρ', () => {
    fc.assert(
      fc.property(
        pair,
        fc.array(fc.tuple(environmentName, separator), { maxLength: 4 }),
        ([source, target], around) => {
          const rho = createRename(source, target);
          const text = `${around.map(([word, sep]) => word + sep).join('')}${source}`;
          fc.pre(!rho.namesTarget(text));
          const image = rho.apply(text);
          expect(rho.namesSource(image)).toBe(false);
          expect(rho.namesTarget(image)).toBe(true);
          expect(rho.equalUnder(text, image)).toBe(true);
          expect(rho.mask(text)).toBe(rho.mask(image));
        },
      ),
    );
  });

  it('a name inside a longer run of letters and digits is never one', () => {
    fc.assert(
      fc.property(environmentName, fc.stringMatching(/^[a-z0-9]{1,5}$/), (name, glue) => {
        const rho = createRename(name, 'zz-other-zz');
        fc.pre(!`${glue}${name}`.slice(0, -name.length).includes('-') && !name.includes('-'));
        expect(rho.namesSource(`x${glue}${name}`)).toBe(false);
        expect(rho.namesSource(`${name}${glue}x`)).toBe(false);
      }),
    );
  });

  it('takes any text apart and puts it together again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(rename.equalUnder(text, rename.apply(text))).toBe(true);
      }),
    );
  });

  it('takes time in proportion to the text', () => {
    // With a look-behind over the whole text, this one took minutes.
    const long = `@${'dev.'.repeat(50_000)}`;
    expect(rename.mask(long).length).toBeLessThan(long.length);
    expect(rename.apply('x'.repeat(200_000))).toHaveLength(200_000);
  });
});
