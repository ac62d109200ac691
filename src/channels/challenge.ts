/**
 * One-time codes: sent to a person over a channel, and returned by that person. Kept is only a salted hash with an
 * end, so that whoever reads the record cannot return the code. Pure but for the randomness of a new code.
 */
import { randomBytes, randomInt, scryptSync, timingSafeEqual } from 'node:crypto';
import type { Challenge } from '../transfer/record.ts';

/** Crockford's alphabet: none of its characters is taken for another one when it is typed. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 8;
const attemptLimit = 5;
/** About ten milliseconds a guess: forty bits behind it are out of reach within the life of a code. */
const cost = 4096;

export interface NewChallenge {
  /** To be sent and then forgotten. */
  readonly code: string;
  readonly challenge: Challenge;
}

export function createChallenge(now: Date, ttlMs: number): NewChallenge {
  const code = Array.from({ length }, () => alphabet[randomInt(alphabet.length)] ?? '0').join('');
  const salt = randomBytes(16).toString('base64');
  return {
    code: `${code.slice(0, 4)}-${code.slice(4)}`,
    challenge: {
      version: 1,
      salt,
      hash: hashOf(code, salt).toString('base64'),
      created: now.toISOString(),
      expires: new Date(now.getTime() + ttlMs).toISOString(),
      attemptsLeft: attemptLimit,
      returned: null,
    },
  };
}

export type CodeVerdict = 'accepted' | 'wrong' | 'late' | 'exhausted' | 'used';

export interface CodeCheck {
  readonly verdict: CodeVerdict;
  /** To be kept in place of the one before: attempts count. */
  readonly challenge: Challenge;
}

export function checkCode(challenge: Challenge, code: string, now: Date): CodeCheck {
  if (challenge.returned !== null) return { verdict: 'used', challenge };
  if (challenge.attemptsLeft === 0) return { verdict: 'exhausted', challenge };
  // Compared before the end is looked at: a right code that comes late is told apart from a wrong one by nothing.
  const right = timingSafeEqual(
    hashOf(normalised(code), challenge.salt),
    Buffer.from(challenge.hash, 'base64'),
  );
  if (now.getTime() > Date.parse(challenge.expires)) return { verdict: 'late', challenge };
  if (right) return { verdict: 'accepted', challenge: { ...challenge, returned: now.toISOString() } };
  return { verdict: 'wrong', challenge: { ...challenge, attemptsLeft: challenge.attemptsLeft - 1 } };
}

/** Still waiting for its code. */
export function isOpen(challenge: Challenge, now: Date): boolean {
  return (
    challenge.returned === null &&
    challenge.attemptsLeft > 0 &&
    now.getTime() <= Date.parse(challenge.expires)
  );
}

/** As people type it: small letters, spaces, and the letters that the alphabet leaves out. */
function normalised(code: string): string {
  return code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}

function hashOf(code: string, salt: string): Buffer {
  return scryptSync(code, Buffer.from(salt, 'base64'), 32, { N: cost });
}
