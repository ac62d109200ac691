/** What has to be done: the configuration against the refreshed state. */
import { isJsonObject, type Json, type JsonObject } from '../../../src/transfer/json.ts';
import { type Account, findThing, isDenied } from './account.ts';
import { Complaint } from './complaint.ts';
import { type Configuration, dependenciesOf, type Resource, scopeOf } from './configuration.ts';
import { evaluate, hasUnknown, type Scope, unknown, type Value } from './evaluate.ts';
import { addressOf, type State, type StateResource } from './state.ts';
import { computedKeys, isSame, typeOf } from './types.ts';
import { textOf } from '../text-of.ts';

export type Action = 'create' | 'update' | 'delete' | 'replace' | 'no-op';

export interface Change {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly action: Action;
  readonly before: JsonObject | null;
  /** What is known of it; what is not is named beside it. */
  readonly after: JsonObject | null;
  readonly unknown: readonly string[];
  readonly dependencies: readonly string[];
}

export interface Plan {
  readonly destroy: boolean;
  readonly region: string;
  readonly variables: Readonly<Record<string, Json>>;
  readonly sensitive: readonly string[];
  /** As it was read, before the account was asked. */
  readonly prior: State;
  readonly refreshed: State;
  readonly changes: readonly Change[];
  readonly outputs: Readonly<
    Record<string, { readonly sensitive: boolean; readonly action: 'create' | 'update' | 'delete' | 'no-op' }>
  >;
}

export interface PlanInput {
  readonly configuration: Configuration;
  readonly variables: Readonly<Record<string, Json>>;
  readonly state: State;
  readonly account: Account;
  readonly destroy: boolean;
  readonly refresh: boolean;
}

export function makePlan(input: PlanInput): Plan {
  const { configuration, variables, state, account, destroy } = input;
  const scope = scopeOf(configuration, variables, () => undefined);
  const { region: expression } = configuration;
  const region = textOf(
    expression === null ? 'us-east-1' : evaluate(expression.node, expression.text, scope),
  );
  const refreshed = input.refresh ? refreshState(state, account, region) : state;
  const values = new Map<string, Readonly<Record<string, Value>>>();
  const changes = destroy ? removals(refreshed) : differences(configuration, variables, refreshed, values);
  return {
    destroy,
    region,
    variables,
    sensitive: configuration.variables.filter(({ sensitive }) => sensitive).map(({ name }) => name),
    prior: state,
    refreshed,
    changes,
    outputs: outputChanges(
      configuration,
      refreshed,
      destroy,
      scopeOf(configuration, variables, (each) => values.get(each)),
    ),
  };
}

/** What is not in the account any more leaves the state; the rest is as it is there. */
function refreshState(state: State, account: Account, region: string): State {
  const resources = state.resources.flatMap((resource): StateResource[] => {
    const [instance] = resource.instances;
    if (instance === undefined) return [];
    if (isDenied(account, resource.type))
      throw new Complaint(
        `reading ${resource.type} (${textOf(instance.attributes['name'])}): operation error, https response error StatusCode: 403, RequestID: 0000, api error AccessDeniedException: not allowed`,
        '',
        { address: addressOf(resource) },
      );
    const thing = findThing(account, resource.type, region, textOf(instance.attributes['name']));
    if (thing === undefined) return [];
    // What was read has tags, if only none.
    const attributes = { ...thing.values, tags: thing.values['tags'] ?? {} };
    return [{ ...resource, instances: [{ ...instance, attributes }] }];
  });
  return { ...state, resources };
}

/** What is used goes after what uses it. */
function removals({ resources }: State): Change[] {
  const left = [...resources];
  const ordered: StateResource[] = [];
  while (left.length > 0) {
    const used = new Set(
      left.flatMap(({ instances }) => instances.flatMap((each) => each.dependencies ?? [])),
    );
    const at = left.findIndex((each) => !used.has(addressOf(each)));
    ordered.push(...left.splice(Math.max(at, 0), 1));
  }
  return ordered.map((resource) => removal(resource));
}

const removal = (resource: StateResource): Change => ({
  address: addressOf(resource),
  type: resource.type,
  name: resource.name,
  action: 'delete',
  before: resource.instances[0]?.attributes ?? {},
  after: null,
  unknown: [],
  dependencies: resource.instances[0]?.dependencies ?? [],
});

/** @param values is given what every resource will be, by address */
function differences(
  configuration: Configuration,
  variables: PlanInput['variables'],
  { resources }: State,
  values: Map<string, Readonly<Record<string, Value>>>,
): Change[] {
  const scope = scopeOf(configuration, variables, (address) => values.get(address));
  const wanted = configuration.resources.map((resource) => {
    const before = resources.find((each) => addressOf(each) === resource.address)?.instances[0]?.attributes;
    const { change, all } = difference(resource, scope, before ?? null);
    values.set(resource.address, all);
    return change;
  });
  const addresses = new Set(wanted.map(({ address }) => address));
  return [...resources.filter((each) => !addresses.has(addressOf(each))).map(removal), ...wanted];
}

/** Values of a resource as its blocks and attributes say. */
function givenValues({ attributes, blocks, type }: Resource, scope: Scope): Record<string, Value> {
  const given: Record<string, Value> = {};
  for (const [name, { node, text }] of Object.entries(attributes)) given[name] = evaluate(node, text, scope);
  for (const name of typeOf(type)?.blocks ?? []) {
    given[name] = (blocks[name] ?? []).map((block) =>
      Object.fromEntries(
        Object.entries(block).map(([key, { node, text }]) => [key, evaluate(node, text, scope)]),
      ),
    );
  }
  return given;
}

function difference(
  resource: Resource,
  scope: Scope,
  before: JsonObject | null,
): { readonly change: Change; readonly all: Readonly<Record<string, Value>> } {
  const { address, name, type } = resource;
  const known = typeOf(type);
  if (known === undefined)
    throw new Complaint(
      'Invalid resource type',
      `The provider hashicorp/aws does not support resource type "${type}".`,
    );
  const given = { ...known.defaults, ...givenValues(resource, scope) };
  const changed = Object.keys(given).filter(
    (key) =>
      given[key] !== null && (hasUnknown(given[key] ?? null) || !isSame(given[key] as Json, before?.[key])),
  );
  const isNew = before === null || changed.some((key) => key === 'name' || known.replacedBy.includes(key));
  const made = Object.fromEntries(computedKeys(known).map((key): [string, Value] => [key, unknown]));
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const all: Readonly<Record<string, Value>> = isNew ? { ...made, ...given } : { ...before, ...set };
  const action = before === null ? 'create' : isNew ? 'replace' : changed.length > 0 ? 'update' : 'no-op';
  return {
    all,
    change: {
      address,
      type,
      name,
      action,
      before,
      after: Object.fromEntries(Object.entries(all).filter(([, value]) => !hasUnknown(value))) as JsonObject,
      unknown: Object.keys(all).filter((key) => hasUnknown(all[key] ?? null)),
      dependencies: dependenciesOf(resource),
    },
  };
}

function outputChanges(
  { outputs }: Configuration,
  { outputs: before }: State,
  destroy: boolean,
  scope: Scope,
): Plan['outputs'] {
  return Object.fromEntries(
    outputs
      .filter(({ name }) => !destroy || isJsonObject(before[name]))
      .map(({ name, sensitive, value }) => {
        if (destroy) return [name, { sensitive, action: 'delete' }];
        const was = before[name];
        const will = evaluate(value.node, value.text, scope);
        if (!isJsonObject(was)) return [name, { sensitive, action: 'create' }];
        const same = !hasUnknown(will) && isSame(was['value'], will as Json);
        return [name, { sensitive, action: same ? 'no-op' : 'update' }];
      }),
  );
}

/** All values of a resource, now that what it refers to is made. */
export function finalValues(
  configuration: Configuration,
  variables: PlanInput['variables'],
  address: string,
  made: (address: string) => JsonObject | undefined,
): JsonObject {
  const resource = configuration.resources.find((each) => each.address === address);
  if (resource === undefined) return {};
  const known = typeOf(resource.type);
  return {
    ...known?.defaults,
    ...(givenValues(resource, scopeOf(configuration, variables, made)) as JsonObject),
  };
}

export function outputValues(
  configuration: Configuration,
  variables: PlanInput['variables'],
  made: (address: string) => JsonObject | undefined,
): Readonly<Record<string, JsonObject>> {
  const scope = scopeOf(configuration, variables, made);
  return Object.fromEntries(
    configuration.outputs.flatMap(({ name, value, sensitive }): [string, JsonObject][] => {
      const found = evaluate(value.node, value.text, scope);
      if (hasUnknown(found)) return [];
      const type = typeof found === 'number' ? 'number' : typeof found === 'boolean' ? 'bool' : 'string';
      return [[name, { value: found as Json, type, ...(sensitive ? { sensitive: true } : {}) }]];
    }),
  );
}

/** Values of all variables: the var-files and `-var` over `TF_VAR_…` over defaults. */
export function variablesOf(
  configuration: Configuration,
  given: Readonly<Record<string, Json>>,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, Json>> {
  const values: Record<string, Json> = {};
  const missing: Complaint[] = [];
  for (const variable of configuration.variables) {
    const { name, at } = variable;
    const value = given[name] ?? env[`TF_VAR_${name}`] ?? (variable.required ? undefined : variable.default);
    if (value !== undefined) values[name] = variable.type === 'number' ? Number(value) : value;
    else
      missing.push(
        new Complaint(
          'No value for required variable',
          `The root module input variable "${name}" is not set, and has no default value. Use a -var or -var-file command line argument to provide a value for this variable.`,
          { range: { ...at, code: `variable "${name}" {` } },
        ),
      );
  }
  const [first, ...more] = missing;
  if (first) throw new Complaint(first.summary, first.detail, { range: first.range, more });
  for (const { name, validations, at } of configuration.variables) {
    for (const { condition, message, at: rule } of validations) {
      const holds = evaluate(
        condition.node,
        condition.text,
        scopeOf(configuration, values, () => undefined),
      );
      if (holds === true) continue;
      throw new Complaint(
        'Invalid value for variable',
        `${message}\n\nThis was checked by the validation rule at ${rule}.`,
        { range: { ...at, code: `variable "${name}" {` } },
      );
    }
  }
  return values;
}
