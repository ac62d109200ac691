import { expect, it } from 'vitest';
import { ProvisionError } from '../../src/transfer/errors.ts';
import { runSteps } from '../../src/transfer/run-steps.ts';
import type { JournalRow } from '../../src/transfer/store.ts';

const clock = { now: () => new Date(0), sleep: () => Promise.resolve() };
const host = { notify: () => undefined, ask: () => Promise.reject(new Error('not asked')) };

it('keeps what a step has found out that ends with an error', async () => {
  const rows: Pick<JournalRow, 'phase' | 'error'>[] = [];
  const error = new ProvisionError('needs-person', 'Nobody is there.');
  const {
    results,
    outputs,
    error: told,
  } = await runSteps<null, { map: string; verify: string }>(
    [
      { id: 'map', run: () => Promise.resolve({ status: 'failed', output: 'the plan', error }) },
      { id: 'verify', run: () => Promise.reject(new Error('it is not come to')) },
    ],
    null,
    {
      host,
      clock,
      signal: new AbortController().signal,
      journal: ({ phase, error: code }) => {
        rows.push({ phase, ...(code === undefined ? {} : { error: code }) });
        return Promise.resolve();
      },
    },
  );
  expect(told).toBe(error);
  expect(outputs).toEqual({ map: 'the plan' });
  expect(results).toMatchObject([
    { id: 'map', status: 'failed', output: 'the plan' },
    { id: 'verify', status: 'skipped', output: null },
  ]);
  expect(rows).toEqual([{ phase: 'begin' }, { phase: 'fail', error: 'needs-person' }]);
});
