/** REST APIs (API Gateway version 1) and their stages. */
import type { Thing, World } from '../world.ts';
import type { Front, Route } from './front.ts';
import { routesInBody } from './open-api.ts';

export function restApiFronts(world: World, functions: readonly Thing[]): Front[] {
  return world.of('aws_api_gateway_rest_api').flatMap((api) => {
    const routes = [...routesOf(world, api, functions), ...routesInBody(world, api, functions)];
    return world
      .of('aws_api_gateway_stage')
      .filter((stage) => world.refers(stage, 'rest_api_id', api))
      .map((stage): Front => {
        const url = stage.values['invoke_url'];
        return {
          thing: stage,
          title: 'REST API',
          url: typeof url === 'string' && url !== '' ? url : null,
          routes,
          closed: closed(api),
          open: false,
        };
      });
  });
}

function closed({ values }: Thing): string | null {
  if (JSON.stringify(values['endpoint_configuration'] ?? null).includes('"PRIVATE"'))
    return 'its API is private: only its VPC reaches it';
  return values['disable_execute_api_endpoint'] === true
    ? 'its API answers under a domain name of its own only: name it in verify.urls'
    : null;
}

function routesOf(world: World, api: Thing, functions: readonly Thing[]): Route[] {
  const resources = world
    .of('aws_api_gateway_resource')
    .filter((each) => world.refers(each, 'rest_api_id', api));
  const integrations = world
    .of('aws_api_gateway_integration')
    .filter((each) => world.refers(each, 'rest_api_id', api));
  const resourceOf = (thing: Thing, attribute: string): Thing | undefined =>
    resources.find((each) => each !== thing && world.refers(thing, attribute, each));
  const pathOf = (resource: Thing | undefined, deep = 0): string => {
    if (resource === undefined || deep > 30) return '';
    const { path, path_part: part } = resource.values;
    if (typeof path === 'string') return path;
    return `${pathOf(resourceOf(resource, 'parent_id'), deep + 1)}/${typeof part === 'string' ? part : '{unknown}'}`;
  };
  const placed = (thing: Thing): string => pathOf(resourceOf(thing, 'resource_id')) || '/';
  const methods = world.of('aws_api_gateway_method').filter((each) => world.refers(each, 'rest_api_id', api));
  return methods.map((method): Route => {
    const path = placed(method);
    const verb = method.values['http_method'];
    const through = integrations.filter(
      (each) => each.values['http_method'] === verb && placed(each) === path,
    );
    const aliasesOf = (subject: Thing): readonly Thing[] =>
      world.of('aws_lambda_alias').filter((alias) => world.refers(alias, 'function_name', subject));
    return {
      method: typeof verb === 'string' ? verb : 'ANY',
      path,
      functions: functions.filter((subject) =>
        through.some((each) =>
          [subject, ...aliasesOf(subject)].some((one) => world.refers(each, 'uri', one)),
        ),
      ),
      wants: wanted(method),
    };
  });
}

function wanted({ values }: Thing): string | null {
  if (values['api_key_required'] === true) return 'an API key';
  const type = values['authorization'];
  return typeof type !== 'string' || type === 'NONE' || type === '' ? null : `authorization (${type})`;
}
