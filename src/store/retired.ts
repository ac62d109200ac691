/** What is kept of an environment that is gone: enough to find what it left behind, and nothing that only life needs. */
import type { EnvironmentRecord } from '../transfer/record.ts';

export function retired(record: EnvironmentRecord): EnvironmentRecord {
  const { channels: _channels, challenges: _challenges, mapping: _mapping, cost: _cost, ...rest } = record;
  return {
    ...rest,
    status: 'destroyed',
    proof: null,
    evidence: [],
    outputs: {},
    set: {},
    secrets: rest.secrets && { ...rest.secrets, fingerprints: {} },
  };
}
