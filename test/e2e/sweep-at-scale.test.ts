import { setMaxListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { nameOf } from '../../sandbox/account/contents.ts';
import { type BigAccount, type BigAccountOptions, startBigAccount } from '../../sandbox/account/start.ts';
import { clientsByRegion, searchEnvironment } from '../../src/steps/sweep-account.ts';
import type { SearchResult } from '../../src/steps/sweep-search.ts';
import type { TransferEvent } from '../../src/transfer/host.ts';

const size = { functions: 5_000, tables: 2_000, logGroups: 5_000, roles: 1_000 };
const share = { environment: 'feature-auth', every: 100 };

let account: BigAccount;
let result: SearchResult;
const events: TransferEvent[] = [];

async function sweep(options: Partial<BigAccountOptions>): Promise<void> {
  account = await startBigAccount({ size, share, ...options });
  for (const [key, value] of Object.entries(account.env)) vi.stubEnv(key, value);
  let now = Date.parse('2026-01-01T00:00:00Z');
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const byRegion = clientsByRegion(signal);
  try {
    result = await searchEnvironment({
      scope: { environment: 'feature-auth', resources: [], others: [] },
      record: null,
      regions: ['eu-west-1'],
      clientsFor: byRegion.clientsFor,
      // Each look at the clock is a second later than the last.
      clock: { now: () => new Date((now += 1_000)), sleep: () => Promise.resolve() },
      host: {
        notify: (event) => events.push(event),
        ask: (): Promise<never> => Promise.reject(new Error('nobody is asked')),
      },
    });
  } finally {
    byRegion.close();
  }
}

afterEach(() => {
  vi.unstubAllEnvs();
});

const seen = (type: string): number | undefined => result.looked.find((each) => each.type === type)?.seen;

const expected = [
  ['aws_lambda_function', 'function', size.functions],
  ['aws_dynamodb_table', 'table', size.tables],
  ['aws_cloudwatch_log_group', 'group', size.logGroups],
  ['aws_iam_role', 'role', size.roles],
] as const;

describe.each([
  ['an account with thousands of things', { throttledPercent: 0 }],
  ['the same, with three of ten calls throttled', { throttledPercent: 30 }],
])('%s', (_what, options) => {
  beforeAll(() => sweep(options), 240_000);
  afterAll(() => account.stop());

  it.each(expected)(
    '%s is read to the last page, and each of the environment is found once',
    (type, kind, count) => {
      expect(seen(type)).toBe(count);
      const found = result.things.filter(({ item }) => item.type === type).map(({ item }) => item.name);
      const own = Array.from({ length: count / share.every }, (_, index) =>
        nameOf(kind, index * share.every, share),
      );
      expect(found.sort()).toEqual(own);
    },
  );

  it('nothing was left unread', () => {
    expect(result.unreadable).toEqual([]);
  });

  it('never asked more at once than it may', () => {
    // Eight listings side by side, each of which may ask for eight tags.
    expect(account.statistics().peakConcurrency).toBeLessThanOrEqual(64);
  });

  it('was throttled as much as was meant', () => {
    const { throttled, total } = account.statistics();
    const wanted = options.throttledPercent / 100;
    expect(throttled / total).toBeGreaterThanOrEqual(wanted * 0.8);
    expect(throttled / total).toBeLessThanOrEqual(wanted * 1.2);
  });

  it('said how far it was', () => {
    const told = events.flatMap((event) => (event.type === 'waiting' ? [event.what] : []));
    expect(told.some((text) => /looking through the account: \d+ things of \d+ kinds/.test(text))).toBe(true);
  });
});
