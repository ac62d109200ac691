import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallbackIdentity } from '../../../src/terraform/types/fallback.ts';
import {
  categoryOf,
  identityOf,
  isContextBound,
  physicalName,
} from '../../../src/terraform/types/identity.ts';
import { resourceTypes } from '../../../src/terraform/types/table.ts';
import type { JsonObject } from '../../../src/transfer/json.ts';

const identity = (type: string, values: JsonObject) => identityOf(type, values, resourceTypes);
const key = (type: string, values: JsonObject): string => {
  const found = identity(type, values);
  if (found.kind !== 'known') throw new Error(`${type} is ${found.kind}`);
  return found.key;
};

const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:bot-dev';

describe('identityOf', () => {
  it.each<[string, JsonObject, string]>([
    ['aws_lambda_function', { function_name: 'bot-dev' }, 'bot-dev'],
    ['aws_lambda_permission', { statement_id: 'url', function_name: arn, qualifier: null }, 'url/bot-dev'],
    ['aws_security_group', { name: 'db', vpc_id: 'vpc-1' }, 'db/vpc-1'],
    ['aws_cloudwatch_event_rule', { name: 'nightly', event_bus_name: null }, 'nightly/default'],
    ['aws_scheduler_schedule', { name: 'nightly' }, 'nightly/default'],
    ['aws_s3_bucket_policy', { bucket: 'reports' }, 'reports'],
    ['aws_api_gateway_account', {}, 'Logging role of API Gateway'],
    ['local_file', { filename: 'build/app.zip' }, 'build/app.zip'],
    ['aws_lb_listener', { load_balancer_arn: 'arn:aws:x', port: 443 }, 'arn:aws:x/443'],
    ['aws_iam_user_group_membership', { user: 'ci', groups: ['b', 'a'] }, 'ci/a,b'],
    [
      'aws_sfn_alias',
      { name: 'live', routing_configuration: [{ state_machine_version_arn: 'arn:x:1' }] },
      'live/arn:x:1',
    ],
  ])('%s: known', (type, values, text) => {
    expect(identity(type, values)).toMatchObject({ kind: 'known', text, byFallback: false });
  });

  it.each<[string, string, JsonObject]>([
    ['is left out of the plan', 'aws_iam_role', { name_prefix: 'bot-' }],
    ['is not set', 'aws_sqs_queue', { name: null, name_prefix: 'bot-' }],
    ['is made up beside a parent that is not known', 'aws_iam_role_policy', { name_prefix: 'x' }],
  ])('is generated where a name %s', (_case, type, values) => {
    expect(identity(type, values)).toEqual({ kind: 'generated' });
  });

  it('is unknown where a parent is known only after the apply', () => {
    expect(identity('aws_security_group', { name: 'db' })).toEqual({ kind: 'unknown', missing: ['vpc_id'] });
    expect(identity('aws_iam_user_group_membership', { user: 'ci', groups: ['a', null] })).toEqual({
      kind: 'unknown',
      missing: ['groups'],
    });
  });

  it('does not take what is not known for what is not set', () => {
    expect(identity('aws_lambda_permission', { statement_id: 'a', function_name: 'bot' }).kind).toBe(
      'unknown',
    );
    expect(identity('aws_route_table_association', { subnet_id: null, gateway_id: null }).kind).toBe(
      'unknown',
    );
  });

  it('is none where only the cloud or nothing tells two apart', () => {
    expect(identity('aws_vpc', { cidr_block: '10.0.0.0/16', id: 'vpc-1' })).toEqual({ kind: 'none' });
    expect(identity('random_password', { length: 20 })).toEqual({ kind: 'none' });
    expect(identity('aws_unheard_of', { size: 3 })).toEqual({ kind: 'none' });
  });

  it.each<[string, string, JsonObject, JsonObject]>([
    ['the case of IAM names', 'aws_iam_role', { name: 'Bot-Role' }, { name: 'bot-role' }],
    [
      'a name and its ARN',
      'aws_lambda_alias',
      { name: 'live', function_name: arn },
      { name: 'live', function_name: 'bot-dev' },
    ],
    [
      'the scheme of a provider URL',
      'aws_iam_openid_connect_provider',
      { url: 'https://token.actions.githubusercontent.com' },
      { url: 'token.actions.githubusercontent.com' },
    ],
    ['a first slash of parameters', 'aws_ssm_parameter', { name: '/token' }, { name: 'token' }],
    [
      'the order of a set',
      'aws_iam_user_group_membership',
      { user: 'u', groups: ['a', 'b'] },
      { user: 'u', groups: ['b', 'a'] },
    ],
    [
      'a dot at the end of a record',
      'aws_route53_record',
      { name: 'A.example.org.', type: 'A', zone_id: 'Z', set_identifier: null },
      { name: 'a.example.org', type: 'A', zone_id: 'Z', set_identifier: '' },
    ],
    [
      'an ECS cluster by ARN',
      'aws_ecs_service',
      { name: 'web', cluster: 'arn:aws:ecs:eu-central-1:123456789012:cluster/main' },
      { name: 'web', cluster: 'main' },
    ],
  ])('does not mind %s', (_case, type, one, other) => {
    expect(key(type, one)).toBe(key(type, other));
  });

  it('minds the case of names that have one', () => {
    expect(key('aws_sqs_queue', { name: 'A' })).not.toBe(key('aws_sqs_queue', { name: 'a' }));
  });

  it('shows a name in its own case', () => {
    expect(identity('aws_iam_role', { name: 'Bot-Role' })).toMatchObject({ text: 'Bot-Role' });
  });

  it('guesses by the names of attributes, and says so', () => {
    expect(identity('aws_glue_job', { name: 'etl', role_arn: 'arn:aws:iam::1:role/x' })).toMatchObject({
      kind: 'known',
      text: 'etl',
      scope: 'region',
      byFallback: true,
    });
    expect(identity('aws_x_model', { name: 'User', api_id: 'a1' })).toMatchObject({ text: 'User/a1' });
    expect(identity('datadog_monitor', { name: 'cpu' })).toMatchObject({
      scope: 'account',
      byFallback: true,
    });
  });

  const part = fc.string({ minLength: 1, maxLength: 12 });

  it('is stable: neither other attributes nor their order change the key', () => {
    fc.assert(
      fc.property(part, part, fc.dictionary(fc.string(), fc.jsonValue()), (name, vpc, more) => {
        const values = { ...(more as JsonObject), name, vpc_id: vpc };
        const turned = Object.fromEntries(Object.entries(values).reverse());
        expect(key('aws_security_group', values)).toBe(key('aws_security_group', { name, vpc_id: vpc }));
        expect(key('aws_security_group', turned)).toBe(key('aws_security_group', values));
      }),
    );
  });

  it('is injective, whatever separators are in the values', () => {
    const tricky = fc.string({
      unit: fc.constantFrom('a', '/', '"', ',', ' ', '\\', '[', ']', '='),
      minLength: 1,
    });
    fc.assert(
      fc.property(tricky, tricky, tricky, tricky, (a, b, c, d) => {
        const same = a === c && b === d;
        const one = key('aws_cloudwatch_log_stream', { name: a, log_group_name: b });
        const other = key('aws_cloudwatch_log_stream', { name: c, log_group_name: d });
        expect(one === other).toBe(same);
        expect(one).not.toBe(key('aws_cloudwatch_log_metric_filter', { name: a, log_group_name: b }));
      }),
    );
  });

  it('takes any values without failing', () => {
    const types = [...resourceTypes.keys(), 'aws_unheard_of', 'x'];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.dictionary(part, fc.jsonValue()), (type, values) => {
        expect(['known', 'generated', 'unknown', 'none']).toContain(
          identity(type, values as JsonObject).kind,
        );
        physicalName(type, values as JsonObject, resourceTypes);
      }),
    );
  });
});

describe('physicalName', () => {
  it.each<[string, JsonObject, string | null]>([
    ['aws_lambda_function', { function_name: 'bot-dev' }, 'bot-dev'],
    ['aws_vpc', { id: 'vpc-1', tags: { Name: 'main' } }, 'main'],
    ['aws_vpc', { id: 'vpc-1', tags: null }, 'vpc-1'],
    ['aws_vpc', {}, null],
    ['aws_apigatewayv2_api', { name: 'bot', id: 'abc' }, 'bot'],
    ['null_resource', { id: '123' }, null],
    ['aws_glue_job', { name: 'etl', role_name: 'x' }, 'etl'],
    ['aws_x_workflow', { workflow_name: 'etl', role_name: 'x' }, 'etl'],
    ['aws_x', { size: 1 }, null],
  ])('%s %j → %s', (type, values, name) => {
    expect(physicalName(type, values, resourceTypes)).toBe(name);
  });
});

describe('fallbackIdentity', () => {
  it('parts names from parents, and leaves out the rest', () => {
    expect(
      fallbackIdentity({
        id: 'x',
        arn: 'arn:aws:x:::y',
        name: 'etl',
        pool_name: 'main',
        vpc_id: 'vpc-1',
        role_arn: 'arn:aws:iam::1:role/x',
        source: 'arn:aws:s3:::b',
        owner_id: '1',
        metric_name: 'Errors',
        bucket: '',
        count: 3,
      }),
    ).toEqual({
      names: { name: 'etl', pool_name: 'main' },
      parents: { vpc_id: 'vpc-1', role_arn: 'arn:aws:iam::1:role/x', source: 'arn:aws:s3:::b' },
    });
  });
});

describe('categoryOf', () => {
  it.each([
    ['aws_lambda_function', 'compute'],
    ['aws_iam_saml_provider', 'iam'],
    ['aws_cloudwatch_event_endpoint', 'schedule'],
    ['aws_cloudwatch_log_destination', 'logs'],
    ['aws_cloudwatch_metric_stream', 'logs'],
    ['aws_ec2_transit_gateway', 'network'],
    ['aws_ec2_fleet', 'compute'],
    ['aws_route53_health_check', 'network'],
    ['aws_ecr_repository_creation_template', 'registry'],
    ['aws_glue_job', 'workflow'],
    ['aws_caller_identity', 'iam'],
    ['aws_unheard_of', 'external'],
    ['null_resource', 'external'],
    ['datadog_monitor', 'external'],
  ])('%s is %s', (type, category) => {
    expect(categoryOf(type, resourceTypes)).toBe(category);
  });
});

describe('isContextBound', () => {
  it.each<[string, unknown]>([
    ['role', arn],
    ['handler_arn', 'x'],
    ['function_name', 'bot-dev'],
    ['environment.0.variables.TABLE_NAME', 'words'],
    ['environment.0.variables.HOST', 'db.cluster-x.eu-central-1.rds.amazonaws.com'],
    ['environment.0.variables.API', 'https://abc.execute-api.eu-central-1.amazonaws.com'],
    ['environment.0.variables.DB', 'postgres://u@h/db'],
    ['anything', 'sg-0123456789abcdef0'],
    ['subnet_ids', ['subnet-0123456789abcdef0']],
    ['endpoint', 'x'],
    ['policy', '{"Resource":"arn:aws:s3:::reports/*"}'],
  ])('%s = %j is bound', (attribute, value) => {
    expect(isContextBound(attribute, value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['handler', 'index.handler'],
    ['runtime', 'nodejs20.x'],
    ['memory_size', 512],
    ['engine_name', 'postgres'],
    ['metric_name', 'Errors'],
    ['publish', true],
    ['name', ''],
    ['name', null],
    ['environment.0.variables.LOG_LEVEL', 'debug'],
    ['architectures', ['arm64']],
    ['schedule_expression', 'rate(1 day)'],
  ])('%s = %j is portable', (attribute, value) => {
    expect(isContextBound(attribute, value)).toBe(false);
  });
});
