import { describe, expect, it } from 'vitest';
import { agreeToLosses, type LossContext } from '../../src/steps/agree-to-losses.ts';
import type { PlanModel, PlannedAction, PlannedResource, StateModel } from '../../src/terraform/model.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import type { Host, Question } from '../../src/transfer/host.ts';
import type { EnvironmentStatus } from '../../src/transfer/record.ts';
import { held, planned, stateOf } from '../proof/build.ts';
import { aRecord } from '../support/record.ts';

const change = (
  address: string,
  action: PlannedAction,
  before: Record<string, string> = {},
): PlannedResource => ({
  ...planned(address, {}, { action }),
  before,
});

const planOf = (...changes: readonly PlannedResource[]): PlanModel => ({
  terraformVersion: '1.11.4',
  changes,
  dataSources: [],
  variables: {},
  outputChanges: {},
});

function contextThat(
  answers: boolean,
  {
    status = 'verified',
    state = null,
    name = 'feature-auth',
  }: { status?: EnvironmentStatus; state?: StateModel | null; name?: string } = {},
): LossContext & { readonly asked: Question[] } {
  const asked: Question[] = [];
  const ask = (question: Question): Promise<boolean> => {
    asked.push(question);
    return Promise.resolve(answers);
  };
  return {
    asked,
    host: { notify: () => undefined, ask: ask as Host['ask'] },
    types: resourceTypes,
    target: { name },
    config: { protected: ['dev', 'staging', 'prod'] },
    record: aRecord({ status }),
    workspace: { state: () => Promise.resolve(state) },
  };
}

const stores = [
  'aws_cloudwatch_log_group',
  'aws_db_instance',
  'aws_dynamodb_table',
  'aws_efs_file_system',
  'aws_kms_key',
  'aws_rds_cluster',
  'aws_s3_bucket',
  'aws_secretsmanager_secret',
  'aws_sqs_queue',
];

describe('what holds data', () => {
  it.each(stores.flatMap((type) => [[type, 'delete'] as const, [type, 'replace'] as const]))(
    '%s is asked about before a %s',
    async (type, action) => {
      const context = contextThat(true);
      await agreeToLosses(context, planOf(change(`${type}.x`, action)), new Set());
      expect(context.asked).toMatchObject([{ kind: 'lose-data', name: 'feature-auth' }]);
    },
  );

  it('is named, with what the cloud calls it, and the name of the environment is asked for once', async () => {
    const context = contextThat(true);
    const plan = planOf(
      change('aws_dynamodb_table.notes', 'replace', { name: 'app-notes' }),
      change('aws_sqs_queue.jobs', 'delete', { name: 'app-jobs' }),
      change('aws_lambda_function.hello', 'replace'),
      change('aws_s3_bucket.files', 'update'),
    );
    const agreed = await agreeToLosses(context, plan, new Set());
    expect(agreed.size).toBe(2);
    const [question] = context.asked;
    expect(question).toMatchObject({
      loses: [
        'aws_dynamodb_table.notes (DynamoDB table app-notes) deletes data: deleted and made anew, empty',
        expect.stringMatching(/^aws_sqs_queue\.jobs \(.*app-jobs\) deletes data: deleted$/),
      ],
    });
    expect(question?.text).toContain('Type feature-auth');
  });

  it('is not destroyed where the name is not typed', async () => {
    const plan = planOf(change('aws_dynamodb_table.notes', 'delete'));
    await expect(agreeToLosses(contextThat(false), plan, new Set())).rejects.toMatchObject({
      code: 'declined',
      exitCode: 3,
    });
  });

  it('is asked about again only where a second plan destroys more', async () => {
    const context = contextThat(true);
    const first = await agreeToLosses(context, planOf(change('aws_sqs_queue.a', 'delete')), new Set());
    await agreeToLosses(context, planOf(change('aws_sqs_queue.a', 'delete')), first);
    expect(context.asked).toHaveLength(1);
    await agreeToLosses(
      context,
      planOf(change('aws_sqs_queue.a', 'delete'), change('aws_sqs_queue.b', 'delete')),
      first,
    );
    expect(context.asked).toHaveLength(2);
    expect(context.asked[1]).toMatchObject({ loses: [expect.stringContaining('aws_sqs_queue.b')] });
  });

  it('is taken to be in what nobody knows the type of', async () => {
    const context = contextThat(true);
    await agreeToLosses(context, planOf(change('aws_brand_new_store.x', 'delete')), new Set());
    expect(context.asked[0]?.text).toContain('not known');
  });

  it('is not in what an apply that stopped half-way did not finish making', async () => {
    const tainted = { ...held('aws_dynamodb_table.notes', { name: 'app-notes' }), tainted: true };
    const plan = planOf(change('aws_dynamodb_table.notes', 'replace'));
    const halfway = contextThat(true, { status: 'halfway', state: stateOf([tainted]) });
    await agreeToLosses(halfway, plan, new Set());
    expect(halfway.asked).toEqual([]);
    const standing = contextThat(true, { state: stateOf([tainted]) });
    await agreeToLosses(standing, plan, new Set());
    expect(standing.asked).toHaveLength(1);
  });
});

describe('what stays, and loses data by a setting', () => {
  const group = {
    ...planned('aws_cloudwatch_log_group.api', { name: '/app', retention_in_days: 1 }, { action: 'update' }),
    before: { name: '/app', retention_in_days: 14 },
  };
  const unguarded = {
    ...planned('aws_db_instance.db', { identifier: 'db', deletion_protection: false }, { action: 'update' }),
    before: { identifier: 'db', deletion_protection: true },
  };

  it('is asked about in the words of what happens', async () => {
    const context = contextThat(true);
    await agreeToLosses(context, planOf(group), new Set());
    expect(context.asked).toMatchObject([
      {
        loses: [
          'aws_cloudwatch_log_group.api (Log group /app) deletes data: log events older than 1 day are deleted; so far they are kept for 14 days',
        ],
      },
    ]);
  });

  it('is asked about again where the second plan loses more of the same thing', async () => {
    const context = contextThat(true);
    const agreed = await agreeToLosses(context, planOf(group), new Set());
    const gone = change('aws_cloudwatch_log_group.api', 'delete', { name: '/app' });
    await agreeToLosses(context, planOf(gone), agreed);
    expect(context.asked).toHaveLength(2);
  });

  it('is not asked about where only a guard goes, but for what is protected', async () => {
    const feature = contextThat(true);
    await agreeToLosses(feature, planOf(unguarded), new Set());
    expect(feature.asked).toEqual([]);
    const staging = contextThat(true, { name: 'staging' });
    await agreeToLosses(staging, planOf(unguarded), new Set());
    expect(staging.asked).toMatchObject([{ loses: [expect.stringContaining('deletion protection')] }]);
  });
});

it('asks nothing where nothing is lost', async () => {
  const context = contextThat(false);
  const plan = planOf(
    change('aws_dynamodb_table.notes', 'create'),
    change('aws_s3_bucket.files', 'update'),
    change('aws_kms_key.x', 'forget'),
    change('aws_lambda_function.hello', 'delete'),
    change('null_resource.x', 'replace'),
  );
  await agreeToLosses(context, plan, new Set());
  expect(context.asked).toEqual([]);
});
