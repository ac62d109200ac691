import { setMaxListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { nameOf } from '../../sandbox/account/contents.ts';
import { type BigAccount, type BigAccountOptions, startBigAccount } from '../../sandbox/account/start.ts';
import { createClients } from '../../src/aws/clients.ts';
import { createRename } from '../../src/environment/rename.ts';
import { searchLive } from '../../src/steps/direct-live.ts';
import { takeInventory } from '../../src/steps/live-inventory.ts';
import { clientsByRegion, searchEnvironment } from '../../src/steps/sweep-account.ts';
import type { SearchResult } from '../../src/steps/sweep-search.ts';
import { emptyState } from '../../src/terraform/empty-state.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import type { Clock, Host, TransferEvent } from '../../src/transfer/host.ts';

const size = { functions: 5_000, tables: 2_000, logGroups: 5_000, roles: 1_000 };
const share = { environment: 'feature-auth', every: 100 };

let account: BigAccount;
let result: SearchResult;
const events: TransferEvent[] = [];

interface Around {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly host: Host;
}

async function open(options: Partial<BigAccountOptions>): Promise<Around> {
  account = await startBigAccount({ size, share, ...options });
  events.length = 0;
  for (const [key, value] of Object.entries(account.env)) vi.stubEnv(key, value);
  let now = Date.parse('2026-01-01T00:00:00Z');
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return {
    signal,
    // Each look at the clock is a second later than the last.
    clock: { now: () => new Date((now += 1_000)), sleep: () => Promise.resolve() },
    host: {
      notify: (event) => events.push(event),
      ask: (): Promise<never> => Promise.reject(new Error('nobody is asked')),
    },
  };
}

async function sweep(options: Partial<BigAccountOptions>): Promise<void> {
  const { signal, clock, host } = await open(options);
  const byRegion = clientsByRegion(signal);
  try {
    result = await searchEnvironment({
      scope: { environment: 'feature-auth', resources: [], others: [] },
      record: null,
      regions: ['eu-west-1'],
      clientsFor: byRegion.clientsFor,
      clock,
      host,
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

const ownNames = expected
  .flatMap(([, kind, count]) =>
    Array.from({ length: count / share.every }, (_, index) => nameOf(kind, index * share.every, share)),
  )
  .toSorted();

const progressTold = (pattern: RegExp): boolean =>
  events.some((event) => event.type === 'waiting' && pattern.test(event.what));

describe('the inventory of --live on such an account', () => {
  afterAll(() => account.stop());

  it('reads to the last page, finds what is the environment’s, and asks for the tags of nothing else', async () => {
    const { signal, clock, host } = await open({});
    const byRegion = clientsByRegion(signal);
    try {
      const live = await takeInventory({
        environment: share.environment,
        state: emptyState,
        types: resourceTypes,
        others: [],
        regions: ['eu-west-1'],
        clientsFor: byRegion.clientsFor,
        clock,
        host,
      });
      expect([live.complete, live.unreadable]).toEqual([true, []]);
      expect(live.seen).toBe(size.functions + size.tables + size.logGroups + size.roles);
      expect(live.unmanaged.map(({ name }) => name).toSorted()).toEqual(ownNames);
    } finally {
      byRegion.close();
    }
    const { calls, peakConcurrency } = account.statistics();
    // Tags of roles are known to IAM alone; of all else only those that look alike are asked for.
    expect(calls['dynamodb ListTagsOfResource'] ?? 0).toBeLessThanOrEqual(size.tables / share.every);
    expect(calls['iam ListRoleTags']).toBeLessThanOrEqual(size.roles);
    expect(peakConcurrency).toBeLessThanOrEqual(64);
    expect(progressTold(/looking through the account: \d+ things of \d+ kinds/)).toBe(true);
  }, 90_000);
});

describe('the search of the direct engine for its source in such an account', () => {
  afterAll(() => account.stop());

  it('describes what is the source’s and asks nothing of the rest', async () => {
    const { signal, clock, host } = await open({});
    const clients = createClients({ signal });
    const rename = createRename(share.environment, 'feature-copy');
    try {
      const { resources, unreadable } = await searchLive({
        environment: share.environment,
        names: (text) => rename.namesSource(text),
        known: [],
        clients,
        clock,
        host,
      });
      expect(unreadable).toEqual([]);
      const kinds = new Set(expected.map(([type]) => type as string));
      const found = resources.filter(({ type }) => kinds.has(type)).map(({ id }) => id);
      expect(found.toSorted()).toEqual(ownNames);
    } finally {
      clients.close();
    }
    const { calls, peakConcurrency } = account.statistics();
    expect(calls['dynamodb DescribeTable'] ?? 0).toBeLessThan(size.tables / 10);
    expect(calls['logs ListTagsForResource'] ?? 0).toBeLessThan(size.logGroups / 10);
    const functionTags = Object.keys(calls).filter((call) => /\/tags\//.test(call));
    expect(functionTags.length).toBeLessThan(size.functions / 10);
    expect(peakConcurrency).toBeLessThanOrEqual(64);
    expect(progressTold(/looking through the account: \d+ things of \d+ kinds/)).toBe(true);
    expect(progressTold(/reading what belongs to feature-auth: \d+ of \d+/)).toBe(true);
  }, 90_000);
});
