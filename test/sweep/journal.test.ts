import { describe, expect, it } from 'vitest';
import { unfinishedRemovals } from '../../src/steps/sweep-journal.ts';
import type { JournalRow } from '../../src/transfer/store.ts';

const row = (name: string, phase: JournalRow['phase'], more: Partial<JournalRow> = {}): JournalRow => ({
  transfer: 'sweep-1',
  step: 'sweep',
  name,
  phase,
  version: 1,
  at: '2026-01-01T00:00:00.000Z',
  ...more,
});

describe('what a sweep that was cut short had begun', () => {
  it('is what has no row after it', () => {
    expect(
      unfinishedRemovals([
        row('aws_iam_role a', 'begin'),
        row('aws_iam_role b', 'begin'),
        row('aws_iam_role a', 'end'),
        row('aws_iam_role c', 'begin'),
        row('aws_iam_role c', 'fail'),
        row('aws_iam_role c', 'begin'),
      ]),
    ).toEqual(['aws_iam_role b', 'aws_iam_role c']);
  });

  it('is nothing where it came to its end, or where there was none', () => {
    expect(unfinishedRemovals([])).toEqual([]);
    expect(unfinishedRemovals([row('aws_iam_role a', 'begin'), row('aws_iam_role a', 'fail')])).toEqual([]);
  });

  it('is neither that of an older sweep nor of another command', () => {
    expect(
      unfinishedRemovals([
        row('aws_iam_role old', 'begin'),
        row('apply', 'begin', { transfer: 't1', step: 'rewire' }),
        row('aws_iam_role a', 'begin', { transfer: 'sweep-2' }),
        row('destroy', 'begin', { transfer: 't1', step: 'destroy' }),
      ]),
    ).toEqual(['aws_iam_role a']);
  });
});
