/**
 * The account that the stand-in Terraform and the fake AWS clients share: things by type, region and name, and the
 * buckets with the states. It is plain data, so that it can be copied, compared, and handed to another process.
 */
import type { JsonObject } from '../../../src/transfer/json.ts';
import { typeOf } from './types.ts';

export interface Thing {
  readonly type: string;
  /** `global` for what belongs to none. */
  readonly region: string;
  readonly name: string;
  /** As a state holds them. */
  readonly values: JsonObject;
  /** Who made it: the bookkeeping of the tests, which nothing under test can see. */
  readonly maker: string;
}

/** How the next apply ends before its time: after so many changes in the account, and before it saves its state. */
export interface Death {
  readonly afterChanges: number;
}

export interface Account {
  readonly id: string;
  things: Thing[];
  /** Objects of all buckets, by `bucket/key`. */
  objects: Record<string, string>;
  /** Of those, the ones that nobody may read. */
  unreadable: string[];
  /** Services that answer nobody. */
  denied: string[];
  /** Calls that are answered by an error, by `service.operation`: its name. */
  refused: Record<string, string>;
  /** Whose name stands on what is made now. */
  maker: string;
  death: Death | null;
  /** Arguments of every Terraform that was started. */
  starts: string[];
  /** Counts what needs a number of its own, such as a lineage. */
  counter: number;
}

export function emptyAccount(): Account {
  return {
    id: '123456789012',
    things: [],
    objects: {},
    unreadable: [],
    denied: [],
    refused: {},
    maker: 'nobody',
    death: null,
    starts: [],
    counter: 0,
  };
}

/** The same uuid for the same run: a world can be replayed. */
export function nextId(account: Account): string {
  account.counter += 1;
  return `00000000-0000-4000-8000-${String(account.counter).padStart(12, '0')}`;
}

/** Where things of a type lie, for a provider in a region. */
export const placeOf = (type: string, region: string): string =>
  typeOf(type)?.scope === 'global' ? 'global' : region;

export function findThing(account: Account, type: string, region: string, name: string): Thing | undefined {
  const place = placeOf(type, region);
  return account.things.find((thing) => thing.type === type && thing.region === place && thing.name === name);
}

export const isDenied = (account: Account, type: string): boolean =>
  account.denied.includes(typeOf(type)?.service ?? '');

/** What came of a call: the values of the thing as it is now, or what the service complains about. */
export type Answer = { readonly values: JsonObject } | { readonly error: string };

export function createThing(account: Account, type: string, region: string, given: JsonObject): Answer {
  const known = typeOf(type);
  const name = given['name'];
  if (known === undefined || typeof name !== 'string') return { error: `cannot make a ${type}` };
  const there = findThing(account, type, region, name);
  // Some services give whoever asks for the same thing the one that is there.
  if (there !== undefined)
    return known.taken === null ? { values: there.values } : { error: known.taken(name) };
  const place = { account: account.id, region, serial: (account.counter += 1) };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const values = { ...known.computed(name, place), ...known.defaults, ...known.filled, ...set };
  account.things.push({ type, region: placeOf(type, region), name, values, maker: account.maker });
  return { values };
}

export function changeThing(account: Account, thing: Thing, given: JsonObject): JsonObject {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  // What was read before it was changed has tags, if only none.
  const values = { ...thing.values, tags: thing.values['tags'] ?? {}, ...set };
  account.things = account.things.map((each) => (each === thing ? { ...thing, values } : each));
  return values;
}

export function removeThing(account: Account, type: string, region: string, name: string): boolean {
  const thing = findThing(account, type, region, name);
  account.things = account.things.filter((each) => each !== thing);
  return thing !== undefined;
}
