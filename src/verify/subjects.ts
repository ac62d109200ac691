/** What of a state can be tried: functions with their logs, and the URLs that the settings name. */
import type { StateModel, StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { isJsonObject, type JsonObject } from '../transfer/json.ts';
import { joined } from './fronts/url.ts';
import type { LogGroup } from './logs.ts';
import type { UrlSettings } from './settings.ts';

export interface FunctionSubject {
  readonly address: string;
  readonly name: string;
  readonly logGroup: LogGroup;
}

export interface UrlSubject {
  /** What of the settings it comes from. */
  readonly address: string;
  /** `null` where there is none; `reason` says why. */
  readonly url: string | null;
  readonly reason?: string;
  /** The only status that passes. */
  readonly expectStatus: number;
}

export function functionsOf(state: StateModel, types: ResourceTypeTable): FunctionSubject[] {
  return managed(state).flatMap(({ type, address, values }) => {
    const name = values['function_name'];
    if (types.get(type)?.isFunction !== true || typeof name !== 'string') return [];
    return [{ address, name, logGroup: logGroupOf(values, name) }];
  });
}

/** A group that a function was given may be that of many; its own streams have its name in theirs. */
export function logGroupOf(values: JsonObject, name: string): LogGroup {
  const usual = `/aws/lambda/${name}`;
  const config = values['logging_config'];
  const first: unknown = Array.isArray(config) ? config[0] : undefined;
  const group = isJsonObject(first) ? first['log_group'] : undefined;
  if (typeof group !== 'string' || group === '' || group === usual) return { name: usual, streams: null };
  return { name: group, streams: `/${name}[` };
}

export function urlsOf(state: StateModel, urls: readonly UrlSettings[], environment: string): UrlSubject[] {
  return urls.map((each) => {
    const { output, path, expectStatus } = each;
    const given = output === undefined ? each.url?.replaceAll('{env}', environment) : state.outputs[output];
    const address =
      output === undefined ? `url ${each.url ?? ''}${path ?? ''}` : `output ${output}${path ?? ''}`;
    if (typeof given === 'string') return { address, expectStatus, url: joined(given, path) };
    const reason = state.sensitiveOutputs.includes(output ?? '')
      ? 'the output is sensitive'
      : 'there is no such output';
    return { address, expectStatus, url: null, reason };
  });
}

export function managed(state: StateModel): StateResource[] {
  return state.resources.filter((resource) => resource.mode === 'managed');
}
