import { expect, it } from 'vitest';
import type { SourceFingerprint } from '../../../src/proof/rule.ts';
import { applied, judged, undecidedOf, withSource } from '../build.ts';

const id = 'source-untouched';
const before: SourceFingerprint = {
  lineage: 'l',
  serial: 4,
  observed: { 'secret A': '1', 'function f': 'r1' },
};
const touched = (after: Partial<SourceFingerprint>) =>
  judged(id, withSource(applied(), { fingerprintBefore: before, fingerprintAfter: { ...before, ...after } }));

it.each<[string, Partial<SourceFingerprint>, string, string]>([
  ['the state was written', { serial: 5 }, 'state', 'its serial was 4 and is 5'],
  ['the state was replaced', { lineage: 'm', serial: 1 }, 'state', 'its lineage was l and is m'],
  [
    'a secret has a new version',
    { observed: { 'secret A': '2', 'function f': 'r1' } },
    'secret A',
    'was 1 and is 2',
  ],
  ['something is gone', { observed: { 'secret A': '1' } }, 'function f', 'is gone'],
  [
    'something is new',
    { observed: { ...before.observed, 'webhook W': 'https://x' } },
    'webhook W',
    'was not there and is https://x',
  ],
])('%s', (_title, after, subject, message) => {
  const found = touched(after);
  expect(found).toMatchObject([{ severity: 'error', subject }]);
  expect(found[0]?.message).toContain(message);
});

it('holds where nothing differs', () => expect(touched({})).toEqual([]));

it('is undecided without a second fingerprint', () => {
  const { fingerprintAfter: _gone, ...source } = applied().source;
  expect(undecidedOf(id, { ...applied(), source })).toEqual(['dev']);
});
