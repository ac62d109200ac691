import { describe, expect, it } from 'vitest';
import type { AskedPresence } from '../../../src/proof/account.ts';
import { prove } from '../../../src/proof/prove.ts';
import type { ProofInput } from '../../../src/proof/rule.ts';
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

describe('what the account says', () => {
  const address = 'aws_iam_role.bot';
  const name = 'app-bot-role-feature-auth';
  const said = (presence: AskedPresence, of = address, named = name): ProofInput => ({
    ...world(),
    account: [{ address: of, name: named, presence }],
  });

  it('a name that is free, or that nobody could ask for, is no finding', () => {
    expect(judged(id, said({ state: 'free' }))).toEqual([]);
    const notAsked = said({ state: 'not-asked', reason: 'no adapter for type aws_x' });
    expect(judged(id, notAsked)).toEqual([]);
    expect(undecidedOf(id, notAsked).join()).toContain(
      'the account was not asked: no adapter for type aws_x',
    );
  });

  it('a name that is taken blocks, and says whose it is', () => {
    const input = said({ state: 'taken', condition: 'there', owner: 'its tags say Environment = qa' });
    const [found] = judged(id, input);
    expect(found).toMatchObject({ severity: 'error', subject: address });
    expect(found?.message).toContain(`IAM role ${name}, which exists already: its tags say Environment = qa`);
    expect(found?.hint).toContain('provision-env sweep feature-auth');
    expect(prove(input).held).toBe(false);
    expect(prove(input, { accept: [`${id}:${address}`] }).held).toBe(true);
  });

  it('what is being deleted has its name until then', () => {
    const planned1 = withPlanned(world(), planned('aws_secretsmanager_secret.key', { name: 'app-key' }));
    const presence: AskedPresence = { state: 'taken', condition: 'leaving', detail: 'until 2030-01-31' };
    const account = [{ address: 'aws_secretsmanager_secret.key', name: 'app-key', presence }];
    const [found] = judged(id, { ...planned1, account });
    expect(found?.message).toContain('is being deleted, and has its name until then: until 2030-01-31');
    expect(found?.hint).toContain("restore-secret --secret-id 'app-key'");
    expect(found?.hint).toContain('--force-delete-without-recovery');
    const [role] = judged(id, said({ state: 'taken', condition: 'leaving' }));
    expect(role?.hint).toContain('Wait');
  });

  it('a log group that a service made can be imported or deleted', () => {
    const group = '/aws/lambda/app-bot-feature-auth';
    const presence: AskedPresence = {
      state: 'taken',
      condition: 'there',
      madeFor: 'Lambda function app-bot-feature-auth',
    };
    const [found] = judged(id, said(presence, 'aws_cloudwatch_log_group.bot', group));
    expect(found?.hint).toContain('for the Lambda function app-bot-feature-auth');
    expect(found?.hint).toContain(`terraform import 'aws_cloudwatch_log_group.bot' '${group}'`);
    expect(found?.hint).toContain(`delete-log-group --log-group-name '${group}'`);
  });

  it("another account's name is taken by somebody else", () => {
    const [found] = judged(
      id,
      said({ state: 'foreign', detail: 'another account has a bucket of that name' }),
    );
    expect(found).toMatchObject({ severity: 'error' });
    expect(found?.message).toContain('another account has a bucket of that name');
  });

  it('what could not be read warns, and the proof does not hold until it is read or accepted', () => {
    const input = said({ state: 'unreadable', reason: 'access denied', permission: 'iam:GetRole' });
    const [found] = judged(id, input);
    expect(found).toMatchObject({ severity: 'warning', subject: address });
    expect(found?.hint).toContain('Allow iam:GetRole');
    const proof = prove(input);
    expect(proof.held).toBe(false);
    expect(proof.coverage.unreadable.join()).toMatch(/aws_iam_role\.bot.*access denied.*iam:GetRole/);
    const accepted = prove(input, { accept: [`${id}:${address}`] });
    expect(accepted.held).toBe(true);
    expect(accepted.coverage.unreadable).toEqual([]);
  });

  it('is not said twice of what another environment is known to own', () => {
    const bucket = withPlanned(world(), planned('aws_sqs_queue.copy', { name: 'app-jobs-dev' }));
    const presence: AskedPresence = { state: 'taken', condition: 'there' };
    const account = [{ address: 'aws_sqs_queue.copy', name: 'app-jobs-dev', presence }];
    expect(judged(id, { ...bucket, account })).toHaveLength(1);
  });
});
