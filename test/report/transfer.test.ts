import { describe, expect, it } from 'vitest';
import { toTerminal } from '../../src/report/terminal.ts';
import { verdictBlocks } from '../../src/report/transfer.ts';
import type { TransferRequest } from '../../src/steps/context.ts';
import { statusOf, type TransferResult } from '../../src/steps/provision.ts';
import { ProvisionError } from '../../src/transfer/errors.ts';
import { type StepResult, stepIds } from '../../src/transfer/steps.ts';
import { aRecord } from '../support/record.ts';

const request = { target: 'feature-auth', source: 'dev' } as TransferRequest;

/** The results of a transfer whose steps were done up to the one that threw. */
function endedAt(ended: StepResult['id']): StepResult[] {
  const last = stepIds.indexOf(ended);
  return stepIds.map((id, index) => ({
    id,
    status: index < last ? 'done' : index === last ? 'failed' : 'skipped',
    durationMs: 0,
    output: null,
  }));
}

function verdict(
  ended: StepResult['id'],
  error: ProvisionError,
  record: TransferResult['record'] = null,
): string {
  const steps = endedAt(ended);
  const result: TransferResult = {
    status: statusOf(steps, error, record),
    exitCode: error.exitCode,
    steps,
    findings: [],
    mapping: [],
    cost: null,
    proof: null,
    evidence: [],
    record,
    error,
  };
  return toTerminal(verdictBlocks(request, result), { color: false, width: 120 });
}

describe('the verdict of a transfer that an error ended', () => {
  it('does not deny what stands already when the verification is interrupted', () => {
    const text = verdict('verify', new ProvisionError('interrupted', 'It was interrupted.'));
    expect(text).toContain('feature-auth is provisioned, but its verification did not come to its end.');
    expect(text).toContain('Next: provision-env verify feature-auth');
  });

  it('goes on with resume, not with a code, where a credential is waited for', () => {
    const text = verdict(
      'rewire',
      new ProvisionError('needs-person', 'LINE_CHANNEL_SECRET is missing.'),
      aRecord({ status: 'waiting' }),
    );
    expect(text).toContain('feature-auth waits for a person');
    expect(text).toContain('Next: provision-env resume feature-auth');
    expect(text).not.toContain('confirm');
  });

  it('names the same command again where the update of what stands was refused: nothing was begun', () => {
    const error = new ProvisionError('needs-person', 'There is nobody to ask.');
    const text = verdict('rewire', error, aRecord({ status: 'verified' }));
    expect(text).toContain('Next: provision-env feature-auth from=dev');
  });

  it('says that nothing was provisioned where an earlier step threw', () => {
    const text = verdict('map', new ProvisionError('interrupted', 'It was interrupted.'));
    expect(text).toContain('feature-auth was not provisioned.');
  });
});
