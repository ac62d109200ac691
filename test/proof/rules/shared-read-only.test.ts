import { describe, expect, it } from 'vitest';
import {
  applied,
  held,
  judged,
  planned,
  stateOf,
  withMade,
  withPlanned,
  withTarget,
  world,
} from '../build.ts';

const id = 'shared-read-only';
const repository = planned('aws_ecr_repository.images', { name: 'app', force_delete: true });

describe('blocks', () => {
  it.each([
    ['by address', 'aws_ecr_repository.images'],
    ['by type', 'aws_ecr_repository'],
    ['by name', 'app'],
    ['by a wildcard', 'aws_ecr_*'],
  ])('what is declared shared %s', (_title, entry) => {
    const found = judged(id, { ...withPlanned(world(), repository), shared: [entry] });
    expect(found).toMatchObject([{ severity: 'error', subject: repository.address }]);
    expect(found[0]?.message).toContain(entry);
  });

  it.each(['update', 'delete', 'replace'] as const)('an %s of it', (action) => {
    const change = { ...repository, action, before: repository.after };
    expect(judged(id, { ...withPlanned(world(), change), shared: ['aws_ecr_repository'] })).toHaveLength(1);
  });

  it('what changes a shared thing in place', () => {
    const policy = planned('aws_s3_bucket_policy.reports', { bucket: 'app-reports', policy: '{}' });
    const found = judged(id, withPlanned(world(), policy));
    expect(found).toMatchObject([{ severity: 'error', subject: 'aws_s3_bucket_policy.reports' }]);
    expect(found[0]?.message).toContain('"app-reports"');
  });

  it('and what did so, after the apply', () => {
    const input = applied();
    const policy = held('aws_s3_bucket_policy.reports', { bucket: 'app-reports' });
    const state = stateOf([...(input.target.state?.resources ?? []), policy], { lineage: 'l' });
    expect(judged(id, withTarget(input, { state }))).toHaveLength(1);
    expect(judged(id, { ...applied(), shared: ['aws_sqs_queue'] })).toMatchObject([
      { subject: 'aws_sqs_queue.jobs' },
    ]);
  });
});

describe('lets pass', () => {
  it('what only exists, or is only read', () => {
    const input = {
      ...withPlanned(world(), { ...repository, action: 'no-op' as const }),
      shared: ['app', 'app-reports'],
    };
    expect(judged(id, input)).toEqual([]);
  });

  it("what changes a thing of the target's own", () => {
    const bucket = planned('aws_s3_bucket.own', { bucket: 'app-feature-auth', force_destroy: true });
    const policy = planned('aws_s3_bucket_policy.own', { bucket: 'app-feature-auth', policy: '{}' });
    expect(judged(id, withPlanned(world(), bucket, policy))).toEqual([]);
  });

  it('what changes something that is not known yet: it comes from the plan', () => {
    const policy = planned('aws_s3_bucket_policy.own', { policy: '{}' }, { afterUnknown: { bucket: true } });
    expect(judged(id, withPlanned(world(), policy))).toEqual([]);
  });

  it('names that only resemble a wildcard', () => {
    expect(
      judged(id, { ...withPlanned(world(), repository), shared: ['aws.ecr*', 'ap', '*-shared'] }),
    ).toEqual([]);
  });
});

it('judges the values that are there', () => {
  expect(judged(id, withMade(applied(), 'aws_sqs_queue.jobs', { name: 'q' }))).toEqual([]);
});
