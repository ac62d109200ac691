import { describe, expect, it } from 'vitest';
import { createChallenge } from '../../src/channels/challenge.ts';
import { confirmCode, openChallenges } from '../../src/channels/confirm.ts';
import type { Evidence } from '../../src/transfer/evidence.ts';

const now = new Date('2026-11-23T10:00:00Z');

function item(check: string, subject: string, status: Evidence['status'] = 'pending'): Evidence {
  return {
    layer: 4,
    check,
    subject,
    status,
    observed: 'x',
    expected: 'y',
    at: now.toISOString(),
    durationMs: 1,
  };
}

function setUp() {
  const line = createChallenge(now, 60_000);
  const telegram = createChallenge(now, 60_000);
  return {
    codes: { line: line.code, telegram: telegram.code },
    before: {
      evidence: [
        item('reply-on-own-channel', 'line'),
        item('code-returned', 'line'),
        item('reply-on-own-channel', 'telegram', 'pass'),
        item('code-returned', 'telegram'),
      ],
      challenges: [
        { subject: 'line', challenge: line.challenge },
        { subject: 'telegram', challenge: telegram.challenge },
      ],
    },
  };
}

const statuses = (evidence: readonly Evidence[]) => evidence.map((each) => each.status);

describe('confirmCode', () => {
  it('passes the channel whose code it is, and no other', () => {
    const { before, codes } = setUp();
    const result = confirmCode(before, codes.line, now);
    expect([result.verdict, result.subject]).toEqual(['accepted', 'line']);
    expect(statuses(result.evidence)).toEqual(['pass', 'pass', 'pass', 'pending']);
    expect(result.challenges[1]).toEqual(before.challenges[1]);
    const second = confirmCode(result, codes.telegram, now);
    expect(statuses(second.evidence)).toEqual(['pass', 'pass', 'pass', 'pass']);
    expect(confirmCode(second, codes.line, now).verdict).toBe('used');
    expect(openChallenges(second.challenges, now)).toEqual([]);
  });

  it('fails on a wrong code, and passes on the right one after it', () => {
    const { before, codes } = setUp();
    const wrong = confirmCode(before, '0000-0000', now);
    expect(wrong.verdict).toBe('wrong');
    expect(wrong.changed.map(({ check, status }) => [check, status])).toEqual([
      ['code-returned', 'fail'],
      ['code-returned', 'fail'],
    ]);
    expect(wrong.changed[0]?.observed).toBe('a wrong code was returned; 4 attempts are left');
    const right = confirmCode(wrong, codes.line, now);
    expect(right.verdict).toBe('accepted');
    expect(statuses(right.evidence)).toEqual(['pass', 'pass', 'pass', 'fail']);
  });

  it('fails on a code that comes late', () => {
    const { before, codes } = setUp();
    const late = confirmCode(before, codes.line, new Date(now.getTime() + 60_001));
    expect(late.verdict).toBe('late');
    expect(statuses(late.changed)).toEqual(['fail', 'fail']);
    expect(late.changed[0]?.observed).toContain('expired');
  });

  it('leaves a reply that failed as it is', () => {
    const { before, codes } = setUp();
    const evidence = [item('reply-on-own-channel', 'line', 'fail'), item('code-returned', 'line')];
    expect(statuses(confirmCode({ ...before, evidence }, codes.line, now).evidence)).toEqual([
      'fail',
      'pass',
    ]);
  });

  it('knows when no code was sent', () => {
    expect(confirmCode({ evidence: [], challenges: [] }, 'AAAA-AAAA', now).verdict).toBe('none');
  });
});
