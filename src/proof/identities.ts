/** What exists already and whose it is, by everything that tells one thing in the cloud from another. */
import type { StateResource } from '../terraform/model.ts';
import { containers, fallbackIdentity, ownName } from '../terraform/types/fallback.ts';
import { type Identity, identityOf } from '../terraform/types/identity.ts';
import type { Json, JsonObject } from '../transfer/json.ts';
import type { ProofInput } from './rule.ts';
import { attribute, shown } from './values.ts';

export interface ExistingThing {
  readonly environment: string;
  readonly address: string;
  readonly mode: 'managed' | 'data';
  /** By what it is the same: `function_name "bot-dev"`. */
  readonly what: string;
  /** Judged by comparing names, since the type is not in the table. */
  readonly byFallback: boolean;
}

type Asked = Pick<StateResource, 'type' | 'values'>;

export interface ExistingThings {
  /** By identity alone: what can be said of something that is still to be made. */
  byIdentity(resource: Asked, identity: Identity): ExistingThing | undefined;
  /**
   * By names and parents, for a type that is not in the table; `isOpen` tells of a parent that is not known yet,
   * `null` says that all are known.
   */
  byNames(
    resource: Asked,
    isOpen: ((attribute: string) => boolean) | null,
  ): ExistingThing | 'undecided' | undefined;
  /** By identity, ARN and id: for what is there already. */
  sameThing(resource: Asked): ExistingThing | undefined;
}

interface Entry {
  readonly environment: string;
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly values: JsonObject | null;
}

/** So many things of one type and name in different parents are told apart after the apply only. */
const mostNamesakes = 20;

const text = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function nameOf({ type, values }: Asked): string | undefined {
  const { names } = fallbackIdentity(values);
  const own = ownName(type, names);
  return own === null ? undefined : `${own} ${shown(names[own] ?? '')}`;
}

export function createExistingThings(input: ProofInput): ExistingThings {
  const byKey = new Map<string, Entry>();
  const byText = new Map<string, Entry>();
  const byArn = new Map<string, Entry>();
  const byId = new Map<string, Entry>();
  const namesakes = new Map<string, Entry[]>();
  const put = (map: Map<string, Entry>, key: string, entry: Entry): void => {
    if (!map.has(key)) map.set(key, entry);
  };

  const addSource = (resource: StateResource): void => {
    const { address, mode, type, values } = resource;
    const entry: Entry = { environment: input.source.name, address, mode, values };
    const facts = input.types.get(type);
    const identity = identityOf(type, values, input.types);
    if (facts && identity.kind === 'known') put(byKey, identity.key, entry);
    if (mode === 'data') return;
    const arn = text(values['arn']);
    const id = text(values['id']);
    if (arn !== undefined) put(byArn, `${type} ${arn}`, entry);
    if (facts?.scope === 'server' && id !== undefined) put(byId, `${type} ${id}`, entry);
    const name = facts ? undefined : nameOf(resource);
    if (name === undefined) return;
    const list = namesakes.get(`${type} ${name}`);
    if (list) list.push(entry);
    else namesakes.set(`${type} ${name}`, [entry]);
  };
  // What is managed comes first: it tells more than that somebody reads it.
  for (const resource of input.source.state.resources) if (resource.mode === 'managed') addSource(resource);
  for (const resource of input.source.state.resources) if (resource.mode === 'data') addSource(resource);
  for (const { name, resources } of input.others) {
    for (const { address, type, identity, arn, id } of resources) {
      const entry: Entry = { environment: name, address, mode: 'managed', values: null };
      if (identity !== null) put(byText, `${type} ${identity}`, entry);
      if (arn !== null) put(byArn, `${type} ${arn}`, entry);
      if (id !== null && input.types.get(type)?.scope === 'server') put(byId, `${type} ${id}`, entry);
    }
  }

  const thing = (entry: Entry | undefined, what: string, byFallback = false): ExistingThing | undefined =>
    entry && { environment: entry.environment, address: entry.address, mode: entry.mode, what, byFallback };

  const byIdentity = ({ type, values }: Asked, identity: Identity): ExistingThing | undefined => {
    if (identity.kind !== 'known') return undefined;
    const entry = byKey.get(identity.key) ?? byText.get(`${type} ${identity.text}`);
    if (!entry) return undefined;
    const attributes = input.types.get(type)?.identity ?? [];
    const parts = attributes.flatMap((path) => {
      const value = attribute(values, path);
      return typeof value === 'string' || typeof value === 'number'
        ? [`${path} ${shown(String(value))}`]
        : [];
    });
    return thing(entry, parts.length > 0 ? parts.join(', ') : identity.text, identity.byFallback);
  };

  return {
    byIdentity,
    byNames(resource, isOpen) {
      const name = nameOf(resource);
      const candidates = name === undefined ? [] : (namesakes.get(`${resource.type} ${name}`) ?? []);
      if (name === undefined || candidates.length === 0) return undefined;
      if (candidates.length > mostNamesakes) return 'undecided';
      const mine = containers(fallbackIdentity(resource.values).parents);
      let undecided = false;
      for (const entry of candidates) {
        const theirs = containers(fallbackIdentity(entry.values ?? {}).parents);
        const shared = Object.keys(theirs).filter((attribute) => attribute in mine);
        if (shared.some((attribute) => theirs[attribute] !== mine[attribute])) continue;
        const absent = Object.keys(theirs).filter((attribute) => !(attribute in mine));
        if (isOpen === null && absent.length > 0) continue;
        if (isOpen === null || !absent.some(isOpen)) return thing(entry, name, true);
        undecided = true;
      }
      return undecided ? 'undecided' : undefined;
    },
    sameThing(resource) {
      const { type, values } = resource;
      const arn = text(values['arn']);
      const found = arn === undefined ? undefined : thing(byArn.get(`${type} ${arn}`), `ARN ${arn}`);
      if (found) return found;
      const same = byIdentity(resource, identityOf(type, values, input.types));
      if (same) return same;
      const id = text(values['id']);
      return id === undefined ? undefined : thing(byId.get(`${type} ${id}`), `id ${id}`);
    },
  };
}
