/**
 * By what resources name one another, and which of these names the cloud makes up: those cannot be foretold, and what
 * holds them waits until the thing is there. Pure.
 */
import type { Rename } from '../environment/rename.ts';
import type { StateResource } from '../terraform/model.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import { wholeTokens } from '../transfer/patterns.ts';

/** Attributes by which others reach a resource of any type, in the provider's words. */
export const identifying: readonly string[] = [
  'id',
  'arn',
  'qualified_arn',
  'invoke_arn',
  'function_url',
  'url',
  'stream_arn',
  'api_endpoint',
  'execution_arn',
  'invoke_url',
  'endpoint',
  'reader_endpoint',
  'address',
  'key_id',
  'cluster_resource_id',
  'unique_id',
  'root_resource_id',
  // The secret in which RDS keeps the password of a database.
  'master_user_secret.0.secret_arn',
];

/** The text of an identifying attribute; `null` where there is none. */
export function identifierAt(values: JsonObject, attribute: string): string | null {
  let value: Json | undefined = values;
  for (const step of attribute.split('.')) {
    if (Array.isArray(value)) value = (value as readonly Json[])[Number(step)];
    else value = isJsonObject(value) ? value[step] : undefined;
  }
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Beside them, by type: in others, attributes of these names are settings, or lead to something else. */
const identifyingOfType: Readonly<Record<string, readonly string[]>> = {
  aws_cloudfront_distribution: ['domain_name'],
  aws_eip: ['allocation_id', 'public_ip'],
  aws_lambda_function_url: ['url_id'],
  // What AWS makes with a network, and others use.
  aws_vpc: [
    'default_network_acl_id',
    'default_route_table_id',
    'default_security_group_id',
    'main_route_table_id',
  ],
};

/** Attributes by which others reach a resource of the type. */
export const identifyingOf = (type: string): readonly string[] => [
  ...identifying,
  ...(identifyingOfType[type] ?? []),
];

/** Have something made up in them even where they hold the name. */
const alwaysMadeUp: ReadonlySet<string> = new Set([
  'stream_arn',
  'endpoint',
  'reader_endpoint',
  'address',
  'function_url',
  'api_endpoint',
  'cluster_resource_id',
  'unique_id',
  'master_user_secret.0.secret_arn',
]);

/** Types whose ARN ends in characters of the service's choice. */
const randomArn: ReadonlySet<string> = new Set([
  'aws_secretsmanager_secret',
  'aws_sns_topic_subscription',
  'aws_lambda_layer_version',
  'aws_lambda_event_source_mapping',
]);

/** Shorter ones would be found in texts by chance. */
const shortest = 6;

export interface Identifier {
  readonly text: string;
  readonly address: string;
  readonly type: string;
  readonly attribute: string;
  /** The target's cannot be told before the thing is there. */
  readonly madeUp: boolean;
}

/** The first resource that has an identifier has it: its parts often show the same one. */
export function identifiersOf(
  resources: readonly StateResource[],
  rename: Rename,
  isPart: (type: string) => boolean,
): readonly Identifier[] {
  const found = new Map<string, Identifier>();
  const wholesFirst = resources.toSorted((a, b) => Number(isPart(a.type)) - Number(isPart(b.type)));
  for (const { address, type, values } of wholesFirst) {
    const reached = identifyingOf(type);
    for (const attribute of reached) {
      const text = identifierAt(values, attribute);
      if (text === null || found.has(text)) continue;
      const random =
        alwaysMadeUp.has(attribute) || (randomArn.has(type) && (attribute === 'arn' || attribute === 'id'));
      const foretold = rename.apply(text) !== text;
      // The id of a statement that somebody wrote is no identifier: others may have the same word.
      if (!foretold && isGiven(text, values, reached)) continue;
      const madeUp = random || !foretold;
      found.set(text, { text, address, type, attribute, madeUp });
    }
  }
  return withoutComposed([...found.values()]);
}

/**
 * Without what is put together from another thing's made-up id and words of its own, such as the URL of a stage from the
 * id of its API: it is known as soon as that id is, and who holds it need not wait for the stage. A function that knows
 * its own URL would wait for itself.
 */
function withoutComposed(identifiers: readonly Identifier[]): readonly Identifier[] {
  const ids = new Map(
    identifiers
      .filter(({ attribute, madeUp, text }) => attribute === 'id' && madeUp && text.length >= shortest)
      .map(({ text, address }) => [text, address]),
  );
  const within = wholeTokens(ids.keys());
  return identifiers.filter(({ text, address, type, attribute }) => {
    if (attribute === 'id' || alwaysMadeUp.has(attribute) || randomArn.has(type)) return true;
    return [...text.matchAll(within)].every(([id]) => ids.get(id) === undefined || ids.get(id) === address);
  });
}

/** True for what stands in another attribute too: a name, which a person chose. */
function isGiven(text: string, values: StateResource['values'], reached: readonly string[]): boolean {
  return Object.entries(values).some(([attribute, value]) => value === text && !reached.includes(attribute));
}

export interface IdentifierSearch {
  /** The text cut at the identifiers in it. */
  cut(text: string): readonly (string | Identifier)[];
}

/** Finds identifiers in texts: ARNs in policies, the id of an API in a URL. */
export function searchFor(identifiers: readonly Identifier[]): IdentifierSearch {
  const byText = new Map(identifiers.map((each) => [each.text, each]));
  // A name is found where it stands alone: within other texts it means nothing sure.
  const within = wholeTokens(
    identifiers
      .filter(({ text, madeUp }) => text.length >= shortest && (madeUp || text.startsWith('arn:')))
      .map(({ text }) => text),
  );
  return {
    cut(text) {
      const whole = byText.get(text);
      if (whole) return [whole];
      const parts: (string | Identifier)[] = [];
      let last = 0;
      for (const { 0: hit, index } of text.matchAll(within)) {
        const identifier = byText.get(hit);
        if (identifier === undefined) continue;
        if (index > last) parts.push(text.slice(last, index));
        parts.push(identifier);
        last = index + hit.length;
      }
      if (last < text.length || parts.length === 0) parts.push(text.slice(last));
      return parts;
    },
  };
}
