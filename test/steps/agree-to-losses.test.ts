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
  { status = 'verified', state = null }: { status?: EnvironmentStatus; state?: StateModel | null } = {},
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
    target: { name: 'feature-auth' },
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
    expect([...agreed]).toEqual(['aws_dynamodb_table.notes', 'aws_sqs_queue.jobs']);
    const [question] = context.asked;
    expect(question).toMatchObject({
      loses: [
        'aws_dynamodb_table.notes (DynamoDB table app-notes): deleted and made anew, empty',
        expect.stringMatching(/^aws_sqs_queue\.jobs \(.*app-jobs\): deleted$/),
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
