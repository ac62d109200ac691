/** Words by which the cloud knows what belongs to one environment alone: ARNs, URLs, end points, ids, names. */
import type { Rename } from '../environment/rename.ts';
import { spellings } from '../environment/rename.ts';
import type { StateResource } from '../terraform/model.ts';
import type { ResourceTypeFacts, ResourceTypeTable } from '../terraform/types/facts.ts';
import type { JsonObject } from '../transfer/json.ts';
import type { Pairing, SourceClass } from './counterparts.ts';
import type { ProofInput } from './rule.ts';
import type { Target, TargetResource } from './target.ts';
import { attribute, underAny } from './values.ts';
import { bareWord, createWordIndex, type WordIndex } from './words.ts';

export type WordKind = 'ARN' | 'URL' | 'end point' | 'id' | 'name';

export interface Owner {
  readonly environment: string;
  readonly address: string;
  readonly kind: WordKind;
}

/** Attributes that say what the resource itself is, never what it refers to. */
const arns = ['arn', 'execution_arn', 'stream_arn', 'latest_version_arn'] as const;
const places = [
  'url',
  'function_url',
  'invoke_url',
  'repository_url',
  'api_endpoint',
  'endpoint',
  'reader_endpoint',
  'configuration_endpoint',
  'configuration_endpoint_address',
  'primary_endpoint_address',
  'reader_endpoint_address',
  'kibana_endpoint',
  'dashboard_endpoint',
  'address',
  'dns_name',
  'domain_name',
  'bucket_domain_name',
  'bucket_regional_domain_name',
  'regional_domain_name',
  'cloudfront_domain_name',
  'website_endpoint',
  'fqdn',
] as const;
const ids = [
  'id',
  'url_id',
  'key_id',
  'unique_id',
  'resource_id',
  'cluster_resource_id',
  'dbi_resource_id',
] as const;

const nameOnly = ['name'] as const;

const arn = /^arn:[\w-]+:[\w-]+:[\w-]*:(?!aws:)[^:]*:.+/s;
const host = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+(?::\d+)?(?:\/|$)/;

/** The kind of word a value is, if it is one that can belong to one resource only. */
function distinctive(
  value: string,
  kind: WordKind,
  rename: Rename,
  bare: ReadonlySet<string>,
  facts?: ResourceTypeFacts,
): WordKind | undefined {
  if (value.startsWith('arn:') && arn.test(value)) return 'ARN';
  if (value.includes('://')) return 'URL';
  if (kind === 'end point' || kind === 'URL') return host.test(value) && value.length >= 8 ? kind : undefined;
  // The bare name of the environment is no name of a resource: too much is legitimately called dev.
  if (value.length < 4 || /\s/.test(value) || bare.has(value)) return undefined;
  if (rename.namesSource(value)) return kind;
  if (value.length < 8) return undefined;
  if (kind === 'name') return kind;
  return /\d/.test(value) || facts?.scope === 'server' ? kind : undefined;
}

const kinds: ReadonlyMap<string, WordKind> = new Map<string, WordKind>([
  ...arns.map((key) => [key, 'ARN'] as const),
  ...places.map((key) => [key, 'end point'] as const),
  ...ids.map((key) => [key, 'id'] as const),
]);

/** Visits everything by which a resource may be known. */
export function visitNames(
  values: JsonObject,
  facts: ResourceTypeFacts | undefined,
  visit: (value: string, kind: WordKind, path: string) => void,
): void {
  for (const key of Object.keys(values)) {
    const kind = kinds.get(key);
    if (kind === undefined) continue;
    const value = values[key];
    if (typeof value === 'string' && value !== '') visit(value, kind, key);
  }
  for (const path of facts ? facts.identity : nameOnly) {
    const value = attribute(values, path);
    if (typeof value === 'string' && value !== '') visit(value, 'name', path);
  }
}

/** Every word the target itself is known by: it may be named, even if the source is called the same by mistake. */
function ownWords(target: Target, types: ResourceTypeTable): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { type, values } of target.managed) {
    visitNames(values, types.get(type), (value) => words.add(bareWord(value)));
  }
  return words;
}

/** What both sides have alike is portable, and names neither. */
function isPortable(value: string, source: StateResource, target: TargetResource | undefined): boolean {
  if (!target) return false;
  for (const key in source.values)
    if (source.values[key] === value && target.values[key] === value) return true;
  return false;
}

export interface OwnedInput {
  readonly input: ProofInput;
  readonly target: Target;
  readonly pairing: Pairing;
  readonly classes: ReadonlyMap<string, SourceClass>;
}

/** Words of what belongs to the source alone, and to the other environments that have a record. */
export function createOwnedWords({ input, target, pairing, classes }: OwnedInput): WordIndex<Owner> {
  const { types, rename } = input;
  const bare = new Set(spellings(rename.source));
  const mine = ownWords(target, types);
  const first: [string, Owner][] = [];
  /** Parts of other things, and ids: only where no thing of that name is known. */
  const later: [string, Owner][] = [];
  for (const resource of input.source.state.resources) {
    if (classes.get(resource.address)?.own !== true) continue;
    const facts = types.get(resource.type);
    const counterpart = pairing.counterpartOf(resource.address);
    visitNames(resource.values, facts, (value, guess, path) => {
      const kind = distinctive(value, guess, rename, bare, facts);
      if (!kind || mine.has(bareWord(value)) || isSensitive(resource, path)) return;
      // A name without the environment in it proves nothing where no counterpart has another one.
      if (kind === 'name' && !differs(path, value, counterpart) && !rename.namesSource(value)) return;
      if (isPortable(value, resource, counterpart)) return;
      const owner = { environment: input.source.name, address: resource.address, kind };
      const isPart = facts?.scope === 'parent' && kind === 'name';
      (isPart || kind === 'id' ? later : first).push([value, owner]);
    });
  }
  for (const { name, resources } of input.others) {
    for (const { address, arn: known } of resources) {
      if (known === null || !arn.test(known) || mine.has(known)) continue;
      later.push([known, { environment: name, address, kind: 'ARN' }]);
    }
  }
  return createWordIndex([...first, ...later]);
}

function isSensitive({ sensitivePaths }: StateResource, path: string): boolean {
  return sensitivePaths.length > 0 && underAny(sensitivePaths, path.split('.'));
}

function differs(path: string, value: string, counterpart: TargetResource | undefined): boolean {
  const other = counterpart && attribute(counterpart.values, path);
  return typeof other === 'string' && other !== value;
}

/** Words of what both environments use: naming these is fine, even if the source's name is in them. */
export function createSharedWords(
  { input, target, classes }: OwnedInput,
  owned: WordIndex<Owner>,
): WordIndex<string> {
  const bare = new Set(spellings(input.source.name));
  const words: [string, string][] = [];
  const add = (resource: { address: string; type: string; values: JsonObject }): void => {
    visitNames(resource.values, input.types.get(resource.type), (value) => {
      const isWord = value.length >= 4 && !bare.has(value);
      if (isWord && owned.get(value) === undefined) words.push([value, resource.address]);
    });
  };
  for (const resource of input.source.state.resources) {
    if (classes.get(resource.address)?.own === false) add(resource);
  }
  for (const resource of target.data) add(resource);
  return createWordIndex(words);
}
