import { describe, expect, it } from 'vitest';
import { accountOf } from '../../src/environment/accounts.ts';

const accounts = { team: { id: '222222222222' }, dev: { id: '111111111111' }, one: { id: '333333333333' } };
const keyOf = (environment: string, table: Readonly<Record<string, string>>): string | null =>
  accountOf(environment, { accounts, environments: { accounts: table } })?.key ?? null;

describe('the account of an environment', () => {
  const table = { '*': 'dev', 'feature-*': 'team', 'feature-auth': 'one', 'feature-a*': 'dev' };

  it.each([
    ['feature-auth', 'one'],
    ['feature-api', 'dev'],
    ['feature-x', 'team'],
    ['t1', 'dev'],
  ])('of %s is %s: its name, then the longest pattern', (environment, key) => {
    expect(keyOf(environment, table)).toBe(key);
  });

  it('comes with its id', () => {
    expect(accountOf('t1', { accounts, environments: { accounts: table } })).toMatchObject({
      id: '111111111111',
    });
  });

  it('is not said where nothing fits', () => {
    expect(keyOf('t1', { 'feature-*': 'team' })).toBeNull();
    expect(keyOf('t1', {})).toBeNull();
  });

  it('takes a name that is no pattern for that name alone', () => {
    expect(keyOf('t1-beside', { t1: 'team' })).toBeNull();
    expect(keyOf('tx1', { 't.1': 'team' })).toBeNull();
  });
});
