/** Small inputs for the rules: everything that a test does not speak of is in order. */
import type { Finding, Proof } from '../../src/transfer/finding.ts';

export function findingsOf(proof: Proof): readonly Finding[] {
  return proof.verdicts.flatMap(({ findings }) => findings);
}

export function errorsOf(proof: Proof): readonly Finding[] {
  return findingsOf(proof).filter(({ severity }) => severity === 'error');
}
