/** What is live, in the form of a Terraform state: all steps and rules work on it as on one. Pure. */
import { maskedName, type Rename } from '../environment/rename.ts';
import type { StateModel, StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { identityOf, physicalName } from '../terraform/types/identity.ts';
import { livePrefix } from '../terraform/types/live.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import { wholeTokens } from '../transfer/patterns.ts';

/** A described resource; `address` where a record knows it already. */
export interface LiveResource {
  readonly type: string;
  readonly id: string;
  readonly values: JsonObject;
  readonly sensitivePaths?: readonly string[];
  readonly address?: string;
}

export interface LiveStateOptions {
  /** Tells one live state from another: `live:dev`. */
  readonly lineage: string;
  readonly types: ResourceTypeTable;
  readonly rename: Rename;
  /** Whether the value of an environment variable may be secret, by its key. */
  readonly mayBeSecret: (key: string) => boolean;
}

export function liveState(resources: readonly LiveResource[], options: LiveStateOptions): StateModel {
  const neutral = neutralTexts(resources, options);
  // Parts of two things may have one id, and ids are made up: what they say tells them apart on every look.
  const keyed = resources.map((resource) => ({
    resource,
    key: `${resource.type} ${neutral(JSON.stringify(sortedKeys(withoutId(resource))))} ${resource.id}`,
  }));
  const sorted = keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ resource }) => resource);
  const taken = new Set(sorted.flatMap(({ address }) => address ?? []));
  const found = sorted.map((resource): StateResource => {
    const address = resource.address ?? freeAddress(resource, options, neutral, taken);
    const { type } = resource;
    const values = stateValues(resource, options.types);
    return {
      address,
      mode: 'managed',
      type,
      name: address.slice(livePrefix.length + type.length + 1),
      modulePath: '',
      values,
      sensitivePaths: (resource.sensitivePaths ?? []).flatMap((path) =>
        secretPaths(values, path, options.mayBeSecret),
      ),
      tainted: false,
    };
  });
  return {
    lineage: options.lineage,
    // Whatever is changed in one of them changes it: that is how a touched source is seen.
    serial: hash(JSON.stringify(found.map(({ address, values }) => [address, sortedKeys(values)]))),
    terraformVersion: '',
    resources: found,
    outputs: outputsOf(found),
    sensitiveOutputs: [],
  };
}

/** In a state, what is not set stands as `null`: with what is absent, nobody knew what a thing is called. */
export function stateValues(
  { type, values }: Pick<LiveResource, 'type' | 'values'>,
  types: ResourceTypeTable,
): JsonObject {
  const unset = (types.get(type)?.identity ?? []).filter((attribute) => !attribute.includes('.'));
  return { ...Object.fromEntries(unset.map((attribute) => [attribute, null])), ...values };
}

/** What tells it from others of its type, for a part with the name of its parent; `null` where only an id does. */
function nameOf(resource: LiveResource, types: ResourceTypeTable): string | null {
  const { type, id } = resource;
  const values = stateValues(resource, types);
  const identity = identityOf(type, values, types);
  if (identity.kind === 'known') return identity.text;
  const name = physicalName(type, values, types);
  return name === id ? null : name;
}

/** Shorter ids would be found in texts by chance. */
const shortestId = 6;

/**
 * Takes out of texts what differs between an environment and its copy: the environment's name, and the ids that the
 * cloud made up, in whose place the names of their things stand.
 */
function neutralTexts(
  resources: readonly LiveResource[],
  { types, rename }: LiveStateOptions,
): (text: string) => string {
  const names = new Map<string, string>();
  const nameless = new Map<string, string>();
  for (const resource of resources) {
    const { type, id, values } = resource;
    const name = physicalName(type, values, types);
    const madeUp = id.length >= shortestId && !rename.namesSource(id) && !rename.namesTarget(id);
    // It comes with a REST API, and is no resource of its own.
    const root = values['root_resource_id'];
    if (name !== null && typeof root === 'string') names.set(root, `${name}/`);
    if (!madeUp) continue;
    if (name !== null && name !== id && !names.has(id)) names.set(id, name);
    else if (isNumbered(id)) nameless.set(id, whatTellsIt(resource));
  }
  for (const [id, text] of nameless) if (!names.has(id)) names.set(id, text);
  const ids = wholeTokens(names.keys());
  return (text) => {
    const named = text.replaceAll(ids, (id) => names.get(id) ?? id);
    return rename.mask(named).replaceAll(maskedName, 'env');
  };
}

/** As EC2 makes up its ids. What else has no name may have it in the id. */
const isNumbered = (id: string): boolean => /^[a-z]+-[0-9a-f]{8,17}$/.test(id);

/** Of a thing without a name, what is the same of its copy. */
function whatTellsIt({ type, values }: LiveResource): string {
  const block = values['cidr_block'];
  return typeof block === 'string' && block !== '' ? block : type.replace(/^aws_/, '');
}

/** Nor when it was made: things of a copy are not made in the order of their sources. */
function withoutId({ id, values }: LiveResource): JsonObject {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== id && name !== 'created_date'),
  );
}

/** The same on every look at the same source, and on one at its copy. */
function freeAddress(
  resource: LiveResource,
  { types }: LiveStateOptions,
  neutral: (text: string) => string,
  taken: Set<string>,
): string {
  const { type } = resource;
  const label = neutral(nameOf(resource, types) ?? 'unnamed')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  const base = `${livePrefix}${type}.${/^[A-Za-z_]/.test(label) ? label : `_${label}`}`;
  let address = base;
  for (let number = 2; taken.has(address); number += 1) address = `${base}_${number}`;
  taken.add(address);
  return address;
}

/** Environment variables one by one: most are settings, which people want to see. */
function secretPaths(values: JsonObject, path: string, secret: (key: string) => boolean): readonly string[] {
  if (path !== 'environment.0.variables') return [path];
  const block: Json | undefined = Array.isArray(values['environment']) ? values['environment'][0] : undefined;
  const variables = isJsonObject(block) ? block['variables'] : undefined;
  if (!isJsonObject(variables)) return [];
  return Object.keys(variables)
    .filter(secret)
    .map((key) => `${path}.${key}`);
}

/** What Terraform projects usually show: where the environment is reached. */
const reached: readonly string[] = ['function_url', 'api_endpoint', 'endpoint', 'reader_endpoint'];

/** The stage of an HTTP API has the address of the API; that of a REST API is the only one with an address. */
const reachedAt = (type: string): readonly string[] =>
  type === 'aws_api_gateway_stage' ? ['invoke_url'] : reached;

function outputsOf(resources: readonly StateResource[]): Record<string, Json> {
  return Object.fromEntries(
    resources.flatMap(({ type, name, values }) =>
      reachedAt(type).flatMap((attribute): [string, Json][] => {
        const value = values[attribute];
        return typeof value === 'string' && value !== '' ? [[`${name}_${attribute}`, value]] : [];
      }),
    ),
  );
}

function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, sortedKeys(value[key] ?? null)]),
  );
}

/** FNV-1a, 32 bits: not for secrets, only to see a change. */
function hash(text: string): number {
  let result = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    result = Math.imul(result ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return result;
}
