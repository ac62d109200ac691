import { describe, expect, it } from 'vitest';
import type { RecordedResource } from '../../../src/transfer/record.ts';
import { applied, blockedBy, held, judged, stateOf, withTarget, world } from '../build.ts';

const id = 'state-own';
const recorded: RecordedResource = {
  address: 'aws_sqs_queue.other',
  type: 'aws_sqs_queue',
  identity: 'app-other-staging',
  id: null,
  arn: null,
};

describe('blocks', () => {
  it("the source's own state", () => {
    const found = judged(id, withTarget(world(), { stateLocation: 's3://states/dev.tfstate' }));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ severity: 'error', subject: 's3://states/dev.tfstate' });
    expect(found[0]?.message).toContain("dev's state lies");
  });

  it("another environment's state", () => {
    const others = [{ name: 'staging', stateLocation: 's3://states/feature-auth.tfstate', resources: [] }];
    expect(judged(id, { ...world(), others })[0]?.message).toContain("staging's state lies");
  });

  it('a copy of the state, by its lineage', () => {
    const copy = stateOf([], { lineage: 'lineage-dev' });
    expect(judged(id, withTarget(world(), { state: copy }))[0]?.message).toContain('lineage-dev');
    expect(judged(id, withTarget(applied(), { state: copy }))[0]?.message).toContain('copy');
  });

  it("the source's things in the target's state, each of them", () => {
    const input = world();
    const state = stateOf(input.source.state.resources, { lineage: 'another' });
    const found = judged(id, withTarget(input, { state }));
    expect(found.map(({ subject }) => subject)).toContain('aws_dynamodb_table.items');
    expect(found).toHaveLength(8);
    expect(found[0]?.hint).toContain('terraform state rm');
  });

  it('a state that is there and nobody recorded, in one finding', () => {
    const state = stateOf([held('aws_sqs_queue.mine', { name: 'x-feature-auth' })], { lineage: 'another' });
    const found = judged(id, withTarget(world(), { state }));
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain('with 1 resource, and no record');
  });

  it("things of a recorded environment in our own target's state", () => {
    const state = stateOf([held('aws_sqs_queue.x', { name: 'app-other-staging' })], { lineage: 'another' });
    const others = [{ name: 'staging', stateLocation: 's3://states/staging.tfstate', resources: [recorded] }];
    const found = judged(id, withTarget({ ...world(), others }, { state, ours: true }));
    expect(found.map(({ message }) => message).join()).toContain("staging's aws_sqs_queue.other");
  });
});

describe('lets pass', () => {
  it('no state, an empty one, and one of ours', () => {
    expect(judged(id, world())).toEqual([]);
    expect(judged(id, withTarget(world(), { state: stateOf([], { lineage: '' }) }))).toEqual([]);
    expect(judged(id, withTarget(world(), { state: stateOf([], { lineage: 'another' }) }))).toEqual([]);
    const state = stateOf([held('aws_sqs_queue.jobs', { name: 'app-jobs-feature-auth' })], {
      lineage: 'another',
    });
    expect(blockedBy(withTarget(world(), { state, ours: true }))).toEqual([]);
  });

  it('what both sides have by nature the same: ids that are not unique, things that are only read', () => {
    const permission = held('aws_lambda_permission.url', {
      statement_id: 'AllowUrl',
      id: 'AllowUrl',
      function_name: 'app-bot-feature-auth',
    });
    const state = stateOf([permission, held('data.aws_s3_bucket.reports', { bucket: 'app-reports' })], {
      lineage: 'another',
    });
    expect(judged(id, withTarget(world(), { state, ours: true }))).toEqual([]);
  });
});
