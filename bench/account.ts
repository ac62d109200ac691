import { join } from 'node:path';
import { startBigAccount } from '../sandbox/account/start.ts';
import { run } from '../src/process/run.ts';
import type { AccountRun } from './account-run.ts';

const size = { functions: 5_000, tables: 2_000, logGroups: 5_000, roles: 1_000 };
const empty = { functions: 0, tables: 0, logGroups: 0, roles: 0 };
const share = { environment: 'feature-auth', every: 100 };

/** About what the API of a region takes from a machine near it. */
const latencyMs = 20;

const runs = [
  ['bare, one after the other', 'bare', size],
  ['sweep of an empty account', 'sweep', empty],
  ['sweep', 'sweep', size],
  ['sweep, and tags of all roles', 'sweep-tags', size],
  ['--live inventory', 'inventory', size],
  ['source of the direct engine', 'direct', size],
] as const;

/**
 * An account with 5,000 functions, 2,000 tables, 5,000 log groups and 1,000 roles: a sweep, the inventory of
 * `--live` and the direct engine's search of its source against the bare paginated calls of the SDK. Each run is a process of its own, so that its memory is its own; the account is in this one.
 */
export async function accountBench(): Promise<void> {
  for (const throttledPercent of [0, 30]) {
    console.log(`  ${throttledPercent} % of the calls throttled, ${latencyMs} ms a call`);
    for (const [title, what, contents] of runs) {
      const account = await startBigAccount({ size: contents, share, throttledPercent, latencyMs });
      try {
        const { stdout } = await run({
          command: process.execPath,
          args: ['--import', 'tsx', join(import.meta.dirname, 'account-run.ts'), what],
          cwd: join(import.meta.dirname, '..'),
          env: { ...process.env, ...account.env },
          timeoutMs: 10 * 60_000,
        });
        const { ms, peakMb, seen, found, unreadable } = JSON.parse(stdout) as AccountRun;
        const { total, throttled, peakConcurrency } = account.statistics();
        console.log(
          `    ${title.padEnd(30)} ${(ms / 1000).toFixed(1).padStart(6)} s   ${String(total).padStart(5)} calls, ${throttled} throttled, ` +
            `at most ${peakConcurrency} at once   ${seen} seen, ${found} found, ${unreadable} unreadable   peak ${peakMb.toFixed(0)} MB`,
        );
      } finally {
        await account.stop();
      }
    }
  }
}
