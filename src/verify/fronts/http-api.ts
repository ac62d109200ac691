/** HTTP APIs (API Gateway version 2) and their stages. */
import type { Thing, World } from '../world.ts';
import type { Front, Route } from './front.ts';
import { routesInBody } from './open-api.ts';
import { joined } from './url.ts';

export function httpApiFronts(world: World, functions: readonly Thing[]): Front[] {
  return world.of('aws_apigatewayv2_api').flatMap((api): Front[] => {
    const webSocket = api.values['protocol_type'] === 'WEBSOCKET';
    const routes = routesOf(world, api, functions);
    const endpoint = api.values['api_endpoint'];
    const base = typeof endpoint === 'string' && /^https?:/.test(endpoint) ? endpoint : null;
    const closed = webSocket
      ? 'it is behind a WebSocket API'
      : api.values['disable_execute_api_endpoint'] === true
        ? 'its API answers under a domain name of its own only: name it in verify.urls'
        : null;
    const front = (thing: Thing, stage: unknown): Front => ({
      thing,
      title: webSocket ? 'WebSocket API' : 'HTTP API',
      // The provider composes `invoke_url` from the region and never asks, so it is wrong wherever the endpoint is not Amazon's.
      url:
        base === null
          ? textOf(thing.values['invoke_url'])
          : joined(base, stage === '$default' ? '/' : `/${String(stage)}`),
      routes,
      closed,
      open: false,
    });
    const stages = world
      .of('aws_apigatewayv2_stage')
      .filter((stage) => world.refers(stage, 'api_id', api))
      .map((stage) => front(stage, stage.values['name']));
    // An API that is made with a target has a stage that nobody declares.
    return stages.length === 0 && quickTarget(world, api, functions).length > 0
      ? [front(api, '$default')]
      : stages;
  });
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const quickTarget = (world: World, api: Thing, functions: readonly Thing[]): readonly Thing[] =>
  api.values['route_key'] === undefined && api.values['target'] === undefined
    ? []
    : functions.filter((each) => world.refers(api, 'target', each));

function routesOf(world: World, api: Thing, functions: readonly Thing[]): Route[] {
  const integrations = world
    .of('aws_apigatewayv2_integration')
    .filter((each) => world.refers(each, 'api_id', api));
  const declared = world
    .of('aws_apigatewayv2_route')
    .filter((route) => world.refers(route, 'api_id', api))
    .map((route): Route => {
      const through = integrations.filter((each) => world.refers(route, 'target', each));
      return {
        ...parsed(route.values['route_key']),
        functions: functions.filter((each) => through.some((one) => runs(world, one, each))),
        wants: wanted(route),
      };
    });
  const quick = quickTarget(world, api, functions);
  return [
    ...declared,
    ...(quick.length > 0
      ? [{ ...parsed(api.values['route_key'] ?? '$default'), functions: quick, wants: null }]
      : []),
    ...routesInBody(world, api, functions),
  ];
}

/** A service of AWS that an integration calls by itself is no function. */
function runs(world: World, integration: Thing, subject: Thing): boolean {
  const { integration_subtype: service } = integration.values;
  if (typeof service === 'string' && service !== '') return false;
  const aliases = world
    .of('aws_lambda_alias')
    .filter((alias) => world.refers(alias, 'function_name', subject));
  return [subject, ...aliases].some((each) => world.refers(integration, 'integration_uri', each));
}

/** A key that is known only after the apply may be any; those of WebSocket APIs are no paths. */
function parsed(key: unknown): Pick<Route, 'method' | 'path'> {
  if (typeof key !== 'string' || key === '$default') return { method: 'ANY', path: '$default' };
  const [method = '', path] = key.split(' ');
  return path === undefined ? { method: '', path: key } : { method, path };
}

function wanted({ values }: Thing): string | null {
  if (values['api_key_required'] === true) return 'an API key';
  const type = values['authorization_type'];
  return typeof type !== 'string' || type === 'NONE' || type === '' ? null : `authorization (${type})`;
}
