import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLimits } from '../../../src/terraform/types/identity.ts';
import { resourceTypeRows, resourceTypes } from '../../../src/terraform/types/table.ts';
import type { JsonObject } from '../../../src/transfer/json.ts';

function problems(type: string, values: JsonObject): readonly string[] {
  const facts = resourceTypes.get(type);
  if (!facts) throw new Error(`${type} is not in the table`);
  return checkLimits(facts, values).map(({ attribute, problem }) => `${attribute} ${problem}`);
}

const long = (length: number): string => 'a'.repeat(length);

describe('checkLimits', () => {
  it.each<[string, JsonObject]>([
    ['aws_lambda_function', { function_name: long(64) }],
    ['aws_iam_role', { name: 'a+b=c,d.e@f_g-h' }],
    ['aws_s3_bucket', { bucket: 'my.bucket-1' }],
    ['aws_sqs_queue', { name: 'jobs.fifo' }],
    ['aws_sns_topic', { name: long(256) }],
    ['aws_rds_cluster', { cluster_identifier: 'bot-feature-auth' }],
    ['aws_db_parameter_group', { name: 'aurora-mysql8.0-dev' }],
    ['aws_db_subnet_group', { name: 'main_1 x.y' }],
    ['aws_dynamodb_table', { name: 'Words.v1_x-y' }],
    ['aws_ecr_repository', { name: 'team/bot--x/api_v1' }],
    ['aws_security_group', { name: 'db (dev) [x]/y#1' }],
    ['aws_kms_alias', { name: 'alias/bot/dev' }],
    ['aws_cloudwatch_log_group', { name: '/aws/lambda/bot#1.2' }],
    ['aws_ssm_parameter', { name: '/bot/dev/token' }],
    ['aws_ssm_parameter', { name: '/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o' }],
    ['aws_lb', { name: 'bot-dev' }],
    ['aws_cognito_user_pool_domain', { domain: 'auth.example.org' }],
    ['aws_apigatewayv2_stage', { name: '$default' }],
    ['aws_opensearch_domain', { domain_name: 'logs-dev' }],
    ['aws_cloudtrail', { name: 'main-trail' }],
    ['aws_secretsmanager_secret', { name: 'bot/dev+x=y@z' }],
    // Not known yet, or not set: nothing to say.
    ['aws_lambda_function', {}],
    ['aws_iam_role', { name: null, name_prefix: long(38) }],
    ['aws_lb', { name_prefix: 'bot-de' }],
    ['aws_s3_bucket', { bucket_prefix: 'reports-' }],
  ])('%s takes %j', (type, values) => {
    expect(problems(type, values)).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    [
      'aws_lambda_function',
      { function_name: long(65) },
      'function_name has 65 characters, at most 64 are allowed',
    ],
    ['aws_lambda_function', { function_name: 'a.b' }, 'function_name is not allowed'],
    ['aws_lambda_alias', { name: '123' }, 'name is not allowed'],
    ['aws_iam_role', { name: 'a b' }, 'name is not allowed'],
    ['aws_s3_bucket', { bucket: 'ab' }, 'bucket has 2 characters, at least 3 are needed'],
    ['aws_s3_bucket', { bucket: 'Reports' }, 'bucket is not allowed'],
    ['aws_s3_bucket', { bucket: 'a..b' }, 'bucket is not allowed'],
    ['aws_s3_bucket', { bucket: '192.168.5.4' }, 'bucket is not allowed'],
    ['aws_s3_bucket', { bucket: 'xn--reports' }, 'bucket is not allowed'],
    ['aws_s3_bucket', { bucket: 'reports-s3alias' }, 'bucket is not allowed'],
    ['aws_sqs_queue', { name: 'jobs.dev' }, 'name is not allowed'],
    ['aws_rds_cluster', { cluster_identifier: 'a--b' }, 'cluster_identifier is not allowed'],
    ['aws_rds_cluster', { cluster_identifier: '1a' }, 'cluster_identifier is not allowed'],
    ['aws_rds_cluster', { cluster_identifier: 'Bot' }, 'cluster_identifier is not allowed'],
    ['aws_rds_cluster', { cluster_identifier: 'bot-' }, 'cluster_identifier is not allowed'],
    ['aws_db_subnet_group', { name: 'default' }, 'name is not allowed'],
    ['aws_ecr_repository', { name: 'Bot' }, 'name is not allowed'],
    ['aws_ecr_repository', { name: 'bot/' }, 'name is not allowed'],
    ['aws_security_group', { name: 'sg-db' }, 'name is not allowed'],
    ['aws_lb', { name: 'internal-bot' }, 'name is not allowed'],
    ['aws_lb', { name: `-${long(32)}` }, 'name has 33 characters, at most 32 are allowed'],
    ['aws_lb_target_group', { name_prefix: long(7) }, 'name_prefix has 7 characters, at most 6 are allowed'],
    ['aws_iam_role', { name_prefix: long(39) }, 'name_prefix has 39 characters, at most 38 are allowed'],
    ['aws_s3_bucket', { bucket_prefix: 'Reports-' }, 'bucket_prefix is not allowed'],
    ['aws_kms_alias', { name: 'bot' }, 'name is not allowed'],
    ['aws_kms_alias', { name: 'alias/aws/bot' }, 'name is not allowed'],
    ['aws_ssm_parameter', { name: '/AWS/bot' }, 'name is not allowed'],
    ['aws_ssm_parameter', { name: '/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p' }, 'name is not allowed'],
    ['aws_ecs_capacity_provider', { name: 'fargate-x' }, 'name is not allowed'],
    ['aws_cloudtrail', { name: 'a-_b' }, 'name is not allowed'],
    ['aws_elasticache_replication_group', { replication_group_id: long(41) }, 'has 41 characters'],
  ])('%s refuses %j', (type, values, problem) => {
    expect(problems(type, values)[0]).toContain(problem);
  });

  it('counts characters, not UTF-16 units', () => {
    expect(problems('aws_cloudwatch_metric_alarm', { alarm_name: '🚨'.repeat(255) })).toEqual([]);
    expect(problems('aws_cloudwatch_metric_alarm', { alarm_name: '🚨'.repeat(256) })).toHaveLength(1);
  });

  // A pattern that tries all ways to split a long name would not come back from this.
  it('decides every pattern, whatever the name', () => {
    const rows = resourceTypeRows.filter(({ limits }) => limits.length > 0);
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.string({ unit: fc.constantFrom('a', '-', '.', '_', '/', '1'), maxLength: 1200 }),
      fc.nat(2000).map((length) => `${long(length)}!`),
      fc.nat(2000).map((length) => `${'a-'.repeat(length / 2)}!`),
    );
    fc.assert(
      fc.property(fc.constantFrom(...rows), text, (facts, value) => {
        const values = Object.fromEntries(facts.limits.map(({ attribute }) => [attribute, value]));
        const first = checkLimits(facts, values);
        expect(checkLimits(facts, values)).toEqual(first);
        const tooLong = facts.limits.some(({ maxLength }) => Array.from(value).length > maxLength);
        expect(tooLong && first.length === 0).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});
