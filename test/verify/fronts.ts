/** Functions, and what leads to them, as a state has them; what a verification would call there. */
import type { StateResource } from '../../src/terraform/model.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import type { JsonObject } from '../../src/transfer/json.ts';
import { type CallPlan, callPlan } from '../../src/verify/calls.ts';
import { type Decisions, decide } from '../../src/verify/decide.ts';
import type { VerifySettings } from '../../src/verify/settings.ts';
import { worldOfState } from '../../src/verify/world.ts';
import { functionResource, resourceOf, stateOf } from './state.ts';

export const arn = (name: string): string => `arn:aws:lambda:eu-central-1:123456789012:function:${name}`;
export const invokeArn = (name: string): string =>
  `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${arn(name)}/invocations`;

export function settings(more: Partial<VerifySettings> = {}): VerifySettings {
  return { invoke: 'safe', functions: {}, urls: [], timeoutSeconds: 5, ...more };
}

export function decisionsOn(
  resources: readonly StateResource[],
  more: Partial<VerifySettings> = {},
): Decisions {
  return decide(worldOfState(stateOf(...resources)), resourceTypes, settings(more));
}

export function listFor(resources: readonly StateResource[], more: Partial<VerifySettings> = {}): CallPlan {
  return callPlan(decisionsOn(resources, more), settings(more), []);
}

/** `what` of the calls of the function `f`, or why there are none. */
export function f(
  resources: readonly StateResource[],
  more: Partial<VerifySettings> = {},
): string | string[] {
  const { calls, notCalled } = listFor([functionResource('f', { arn: arn('f') }), ...resources], more);
  const why = notCalled.find(({ subject }) => subject === 'aws_lambda_function.f')?.why;
  return why ?? calls.filter(({ subject }) => subject === 'aws_lambda_function.f').map(({ what }) => what);
}

export const r = (type: string, values: JsonObject, name = 'x'): StateResource =>
  resourceOf(type, name, values);

export const url = r('aws_lambda_function_url', {
  function_name: 'f',
  function_url: 'https://f.example/',
  authorization_type: 'NONE',
});
export const signed = r('aws_lambda_function_url', {
  function_name: arn('f'),
  authorization_type: 'AWS_IAM',
});

export const httpApi = (routes: readonly JsonObject[], api: JsonObject = {}): StateResource[] => [
  r('aws_apigatewayv2_api', { id: 'api1', protocol_type: 'HTTP', api_endpoint: 'https://a.example', ...api }),
  r('aws_apigatewayv2_stage', { api_id: 'api1', name: '$default' }),
  r('aws_apigatewayv2_integration', { id: 'int1', api_id: 'api1', integration_uri: invokeArn('f') }),
  ...routes.map((route, index) =>
    r('aws_apigatewayv2_route', { api_id: 'api1', target: 'integrations/int1', ...route }, `r${index}`),
  ),
];
export const routes = (...keys: string[]): StateResource[] =>
  httpApi(keys.map((route_key) => ({ route_key })));

export const restApi = (method: JsonObject, api: JsonObject = {}): StateResource[] => [
  r('aws_api_gateway_rest_api', { id: 'rest1', root_resource_id: 'root', ...api }),
  r(
    'aws_api_gateway_resource',
    { id: 'res1', rest_api_id: 'rest1', parent_id: 'root', path_part: 'v1' },
    'v1',
  ),
  r(
    'aws_api_gateway_resource',
    { id: 'res2', rest_api_id: 'rest1', parent_id: 'res1', path_part: 'orders' },
    'o',
  ),
  r('aws_api_gateway_method', {
    rest_api_id: 'rest1',
    resource_id: 'res2',
    http_method: 'GET',
    authorization: 'NONE',
    ...method,
  }),
  r('aws_api_gateway_integration', {
    rest_api_id: 'rest1',
    resource_id: 'res2',
    http_method: 'GET',
    uri: invokeArn('f'),
    ...('http_method' in method ? { http_method: method['http_method'] ?? '' } : {}),
  }),
  r('aws_api_gateway_stage', { rest_api_id: 'rest1', invoke_url: 'https://rest.example/v1' }),
];

export const body = (integration: JsonObject): string =>
  JSON.stringify({ paths: { '/ping': { get: { 'x-amazon-apigateway-integration': integration } } } });

export const balancer = (listener: JsonObject, lb: JsonObject = {}): StateResource[] => [
  r('aws_lb', { arn: 'lb-arn', dns_name: 'lb.example', internal: false, ...lb }),
  r('aws_lb_target_group', { arn: 'tg-arn', target_type: 'lambda' }),
  r('aws_lb_target_group_attachment', { target_group_arn: 'tg-arn', target_id: arn('f') }),
  r('aws_lb_listener', {
    load_balancer_arn: 'lb-arn',
    port: 80,
    protocol: 'HTTP',
    default_action: [{ type: 'forward', target_group_arn: 'tg-arn' }],
    ...listener,
  }),
];

export const rule = r('aws_cloudwatch_event_rule', { name: 'nightly', schedule_expression: 'rate(1 day)' });
export const pattern = r('aws_cloudwatch_event_rule', { name: 'on-upload', event_pattern: '{}' });
export const target = (name: string): StateResource =>
  r('aws_cloudwatch_event_target', { rule: name, arn: arn('f') });
export const mapping = (source: string): StateResource =>
  r('aws_lambda_event_source_mapping', { function_name: arn('f'), event_source_arn: source });
