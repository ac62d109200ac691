/** What is described can be copied, with its parts; what cannot stands here, so that nobody finds out by accident. */
import { describe, expect, it } from 'vitest';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import { describerOf } from '../../../src/aws/describe/index.ts';
import { services } from '../../../src/aws/registry.ts';

const covered = new Set([
  'apigatewayv2',
  'dynamodb',
  'eventbridge',
  'iam',
  'lambda',
  'logs',
  'scheduler',
  'sfn',
  'sns',
  'sqs',
]);

const notCopied = [
  // Domain names are claimed in the world outside of the account.
  'aws_apigatewayv2_api_mapping',
  'aws_apigatewayv2_domain_name',
  'aws_apigatewayv2_vpc_link',
  // Made by hand at one moment, from routes that are not there yet.
  'aws_apigatewayv2_deployment',
  // Data, or copies of it.
  'aws_cloudwatch_event_archive',
  'aws_cloudwatch_log_stream',
  'aws_dynamodb_backup',
  // Their secrets cannot be read.
  'aws_cloudwatch_event_api_destination',
  'aws_cloudwatch_event_connection',
  // People, and who may sign in to the account.
  'aws_iam_group',
  'aws_iam_openid_connect_provider',
  'aws_iam_user',
  'aws_iam_user_policy',
  // Of the account as a whole, not of an environment.
  'aws_cloudwatch_log_resource_policy',
  // Not described yet.
  'aws_dynamodb_resource_policy',
  'aws_sfn_activity',
  'aws_sfn_alias',
];

const types = services
  .filter(({ service }) => covered.has(service))
  .flatMap((each) => each.types)
  .toSorted((one, other) => (one.type < other.type ? -1 : 1));

describe('coverage', () => {
  it('is known for every type', () => {
    const missing = types.filter(({ type }) => clonerOf(type) === null).map(({ type }) => type);
    expect(missing).toEqual(notCopied.toSorted());
  });

  it('is the same for describing, where a thing can be there by itself', () => {
    for (const { type, whole } of types)
      expect([type, describerOf(type) !== null]).toEqual([type, whole !== null && clonerOf(type) !== null]);
  });

  it.each(types.filter(({ type }) => clonerOf(type) !== null).map(({ type, service }) => [type, service]))(
    '%s says what it is allowed to ask',
    (type, service) => {
      const cloner = clonerOf(type);
      const asked = [...(cloner?.actions ?? []), ...(describerOf(type)?.actions ?? [])];
      expect(cloner?.service).toBe(service);
      expect(asked.filter((action) => !/^[a-z]+:[A-Za-z]+$/.test(action))).toEqual([]);
      expect(asked.length).toBeGreaterThan(0);
    },
  );
});
