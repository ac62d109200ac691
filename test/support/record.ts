import type { EnvironmentRecord } from '../../src/transfer/record.ts';

/** A record as a finished transfer leaves it. */
export function aRecord(more: Partial<EnvironmentRecord> = {}): EnvironmentRecord {
  const name = more.name ?? 'feature-auth';
  return {
    version: 1,
    name,
    source: 'dev',
    owner: 'ada',
    created: '2026-01-01T00:00:00.000Z',
    updated: '2026-01-01T00:00:00.000Z',
    expires: null,
    engine: 'terraform',
    status: 'verified',
    transfer: 't1',
    moduleDir: 'terraform',
    varFile: `terraform/terraform.${name}.tfvars`,
    varFileOurs: true,
    backendFile: null,
    backendFileOurs: false,
    state: `s3://bucket/${name}`,
    set: {},
    keepLogRetention: false,
    accepted: [],
    resources: [],
    proof: null,
    evidence: [],
    secrets: null,
    outputs: {},
    ...more,
  };
}
