/** Which resource of the target stands for which of the source, and what the source keeps to itself. */
import type { Rename } from '../environment/rename.ts';
import type { StateModel, StateResource } from '../terraform/model.ts';
import type { Mover } from './moves.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { wildcard } from '../transfer/patterns.ts';
import type { ExpressionReader } from './expressions.ts';
import { managedIn, type TargetResource } from './target.ts';
import { attribute } from './values.ts';

export interface Pair {
  readonly source: StateResource;
  readonly target: TargetResource;
}

export interface Pairing {
  readonly pairs: readonly Pair[];
  /** Managed resources of the source without a counterpart. */
  readonly unpaired: readonly StateResource[];
  /** Managed resources of the target that the source does not have. */
  readonly added: readonly TargetResource[];
  /** By address of the source. */
  counterpartOf(address: string): TargetResource | undefined;
  /** By address of the target. */
  sourceOf(address: string): StateResource | undefined;
}

const stringKey = /\["((?:[^"\\]|\\.)*)"\]/g;

/** An address under ρ: only instance keys name environments, the rest is the configuration's. */
export function renameAddress(address: string, rename: Rename): string {
  if (!address.includes('["')) return address;
  return address.replaceAll(stringKey, (_match, key: string) => `["${rename.apply(key)}"]`);
}

/**
 * Pairs by address: as it is, else with ρ applied to the instance keys.
 * @param moved what the configuration's `moved` blocks say: the source may not have come to that yet
 */
export function pairResources(
  source: StateModel,
  target: readonly TargetResource[],
  rename: Rename,
  moved: Mover = (address) => address,
): Pairing {
  const managed = target.filter(({ mode }) => mode === 'managed');
  const free = new Map(managed.map((resource) => [resource.address, resource]));
  const counterparts = new Map<string, TargetResource>();
  const sources = new Map<string, StateResource>();
  const join = (resource: StateResource, address: string): boolean => {
    const other = free.get(address);
    if (!other) return false;
    free.delete(address);
    counterparts.set(resource.address, other);
    sources.set(other.address, resource);
    return true;
  };
  const sourceAddresses = new Set(managedIn(source).map(({ address }) => address));
  // As Terraform has it: where the new address is taken, nothing moves to it.
  const addressNow = ({ address }: StateResource): string => {
    const now = moved(address);
    return sourceAddresses.has(now) ? address : now;
  };
  // Same addresses go first, so that no renamed key takes what belongs to another.
  const rest = managedIn(source).filter((resource) => !join(resource, addressNow(resource)));
  const unpaired = rest.filter((resource) => !join(resource, renameAddress(addressNow(resource), rename)));
  const pairs: Pair[] = [];
  for (const resource of source.resources) {
    const other = counterparts.get(resource.address);
    if (other && resource.mode === 'managed') pairs.push({ source: resource, target: other });
  }
  return {
    pairs,
    unpaired,
    added: [...free.values()],
    counterpartOf: (address) => counterparts.get(address),
    sourceOf: (address) => sources.get(address),
  };
}

/** What becomes of one resource of the source. */
export interface SourceClass {
  /**
   * `isolated`: the target has, or lacks, one of its own. `shared`: the target uses the same one.
   * `skipped`: the target does without, because of a variable.
   */
  readonly kind: 'isolated' | 'shared' | 'skipped';
  /** It belongs to the source alone: nothing of the target may name it. */
  readonly own: boolean;
  readonly reason: string;
}

/** Texts by which a resource is known: what may stand in `shared`, and what may name an environment. */
export function namesOf(
  resource: Pick<StateResource, 'type' | 'values'>,
  types: ResourceTypeTable,
): string[] {
  const facts = types.get(resource.type);
  const paths = facts
    ? [...facts.identity, ...(facts.nameAttribute === undefined ? [] : [facts.nameAttribute])]
    : ['name', 'identifier', 'bucket'];
  const values = [...paths, 'id', 'arn'].map((path) => attribute(resource.values, path));
  return [...new Set(values.filter((value): value is string => typeof value === 'string' && value !== ''))];
}

export type SharedMatcher = (
  resource: Pick<StateResource, 'address' | 'type' | 'values'>,
) => string | undefined;

/** Answers with the entry of `shared` that a resource matches: by address, by type or by a name it goes by. */
export function createSharedMatcher(shared: readonly string[], types: ResourceTypeTable): SharedMatcher {
  const exact = new Set(shared.filter((entry) => !entry.includes('*')));
  const wild = shared
    .filter((entry) => entry.includes('*'))
    .map((entry) => ({ entry, pattern: wildcard(entry) }));
  if (shared.length === 0) return () => undefined;
  return (resource) => {
    const { address, type } = resource;
    const withoutKeys = address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '');
    const texts = [address, withoutKeys, type, ...namesOf(resource, types)];
    const found = texts.find((text) => exact.has(text));
    return found ?? wild.find(({ pattern }) => texts.some((text) => pattern.test(text)))?.entry;
  };
}

export interface ClassifyInput {
  readonly source: StateModel;
  readonly pairing: Pairing;
  readonly rename: Rename;
  readonly types: ResourceTypeTable;
  readonly matchShared: SharedMatcher;
  readonly expressions: ExpressionReader;
}

/** Classes by address of the source, data sources included. */
export function classifySources(input: ClassifyInput): ReadonlyMap<string, SourceClass> {
  const classes = new Map<string, SourceClass>();
  const open: StateResource[] = [];
  for (const resource of input.source.resources) {
    const known = classifyAlone(resource, input);
    if (known) classes.set(resource.address, known);
    else open.push(resource);
  }
  // What is left has no name of the source in it; it still is the source's own if it hangs on something that is.
  for (const resource of hangingOnOwn(open, classes, input)) {
    classes.set(
      resource.address,
      withoutCounterpart(resource, input, 'it is part of something that is only its'),
    );
  }
  const left = open.filter(({ address }) => !classes.has(address));
  for (const { address } of left) {
    const reason = `its name does not name ${input.rename.source}, and the target declares none of its own`;
    classes.set(address, { kind: 'shared', own: false, reason });
  }
  return classes;
}

export function classifySource(
  resource: StateResource,
  classes: ReadonlyMap<string, SourceClass>,
): SourceClass {
  return (
    classes.get(resource.address) ?? { kind: 'shared', own: false, reason: "it is not in the source's state" }
  );
}

function classifyAlone(resource: StateResource, input: ClassifyInput): SourceClass | undefined {
  const entry = input.matchShared(resource);
  if (entry !== undefined) return { kind: 'shared', own: false, reason: `declared as shared: ${entry}` };
  if (resource.mode === 'data') return { kind: 'shared', own: false, reason: 'read as a data source' };
  if (input.pairing.counterpartOf(resource.address)) {
    return { kind: 'isolated', own: true, reason: 'the target has one of its own' };
  }
  if (input.types.get(resource.type)?.scope === 'local') {
    return { kind: 'skipped', own: false, reason: 'it is nothing in the cloud' };
  }
  const naming = namesOf(resource, input.types).some((name) => input.rename.namesSource(name));
  return naming ? withoutCounterpart(resource, input, `its name names ${input.rename.source}`) : undefined;
}

function withoutCounterpart(resource: StateResource, input: ClassifyInput, reason: string): SourceClass {
  const declaration = input.expressions.declaration(resource);
  const variables = declaration && input.expressions.repetition(resource.modulePath, declaration).variables;
  if (variables && variables.size > 0) {
    const names = [...variables].map((name) => `var.${name}`).join(', ');
    return { kind: 'skipped', own: true, reason: `the target does without it: that depends on ${names}` };
  }
  return { kind: 'isolated', own: true, reason };
}

/** Follows ids and ARNs from what is the source's own to what hangs on it, and on from there; each one once. */
function hangingOnOwn(
  open: readonly StateResource[],
  classes: ReadonlyMap<string, SourceClass>,
  input: ClassifyInput,
): readonly StateResource[] {
  if (open.length === 0) return [];
  const waiting = new Map<string, StateResource[]>();
  for (const resource of open) {
    for (const value of hangingValues(resource, input.types)) {
      const list = waiting.get(value);
      if (list) list.push(resource);
      else waiting.set(value, [resource]);
    }
  }
  const found = new Set<StateResource>();
  const queue = input.source.resources.filter(({ address }) => classes.get(address)?.own === true);
  for (let resource = queue.pop(); resource; resource = queue.pop()) {
    for (const name of [resource.values['id'], resource.values['arn']]) {
      if (typeof name !== 'string' || name.length < 8) continue;
      for (const hanging of waiting.get(name) ?? []) {
        if (found.has(hanging)) continue;
        found.add(hanging);
        queue.push(hanging);
      }
      waiting.delete(name);
    }
  }
  return [...found];
}

/** For types whose identity says nothing, any value at the top may be what it hangs on. */
function hangingValues(resource: StateResource, types: ResourceTypeTable): ReadonlySet<string> {
  const identity = types.get(resource.type)?.identity ?? [];
  const { id, arn, ...rest } = resource.values;
  const values =
    identity.length > 0 ? identity.map((path) => attribute(resource.values, path)) : Object.values(rest);
  return new Set(
    values.filter((value) => typeof value === 'string' && value !== id && value !== arn) as string[],
  );
}
