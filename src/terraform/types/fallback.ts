/** What can be said of a resource whose type is not in the table: from the names of its attributes alone. */
import type { Json, JsonObject } from '../../transfer/json.ts';
import { isUnset } from './paths.ts';

export interface FallbackIdentity {
  /** Attributes that look like names. */
  readonly names: Readonly<Record<string, string>>;
  /** Attributes that look like what it belongs or refers to: ids and ARNs of other things. */
  readonly parents: Readonly<Record<string, string>>;
}

/** Most telling first. */
const plainNames = ['name', 'bucket', 'identifier', 'filename', 'domain_name', 'domain'] as const;

/** Name-like to the eye, but the name of something else than a resource. */
const notNames: ReadonlySet<string> = new Set([
  'attribute_name',
  'availability_zone_name',
  'display_name',
  'engine_name',
  'field_name',
  'host_name',
  'metric_name',
  'parameter_name',
  'region_name',
  'user_name',
]);

/** The same for all of an account. */
const notParents: ReadonlySet<string> = new Set(['account_id', 'catalog_id', 'owner_id', 'registry_id']);

/** Ids and ARNs of what a resource only uses; two that differ in them may still be one and the same by name. */
const references =
  /(?:^|_)(?:kms_key|key|role|certificate|security_group|subnet|alarm|topic|snapshot|image|policy)_(?:id|arn)$/;

export function isArn(value: string): boolean {
  return /^arn:aws[a-z-]*:[a-z0-9-]+:/.test(value);
}

export function fallbackIdentity(values: JsonObject): FallbackIdentity {
  const names: Record<string, string> = {};
  const parents: Record<string, string> = {};
  for (const [attribute, value] of Object.entries(values)) {
    if (!isName(value) || attribute === 'id' || attribute === 'arn') continue;
    if (looksLikeName(attribute) && !isArn(value)) names[attribute] = value;
    else if (looksLikeParent(attribute) || isArn(value)) parents[attribute] = value;
  }
  return { names, parents };
}

/**
 * The attribute that most likely is its own name: a plain one, else that which repeats the end of the type
 * (`workflow_name` of `aws_x_workflow`), else the only one there is.
 */
export function ownName(type: string, names: Readonly<Record<string, string>>): string | null {
  const attributes = Object.keys(names);
  const plain = plainNames.find((attribute) => attributes.includes(attribute));
  if (plain !== undefined) return plain;
  const repeating = attributes.find((attribute) => {
    const stem = attribute.replace(/_(?:name|identifier)$/, '');
    return type === stem || type.endsWith(`_${stem}`);
  });
  return repeating ?? (attributes.length === 1 ? (attributes[0] ?? null) : null);
}

/** Those of the parents within which a name is likely to be unique. */
export function containers(parents: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parents).filter(
      ([attribute]) => looksLikeParent(attribute) && !references.test(attribute),
    ),
  );
}

function isName(value: Json): value is string {
  return typeof value === 'string' && !isUnset(value);
}

function looksLikeName(attribute: string): boolean {
  if (notNames.has(attribute)) return false;
  return (plainNames as readonly string[]).includes(attribute) || /_(?:name|identifier)$/.test(attribute);
}

function looksLikeParent(attribute: string): boolean {
  return /_(?:id|arn)$/.test(attribute) && !notParents.has(attribute);
}
