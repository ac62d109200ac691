/** Routes of an API that is described by an OpenAPI document instead of resources. */
import { isJsonObject, type Json, type JsonObject } from '../../transfer/json.ts';
import type { Thing, World } from '../world.ts';
import type { Route } from './front.ts';

const verbs = /^(?:get|put|post|delete|options|head|patch|trace|x-amazon-apigateway-any-method)$/i;

/** A body that is known only after the apply, or that is not read, may have any route. */
const anything = (functions: readonly Thing[]): Route[] => [
  {
    method: 'ANY',
    path: '$default',
    functions,
    wants: 'to be looked at by a person',
    name: 'the OpenAPI body of its API, which could not be read,',
  },
];

export function routesInBody(world: World, api: Thing, functions: readonly Thing[]): Route[] {
  const { body } = api.values;
  if (typeof body !== 'string' || body === '') {
    const named =
      api.incomplete && body === undefined ? functions.filter((each) => world.mentions(api, each)) : [];
    return named.length === 0 ? [] : anything(named);
  }
  const document = read(body);
  const paths = document?.['paths'];
  if (document === null || !isJsonObject(paths))
    return anything(functions.filter((each) => world.mentions(api, each)));
  const guarded = Array.isArray(document['security']) && document['security'].length > 0;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(isJsonObject(operations) ? operations : {})
      .filter(([verb]) => verbs.test(verb))
      .map(([verb, operation]) =>
        routeIn(world, path, verb, isJsonObject(operation) ? operation : {}, { guarded, functions }),
      ),
  );
}

function routeIn(
  world: World,
  path: string,
  verb: string,
  operation: JsonObject,
  { guarded, functions }: { readonly guarded: boolean; readonly functions: readonly Thing[] },
): Route {
  const { security, 'x-amazon-apigateway-integration': integration } = operation;
  const own = Array.isArray(security) ? security.length > 0 : guarded;
  const carrier: Thing = {
    address: '',
    type: '',
    values: { integration: integration ?? null },
    incomplete: false,
  };
  return {
    method: verb.startsWith('x-') ? 'ANY' : verb.toUpperCase(),
    path: path === '/$default' ? '$default' : path,
    functions: functions.filter((each) => world.mentions(carrier, each)),
    wants: own ? 'authorization' : null,
  };
}

/** As `jsonencode` writes it; one in YAML is not read, and what it leads to is not called. */
function read(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
