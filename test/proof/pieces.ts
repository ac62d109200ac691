/** The pieces that states, plans and configurations of the tests are made of. */
import type {
  ExpressionFacts,
  ModuleDeclarations,
  PlannedResource,
  ResourceDeclaration,
  StateResource,
} from '../../src/terraform/model.ts';
import type { Json, JsonObject } from '../../src/transfer/json.ts';

export const account = '123456789012';
export const arn = (service: string, rest: string): string =>
  `arn:aws:${service}:${['iam', 's3'].includes(service) ? '' : 'eu-west-1'}:${service === 's3' ? '' : account}:${rest}`;

/** What no plan of a creation knows. */
export const computed = new Set([
  'arn',
  'id',
  'unique_id',
  'url',
  'execution_arn',
  'api_endpoint',
  'uuid',
  'endpoint',
]);

/** `aws_x.y["key"]`, `data.aws_x.y`, `module.a.aws_x.y`. */
export function addressed(
  address: string,
): Pick<StateResource, 'address' | 'mode' | 'type' | 'name' | 'modulePath'> {
  const words = address.replaceAll(/\[[^\]]*\]/g, '').split('.');
  const modules: string[] = [];
  while (words[0] === 'module') modules.push(words.splice(0, 2)[1] ?? '');
  const mode = words[0] === 'data' ? 'data' : 'managed';
  if (mode === 'data') words.shift();
  const [type = '', name = ''] = words;
  return { address, mode, type, name, modulePath: modules.join('.') };
}

export function held(
  address: string,
  values: JsonObject,
  sensitivePaths: readonly string[] = [],
): StateResource {
  return { ...addressed(address), values, sensitivePaths, tainted: false };
}

export function planned(
  address: string,
  after: JsonObject,
  more: Partial<PlannedResource> = {},
): PlannedResource {
  const open = Object.fromEntries([...computed].filter((key) => !(key in after)).map((key) => [key, true]));
  const common = { action: 'create', before: null, after, afterUnknown: open, afterSensitive: {} } as const;
  return { ...addressed(address), ...common, ...more };
}

export function expression(references: readonly string[], literals: readonly string[] = []): ExpressionFacts {
  return { references, literals, line: 7 };
}

export function declared(
  address: string,
  attributes: Record<string, ExpressionFacts> = {},
): ResourceDeclaration {
  const { mode, type, name } = addressed(address);
  const common = {
    file: '/project/main.tf',
    line: 3,
    repetition: null,
    preventDestroy: false,
    provisioners: [],
  };
  return { ...common, address, mode, type, name, attributes };
}

export function moduleOf(
  resources: readonly ResourceDeclaration[],
  more: Partial<ModuleDeclarations> = {},
): ModuleDeclarations {
  const byAddress = Object.fromEntries(resources.map((resource) => [resource.address, resource]));
  return {
    dir: '/project',
    resources: byAddress,
    locals: {},
    variables: {},
    outputs: {},
    calls: {},
    ...more,
  };
}

export const policyOn = (resource: Json, action: Json = ['dynamodb:GetItem']): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
  });

export const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
});
