/** What is described can be copied, with its parts; what cannot stands here, so that nobody finds out by accident. */
import { describe, expect, it } from 'vitest';
import { clonerOf, cloners } from '../../../src/aws/clone/index.ts';
import { describerOf } from '../../../src/aws/describe/index.ts';
import { services } from '../../../src/aws/registry.ts';

const covered = new Set([
  'apigateway',
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
  // Credentials of those who call.
  'aws_api_gateway_api_key',
  'aws_api_gateway_usage_plan',
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
  // The stream that gets the changes is no type of this table.
  'aws_dynamodb_kinesis_streaming_destination',
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
  'aws_sfn_activity',
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

describe('what a cloner waits for', () => {
  const rules = cloners.flatMap(({ type, after }) => after.map((rule) => ({ type, ...rule })));

  it.each(rules)('$type waits for $types, which are made', ({ type, types, sharing, theirs = sharing }) => {
    expect(types.filter((each) => clonerOf(each) === null || each === type)).toEqual([]);
    expect(theirs).toHaveLength(sharing.length);
  });
});
