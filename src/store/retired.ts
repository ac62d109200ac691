/**
 * What is kept of an environment that is gone: enough to find what it left behind, in the account and region that its
 * `--set` values may have said, and nothing that only life needs.
 */
import type { EnvironmentRecord } from '../transfer/record.ts';

export function retired(record: EnvironmentRecord): EnvironmentRecord {
  const { channels: _channels, challenges: _challenges, mapping: _mapping, cost: _cost, ...rest } = record;
  return {
    ...rest,
    status: 'destroyed',
    proof: null,
    evidence: [],
    outputs: {},
    secrets: rest.secrets && { ...rest.secrets, fingerprints: {} },
  };
}
