/** `resume` where there is no record yet, by what stands in the journal. */
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TransferRequest } from '../../src/steps/context.ts';
import { lastRun, requestRow } from '../../src/steps/journaled-request.ts';
import { createFileStore } from '../../src/store/file-store.ts';
import { invokeSettings } from '../../src/transfer/invoke.ts';
import type { JournalRow } from '../../src/transfer/store.ts';
import { makeProject, runCli } from '../support/cli.ts';

const request: TransferRequest = {
  command: 'provision',
  target: 'feature-auth',
  source: 'qa',
  set: { size: 'a b' },
  accept: ['name-fits:x'],
  keepLogRetention: true,
  ttl: '3d',
  planOnly: false,
};

const row = (more: Partial<JournalRow>): JournalRow => ({
  transfer: 't',
  step: 'identify',
  name: 'step',
  phase: 'begin',
  version: 1,
  at: '2026-01-01T00:00:00Z',
  ...more,
});
const asked = (of = request): JournalRow => row(requestRow(of));
const blocked = row({ step: 'rewire', phase: 'fail', output: 'blocked' });
const declined = row({ step: 'rewire', phase: 'fail', error: 'declined' });
const interrupted = row({ step: 'map', phase: 'fail', error: 'interrupted' });

async function resume(rows: readonly JournalRow[]) {
  const project = await makeProject();
  const store = createFileStore(join(project, '.provision-env'));
  const lock = await store.lock('feature-auth', 'provision');
  for (const each of rows) await lock.store.appendJournal('feature-auth', each);
  await lock.release();
  return runCli(project, ['resume', 'feature-auth', '--yes']);
}

describe('resume without a record', () => {
  it('says so where nothing has left a trace', async () => {
    const { code, stderr } = await resume([]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('a plan leaves none, it changes nothing')]);
    expect(stderr).toContain('[nothing-to-resume] There is no unfinished transfer to feature-auth.');
  });

  it.each([
    ['blocked', [blocked], 'The last run of feature-auth was blocked: its proof did not hold.'],
    ['declined', [declined], 'The last run of feature-auth was declined by whoever was asked.'],
  ])('of a run that was %s says how to begin again', async (_, rows, message) => {
    const { code, stderr } = await resume([asked(), ...rows]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).toContain(
      "provision-env feature-auth from=qa --set 'size=a b' --accept name-fits:x --keep-log-retention --ttl 3d",
    );
  });

  it.each([
    ['killed at once', []],
    ['killed within a step', [row({ phase: 'end', output: 'done' }), row({ step: 'map' })]],
    ['interrupted', [interrupted]],
    ['begun again after it was blocked', [blocked, asked(), row({})]],
  ])('goes on with one that was %s, as it was asked for', async (_, rows) => {
    const { stderr } = await resume([asked(), ...rows]);
    // There is no `qa` in this project: it is what was asked for then, and not the default.
    expect(stderr).toContain('qa');
    expect(stderr).not.toContain('nothing-to-resume');
  });

  it('does not make anew what was destroyed', () => {
    expect(lastRun([asked(), row({ step: 'destroy', name: 'destroy' })])).toEqual({ state: 'none' });
  });

  it('reads back what was asked for, and no row that somebody else wrote', () => {
    const text = fc.string({ unit: 'grapheme' });
    const requests = fc.record({
      source: text,
      // No variable is called that, and zod leaves it out.
      set: fc.dictionary(
        text.filter((key) => key !== '__proto__'),
        text,
      ),
      accept: fc.array(text),
      keepLogRetention: fc.boolean(),
      live: fc.option(fc.boolean(), { nil: undefined }),
      maxMonthly: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
      invoke: fc.option(fc.constantFrom(...invokeSettings), { nil: undefined }),
    });
    fc.assert(
      fc.property(requests, (given) => {
        const written = JSON.parse(JSON.stringify(asked({ ...request, ...given }))) as JournalRow;
        expect(lastRun([written, row({ name: 'request', phase: 'end' })])).toMatchObject({
          state: 'open',
          request: JSON.parse(JSON.stringify(given)) as object,
        });
      }),
    );
    expect(lastRun([row({ name: 'request', output: { source: 1 } })])).toEqual({ state: 'none' });
  });
});
