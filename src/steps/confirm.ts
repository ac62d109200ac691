/** A code that a person returns: what it does to the record of an environment. Pure; the caller keeps the record. */
import { type Confirmation, confirmCode } from '../channels/confirm.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { verdictOf } from './verdict.ts';

export interface Confirmed {
  readonly record: EnvironmentRecord;
  readonly verdict: Confirmation['verdict'];
  /** Subject whose code it was; `null` if it was nobody's. */
  readonly subject: string | null;
}

export function confirmed(record: EnvironmentRecord, code: string, now: Date): Confirmed {
  const { challenges = [], evidence } = record;
  // An environment may wait for something else than a code.
  if (challenges.length === 0) return { record, verdict: 'none', subject: null };
  const { verdict, subject, ...after } = confirmCode({ evidence, challenges }, code, now);
  return {
    verdict,
    subject,
    record: {
      ...record,
      evidence: after.evidence,
      challenges: after.challenges,
      status: verdictOf(record.proof, after.evidence),
      updated: now.toISOString(),
    },
  };
}
