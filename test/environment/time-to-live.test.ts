import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  durationProblem,
  endOf,
  extended,
  type LifeRules,
  parseDuration,
  timeLeft,
} from '../../src/environment/time-to-live.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = new Date('2026-03-01T12:00:00Z');
const later = (milliseconds: number): string => new Date(now.getTime() + milliseconds).toISOString();
const rules = (ttl: LifeRules['ttl'] = {}): LifeRules => ({ protected: ['live'], ttl });

describe('a duration', () => {
  it.each([
    ['45m', 45 * 60_000],
    ['12h', 12 * hour],
    ['3d', 3 * day],
    ['1.5d', 36 * hour],
    ['2w', 14 * day],
    ['2 days', 2 * day],
  ])('%s is understood', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each([
    ['3', 'has no unit'],
    ['', 'is not a duration'],
    ['-3d', 'is not a duration'],
    ['1d12h', 'is not a duration'],
    ['3M', 'has its unit in upper case'],
    ['3 dogs', 'has a unit that is not known'],
    ['30s', 'is shorter than a minute'],
    ['0d', 'is shorter than a minute'],
    ['99y', 'is longer than ten years'],
  ])('%j is refused: it %s', (text, problem) => {
    expect(durationProblem(text)).toBe(problem);
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'ttl-invalid' }));
  });

  it('never gives a number that is none, whatever is written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.]{1,6} ?[a-z]{1,3}$/)), (text) => {
        if (durationProblem(text) !== null) return;
        expect(parseDuration(text)).toBeGreaterThanOrEqual(60_000);
        expect(Number.isFinite(parseDuration(text))).toBe(true);
      }),
    );
  });
});

describe('the end of an environment', () => {
  it('is what was asked for, from now', () => {
    expect(endOf('feature-auth', '3d', null, rules(), now)).toBe(later(3 * day));
    expect(endOf('feature-auth', 'never', null, rules(), now)).toBeNull();
  });

  it('is the default of the configuration, or its cap, or none', () => {
    expect(endOf('feature-auth', undefined, null, rules({ default: '2d', max: '7d' }), now)).toBe(
      later(2 * day),
    );
    expect(endOf('feature-auth', undefined, null, rules({ max: '7d' }), now)).toBe(later(7 * day));
    expect(endOf('feature-auth', undefined, null, rules(), now)).toBeNull();
  });

  it('stays as it is recorded where nothing else is said', () => {
    const record = { created: later(-day), expires: later(5 * hour) };
    expect(endOf('feature-auth', undefined, record, rules({ default: '2d' }), now)).toBe(record.expires);
    expect(endOf('feature-auth', '1d', record, rules({ default: '2d' }), now)).toBe(later(day));
  });

  it('is not beyond a cap, and the cap is named', () => {
    expect(() => endOf('feature-auth', '8d', null, rules({ max: '7d' }), now)).toThrow(
      'feature-auth may end at most 7d from now.',
    );
    expect(() => endOf('feature-auth', 'never', null, rules({ maxTotal: '7d' }), now)).toThrow(
      'cannot live for ever',
    );
    const old = { created: later(-6 * day), expires: null };
    expect(() => endOf('feature-auth', '2d', old, rules({ maxTotal: '7d' }), now)).toThrow(
      'may live for 7d in all',
    );
  });

  it.each(['staging', 'prod', 'live'])('is refused for the protected %s, default or not', (name) => {
    expect(endOf(name, undefined, null, rules({ default: '2d', max: '3d' }), now)).toBeNull();
    expect(() => endOf(name, '3d', null, rules(), now)).toThrow('is protected');
  });

  it('is put off from where it was, or from now where it is past', () => {
    const record = { created: later(-day), expires: later(5 * hour) };
    expect(extended('feature-auth', '2d', record, rules(), now)).toBe(later(5 * hour + 2 * day));
    const past = { ...record, expires: later(-hour) };
    expect(extended('feature-auth', '2d', past, rules(), now)).toBe(later(2 * day));
  });

  it('is put off within the caps only', () => {
    const record = { created: later(-day), expires: later(6 * day) };
    expect(() => extended('feature-auth', '2d', record, rules({ max: '7d' }), now)).toThrow('at most 7d');
    expect(() => extended('feature-auth', '1h', record, rules({ maxTotal: '7d' }), now)).toThrow('7d in all');
    expect(extended('feature-auth', '1d', record, rules({ max: '7d' }), now)).toBe(later(7 * day));
  });
});

describe('the time left', () => {
  it.each([
    [2 * day + 5 * hour, '2 d 5 h left'],
    [day, '1 d left'],
    [5 * hour + 12 * 60_000, '5 h 12 min left'],
    [59_000, '0 min left'],
    [0, 'ended 0 min ago'],
    [-3 * hour, 'ended 3 h ago'],
  ])('of %d ms reads %s', (left, text) => {
    expect(timeLeft(later(left), now)).toBe(text);
  });

  it('of what has no end says so', () => {
    expect(timeLeft(null, now)).toBe('no end');
  });
});
