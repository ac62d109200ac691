/** Does what a plan says, in the account and in the state. */
import type { JsonObject } from '../../../src/transfer/json.ts';
import {
  type Account,
  changeThing,
  createThing,
  findThing,
  isDenied,
  nextId,
  removeThing,
} from './account.ts';
import { asLine, Complaint } from './complaint.ts';
import type { Configuration } from './configuration.ts';
import { type Change, finalValues, outputValues, type Plan } from './plan.ts';
import { hookLine } from './show.ts';
import { addressOf, provider, type State, type StateResource } from './state.ts';
import { typeOf } from './types.ts';
import { textOf } from '../text-of.ts';

/** The process is killed: nothing more is done, and nothing is saved. */
export class Killed extends Error {}

export interface Applied {
  /** To be saved; the one that was there where nothing has changed. */
  readonly state: State;
  readonly lines: readonly string[];
  readonly done: readonly Change[];
  readonly ok: boolean;
}

export function applyPlan(plan: Plan, configuration: Configuration, account: Account): Applied {
  const lines: string[] = [];
  const done: Change[] = [];
  const complaints: Complaint[] = [];
  const failed = new Set<string>();
  const resources = new Map(plan.refreshed.resources.map((each) => [addressOf(each), each]));
  const valuesOf = (address: string): JsonObject | undefined =>
    resources.get(address)?.instances[0]?.attributes;
  let changed = 0;
  for (const change of plan.changes) {
    if (change.action === 'no-op') continue;
    if (change.dependencies.some((address) => failed.has(address))) {
      failed.add(change.address);
      continue;
    }
    if (account.death !== null && changed >= account.death.afterChanges) throw new Killed();
    const action = change.action === 'replace' ? 'create' : change.action;
    lines.push(hookLine('apply_start', change, action));
    const given =
      change.action === 'delete' ? {} : finalValues(configuration, plan.variables, change.address, valuesOf);
    const outcome = doChange(change, given, plan.region, account);
    if (typeof outcome === 'string') {
      failed.add(change.address);
      complaints.push(new Complaint(outcome, '', { address: change.address }));
      lines.push(hookLine('apply_errored', change, action));
      continue;
    }
    changed += 1;
    lines.push(hookLine('apply_complete', change, action));
    done.push(change);
    if (outcome === null) resources.delete(change.address);
    else resources.set(change.address, inState(change, outcome));
  }
  if (account.death !== null) throw new Killed();
  const ok = complaints.length === 0;
  lines.push(...complaints.map(asLine));
  const left = [...resources.values()].sort((a, b) => (addressOf(a) < addressOf(b) ? -1 : 1));
  const outputs = plan.destroy
    ? ok
      ? {}
      : plan.prior.outputs
    : outputValues(configuration, plan.variables, valuesOf);
  return { state: saved(plan.prior, { resources: left, outputs }, account), lines, done, ok };
}

/** @returns the values as they are now, `null` for what is gone, or what the service complains about */
function doChange(
  { type, action, before }: Change,
  given: JsonObject,
  region: string,
  account: Account,
): JsonObject | string | null {
  const name = textOf((before ?? given)['name']);
  if (isDenied(account, type))
    return `${type} (${name}): operation error, https response error StatusCode: 403, RequestID: 0000, api error AccessDeniedException: not allowed`;
  if (action === 'delete' || action === 'replace') removeThing(account, type, region, name);
  if (action === 'delete') return null;
  if (action === 'update') {
    const thing = findThing(account, type, region, name);
    return thing === undefined ? `updating ${type} (${name}): not found` : changeThing(account, thing, given);
  }
  const answer = createThing(account, type, region, given);
  return 'error' in answer ? answer.error : answer.values;
}

function inState({ type, name, dependencies }: Change, attributes: JsonObject): StateResource {
  const known = typeOf(type);
  return {
    mode: 'managed',
    type,
    name,
    provider,
    instances: [
      {
        schema_version: known?.schemaVersion ?? 0,
        attributes,
        sensitive_attributes: (known?.sensitive ?? []).map((value) => [{ type: 'get_attr', value }]),
        ...(dependencies.length === 0 ? {} : { dependencies }),
      },
    ],
  };
}

/** A state that says something else has the next serial; the first of all gets a lineage. */
export function saved(prior: State, next: Pick<State, 'resources' | 'outputs'>, account: Account): State {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  if (prior.lineage !== '' && same(prior.resources, next.resources) && same(prior.outputs, next.outputs))
    return prior;
  return {
    ...prior,
    ...next,
    serial: prior.serial + 1,
    lineage: prior.lineage === '' ? nextId(account) : prior.lineage,
  };
}
