import { describe, expect, it } from 'vitest';
import {
  applied,
  arn,
  blockedBy,
  declared,
  declaredIn,
  expression,
  held,
  judged,
  planned,
  undecidedOf,
  withAfter,
  withDeclared,
  withHeld,
  withMade,
  withPlanned,
  world,
} from '../build.ts';

const id = 'identity-free';

describe('blocks', () => {
  it('a name without the environment in it', () => {
    const source = withHeld(world(), held('aws_s3_bucket.files', { bucket: 'app-files', id: 'app-files' }));
    const input = withPlanned(
      source,
      planned('aws_s3_bucket.files', { bucket: 'app-files', force_destroy: true }),
    );
    const found = judged(id, input);
    expect(found).toMatchObject([{ severity: 'error', subject: 'aws_s3_bucket.files' }]);
    expect(found[0]?.message).toContain('bucket "app-files"');
    expect(found[0]?.message).toContain("dev's aws_s3_bucket.files");
    expect(found[0]?.hint).toContain('var.environment into bucket');
    expect(found[0]?.hint).toContain('data source');
    expect(blockedBy(input)).toEqual([id]);
  });

  it("the source's name at another address", () => {
    const found = judged(id, withPlanned(world(), planned('aws_sqs_queue.copy', { name: 'app-jobs-dev' })));
    expect(found).toMatchObject([{ subject: 'aws_sqs_queue.copy' }]);
  });

  it('what the source only reads, since it exists already', () => {
    const bucket = planned('aws_s3_bucket.reports', { bucket: 'app-reports', force_destroy: true });
    const found = judged(id, withPlanned(world(), bucket));
    expect(found[0]?.message).toContain('dev reads');
  });

  it("another environment's thing", () => {
    const recorded = {
      address: 'aws_sqs_queue.jobs',
      type: 'aws_sqs_queue',
      identity: 'app-q',
      id: null,
      arn: null,
    };
    const others = [{ name: 'staging', stateLocation: 's3://s', resources: [recorded] }];
    const input = withPlanned({ ...world(), others }, planned('aws_sqs_queue.q', { name: 'app-q' }));
    expect(judged(id, input)[0]?.message).toContain("staging's aws_sqs_queue.jobs");
  });

  it('children of a parent that is shared', () => {
    const source = withHeld(world(), held('aws_iam_role_policy.more', { name: 'more', role: 'common-role' }));
    const input = withPlanned(
      source,
      planned('aws_iam_role_policy.more', { name: 'more', role: 'common-role' }),
    );
    expect(judged(id, input)).toMatchObject([{ subject: 'aws_iam_role_policy.more' }]);
  });

  it('a type that is not in the table, and says that it compared', () => {
    const source = withHeld(world(), held('example_widget.w', { name: 'w', id: '1', parent_id: 'p' }));
    const found = judged(id, withPlanned(source, planned('example_widget.w', { name: 'w', parent_id: 'p' })));
    expect(found[0]?.message).toContain('the type is not in the table');
  });

  it('after the apply, the same ARN or the same generated id', () => {
    const table = withMade(applied(), 'aws_dynamodb_table.items', { name: 'app-items-dev' });
    expect(judged(id, table)).toMatchObject([{ subject: 'aws_dynamodb_table.items' }]);
    const sameArn = withMade(applied(), 'aws_sqs_queue.jobs', { arn: arn('sqs', 'app-jobs-dev') });
    expect(judged(id, sameArn)[0]?.message).toContain('ARN arn:aws:sqs');
  });
});

describe('lets pass', () => {
  it('names that the provider makes up', () => {
    const source = withHeld(world(), held('aws_sqs_queue.g', { name: 'g-2026', name_prefix: 'g-' }));
    const input = withPlanned(
      source,
      planned('aws_sqs_queue.g', { name_prefix: 'g-' }, { afterUnknown: { name: true } }),
    );
    expect(judged(id, input)).toEqual([]);
    expect(undecidedOf(id, input)).toEqual([]);
  });

  it('a parent that is only being made', () => {
    // name = "work" on both sides; the role is a new one.
    expect(judged(id, world())).toEqual([]);
    expect(undecidedOf(id, world())).toEqual([]);
  });

  it('the same name in another parent, for a type that is not in the table', () => {
    const source = withHeld(world(), held('example_widget.w', { name: 'w', parent_id: 'p' }));
    expect(
      judged(id, withPlanned(source, planned('example_widget.w', { name: 'w', parent_id: 'q' }))),
    ).toEqual([]);
  });

  it('what is not made but there already', () => {
    const kept = planned('aws_sqs_queue.copy', { name: 'app-jobs-dev' }, { action: 'no-op' });
    expect(judged(id, withPlanned(world(), kept))).toEqual([]);
  });
});

describe('leaves undecided', () => {
  it('a name that comes from elsewhere and is not known yet', () => {
    const queue = declared('aws_sqs_queue.late', { name: expression(['data.external.names.result']) });
    const late = planned('aws_sqs_queue.late', {}, { afterUnknown: { name: true } });
    const input = withPlanned(withDeclared(world(), queue), late);
    expect(undecidedOf(id, input)).toEqual(['aws_sqs_queue.late (name)']);
  });

  it('an unknown type whose parent is not known yet', () => {
    const source = withHeld(world(), held('example_widget.w', { name: 'w', parent_id: 'p' }));
    const widget = declared('example_widget.w', { parent_id: expression(['data.x.y.id']) });
    const input = withPlanned(withDeclared(source, widget), planned('example_widget.w', { name: 'w' }));
    expect(undecidedOf(id, input)).toEqual(['example_widget.w']);
  });

  it('but not a name that comes from something new', () => {
    const queue = declared('aws_sqs_queue.late', { name: expression(['aws_security_group.bot.id']) });
    const late = planned('aws_sqs_queue.late', {}, { afterUnknown: { name: true } });
    expect(undecidedOf(id, withPlanned(withDeclared(world(), queue), late))).toEqual([]);
  });
});

it('names two resources that differ by one letter as what they are', () => {
  expect(declaredIn(world(), 'aws_sqs_queue.jobs').name).toBe('jobs');
  expect(judged(id, withAfter(world(), 'aws_sqs_queue.jobs', { name: 'app-job-dev' }))).toEqual([]);
});
