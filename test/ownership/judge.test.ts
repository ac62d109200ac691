import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideBelongings } from '../../src/ownership/belongings.ts';
import { elsewhereOf } from '../../src/ownership/elsewhere.ts';
import { judgeOwnership, type OwnershipInput, withoutAccepted } from '../../src/ownership/judge.ts';
import type { OtherEnvironment } from '../../src/ownership/model.ts';
import { indexThings, isSameThing } from '../../src/ownership/same-thing.ts';
import type { RecordedResource } from '../../src/transfer/record.ts';

const thing = (name: string, more: Partial<RecordedResource> = {}): RecordedResource => ({
  address: `aws_dynamodb_table.${name}`,
  type: 'aws_dynamodb_table',
  identity: name,
  id: name,
  arn: `arn:aws:dynamodb:eu-west-1:1:table/${name}`,
  ...more,
});

const dev: OtherEnvironment = {
  name: 'dev',
  places: ['s3://b/dev'],
  lineages: ['lineage-dev'],
  inState: [thing('dev-notes', { address: 'aws_dynamodb_table.notes' })],
  recorded: [],
  files: [],
  unreadable: null,
};

const mine = thing('t1-notes', { address: 'aws_dynamodb_table.notes' });

function input(more: Partial<OwnershipInput> = {}): OwnershipInput {
  return {
    target: {
      name: 't1',
      location: 's3://b/t1',
      places: ['s3://b/t1'],
      state: { lineage: 'lineage-t1', resources: [mine] },
    },
    record: {
      name: 't1',
      state: 's3://b/t1',
      places: ['s3://b/t1'],
      lineage: 'lineage-t1',
      resources: [mine],
    },
    others: [dev],
    ...more,
  };
}
const target = (more: Partial<OwnershipInput['target']>) => ({ ...input().target, ...more });

describe('the judge of what is whose', () => {
  it('lets go what is where the record says, with the lineage of the record', () => {
    expect(judgeOwnership(input())).toEqual([]);
  });

  it('lets go what has no state any more: a destroy that was cut short goes on', () => {
    expect(judgeOwnership(input({ target: target({ state: null }) }))).toEqual([]);
  });

  it.each([
    [
      "lies where another's does",
      { target: target({ location: 's3://b/dev', places: ['s3://b/dev'] }) },
      false,
    ],
    [
      'lies elsewhere than recorded',
      { target: target({ location: 's3://b/x', places: ['s3://b/x'] }) },
      true,
    ],
    [
      'has another lineage than recorded',
      { target: target({ state: { lineage: 'l', resources: [mine] } }) },
      true,
    ],
    [
      "has another's lineage",
      {
        target: target({ state: { lineage: 'lineage-dev', resources: [mine] } }),
        record: { ...input().record!, lineage: undefined },
      },
      false,
    ],
    [
      "holds nothing recorded, and another's things under our addresses",
      {
        target: target({ state: { lineage: 'l', resources: dev.inState! } }),
        record: { ...input().record!, lineage: undefined },
      },
      false,
    ],
    [
      'cannot be compared with one that cannot be read',
      { others: [{ ...dev, unreadable: 'no access' }] },
      true,
    ],
    [
      'is contested by a record that its own state contradicts',
      { others: [{ ...dev, recorded: [mine] }] },
      true,
    ],
  ])('stops what %s', (_what, more, overrulable) => {
    const findings = judgeOwnership(input(more));
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ rule, severity }) => rule === 'state-own' && severity === 'error')).toBe(true);
    expect(withoutAccepted(findings, () => true).open.length === 0).toBe(overrulable);
    for (const { hint, subject, overrulable: can } of findings)
      expect(hint.includes(`--accept 'state-own:${subject}'`)).toBe(can);
  });

  it('names both sides of a difference', () => {
    const [first] = judgeOwnership(
      input({ target: target({ location: 's3://b/dev', places: ['s3://b/dev'] }) }),
    );
    expect(first?.message).toContain('s3://b/dev');
    expect(first?.message).toContain("dev's");
    expect(first?.message).toContain('s3://b/t1');
  });
});

const elsewhere = (other: RecordedResource, address: string): RecordedResource => ({ ...other, address });

const names = ['a', 'b', 'c', 'd', 'e'] as const;
const someThings = fc
  .array(fc.constantFrom(...names), { maxLength: 5 })
  .map((list) =>
    [...new Set(list)].map((name, at) => thing(name, { address: `aws_dynamodb_table.x[${at}]` })),
  );
const worlds = fc.record({
  inState: someThings,
  recorded: someThings,
  others: fc.array(fc.record({ inState: fc.option(someThings, { nil: null }), recorded: someThings }), {
    maxLength: 3,
  }),
});

describe('what is divided', () => {
  it('never destroys what a state or a record of another has, and forgets nothing', () => {
    fc.assert(
      fc.property(worlds, ({ inState, recorded, others: raw }) => {
        const others = raw.map((each, index) => ({ ...dev, ...each, name: `other-${index}` }));
        const result = divideBelongings({ inState, recorded, others, sharedBy: () => undefined });
        const theirs = indexThings(
          others
            .flatMap((each) => [...(each.inState ?? []), ...each.recorded])
            .map((each) => [each, true] as const),
        );
        for (const each of [...result.destroys, ...result.lost]) expect(theirs.find(each)).toBeUndefined();
        const all = [...result.destroys, ...result.keeps.map(({ resource }) => resource)];
        expect(new Set(all)).toEqual(new Set(inState));
        const found = indexThings(
          [...all, ...result.lost, ...result.othersLost.map(({ resource }) => resource)].map(
            (each) => [each, true] as const,
          ),
        );
        for (const each of recorded) expect(found.find(each)).toBe(true);
        const known = indexThings(recorded.map((each) => [each, true] as const));
        for (const each of result.destroys)
          expect(result.unrecorded.includes(each)).toBe(known.find(each) === undefined);
      }),
    );
  });

  it.each([
    ['made', dev, ['dev']],
    ['taken-over', dev, []],
    [undefined, dev, ['dev']],
    ['made', { ...dev, inState: [] }, []],
  ] as const)(
    'tells what is in another state too where it is ours by the record: %s',
    (origin, other, claims) => {
      const same = thing('dev-notes');
      const result = divideBelongings({
        inState: [same],
        recorded: [{ ...same, ...(origin === undefined ? {} : { origin }) }],
        others: [other],
        sharedBy: () => undefined,
      });
      expect(elsewhereOf(result).map(({ claim }) => claim.environment)).toEqual(claims);
      expect(result.destroys).toHaveLength(other.inState?.length === 0 ? 1 : 0);
    },
  );

  it('never destroys what was taken over, in a state or not', () => {
    const recorded = [thing('queue', { origin: 'taken-over' }), thing('own', { origin: 'made' })];
    const parts = { recorded, others: [], sharedBy: () => undefined };
    const inState = [thing('queue'), thing('own')];
    expect(divideBelongings({ ...parts, inState }).destroys).toEqual([thing('own')]);
    expect(divideBelongings({ ...parts, inState: [] }).lost).toEqual([recorded[1]]);
  });

  it('goes by identity and never by address', () => {
    fc.assert(
      fc.property(someThings, fc.string({ minLength: 1 }), (things, address) => {
        for (const one of things)
          for (const other of things)
            expect(isSameThing(one, elsewhere(other, address))).toBe(one.identity === other.identity);
      }),
    );
  });
});

describe('a thing is the same', () => {
  it.each([
    ['by its ARN, whatever else', thing('a', { identity: 'x' }), thing('a', { identity: 'y' }), true],
    ['not in another region', thing('a'), thing('a', { arn: 'arn:aws:dynamodb:us-east-1:1:table/a' }), false],
    ['by its name, before it has an ARN', thing('a', { arn: null, id: null }), thing('a'), true],
    ['under either name of its type', thing('a', { type: 'aws_alb' }), thing('a', { type: 'aws_lb' }), true],
    ['not by type alone', thing('a', { identity: null, id: null, arn: null }), thing('a'), false],
  ])('%s', (_what, one, other, same) => {
    expect(isSameThing(one, other)).toBe(same);
  });

  it('never for what is in no cloud', () => {
    const local = { type: 'local_file', identity: null, id: 'same-content', arn: null };
    expect(indexThings([[local, true] as const]).find(local)).toBeUndefined();
  });
});
