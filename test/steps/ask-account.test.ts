import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetRoleCommand, IAMClient, ListPoliciesCommand, ListRoleTagsCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient, ListTagsCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { plannedTypes, questionFor } from '../../src/aws/planned.ts';
import { adapterOf } from '../../src/aws/registry.ts';
import type { AccountAnswer } from '../../src/proof/account.ts';
import { askAccount, type AskAccountInput } from '../../src/steps/ask-account.ts';
import type { PlannedResource } from '../../src/terraform/model.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import { ProvisionError } from '../../src/transfer/errors.ts';
import { held, planned, stateOf } from '../proof/build.ts';

const mocks = {
  iam: mockClient(IAMClient),
  lambda: mockClient(LambdaClient),
  logs: mockClient(CloudWatchLogsClient),
  s3: mockClient(S3Client),
  secrets: mockClient(SecretsManagerClient),
  sns: mockClient(SNSClient),
  sts: mockClient(STSClient),
};

function failure(name: string, more: object = {}): Error {
  return Object.assign(new Error(name), { name, ...more });
}

let clients: AwsClients;
beforeEach(() => {
  for (const mock of Object.values(mocks)) {
    mock.reset();
  }
  mocks.sts.on(GetCallerIdentityCommand).resolves({
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:user/ci',
  });
  clients = createClients({ region: 'eu-west-1' });
});
afterEach(() => clients.close());

async function ask(
  changes: readonly PlannedResource[],
  more: Partial<AskAccountInput> = {},
): Promise<readonly AccountAnswer[]> {
  const plan = { terraformVersion: '1', changes, dataSources: [], variables: {}, outputChanges: {} };
  const common = {
    source: stateOf([]),
    state: null,
    recorded: [],
    types: resourceTypes,
    aws: async () => clients,
  };
  return askAccount({ ...common, ...more, plan });
}

const role = planned('aws_iam_role.bot', { name: 'bot-x' });
const bucket = planned('aws_s3_bucket.files', { bucket: 'files-x' });

describe('what would be made', () => {
  it('is free where the account does not have it', async () => {
    mocks.iam.on(GetRoleCommand).rejects(failure('NoSuchEntityException'));
    expect(await ask([role])).toEqual([
      { address: 'aws_iam_role.bot', name: 'bot-x', presence: { state: 'free' } },
    ]);
  });

  it('is taken where it is there, and the tags say whose it is; others are not told', async () => {
    mocks.lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Active' });
    mocks.lambda
      .on(ListTagsCommand, { Resource: 'arn:aws:lambda:eu-west-1:123456789012:function:bot-x' })
      .resolves({
        Tags: {
          Environment: 'qa',
          ManagedBy: 'pulumi',
          'provision-env:environment': 'feature-y',
          ApiKey: 'not-shown',
        },
      });
    const [answer] = await ask([planned('aws_lambda_function.bot', { function_name: 'bot-x' })]);
    expect(answer?.presence).toMatchObject({ state: 'taken', condition: 'there' });
    expect(answer?.presence).toMatchObject({
      owner: 'its ownership tag says feature-y, its tags say Environment = qa, ManagedBy = pulumi',
    });
  });

  it('is taken all the same where its tags cannot be read', async () => {
    mocks.iam.on(GetRoleCommand).resolves({});
    mocks.iam.on(ListRoleTagsCommand).rejects(failure('AccessDenied'));
    expect(await ask([role])).toMatchObject([{ presence: { state: 'taken' } }]);
  });

  it('is taken by a secret in its recovery window, until a day', async () => {
    const DeletedDate = new Date('2030-01-31T00:00:00Z');
    mocks.secrets.on(DescribeSecretCommand).resolves({ Name: 'key-x', DeletedDate });
    mocks.secrets.on(ListSecretsCommand).resolves({
      SecretList: [
        {
          Name: 'key-x',
          ARN: 'arn:aws:secretsmanager:r:1:secret:key-x-a1',
          Tags: [{ Key: 'env', Value: 'old' }],
        },
      ],
    });
    const [answer] = await ask([planned('aws_secretsmanager_secret.key', { name: 'key-x' })]);
    expect(answer?.presence).toMatchObject({
      state: 'taken',
      condition: 'leaving',
      detail: expect.stringContaining('2030-01-31'),
      owner: 'its tags say env = old',
    });
  });

  it("is taken by a function's log group", async () => {
    const logGroupName = '/aws/lambda/bot-x';
    mocks.logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [{ logGroupName }] });
    const [answer] = await ask([planned('aws_cloudwatch_log_group.bot', { name: logGroupName })]);
    expect(answer?.presence).toMatchObject({ state: 'taken', madeFor: 'Lambda function bot-x' });
  });

  it('is found by its name where the cloud gives the id', async () => {
    const Policies = [{ PolicyName: 'Work-X', Arn: 'arn:aws:iam::1:policy/team/Work-X' }];
    mocks.iam.on(ListPoliciesCommand).resolves({ Policies });
    const found = await ask([
      planned('aws_iam_policy.work', { name: 'work-x' }),
      planned('aws_iam_policy.other', { name: 'other-x' }),
    ]);
    expect(found.map(({ presence }) => presence.state)).toEqual(['taken', 'free']);
    expect(mocks.iam.commandCalls(ListPoliciesCommand)).toHaveLength(1);
  });

  it('is asked for by the ARN that it would have', async () => {
    const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:news-x';
    mocks.sns.on(GetTopicAttributesCommand, { TopicArn }).rejects(failure('NotFoundException'));
    const [answer] = await ask([planned('aws_sns_topic.news', { name: 'news-x' })]);
    expect(answer?.presence).toEqual({ state: 'free' });
  });
});

describe('where it is asked for', () => {
  const topic = planned('aws_sns_topic.news', { name: 'news-x' });
  const asked = (): string[] =>
    mocks.sns.commandCalls(GetTopicAttributesCommand).map(({ args }) => args[0].input.TopicArn ?? '');

  beforeEach(() => {
    mocks.sns.on(GetTopicAttributesCommand).rejects(failure('NotFoundException'));
  });

  it("is the region of the source's counterpart, which need not be the main one", async () => {
    const source = stateOf([
      held('aws_sns_topic.news', { arn: 'arn:aws:sns:us-east-1:123456789012:news-dev' }),
      held('aws_sqs_queue.a', { arn: 'arn:aws:sqs:eu-west-1:123456789012:a' }),
      held('aws_sqs_queue.b', { arn: 'arn:aws:sqs:eu-west-1:123456789012:b' }),
    ]);
    await ask([topic, planned('aws_sns_topic.more', { name: 'more-x' })], { source });
    expect(asked().sort()).toEqual([
      'arn:aws:sns:eu-west-1:123456789012:more-x',
      'arn:aws:sns:us-east-1:123456789012:news-x',
    ]);
  });

  it('is the region that the resource names', async () => {
    await ask([planned('aws_sns_topic.news', { name: 'news-x', region: 'us-west-2' })]);
    expect(asked()).toEqual(['arn:aws:sns:us-west-2:123456789012:news-x']);
  });
});

describe('the name of a bucket', () => {
  it('is free where nobody has it', async () => {
    mocks.s3.on(HeadBucketCommand).rejects(failure('NotFound', { $metadata: { httpStatusCode: 404 } }));
    expect(await ask([bucket])).toMatchObject([{ presence: { state: 'free' } }]);
  });

  it('is taken by another account where it is forbidden, and not among our own', async () => {
    mocks.s3.on(HeadBucketCommand).rejects(failure('403', { $metadata: { httpStatusCode: 403 } }));
    mocks.s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'other' }] });
    expect(await ask([bucket])).toMatchObject([
      { presence: { state: 'foreign', detail: 'another account has a bucket of that name' } },
    ]);
    mocks.s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'files-x' }] });
    expect(await ask([bucket])).toMatchObject([{ presence: { state: 'taken' } }]);
    mocks.s3.on(ListBucketsCommand).rejects(failure('AccessDenied'));
    expect(await ask([bucket])).toMatchObject([{ presence: { state: 'foreign' } }]);
  });

  it('is taken in another region', async () => {
    mocks.s3.on(HeadBucketCommand).resolves({ BucketRegion: 'us-west-2' });
    expect(await ask([bucket])).toMatchObject([
      { presence: { state: 'taken', detail: 'in the region us-west-2' } },
    ]);
    mocks.s3.on(HeadBucketCommand).rejects(failure('301', { $metadata: { httpStatusCode: 301 } }));
    expect(await ask([bucket])).toMatchObject([
      { presence: { state: 'taken', detail: 'in another region' } },
    ]);
  });
});

describe('what cannot be read', () => {
  it('is unreadable, with the permission', async () => {
    mocks.iam.on(GetRoleCommand).rejects(failure('AccessDenied'));
    expect(await ask([role])).toMatchObject([
      { presence: { state: 'unreadable', permission: 'iam:GetRole' } },
    ]);
  });

  it('is unreadable where the account itself is not told', async () => {
    mocks.sts.on(GetCallerIdentityCommand).rejects(failure('AccessDenied'));
    expect(await ask([planned('aws_sns_topic.news', { name: 'news-x' })])).toMatchObject([
      { presence: { state: 'unreadable', permission: 'sts:GetCallerIdentity' } },
    ]);
  });

  it('is unreadable without credentials of our own, since the provider may have some', async () => {
    mocks.iam.on(GetRoleCommand).rejects(failure('CredentialsProviderError'));
    expect(await ask([role])).toMatchObject([{ presence: { state: 'unreadable' } }]);
  });

  it('ends the run where the credentials are over', async () => {
    mocks.iam.on(GetRoleCommand).rejects(failure('ExpiredToken'));
    const thrown: unknown = await ask([role]).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ProvisionError);
    expect((thrown as ProvisionError).code).toBe('credentials-expired');
  });
});

describe('what is not asked for', () => {
  const nobody = { aws: () => Promise.reject(new Error('nobody may ask')) };

  it.each([
    ['a name that is not known yet', planned('aws_iam_role.bot', {})],
    ['a name that the provider makes up', planned('aws_iam_role.bot', { name_prefix: 'bot-' })],
    ['a part of something that is not there yet', planned('aws_iam_role_policy.bot', { name: 'work' })],
    ['what only changes', planned('aws_iam_role.bot', { name: 'bot-x' }, { action: 'update' })],
    ['what is imported', planned('aws_iam_role.bot', { name: 'bot-x' }, { importId: 'bot-x' })],
    ['what is nothing in the cloud', planned('null_resource.x', {})],
    ['what the cloud gives an id', planned('aws_vpc.main', { cidr_block: '10.0.0.0/16' })],
  ])('%s', async (_what, change) => {
    expect(await ask([change], nobody)).toEqual([]);
  });

  it('what is its own already, by its state or by its record', async () => {
    const state = stateOf([held('aws_iam_role.old', { name: 'bot-x' })]);
    expect(await ask([role], { ...nobody, state })).toEqual([]);
    const recorded = [{ address: 'a', type: 'aws_iam_role', identity: 'bot-x', id: null, arn: null }];
    expect(await ask([role], { ...nobody, recorded })).toEqual([]);
  });

  it('a type without an adapter, and says so', async () => {
    const stream = planned('aws_kinesis_stream.events', { name: 'events-x' });
    expect(await ask([stream], nobody)).toEqual([
      {
        address: 'aws_kinesis_stream.events',
        name: 'events-x',
        presence: { state: 'not-asked', reason: 'no adapter for type aws_kinesis_stream' },
      },
    ]);
  });
});

describe('the types that can be asked for', () => {
  it.each(plannedTypes)('%s has an adapter, and a name to ask by', (type) => {
    const adapter = adapterOf(type);
    expect(adapter).toBeDefined();
    // What identifies it is all that is known for certain before it is made.
    const attributes = resourceTypes.get(type)?.identity ?? ['name'];
    const values = Object.fromEntries(attributes.map((attribute) => [attribute, 'some-name']));
    const place = { partition: 'aws', account: '1', region: 'r' };
    const question = questionFor({ address: `${type}.x`, type, values }, place);
    expect(question).not.toBeNull();
    // What is looked for by name is listed.
    expect(question?.by !== 'name' || adapter?.whole !== null).toBe(true);
  });
});
