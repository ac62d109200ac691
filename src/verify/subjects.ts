/** What of a state can be tried: functions, and the URLs in front of them. */
import type { StateModel, StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { isJsonObject, type Json } from '../transfer/json.ts';
import {
  type FunctionSettings,
  harmlessEvent,
  settingsFor,
  type UrlSettings,
  type VerifySettings,
} from './settings.ts';

export interface FunctionSubject {
  readonly address: string;
  readonly name: string;
  readonly logGroup: string;
  readonly event: Json;
  readonly settings: FunctionSettings;
}

export interface UrlSubject {
  /** Resource address, or what of the settings it comes from. */
  readonly address: string;
  /** `null` where there is none; `reason` says why. */
  readonly url: string | null;
  readonly reason?: string;
  /** The only status that passes; absent: every one below 500. */
  readonly expectStatus?: number;
  readonly allowPlainText: boolean;
  /** Everybody may ask it: then Lambda itself must not refuse. */
  readonly open?: boolean;
  /** Asking it would run something that is not to be run. */
  readonly skip?: string | undefined;
}

export function functionsOf(
  state: StateModel,
  types: ResourceTypeTable,
  settings: VerifySettings,
): FunctionSubject[] {
  return managed(state).flatMap((resource) => {
    const name = resource.values['function_name'];
    if (types.get(resource.type)?.isFunction !== true || typeof name !== 'string') return [];
    const own = settingsFor(settings.functions, [name, resource.address]);
    return [
      {
        address: resource.address,
        name,
        logGroup: logGroupOf(resource) ?? `/aws/lambda/${name}`,
        event: own.event ?? harmlessEvent,
        settings: own,
      },
    ];
  });
}

function logGroupOf(resource: StateResource): string | undefined {
  const config = resource.values['logging_config'];
  const first: unknown = Array.isArray(config) ? config[0] : undefined;
  if (!isJsonObject(first)) return undefined;
  const group = first['log_group'];
  return typeof group === 'string' && group !== '' ? group : undefined;
}

/** Attribute that holds the URL, by resource type. */
const urlAttributes: Readonly<Record<string, string>> = {
  aws_lambda_function_url: 'function_url',
  aws_apigatewayv2_stage: 'invoke_url',
  aws_api_gateway_stage: 'invoke_url',
};

export function urlsOf(state: StateModel, settings: VerifySettings, environment: string): UrlSubject[] {
  const own = managed(state).flatMap((resource): UrlSubject[] => {
    const url = stageUrl(resource, state) ?? resource.values[urlAttributes[resource.type] ?? ''];
    if (typeof url !== 'string' || url === '') return [];
    const { skip, allowPlainText } = behind(resource, state, settings);
    return [
      {
        address: resource.address,
        url,
        allowPlainText: allowPlainText === true,
        open: resource.values['authorization_type'] === 'NONE',
        skip,
      },
    ];
  });
  return [...own, ...settings.urls.map((each) => configuredUrl(each, state, environment))];
}

/**
 * An HTTP API answers at its own endpoint, then at the path of the stage. The provider composes `invoke_url` from the
 * region and never asks, so it is wrong wherever the endpoint is not Amazon's.
 */
function stageUrl({ type, values }: StateResource, state: StateModel): string | undefined {
  if (type !== 'aws_apigatewayv2_stage') return undefined;
  const api = managed(state).find(
    (other) => other.type === 'aws_apigatewayv2_api' && other.values['id'] === values['api_id'],
  );
  const endpoint = api?.values['api_endpoint'];
  if (typeof endpoint !== 'string' || !/^https?:/.test(endpoint)) return undefined;
  const { name } = values;
  return typeof name === 'string' ? withPath(endpoint, name === '$default' ? '/' : `/${name}`) : undefined;
}

/** Asking a Function URL runs the function: what holds for the one holds for the other. */
function behind(resource: StateResource, state: StateModel, settings: VerifySettings): FunctionSettings {
  const name = resource.values['function_name'];
  if (typeof name !== 'string') return {};
  const runs = managed(state).find(
    ({ type, values }) =>
      type === 'aws_lambda_function' && [values['function_name'], values['arn']].includes(name),
  );
  const known = runs?.values['function_name'];
  return settingsFor(settings.functions, [
    name,
    ...(runs ? [runs.address] : []),
    ...(typeof known === 'string' ? [known] : []),
  ]);
}

function configuredUrl(each: UrlSettings, state: StateModel, environment: string): UrlSubject {
  const { output, path, expectStatus } = each;
  const given = output === undefined ? each.url?.replaceAll('{env}', environment) : state.outputs[output];
  const address =
    output === undefined ? `url ${each.url ?? ''}${path ?? ''}` : `output ${output}${path ?? ''}`;
  const common = { address, expectStatus, allowPlainText: false };
  if (typeof given === 'string') return { ...common, url: withPath(given, path) };
  const reason = state.sensitiveOutputs.includes(output ?? '')
    ? 'the output is sensitive'
    : 'there is no such output';
  return { ...common, url: null, reason };
}

function withPath(url: string, path: string | undefined): string {
  return path === undefined ? url : `${url.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
}

export function managed(state: StateModel): StateResource[] {
  return state.resources.filter((resource) => resource.mode === 'managed');
}
