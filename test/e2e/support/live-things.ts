/** Helpers for tests that read live things in the shape of the state: what is the same thing, and what is the same value. */
import type { AwsClients } from '../../../src/aws/clients.ts';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import type { DescribedResource } from '../../../src/aws/describe.ts';
import { describerOf } from '../../../src/aws/describe/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/transfer/json.ts';

export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** By what a thing of the type is told from others, where that is not its id: what the provider gives it is random. */
const identities: Readonly<Record<string, readonly string[]>> = {
  aws_apigatewayv2_route: ['api_id', 'route_key'],
  aws_apigatewayv2_stage: ['api_id', 'name'],
  aws_cloudwatch_log_metric_filter: ['log_group_name', 'name'],
  aws_cloudwatch_log_subscription_filter: ['log_group_name', 'name'],
  aws_iam_role_policy_attachment: ['role', 'policy_arn'],
  aws_lambda_event_source_mapping: ['event_source_arn', 'function_arn'],
  aws_lambda_permission: ['function_name', 'qualifier', 'statement_id'],
  aws_sns_topic_subscription: ['topic_arn', 'endpoint'],
};

export function identityOf(type: string, values: JsonObject): string {
  return [type, ...(identities[type] ?? ['id']).map((name) => textOf(values[name]))].join(' ');
}

/** True for an id that only the service or the provider makes, so that it differs between two equal things. */
export const hasOwnIdentity = (type: string): boolean => type in identities;

/**
 * A value as it can be compared: "not set" in one form, JSON text by what it says. The provider itself counts these as equal.
 */
export function comparable(value: Json | undefined): Json {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') {
    if (!/^\s*[[{]/.test(value)) return value;
    try {
      return comparable(JSON.parse(value) as Json);
    } catch {
      return value;
    }
  }
  if (isJsonObject(value)) {
    const entries = Object.entries(value)
      .map(([key, each]) => [key, comparable(each)] as const)
      .filter(([, each]) => each !== null)
      .sort(([one], [other]) => (one < other ? -1 : 1));
    return entries.length === 0 ? null : Object.fromEntries(entries);
  }
  if (!Array.isArray(value)) return value;
  return value.length === 0 ? null : value.map((each: Json) => comparable(each));
}

/** @throws Error where it is not described */
export async function described(
  type: string,
  values: JsonObject,
  clients: AwsClients,
): Promise<readonly DescribedResource[]> {
  const text = (name: string): string | null => {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const found = await describerOf(type)?.describe(
    {
      address: `${type}.x`,
      type,
      identity: null,
      id: text('id'),
      arn: text('arn'),
      attributes: {},
    },
    clients,
  );
  if (found?.state !== 'described') throw new Error(`${type} ${text('id')}: ${JSON.stringify(found)}`);
  return found.resources;
}

/** Every occurrence of the texts, in all depths, keys included. */
export function replaced<T extends Json>(value: T, texts: readonly (readonly [string, string])[]): T {
  let json = JSON.stringify(value);
  for (const [from, to] of texts)
    json = json.replaceAll(JSON.stringify(from).slice(1, -1), JSON.stringify(to).slice(1, -1));
  return JSON.parse(json) as T;
}

/** Copies in the given order, as an engine does: names changed, references lead to what was made before. */
export class Copying {
  readonly #names: readonly [string, string];
  readonly #clients: AwsClients;
  readonly #made: [string, string][] = [];

  constructor(names: readonly [string, string], clients: AwsClients) {
    this.#names = names;
    this.#clients = clients;
  }

  /** What leads from the source to the copy. Longer texts first: one id may be the beginning of another. */
  get replacements(): (readonly [string, string])[] {
    return [...this.#made.toSorted(([one], [other]) => other.length - one.length), this.#names];
  }

  async copy(resource: DescribedResource): Promise<DescribedResource> {
    const { type, id, values } = resource;
    const wanted = replaced(values, this.replacements);
    const cloned = await clonerOf(type)?.clone(
      {
        values: wanted,
        source: { id, values },
        withOwnId: (own) => replaced(values, [[id, own], ...this.replacements]),
        signal: AbortSignal.timeout(60_000),
      },
      this.#clients,
    );
    if (cloned === undefined) throw new Error(`${type} is not cloned`);
    for (const [name, value] of Object.entries(cloned.values)) {
      const before = values[name];
      if (typeof value === 'string' && typeof before === 'string' && before.length > 6 && value !== '')
        this.#made.push([before, value]);
    }
    return { type, id: cloned.id, values: { ...wanted, ...cloned.values } };
  }
}
