/** Where the messages of a channel go in an environment: told by the configuration, or found. Pure. */
import type { StateModel, StateResource } from '../terraform/model.ts';
import { isJsonObject } from '../transfer/json.ts';
import type { ChannelKind } from './channel.ts';

export interface WebhookUrlSettings {
  readonly webhookOutput?: string | undefined;
  /** `{env}` stands for the environment. */
  readonly webhookUrl?: string | undefined;
  /** Follows the URL that was found: `/telegram/webhook` behind the endpoint of an API. */
  readonly webhookPath?: string | undefined;
}

export interface WebhookUrl {
  readonly url: string | null;
  /** Where it comes from, or why there is none. */
  readonly from: string;
}

/** @param state of the environment, after its apply */
export function webhookUrlOf(
  kind: ChannelKind,
  settings: WebhookUrlSettings,
  environment: string,
  state: StateModel,
): WebhookUrl {
  const found = baseOf(kind, settings, environment, state);
  const { webhookPath = '' } = settings;
  if (found.url === null || webhookPath === '' || settings.webhookUrl !== undefined) return found;
  return { ...found, url: `${found.url.replace(/\/$/, '')}/${webhookPath.replace(/^\//, '')}` };
}

function baseOf(
  kind: ChannelKind,
  { webhookOutput, webhookUrl }: WebhookUrlSettings,
  environment: string,
  state: StateModel,
): WebhookUrl {
  if (webhookUrl !== undefined)
    return { url: webhookUrl.replaceAll('{env}', environment), from: 'the configuration' };
  if (webhookOutput !== undefined) {
    const value = state.outputs[webhookOutput];
    return isUrl(value)
      ? { url: value, from: `output ${webhookOutput}` }
      : { url: null, from: `output ${webhookOutput}, which the configuration names, holds no URL` };
  }
  return (
    byName(kind, state) ??
    byFunction(kind, state) ?? {
      url: null,
      from: `no output of the root module is called after ${kind.service}: name it under channels.${kind.id}.webhookOutput`,
    }
  );
}

const isUrl = (value: unknown): value is string => typeof value === 'string' && /^https?:\/\//.test(value);

/** One with "webhook" in its name before one without; of two that are as good, neither. */
function byName(kind: ChannelKind, { outputs }: StateModel): WebhookUrl | null {
  const named = Object.entries(outputs).flatMap(([name, value]) => {
    const words = name.toLowerCase().split(/[_-]/);
    const fits = kind.id.split('-').every((word) => words.includes(word));
    return fits && isUrl(value) ? [{ name, url: value, webhook: words.includes('webhook') }] : [];
  });
  const webhooks = named.filter(({ webhook }) => webhook);
  const [found, another] = webhooks.length > 0 ? webhooks : named;
  return found && !another ? { url: found.url, from: `output ${found.name}` } : null;
}

/** The Function URL in front of the only function that has the credentials with which requests are checked. */
function byFunction(kind: ChannelKind, state: StateModel): WebhookUrl | null {
  const holders = functionsWith(
    state,
    kind.secrets.map(({ key }) => key),
  );
  const urls = state.resources.flatMap(({ type, mode, address, values }) => {
    if (mode !== 'managed' || type !== 'aws_lambda_function_url') return [];
    const { function_name: of, function_url: url } = values;
    const serves = holders.some((each) =>
      [each.values['function_name'], each.values['arn']].includes(of ?? null),
    );
    return serves && isUrl(url) ? [{ url, from: address }] : [];
  });
  const [found, another] = urls;
  return found && !another ? found : null;
}

/** Functions whose environment has a value for at least one of the keys. */
export function functionsWith(state: StateModel, keys: readonly string[]): readonly StateResource[] {
  return state.resources.filter((resource) => {
    if (resource.mode !== 'managed' || resource.type !== 'aws_lambda_function') return false;
    const variables = environmentOf(resource);
    return keys.some((key) => (variables[key] ?? '') !== '');
  });
}

/** What a function is given in its environment. Holds secrets. */
export function environmentOf({ values }: StateResource): Readonly<Record<string, string>> {
  const blocks: unknown = values['environment'];
  const first: unknown = Array.isArray(blocks) ? blocks[0] : undefined;
  const variables = isJsonObject(first) ? first['variables'] : undefined;
  if (!isJsonObject(variables)) return {};
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
