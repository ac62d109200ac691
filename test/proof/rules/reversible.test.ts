import { describe, expect, it } from 'vitest';
import {
  applied,
  declared,
  declaredIn,
  judged,
  planned,
  undecidedOf,
  withAfter,
  withDeclared,
  withMade,
  withoutPlanned,
  withPlanned,
  withTarget,
  world,
} from '../build.ts';

const id = 'reversible';
const serious = (input: Parameters<typeof judged>[1]) =>
  judged(id, input).filter(({ severity }) => severity !== 'info');

describe('finds', () => {
  it('deletion protection, before and after the apply', () => {
    const values = { deletion_protection_enabled: true };
    const found = serious(withAfter(world(), 'aws_dynamodb_table.items', values));
    expect(found).toMatchObject([{ severity: 'error', subject: 'aws_dynamodb_table.items' }]);
    expect(serious(withMade(applied(), 'aws_dynamodb_table.items', values))).toHaveLength(1);
  });

  it('prevent_destroy, which no plan shows', () => {
    const resource = { ...declaredIn(world(), 'aws_sqs_queue.jobs'), preventDestroy: true };
    const found = serious(withDeclared(world(), resource));
    expect(found).toMatchObject([{ severity: 'error', subject: 'aws_sqs_queue.jobs' }]);
    expect(found[0]?.message).toContain('main.tf:3');
  });

  it('a log group that the service makes by itself', () => {
    const found = serious(withoutPlanned(world(), 'aws_cloudwatch_log_group.bot'));
    expect(found).toMatchObject([{ severity: 'warning', subject: 'aws_lambda_function.bot' }]);
    expect(found[0]?.message).toContain('/aws/lambda/app-bot-feature-auth');
  });

  it('a bucket that is not emptied', () => {
    const found = serious(
      withPlanned(world(), planned('aws_s3_bucket.b', { bucket: 'b-feature-auth', force_destroy: false })),
    );
    expect(found).toMatchObject([{ severity: 'warning', subject: 'aws_s3_bucket.b' }]);
  });

  it('a secret that lingers', () => {
    const secret = planned('aws_secretsmanager_secret.s', {
      name: 's-feature-auth',
      recovery_window_in_days: 30,
    });
    expect(serious(withPlanned(world(), secret)).length).toBeGreaterThan(0);
  });
});

describe('lets pass', () => {
  it('what can go', () => expect(serious(world())).toEqual([]));

  it('what hinders Terraform alone, where the direct engine takes it away', () => {
    const things = [
      planned('live.aws_rds_cluster.db', {
        cluster_identifier: 'db-feature-auth',
        deletion_protection: true,
      }),
      planned('live.aws_s3_bucket.b', { bucket: 'b-feature-auth' }),
      planned('live.aws_secretsmanager_secret.s', { name: 's-feature-auth' }),
      planned('live.aws_kms_key.k', { description: 'k-feature-auth' }),
    ].map((each) => ({ ...each, type: each.address.split('.')[1] ?? '' }));
    for (const each of things)
      expect([each.type, serious(withPlanned(world(), each))]).toEqual([each.type, []]);
    const locked = planned('live.aws_s3_bucket.b', { bucket: 'b-feature-auth', object_lock_enabled: true });
    expect(serious(withPlanned(world(), { ...locked, type: 'aws_s3_bucket' }))).toHaveLength(1);
  });

  it('anything in an environment that stays, with a word', () => {
    const input = withAfter(world(), 'aws_dynamodb_table.items', { deletion_protection_enabled: true });
    const found = judged(id, withTarget(input, { protected: true }));
    expect(found.filter(({ subject }) => subject === 'aws_dynamodb_table.items')).toMatchObject([
      { severity: 'info' },
    ]);
  });
});

it('waits where the name of a declared log group is not known yet', () => {
  const late = planned('aws_cloudwatch_log_group.late', {}, { afterUnknown: { name: true } });
  const input = withPlanned(withoutPlanned(world(), 'aws_cloudwatch_log_group.bot'), late);
  expect(serious(withDeclared(input, declared(late.address)))).toEqual([]);
  expect(undecidedOf(id, input).join()).toContain('/aws/lambda/app-bot-feature-auth');
});
