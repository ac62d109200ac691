import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { environmentNameFor } from '../../src/environment/branch-name.ts';
import { branches, hostileBranches } from '../support/branches.ts';
import { checkEnvironmentName, isProtected } from '../../src/environment/names.ts';

describe('the environment of a branch', () => {
  it.each([
    ['feature/auth', 'feature-auth'],
    ['fix/line-reply-2', 'fix-line-reply-2'],
    ['feature/telegram', 'feature-telegram'],
    ['auth', 'auth'],
  ])('%s is %s: what can be read back stays as it is', (branch, name) => {
    expect(environmentNameFor(branch)).toBe(name);
  });

  it.each([
    ['feature-auth', /^feature-auth-[2-7][a-z2-7]{8}$/],
    ['feature/Auth', /^feature-auth-[2-7][a-z2-7]{8}$/],
    ['feature/auth_x', /^feature-auth-x-[2-7][a-z2-7]{8}$/],
    ['feature/$(…)', /^feature-[2-7][a-z2-7]{8}$/],
    ['機能', /^branch-[2-7][a-z2-7]{8}$/],
    ['dev', /^dev-[2-7][a-z2-7]{8}$/],
    ['staging', /^staging-[2-7][a-z2-7]{8}$/],
    ['default', /^[a-z]+-[2-7][a-z2-7]{8}$/],
    [`feature/${'a'.repeat(200)}`, /^feature-aaaaaa-[2-7][a-z2-7]{8}$/],
  ])('%s gets a hash', (branch, pattern) => {
    expect(environmentNameFor(branch)).toMatch(pattern);
  });

  it('never takes the name of an environment that the configuration protects', () => {
    expect(environmentNameFor('live', { protected: ['live'] })).toMatch(/^live-[2-7][a-z2-7]{8}$/);
    expect(environmentNameFor('blue/green', { protected: ['Blue-Green'] })).not.toBe('blue-green');
  });

  it('of a branch called like a name with a hash is another one', () => {
    const hashed = environmentNameFor('feature-auth');
    expect(environmentNameFor(hashed.replace('-', '/'))).not.toBe(hashed);
  });

  it('stays the same from release to release', () => {
    expect(environmentNameFor('feature/Auth')).toBe('feature-auth-5bav6znhm');
  });

  it('is valid, short, unprotected and stable, whatever the branch', () => {
    fc.assert(
      fc.property(branches, (branch) => {
        const name = environmentNameFor(branch);
        checkEnvironmentName(name);
        expect(name.length).toBeLessThanOrEqual(32);
        expect(isProtected(name, { protected: [] })).toBe(false);
        expect(environmentNameFor(branch)).toBe(name);
      }),
      { numRuns: 2000 },
    );
  });

  it('is no other branch’s', () => {
    fc.assert(
      fc.property(fc.uniqueArray(branches, { minLength: 2, maxLength: 60 }), (many) => {
        const names = new Set([...many, ...hostileBranches].map((branch) => environmentNameFor(branch)));
        expect(names.size).toBe(new Set([...many, ...hostileBranches]).size);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['', 'refs/heads/feature/auth'])('of %j is refused', (branch) => {
    expect(() => environmentNameFor(branch)).toThrow(expect.objectContaining({ code: 'name-invalid' }));
  });
});
