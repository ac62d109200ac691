import { expect, it } from 'vitest';
import { prove } from '../../src/proof/prove.ts';
import { applied, findingsOf, world } from './build.ts';

const serious = (input: Parameters<typeof prove>[0]) =>
  findingsOf(prove(input)).filter(({ severity }) => severity !== 'info');

it('the world that the tests start from is clean, before the apply and after it', () => {
  expect(serious(world())).toEqual([]);
  expect(serious(applied())).toEqual([]);
  expect(prove(world()).held).toBe(true);
  expect(prove(applied()).held).toBe(true);
});
