/** How an environment stands, from the proof and the evidence. Pure. */
import type { Evidence } from '../transfer/evidence.ts';
import type { Proof } from '../transfer/finding.ts';

/** Nothing counts as verified that waits for a person. */
export function verdictOf(
  proof: Pick<Proof, 'held'> | null,
  evidence: readonly Evidence[],
): 'verified' | 'waiting' | 'failed' {
  if (proof?.held !== true || evidence.some(({ status }) => status === 'fail')) return 'failed';
  return evidence.some(({ status }) => status === 'pending') ? 'waiting' : 'verified';
}
