import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FoundItem } from '../../src/aws/adapter.ts';
import { createClassifier, type SweepScope, ownershipTag } from '../../src/sweep/classify.ts';
import type { RecordedResource } from '../../src/transfer/record.ts';

const arn = (rest: string): string => `arn:aws:${rest}`;

function recorded(type: string, id: string, more: Partial<RecordedResource> = {}): RecordedResource {
  return { address: `${type}.x`, type, identity: id, id, arn: null, ...more };
}

const lambda = (name: string, region = 'eu-west-1'): RecordedResource =>
  recorded('aws_lambda_function', name, { arn: arn(`lambda:${region}:1:function:${name}`) });

function item(type: string, name: string, more: Partial<FoundItem> = {}): FoundItem {
  return { type, id: name, name, ...more };
}

const scope: SweepScope = {
  environment: 'feature-auth',
  resources: [
    lambda('bot-feature-auth'),
    recorded('aws_rds_cluster', 'db-feature-auth', { arn: arn('rds:eu-west-1:1:cluster:db-feature-auth') }),
    recorded('aws_db_instance', 'db-ABC', { arn: arn('rds:eu-west-1:1:db:single-feature-auth') }),
    recorded('aws_api_gateway_rest_api', 'a1b2c3'),
    recorded('aws_dynamodb_table', 'items-feature-auth'),
    recorded('aws_security_group', 'sg-own'),
    recorded('aws_lambda_layer_version', arn('lambda:eu-west-1:1:layer:deps-feature-auth:3')),
    recorded('aws_sns_topic', arn('sns:eu-west-1:1:news-feature-auth'), {
      arn: arn('sns:eu-west-1:1:news-feature-auth'),
    }),
    recorded('aws_s3_bucket', 'shared-assets', { arn: arn('s3:::shared-assets') }),
    recorded('aws_codebuild_project', 'build-feature-auth'),
    recorded('aws_ecr_repository', 'images-feature-auth'),
  ],
  others: [
    {
      name: 'dev',
      resources: [
        lambda('bot-dev'),
        recorded('aws_s3_bucket', 'shared-assets', { arn: arn('s3:::shared-assets') }),
        recorded('aws_vpc', 'vpc-shared'),
        recorded('aws_ecr_repository', 'images'),
        recorded('aws_sqs_queue', 'https://sqs/1/feature-auth-of-dev'),
        lambda('feature-auth-of-dev'),
      ],
    },
    { name: 'feature-auth-2', resources: [lambda('bot-feature-auth-2')] },
    { name: 'feature-auth-new', resources: [] },
  ],
};

const classify = createClassifier(scope);
const verdict = (found: FoundItem): string => classify(found).verdict;

describe('ours', () => {
  it.each([
    item('aws_lambda_function', 'bot-feature-auth', {
      arn: arn('lambda:eu-west-1:1:function:bot-feature-auth'),
    }),
    item('aws_api_gateway_rest_api', 'a1b2c3'),
    item('aws_kms_key', 'key', { tags: { [ownershipTag]: 'feature-auth' } }),
    item('aws_sqs_queue', 'nameless', { tags: { [ownershipTag]: 'feature-auth' } }),
  ])('$type $id', (found) => {
    expect(verdict(found)).toBe('ours');
  });

  it('names the address in the record', () => {
    expect(classify(item('aws_dynamodb_table', 'items-feature-auth')).reason).toBe(
      'in its record: aws_dynamodb_table.x',
    );
  });
});

describe('derived from what is in the record', () => {
  it.each([
    item('aws_cloudwatch_log_group', '/aws/lambda/bot-feature-auth'),
    item('aws_cloudwatch_log_group', '/aws/lambda/us-east-1.bot-feature-auth'),
    item('aws_cloudwatch_log_group', '/aws/rds/cluster/db-feature-auth/postgresql'),
    item('aws_cloudwatch_log_group', '/aws/rds/instance/single-feature-auth/error'),
    item('aws_cloudwatch_log_group', 'API-Gateway-Execution-Logs_a1b2c3/v1'),
    item('aws_cloudwatch_log_group', '/aws/codebuild/build-feature-auth'),
    item('aws_db_cluster_snapshot', 'last-one', { uses: ['db-feature-auth'] }),
    item('aws_db_snapshot', 'rds:single', { uses: ['single-feature-auth'] }),
    item('aws_rds_cluster_automated_backup', 'cluster-X', { uses: ['db-feature-auth'] }),
    item('aws_dynamodb_backup', 'nightly', { uses: ['items-feature-auth'] }),
    item('aws_lambda_layer_version', arn('lambda:eu-west-1:1:layer:deps-feature-auth:2'), {
      uses: ['deps-feature-auth', arn('lambda:eu-west-1:1:layer:deps-feature-auth')],
    }),
    item('aws_lambda_event_source_mapping', 'uuid', {
      uses: [arn('lambda:eu-west-1:1:function:bot-feature-auth'), arn('sqs:eu-west-1:1:queue-of-dev')],
    }),
    item('aws_network_interface', 'eni-1', {
      name: 'AWS Lambda VPC ENI-bot-feature-auth-0f3a2b1c-1111-2222-3333-444455556666',
      uses: ['vpc-shared', 'subnet-shared', 'sg-shared'],
    }),
    item('aws_network_interface', 'eni-2', { uses: ['vpc-shared', 'sg-own'] }),
    item(
      'aws_cloudwatch_metric_alarm',
      'TargetTracking-table/items-feature-auth-AlarmHigh-0f3a2b1c-1111-2222-3333-444455556666',
    ),
    item('aws_sns_topic_subscription', 'sub', { uses: [arn('sns:eu-west-1:1:news-feature-auth')] }),
  ])('$type $id', (found) => {
    expect(verdict(found)).toBe('derived');
  });

  it('says from what', () => {
    expect(classify(item('aws_cloudwatch_log_group', '/aws/lambda/bot-feature-auth')).reason).toBe(
      'the log group of bot-feature-auth (aws_lambda_function.x)',
    );
  });
});

describe('suspected', () => {
  it.each([
    item('aws_sqs_queue', 'https://sqs/1/jobs-feature-auth', { name: 'jobs-feature-auth' }),
    item('aws_cloudwatch_log_group', '/aws/lambda/another-feature-auth'),
    item('aws_vpc', 'vpc-1', { tags: { Environment: 'feature-auth' } }),
    // In the repository of the source, which is shared.
    item('aws_ecr_image', 'images:feature-auth', { uses: ['images'] }),
    // Points at a function of ours, and belongs to whoever owns the queue or the topic.
    item('aws_sns_topic_subscription', 'sub', {
      uses: [arn('sns:eu-west-1:1:elsewhere'), arn('lambda:eu-west-1:1:function:bot-feature-auth')],
    }),
    item('aws_scheduler_schedule', 'default/nightly', {
      uses: [arn('lambda:eu-west-1:1:function:bot-feature-auth')],
    }),
    // The same name in a region that the record does not name.
    item('aws_lambda_function', 'bot-feature-auth', {
      arn: arn('lambda:us-east-1:1:function:bot-feature-auth'),
    }),
  ])('$type $id', (found) => {
    expect(verdict(found)).toBe('suspected');
  });
});

describe('never ours', () => {
  it.each([
    ['in the state of the source', item('aws_lambda_function', 'feature-auth-of-dev'), 'foreign'],
    ['derived from that', item('aws_cloudwatch_log_group', '/aws/lambda/feature-auth-of-dev'), 'foreign'],
    [
      'in both records',
      item('aws_s3_bucket', 'shared-assets', { arn: arn('s3:::shared-assets') }),
      'foreign',
    ],
    ['in another record', item('aws_lambda_function', 'bot-feature-auth-2'), 'foreign'],
    ['derived from that', item('aws_cloudwatch_log_group', '/aws/lambda/bot-feature-auth-2'), 'foreign'],
    ['of another environment by name', item('aws_sqs_queue', 'jobs-feature-auth-new'), 'unrelated'],
    [
      'tagged with another environment',
      item('aws_sqs_queue', 'jobs-feature-auth', { tags: { [ownershipTag]: 'feature-auth-2' } }),
      'foreign',
    ],
    [
      'an image of another environment',
      item('aws_ecr_image', 'images:feature-auth-2', { uses: ['images'] }),
      'unrelated',
    ],
    [
      'an image of nobody, in a repository called after it',
      item('aws_ecr_image', 'base-feature-auth:latest', { uses: ['base-feature-auth'] }),
      'unrelated',
    ],
    [
      'an image that goes with its repository',
      item('aws_ecr_image', 'images-feature-auth:feature-auth', { uses: ['images-feature-auth'] }),
      'unrelated',
    ],
    ['of nobody here', item('aws_sqs_queue', 'unrelated'), 'unrelated'],
    [
      'in the network that is shared',
      item('aws_network_interface', 'eni', { uses: ['vpc-shared'] }),
      'foreign',
    ],
  ] as const)('%s: %j', (_what, found, expected) => {
    expect(verdict(found)).toBe(expected);
  });
});

describe('for any two environments', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{2,6}$/);

  it('what stands in the record of one is never ours, derived or suspected of the other', () => {
    fc.assert(
      fc.property(
        fc.tuple(word, word).map(([a, b]) => [a, `${a}-${b}`] as const),
        fc.array(word, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        ([short, long], kinds, swap) => {
          const [own, other] = swap ? [long, short] : [short, long];
          const theirs = kinds.map((kind) => lambda(`${kind}-${other}`));
          const judge = createClassifier({
            environment: own,
            resources: kinds.map((kind) => lambda(`${kind}-${own}`)),
            others: [{ name: other, resources: theirs }],
          });
          for (const { id, arn: its } of theirs) {
            const name = id ?? '';
            expect(judge(item('aws_lambda_function', name, { arn: its ?? '' })).verdict).toBe('foreign');
            expect(judge(item('aws_cloudwatch_log_group', `/aws/lambda/${name}`)).verdict).toBe('foreign');
          }
          for (const kind of kinds) {
            expect(judge(item('aws_cloudwatch_log_group', `/aws/lambda/${kind}-${own}`)).verdict).toBe(
              'derived',
            );
          }
        },
      ),
    );
  });

  it('nothing but tag, record and derivation makes a thing removable', () => {
    const judge = createClassifier({ environment: 'feature-auth', resources: [], others: [] });
    fc.assert(
      fc.property(fc.string(), fc.dictionary(word, fc.string()), (name, tags) => {
        expect(['suspected', 'unrelated']).toContain(
          judge(item('aws_sqs_queue', `${name}-feature-auth`, { tags })).verdict,
        );
      }),
    );
  });
});
