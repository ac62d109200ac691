/** The resources of a plan or a state, and which points at which. Pure. */
import { withoutInstanceKeys } from '../terraform/address.ts';
import type { PlanModel, StateModel } from '../terraform/model.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';

export interface Thing {
  readonly address: string;
  readonly type: string;
  readonly values: JsonObject;
  /** Some of its values are known only after the apply. */
  readonly incomplete: boolean;
}

export interface World {
  readonly things: readonly Thing[];
  of(...types: readonly string[]): readonly Thing[];
  /** True if an attribute of the first names the second; where its value is not known yet, if it may. */
  refers(from: Thing, attribute: string, to: Thing): boolean;
  /** The same for all that stands in the first. */
  mentions(from: Thing, to: Thing): boolean;
}

/** `from` is made of `to`, in the configuration: addresses without instance keys. */
export interface Reference {
  readonly from: string;
  readonly to: string;
}

export function worldOfState(state: StateModel): World {
  return worldOf(
    state.resources
      .filter(({ mode }) => mode === 'managed')
      .map(({ address, type, values }) => ({ address, type, values, incomplete: false })),
    () => false,
  );
}

/**
 * What the plan leaves open is judged by the configuration and by the source, whose resources of the same addresses
 * point at one another in the same way. So it may be said of too many that one points at the other, never of too few.
 */
export function worldOfPlan(
  plan: PlanModel,
  references: readonly Reference[],
  source: StateModel | null,
): World {
  const declared = new Set(references.map(({ from, to }) => `${from} ${to}`));
  const twins = source === null ? null : worldOfState(source);
  const twinOf = new Map((twins?.things ?? []).map((thing) => [thing.address, thing]));
  const things = plan.changes.flatMap((change): Thing[] => {
    const { address, type, mode, after, afterUnknown } = change;
    if (mode !== 'managed' || after === null || change.action === 'forget') return [];
    return [{ address, type, values: after, incomplete: hasUnknown(afterUnknown) }];
  });
  const keysOf = instanceKeys(things);
  const inSource = (from: Thing, to: Thing): boolean | undefined => {
    const [fromTwin, toTwin] = [twinOf.get(from.address), twinOf.get(to.address)];
    return twins === null || fromTwin === undefined || toTwin === undefined
      ? undefined
      : twins.mentions(fromTwin, toTwin);
  };
  return worldOf(things, (from, to) => {
    const [fromBase, toBase] = [withoutInstanceKeys(from.address), withoutInstanceKeys(to.address)];
    if (!declared.has(`${fromBase} ${toBase}`)) return inSource(from, to) ?? false;
    // A reference does not say which instance it means.
    return keysAgree(from, to, keysOf) ?? inSource(from, to) ?? true;
  });
}

/** Of what the configuration declares, before there is a plan or a state. */
export function worldOfDeclared(things: readonly Thing[], references: readonly Reference[]): World {
  const declared = new Set(references.map(({ from, to }) => `${from} ${to}`));
  return worldOf(things, (from, to) => declared.has(`${from.address} ${to.address}`));
}

function worldOf(things: readonly Thing[], may: (from: Thing, to: Thing) => boolean): World {
  const byType = new Map<string, Thing[]>();
  for (const thing of things) {
    const same = byType.get(thing.type);
    if (same) same.push(thing);
    else byType.set(thing.type, [thing]);
  }
  return {
    things,
    of: (...types) => types.flatMap((type) => byType.get(type) ?? []),
    refers(from, attribute, to) {
      const value = from.values[attribute];
      if (typeof value !== 'string') return from.incomplete && may(from, to);
      // An id of the source may still stand where the target's is not known yet; a function is told by its name.
      const unnamed = to.type !== 'aws_lambda_function' && to.incomplete && to.values['id'] === undefined;
      return names(value, to) || (unnamed && from.incomplete && may(from, to));
    },
    mentions: (from, to) =>
      somewhere(from.values, (text) => names(text, to)) || (from.incomplete && may(from, to)),
  };
}

/** How one names another: by its id, its ARN, its name or a version of it, alone or within a longer text. */
function names(text: string, { type, values }: Thing): boolean {
  const { id, arn, function_name: name } = values;
  if (text === '') return false;
  if (text === id || text === arn) return true;
  if (type !== 'aws_lambda_function') {
    if (typeof arn === 'string' && arn !== '' && text.includes(arn)) return true;
    // The target of a route: `integrations/<id>`.
    return typeof id === 'string' && id !== '' && text.endsWith(`/${id}`);
  }
  if (typeof name !== 'string' || name === '') return false;
  // `name:alias`, as `function_name` may be given; an ARN has more colons.
  return text.replace(/:[\w$-]+$/, '') === name || functionNames(text).has(name);
}

/** Every function that an ARN in a text, or the call of a workflow, names. */
function functionNames(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, name = ''] of text.matchAll(/\bfunction:([\w-]+)/g)) found.add(name);
  for (const [, name = ''] of text.matchAll(/"FunctionName"\s*:\s*"([\w-]+)"/g)) found.add(name);
  return found;
}

function somewhere(value: Json | undefined, fits: (text: string) => boolean): boolean {
  if (typeof value === 'string') return fits(value);
  if (Array.isArray(value)) return value.some((each: Json) => somewhere(each, fits));
  return isJsonObject(value) && Object.values(value).some((each) => somewhere(each, fits));
}

function hasUnknown(unknown: Json): boolean {
  if (unknown === true) return true;
  if (Array.isArray(unknown)) return unknown.some((each: Json) => hasUnknown(each));
  return isJsonObject(unknown) && Object.values(unknown).some(hasUnknown);
}

type Keys = ReadonlyMap<string, ReadonlySet<string>>;

const keyOf = (address: string): string => address.match(/\[[^\]]*\]/g)?.join('') ?? '';

function instanceKeys(things: readonly Thing[]): Keys {
  const result = new Map<string, Set<string>>();
  for (const { address } of things) {
    const base = withoutInstanceKeys(address);
    result.set(base, (result.get(base) ?? new Set()).add(keyOf(address)));
  }
  return result;
}

/** Instances made over the same keys belong together, one by one; of others nobody knows: undefined. */
function keysAgree(from: Thing, to: Thing, keys: Keys): boolean | undefined {
  const [own, wanted] = [keyOf(from.address), keyOf(to.address)];
  if (wanted === '') return true;
  return keys.get(withoutInstanceKeys(to.address))?.has(own) === true ? own === wanted : undefined;
}
