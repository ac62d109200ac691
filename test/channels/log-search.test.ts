import { describe, expect, it } from 'vitest';
import { awaitLog, type LogsClient, searchLogGroups } from '../../src/channels/log-search.ts';
import { fakeClock } from './tools.ts';

const since = new Date('2026-11-23T10:00:00Z');

function clientOf(
  groups: Readonly<Record<string, readonly string[] | Error>>,
): LogsClient & { asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    filterLogEvents: (input) => {
      asked.push(input);
      const lines = groups[input.logGroupName];
      if (lines instanceof Error) return Promise.reject(lines);
      const page = Number(input.nextToken ?? 0);
      const next = page + 1 < (lines?.length ?? 0) ? { nextToken: String(page + 1) } : {};
      return Promise.resolve({ events: [{ message: lines?.[page] ?? '' }], ...next });
    },
  };
}

const describeError = (error: unknown) => {
  const reason = error instanceof Error ? error.message : 'unknown';
  return { absent: reason === 'not there', reason };
};

describe('a search in log groups', () => {
  it('reads page after page and group after group', async () => {
    const client = clientOf({ a: ['one', 'two'], b: ['three', 'the code 4711 here'] });
    const search = searchLogGroups(client, ['a', 'b'], describeError);
    expect(await search('4711', since)).toEqual({ state: 'found', where: 'b' });
    expect(client.asked[0]).toEqual({ logGroupName: 'a', startTime: since.getTime() - 300_000 });
    expect(await search('other', since)).toEqual({ state: 'absent', where: 'a, b' });
  });

  it('never takes the unreadable for absent', async () => {
    const client = clientOf({ a: new Error('denied'), b: ['text'], c: new Error('not there') });
    const find = (groups: string[]) => searchLogGroups(client, groups, describeError)('4711', since);
    expect(await find(['a', 'b'])).toEqual({ state: 'unreadable', reason: 'a: denied' });
    expect(await find(['c', 'b'])).toEqual({ state: 'absent', where: 'c, b' });
  });

  it('is asked again until the time is over', async () => {
    const clock = fakeClock();
    let rounds = 0;
    const find = await awaitLog(
      () => Promise.resolve({ state: ++rounds > 3 ? 'found' : 'absent', where: 'a' }),
      'x',
      since,
      { clock, limitMs: 10_000 },
    );
    expect([find.state, rounds]).toEqual(['found', 4]);
    const never = await awaitLog(() => Promise.resolve({ state: 'absent', where: 'a' }), 'x', since, {
      clock,
      limitMs: 3000,
    });
    expect(never.state).toBe('absent');
  });
});
