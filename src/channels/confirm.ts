/** What a returned code does to the evidence of an environment. Pure; the caller keeps the record. */
import type { Evidence } from '../transfer/evidence.ts';
import type { Challenge, RecordedChallenge } from '../transfer/record.ts';
import { checkCode, type CodeVerdict, isOpen } from './challenge.ts';

export interface Confirmation {
  readonly verdict: CodeVerdict | 'none';
  /** Subject whose code it was; `null` if it was nobody's. */
  readonly subject: string | null;
  /** The new items only. */
  readonly changed: readonly Evidence[];
  /** To take the place of the evidence before. */
  readonly evidence: readonly Evidence[];
  readonly challenges: readonly RecordedChallenge[];
}

export const codeReturned = 'code-returned';
export const replyOnOwnChannel = 'reply-on-own-channel';

/**
 * A code names its channel by being right for it. A wrong one counts as an attempt on every code that is still open,
 * since nobody knows which was meant.
 */
export function confirmCode(
  before: { readonly evidence: readonly Evidence[]; readonly challenges: readonly RecordedChallenge[] },
  code: string,
  now: Date,
): Confirmation {
  const checked = before.challenges.map(({ subject, challenge }) => ({
    subject,
    before: challenge,
    ...checkCode(challenge, code, now),
  }));
  const accepted = checked.find(({ verdict }) => verdict === 'accepted');
  // Where one was right, the others were not asked.
  const challenges = checked.map(({ subject, challenge, before }) => ({
    subject,
    challenge: accepted === undefined || accepted.subject === subject ? challenge : before,
  }));
  const waiting = checked.filter(({ before }) => before.returned === null);
  const verdict = accepted?.verdict ?? worst(waiting.map((each) => each.verdict));
  const changed =
    accepted === undefined
      ? waiting.flatMap((each) => refusal(before.evidence, each, now))
      : acceptance(before.evidence, accepted.subject, now);
  return {
    verdict: verdict ?? (checked.length === 0 ? 'none' : 'used'),
    subject: accepted?.subject ?? null,
    changed,
    evidence: replaced(before.evidence, changed),
    challenges,
  };
}

/** Any code that a person may still return. */
export function openChallenges(challenges: readonly RecordedChallenge[], now: Date): RecordedChallenge[] {
  return challenges.filter(({ challenge }) => isOpen(challenge, now));
}

function worst(verdicts: readonly CodeVerdict[]): CodeVerdict | null {
  return verdicts.find((each) => each === 'wrong') ?? verdicts[0] ?? null;
}

function acceptance(evidence: readonly Evidence[], subject: string, now: Date): Evidence[] {
  return evidence
    .filter((each) => each.subject === subject && each.layer === 4)
    .flatMap((each): Evidence[] => {
      if (each.check === codeReturned)
        return [
          {
            ...each,
            status: 'pass',
            observed: 'the tester returned the code',
            at: now.toISOString(),
          },
        ];
      // Where no program sees replies, it was the tester who was asked to return the code after the answer.
      if (each.check === replyOnOwnChannel && each.status === 'pending')
        return [
          {
            ...each,
            status: 'pass',
            observed: 'the tester, asked to wait for the answer of the bot, returned the code',
            at: now.toISOString(),
          },
        ];
      return [];
    });
}

function refusal(
  evidence: readonly Evidence[],
  { subject, verdict, challenge }: { subject: string; verdict: CodeVerdict; challenge: Challenge },
  now: Date,
): Evidence[] {
  const observed = {
    wrong:
      challenge.attemptsLeft === 0
        ? 'a wrong code was returned, and no attempt is left: verify again for a new code'
        : `a wrong code was returned; ${challenge.attemptsLeft} attempts are left`,
    late: `a code was returned after ${challenge.expires}, when it had expired: verify again for a new one`,
    exhausted: 'too many wrong codes were returned: verify again for a new code',
    used: 'the code was returned before',
    accepted: '',
  }[verdict];
  return evidence
    .filter((each) => each.subject === subject && each.check === codeReturned)
    .map((each) => ({ ...each, status: 'fail', observed, at: now.toISOString() }) as const);
}

function replaced(evidence: readonly Evidence[], changed: readonly Evidence[]): Evidence[] {
  const key = (each: Evidence): string => `${each.layer}\0${each.check}\0${each.subject}`;
  const by = new Map(changed.map((each) => [key(each), each]));
  return evidence.map((each) => by.get(key(each)) ?? each);
}
