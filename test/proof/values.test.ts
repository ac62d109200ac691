import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anywhere, shapeSays, unknownUnder, visitTexts } from '../../src/proof/values.ts';
import type { Json } from '../../src/transfer/json.ts';

function paths(values: Json): readonly string[] {
  const found: string[] = [];
  visitTexts(values, (leaf) => found.push(`${leaf.path()}=${leaf.text}`));
  return found;
}

describe('texts and their paths', () => {
  it.each<[Json, readonly string[]]>([
    [{ a: 'x', b: 1, c: null, d: true }, ['a=x']],
    [{ environment: [{ variables: { TABLE: 't' } }] }, ['environment.variables.TABLE=t']],
    [{ list: ['a', 'b'] }, ['list[0]=a', 'list[1]=b']],
    [{ one: ['a'] }, ['one[0]=a']],
    [{ blocks: [{ n: 'a' }, { n: 'b' }] }, ['blocks[0].n=a', 'blocks[1].n=b']],
    [{ tags: { 'a b': 'x' } }, ['tags["a b"]=x']],
    [
      { policy: '{"Statement":[{"Resource":["r","s"]}]}' },
      ['policy.Statement.Resource[0]=r', 'policy.Statement.Resource[1]=s'],
    ],
    [{ list: ['["x"]'] }, ['list[0][0]=x']],
    [{ broken: '{"a":' }, ['broken={"a":']],
    [{ number: '12', word: '"q"' }, ['number=12', 'word="q"']],
  ])('%j', (values, expected) => expect(paths(values)).toEqual(expected));

  it('says where the value of the provider is, without what lies in its JSON', () => {
    visitTexts({ a: [{ p: '{"x":{"y":"z"}}' }] }, (leaf) => {
      expect(leaf.keys()).toEqual(['a', 0, 'p']);
      expect(leaf.attribute()).toBe('a');
      expect(leaf.isListed()).toBe(false);
    });
  });

  it('visits every text of any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = value as Json;
        const count = (inner: Json): number => {
          if (typeof inner === 'string') return 1;
          if (typeof inner !== 'object' || inner === null) return 0;
          return Object.values(inner).reduce((sum: number, one: Json) => sum + count(one), 0);
        };
        const plain = JSON.stringify(json).includes(String.raw`"{`) || JSON.stringify(json).includes('"[');
        fc.pre(!plain && !JSON.stringify(json).includes(String.raw`\n[`));
        expect(paths(json).length).toBe(count(json));
      }),
    );
  });
});

describe('shapes', () => {
  const shape: Json = { a: true, b: [{ c: true, d: false }], e: { f: { g: true } } };
  it.each<[(string | number)[], boolean]>([
    [['a'], true],
    [['a', 'deeper', 0], true],
    [['b', 0, 'c'], true],
    [['b', 0, 'd'], false],
    [['b', 1, 'c'], false],
    [['e', 'f'], false],
    [['constructor'], false],
    [[], false],
  ])('%j: %s', (keys, says) => expect(shapeSays(shape, keys)).toBe(says));

  it.each([
    ['a', true],
    ['a.b.c', true],
    ['b.c', true],
    ['b', true],
    ['b.d', false],
    ['e', true],
    ['e.f.g', true],
    ['e.x', false],
    ['z', false],
  ])('something unknown under %s: %s', (path, says) => expect(unknownUnder(shape, path)).toBe(says));

  it('says whether there is anything at all', () => {
    expect(anywhere(shape)).toBe(true);
    expect(anywhere({ a: [{ b: false }], c: {} })).toBe(false);
    expect(anywhere(undefined)).toBe(false);
  });
});
