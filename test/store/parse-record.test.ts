import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/store/parse-record.ts';
import { aRecord } from '../support/record.ts';

const read = (more: object): unknown => parseRecord({ ...aRecord(), ...more }, 'feature-auth');

describe('a record that is read', () => {
  it('is the one that was written', () => {
    expect(read({ moduleDir: '.', backendFile: 'terraform/envs/a..b/backend.hcl' })).toMatchObject({
      name: 'feature-auth',
    });
  });

  it.each([
    ['of another environment', { name: 'dev' }, '"dev"'],
    ['with a var-file outside of the project', { varFile: '../outside.txt' }, 'varFile'],
    ['with one that leads out of it on the way', { varFile: 'terraform/../../x' }, 'varFile'],
    ['with an absolute one', { varFile: '/etc/hosts' }, 'varFile'],
    ['with a drive', { backendFile: 'C:\\x' }, 'backendFile'],
    ['with back slashes', { backendFile: 'a\\..\\..\\x' }, 'backendFile'],
    ['with a module elsewhere', { moduleDir: '..' }, 'moduleDir'],
    ['without its resources', { resources: undefined }, 'resources'],
  ])('is refused %s', (_what, more, named) => {
    expect(() => read(more)).toThrow(named);
  });
});
