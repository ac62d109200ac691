import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues } from '../../src/live/compare.ts';
import type { DriftedAttribute } from '../../src/live/model.ts';
import type { Json, JsonObject } from '../../src/transfer/json.ts';

const compare = (state: JsonObject, live: JsonObject, type = 'aws_x'): readonly DriftedAttribute[] =>
  compareValues(type, { values: state }, { values: live }).differences;

const paths = (state: JsonObject, live: JsonObject, type?: string): string[] =>
  compare(state, live, type).map(({ path }) => path);

const scalar = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
) as fc.Arbitrary<Json>;

const name = fc.stringMatching(/^[a-z][a-z_]{2,12}$/).filter((each) => !each.startsWith('tags'));

/** Values as providers nest them: attributes, maps, sets, blocks within blocks. */
const { values } = fc.letrec<{ values: JsonObject; attribute: Json }>((tie) => ({
  values: fc.dictionary(name, tie('attribute'), { maxKeys: 5 }),
  attribute: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(fc.string({ minLength: 1 }), { maxLength: 4 }),
    fc.dictionary(name, fc.string(), { maxKeys: 3 }),
    fc.array(tie('values'), { maxLength: 3 }),
    fc.json().map((text): Json => text),
  ),
}));

/** The same values as another reader would give them: sets in another order, JSON laid out anew, gaps filled. */
function rewritten(value: Json, turn: number): Json {
  if (Array.isArray(value)) {
    const list = (value as readonly Json[]).map((each) => rewritten(each, turn));
    return turn % 2 === 0 ? list.toReversed() : [...list.slice(1), ...list.slice(0, 1)];
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => [key, rewritten(each, turn)] as const);
    return Object.fromEntries(turn % 2 === 0 ? entries.reverse() : entries);
  }
  if (typeof value === 'string' && /^\s*[[{]/.test(value)) {
    try {
      return JSON.stringify(JSON.parse(value), null, turn % 5);
    } catch {
      return value;
    }
  }
  return value;
}

describe('a state and what is live', () => {
  it('are equal whatever the order of sets and keys, and the layout of JSON', () => {
    fc.assert(
      fc.property(values, fc.nat(20), (state, turn) => {
        expect(compare(state, rewritten(state, turn) as JsonObject)).toEqual([]);
      }),
    );
  });

  it('differ wherever one attribute was given another value, and nowhere else', () => {
    fc.assert(
      fc.property(values, name, fc.integer({ min: 1 }), (state, key, value) => {
        const changed = paths({ ...state, [key]: value }, { ...state, [key]: value + 1 });
        expect(changed).toEqual([key]);
      }),
    );
  });

  it('are compared only as far as the live one was read', () => {
    fc.assert(
      fc.property(values, fc.array(name), (state, read) => {
        const live = Object.fromEntries(Object.entries(state).filter(([key]) => read.includes(key)));
        expect(compare(state, live)).toEqual([]);
      }),
    );
    const state = { vpc_config: [{ subnet_ids: ['a', 'b'], ipv6: true }], memory_size: 128 };
    expect(paths(state, { vpc_config: [{ subnet_ids: ['b', 'a'] }] })).toEqual([]);
  });

  it('are compared only as far as the state knows the attribute', () => {
    expect(paths({ name: 'bot' }, { name: 'bot', invented_since: 'x' })).toEqual([]);
  });

  it('take what is not set in any form for the same, but not an empty value of a map', () => {
    const unset: Json[] = [null, '', false, 0, [], [{ mode: '' }]];
    for (const one of unset) for (const other of unset) expect(paths({ x: one }, { x: other })).toEqual([]);
    expect(paths({ variables: { A: '' } }, { variables: {} })).toEqual(['variables.A']);
    expect(paths({ variables: { A: '0' } }, { variables: { A: '1' } })).toEqual(['variables.A']);
  });

  it('take numbers and their texts for the same', () => {
    expect(paths({ size: 128, on: true }, { size: '128', on: 'true' })).toEqual([]);
    expect(paths({ size: 128 }, { size: '256' })).toEqual(['size']);
  });

  it('compare policies by what they grant', () => {
    const policy = (statement: Json): string =>
      JSON.stringify({ Version: '2012-10-17', Statement: statement });
    const one = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: ['a', 'b'] });
    const same = policy([{ Sid: 'Read', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['b', 'a'] }]);
    const wider = policy([{ Effect: 'Allow', Action: ['s3:*'], Resource: ['b', 'a'] }]);
    expect(paths({ policy: one }, { policy: same })).toEqual([]);
    const [difference] = compare({ policy: one }, { policy: wider });
    expect(difference).toEqual({ path: 'policy', state: null, live: null, shown: false });
  });

  it('keep the order of what has one: layers, and the steps of a state machine', () => {
    expect(paths({ layers: ['a', 'b'] }, { layers: ['b', 'a'] })).toEqual(['layers']);
    expect(paths({ definition: '{"Steps":["a","b"]}' }, { definition: '{"Steps":["b","a"]}' })).toEqual([
      'definition',
    ]);
  });

  it('name the key that differs in a block that is there once', () => {
    const state = { environment: [{ variables: { TABLE: 'a', LEVEL: 'info' } }] };
    const live = { environment: [{ variables: { TABLE: 'b', LEVEL: 'info', DEBUG: '1' } }] };
    expect(paths(state, live)).toEqual(['environment.0.variables.DEBUG', 'environment.0.variables.TABLE']);
  });

  it('compare all tags with all tags, without those of AWS', () => {
    const state = { tags: { Name: 'bot' }, tags_all: { Name: 'bot', Team: 'x' } };
    expect(paths(state, { tags: { Team: 'x', Name: 'bot', 'aws:cloudformation:stack-id': 's' } })).toEqual(
      [],
    );
    expect(paths(state, { tags: { Name: 'bot' } })).toEqual(['tags.Team']);
    expect(paths({ tags: null, tags_all: null }, { tags: { Owner: 'ada' } })).toEqual(['tags.Owner']);
  });

  it('do not differ in what changes by itself, nor in what the provider only writes', () => {
    const state = { last_modified: 'a', version: '1', source_code_hash: null, code_sha256: 'x' };
    const live = { last_modified: 'b', version: '2', source_code_hash: 'h', code_sha256: 'x' };
    expect(paths(state, live, 'aws_lambda_function')).toEqual([]);
    expect(paths({ source_code_hash: 'g' }, live, 'aws_lambda_function')).toEqual(['source_code_hash']);
  });
});

describe('what is shown of a difference', () => {
  const canary = 'canary-of-a-secret';

  it('is the plain value of what cannot be secret', () => {
    expect(compare({ memory_size: 128 }, { memory_size: 512 })).toEqual([
      { path: 'memory_size', state: 128, live: 512, shown: true },
    ]);
  });

  it('never a value that is marked on either side, at it, above it or below it', () => {
    for (const marked of ['note', 'list', 'list.0', 'block', 'block.0.note']) {
      const values = { note: canary, list: [canary], block: [{ note: canary }] };
      const live = { note: 'x', list: ['x'], block: [{ note: 'x' }] };
      const [top = ''] = marked.split('.');
      for (const side of [{ sensitivePaths: [marked] }, {}]) {
        const other = 'sensitivePaths' in side ? {} : { sensitivePaths: [marked] };
        const { differences } = compareValues('aws_x', { values, ...side }, { values: live, ...other });
        expect(differences).toHaveLength(3);
        const text = JSON.stringify(differences.filter(({ path }) => path.startsWith(top)));
        expect(text).not.toContain(canary);
      }
    }
  });

  it('never a setting of a function, a value that goes by a telling name, a URL, or a JSON text', () => {
    const state: JsonObject = {
      environment: [{ variables: { LEVEL: canary } }],
      master_password: canary,
      tags: { ApiToken: canary },
      value: canary,
      uri: `https://user:${canary}@host`,
      definition: `{"key":"${canary}"}`,
      statements: [{ key: canary }, { key: 'b' }],
    };
    const live: JsonObject = {
      environment: [{ variables: { LEVEL: 'x' } }],
      master_password: 'x',
      tags: { ApiToken: 'x' },
      value: 'x',
      uri: 'x',
      definition: '{}',
      statements: [],
    };
    const differences = compare(state, live);
    expect(differences).toHaveLength(7);
    expect(JSON.stringify(differences)).not.toContain(canary);
  });
});
