import { beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../src/cli/document.ts';
import { askedOf, broughtUpToDate, reportedTransfer } from '../../src/report/saved.ts';
import { transferBlocks } from '../../src/report/transfer.ts';
import { retired } from '../../src/store/retired.ts';
import type { EnvironmentRecord } from '../../src/transfer/record.ts';
import { dailyReport } from './html/fixture.ts';

let saved: Document;
let record: EnvironmentRecord;
beforeAll(async () => {
  saved = await dailyReport();
  record = saved.record as EnvironmentRecord;
});

describe('a report that was saved', () => {
  it('tells what was confirmed since', () => {
    const evidence = record.evidence.map((item) => ({ ...item, status: 'pass' as const }));
    const later = { ...record, status: 'verified' as const, updated: '2026-11-25T08:00:00.000Z', evidence };
    const now = broughtUpToDate(saved, later);
    expect(now.status).toBe('verified');
    expect(now.evidence.every(({ status }) => status === 'pass')).toBe(true);
    expect(now.record?.updated).toBe(later.updated);
    // What the run did is not rewritten.
    expect(now.steps).toBe(saved.steps);
  });

  it('does not say that it stands when it was destroyed', () => {
    const later = { ...record, status: 'destroyed' as const, updated: '2026-11-25T08:00:00.000Z' };
    // As much of a record as is kept.
    const now = broughtUpToDate(saved, retired(later));
    expect([now.status, now.record?.status, now.record?.expires]).toEqual(['destroyed', 'destroyed', null]);
    expect(now.evidence).toBe(saved.evidence);
    expect(now.proof).toBe(saved.proof);
    const text = JSON.stringify(transferBlocks(askedOf(now), reportedTransfer(now)));
    expect(text).toContain('feature-auth was taken away again');
    expect(text).not.toMatch(/It lives until|Next:/);
  });

  it('is left as it is by a record that is not newer, and by none', () => {
    expect(broughtUpToDate(saved, record)).toBe(saved);
    expect(broughtUpToDate(saved, null)).toBe(saved);
    const planned = { ...saved, record: null };
    expect(broughtUpToDate(planned, { ...record, updated: '2027-01-01T00:00:00.000Z' })).toBe(planned);
  });
});
