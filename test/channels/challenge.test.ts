import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { challengeSchema } from '../../src/store/schemas.ts';
import { checkCode, createChallenge, isOpen } from '../../src/channels/challenge.ts';
import { fakeClock } from './tools.ts';

const minute = 60_000;

// Every guess costs milliseconds by intent, and many times that on a machine that is busy.
describe('a challenge', { timeout: 30_000 }, () => {
  it('is passed by its code, once, and within its time', () => {
    const clock = fakeClock();
    const { code, challenge } = createChallenge(clock.now(), 10 * minute);
    clock.advance(10 * minute);
    const first = checkCode(challenge, code, clock.now());
    expect(first).toMatchObject({ verdict: 'accepted', challenge: { returned: '2026-11-23T10:10:00.000Z' } });
    expect(checkCode(first.challenge, code, clock.now()).verdict).toBe('used');
    expect([isOpen(challenge, clock.now()), isOpen(first.challenge, clock.now())]).toEqual([true, false]);
    clock.advance(1);
    expect(checkCode(challenge, code, clock.now()).verdict).toBe('late');
    expect(isOpen(challenge, clock.now())).toBe(false);
  });

  it('takes five wrong codes and no right one after them', () => {
    const now = fakeClock().now();
    const { code, challenge: made } = createChallenge(now, minute);
    let challenge = made;
    for (let left = 4; left >= 0; left--) {
      const check = checkCode(challenge, 'AAAA-AAAA', now);
      expect([check.verdict, check.challenge.attemptsLeft]).toEqual(['wrong', left]);
      ({ challenge } = check);
    }
    expect(checkCode(challenge, code, now).verdict).toBe('exhausted');
  });

  it('keeps no code, and survives being written and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 1e9 }), (at, ttl) => {
        const { code, challenge } = createChallenge(new Date(at), ttl);
        const text = JSON.stringify(challenge);
        expect(text).not.toContain(code);
        expect(text).not.toContain(code.replace('-', ''));
        const read = challengeSchema.parse(JSON.parse(text));
        expect(checkCode(read, code, new Date(at + ttl)).verdict).toBe('accepted');
        expect(checkCode(read, code, new Date(at + ttl + 1)).verdict).toBe('late');
      }),
      { numRuns: 10 },
    );
  });

  it('reads a code as people type it, and nothing else', () => {
    const now = fakeClock().now();
    const { code, challenge } = createChallenge(now, minute);
    const typed = code.toLowerCase().replace('-', ' ').replace(/0/g, 'o').replace(/1/g, 'l');
    expect(checkCode(challenge, ` ${typed}\n`, now).verdict).toBe('accepted');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const same = text.toUpperCase().replace(/[\s-]/g, '') === code.replace('-', '');
        fc.pre(!same);
        return checkCode(challenge, text, now).verdict === 'wrong';
      }),
      { numRuns: 15 },
    );
  });

  it('makes codes that nobody has seen', () => {
    const codes = Array.from({ length: 20 }, () => createChallenge(new Date(0), 1).code);
    expect(new Set(codes).size).toBe(20);
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  });
});
