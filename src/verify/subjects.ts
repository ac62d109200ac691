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
  readonly address: string;
  readonly url: string;
  readonly settings: UrlSettings;
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

export function urlsOf(state: StateModel, settings: VerifySettings): UrlSubject[] {
  return managed(state).flatMap((resource) => {
    const url = resource.values[urlAttributes[resource.type] ?? ''];
    if (typeof url !== 'string' || url === '') return [];
    const name = resource.values['function_name'];
    const behind: FunctionSettings = typeof name === 'string' ? settingsFor(settings.functions, [name]) : {};
    const own = settingsFor(settings.urls, [resource.address]);
    return [{ address: resource.address, url, settings: { allowPlainText: behind.allowPlainText, ...own } }];
  });
}

export function managed(state: StateModel): StateResource[] {
  return state.resources.filter((resource) => resource.mode === 'managed');
}

/** The identity as the type table gives it, in one text. */
export function identityOf(resource: StateResource, types: ResourceTypeTable): string | null {
  const parts = (types.get(resource.type)?.identity ?? []).map((name) => resource.values[name]);
  return parts.length > 0 && parts.every((part) => typeof part === 'string') ? parts.join('/') : null;
}
