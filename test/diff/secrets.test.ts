import { describe, expect, it } from 'vitest';
import type { SecretFingerprints } from '../../src/diff/model.ts';
import type { SecretClass } from '../../src/proof/secrets.ts';
import { mayBeSecret } from '../../src/secrets/may-be-secret.ts';
import { brief, compared, pair, place, secret, strong } from './build.ts';

const one = secret([strong('one')]);
const other = secret([strong('other')]);

function judged(kind: SecretClass, a: SecretFingerprints | undefined, b: SecretFingerprints | undefined) {
  const of = (value: SecretFingerprints | undefined) => (value === undefined ? {} : { KEY: value });
  return brief(compared(pair(), { secrets: [place(of(a), of(b))], classes: { KEY: kind } }));
}

describe('a secret', () => {
  it('that is shared must be the same', () => {
    expect(judged('shared', one, one)).toEqual([]);
    expect(judged('shared', one, other)).toEqual(['secret different KEY the config feature-auth']);
  });

  it('that is shared may name its environment', () => {
    const renamed = strong('host of either');
    expect(
      judged('shared', secret([strong('one')], [renamed]), secret([strong('other')], [renamed])),
    ).toEqual([]);
  });

  it.each(['isolated', 'generated', 'from-output'] as const)('that is %s must be its own', (kind) => {
    expect(judged(kind, one, other)).toEqual([]);
    expect(judged(kind, one, one)).toEqual(['secret not-own KEY the config feature-auth']);
  });

  it('that is too short to say anything proves nothing', () => {
    const short = secret(['weak:key:on']);
    expect(judged('isolated', short, short)).toEqual([]);
  });

  it('that has no value is missing, and one without a counterpart is extra', () => {
    expect(judged('isolated', one, secret([]))).toEqual(['secret missing KEY the config feature-auth']);
    expect(judged('isolated', one, undefined)).toEqual(['secret missing KEY the config feature-auth']);
    expect(judged('shared', undefined, one)).toEqual(['secret extra KEY the config feature-auth']);
    expect(judged('shared', secret([]), secret([]))).toEqual([]);
  });

  it('that has several values in one environment shares none of them', () => {
    const several = secret([strong('one'), strong('two')]);
    expect(judged('isolated', several, secret([strong('three'), strong('two')]))).toEqual([
      'secret not-own KEY the config feature-auth',
    ]);
  });

  it('shows eight characters of its fingerprint, and nothing of a short one', () => {
    const { differences } = compared(pair(), {
      secrets: [place({ KEY: secret([strong('abcdefghijkl')]) }, { KEY: secret(['weak:key:on']) })],
      classes: { KEY: 'shared' },
    });
    expect(differences[0]).toMatchObject({ a: 'fingerprint abcdefgh', b: 'short value' });
  });
});

describe('a name that tells of a secret', () => {
  it.each([
    'LINE_CHANNEL_ACCESS_TOKEN',
    'TF_VAR_aurora_password',
    'OPENROUTER_API_KEY',
    'DATABASE_URL',
    'STRIPE_SECRET',
    'encryption-key',
    'GITHUB_PAT_TOKEN',
    'BASIC_AUTH',
    'SENTRY_DSN',
  ])('%s', (key) => expect(mayBeSecret(key)).toBe(true));

  it.each(['LOG_LEVEL', 'WATCHLIST_TABLE', 'SECRET_NAME', 'TOKEN_TTL', 'AURORA_HOST', 'SORT_KEY', 'REGION'])(
    'not %s',
    (key) => expect(mayBeSecret(key)).toBe(false),
  );
});
