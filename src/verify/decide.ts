/** Which functions a verification calls, with what, and why. Pure: from a plan before the apply, from a state after it. */
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import type { Json } from '../transfer/json.ts';
import { type Front, routeName, routeOf, wayTo } from './fronts/front.ts';
import { frontsOf } from './fronts/index.ts';
import {
  type FittingSettings,
  entryName,
  harmlessEvent,
  settingsFor,
  type VerifySettings,
} from './settings.ts';
import { triggersOf } from './triggers.ts';
import type { Thing, World } from './world.ts';

/** A request that runs a function, as anybody outside could send it. */
export interface FrontRequest {
  readonly front: Front;
  readonly method: string;
  readonly path: string;
  readonly body?: Json | undefined;
  readonly why: string;
}

export interface FunctionDecision {
  readonly thing: Thing;
  readonly settings: FittingSettings;
  /** Invoked directly. */
  readonly event: { readonly payload: Json; readonly why: string } | null;
  readonly requests: readonly FrontRequest[];
  /** Why it is not called; `null` where it is. */
  readonly notCalled: string | null;
}

export interface FrontDecision {
  readonly front: Front;
  /** Asked at its root, which runs nothing: that nothing leads there, or that Lambda refuses it. */
  readonly root: string | null;
  /** Why it is not asked at all; `null` where it is, also by a request that runs a function. */
  readonly notAsked: string | null;
}

export interface Decisions {
  readonly functions: readonly FunctionDecision[];
  readonly fronts: readonly FrontDecision[];
}

export function decide(world: World, types: ResourceTypeTable, settings: VerifySettings): Decisions {
  const things = world.things.filter(({ type }) => types.get(type)?.isFunction === true);
  const fronts = frontsOf(world, things);
  const functions = things.map((thing) => decideOn(thing, { world, fronts, settings }));
  return { functions, fronts: fronts.map((front) => decideFront(front, functions, settings)) };
}

interface Around {
  readonly world: World;
  readonly fronts: readonly Front[];
  readonly settings: VerifySettings;
}

function decideOn(thing: Thing, around: Around): FunctionDecision {
  const { invoke, functions } = around.settings;
  const name = thing.values['function_name'];
  const settings = settingsFor(functions, [...(typeof name === 'string' ? [name] : []), thing.address]);
  const left = (notCalled: string): FunctionDecision => ({
    thing,
    settings,
    event: null,
    requests: [],
    notCalled,
  });
  if (invoke === 'none') return left('nothing is called: verify.invoke is "none"');
  if (settings.skip !== undefined) return left(`${settings.skip} (${entryName(settings.says)})`);
  if (settings.invoke === false) return left(`${entryName(settings.says)} says invoke: false`);
  const event = eventFor(settings, invoke);
  // Nobody can run it, and a request through an API would only see that.
  if (event === null && thing.values['reserved_concurrent_executions'] === 0)
    return left('its reserved concurrency is 0: it is switched off');
  const { requests, closed } = requestsFor(thing, settings, around);
  if (event !== null || requests.length > 0) return { thing, settings, event, requests, notCalled: null };
  return left(whyNot(closed, triggersOf(around.world, thing)));
}

function eventFor(settings: FittingSettings, invoke: VerifySettings['invoke']): FunctionDecision['event'] {
  if (settings.event !== undefined)
    return { payload: settings.event, why: `event of ${entryName(settings.says)}` };
  if (settings.invoke === true)
    return { payload: harmlessEvent, why: `${entryName(settings.says)} says invoke: true` };
  return invoke === 'all' ? { payload: harmlessEvent, why: 'verify.invoke is "all"' } : null;
}

function requestsFor(
  thing: Thing,
  { request, says }: FittingSettings,
  { fronts }: Around,
): { readonly requests: readonly FrontRequest[]; readonly closed: readonly string[] } {
  if (request === false) return { requests: [], closed: [`${entryName(says)} says request: false`] };
  const requests: FrontRequest[] = [];
  const closed: string[] = [];
  for (const front of fronts) {
    const way = wayTo(front, thing);
    if (way === null) continue;
    if (request !== undefined) {
      const { method, path, body } = request;
      if (routeOf(front, method, path)?.functions.includes(thing))
        requests.push({ front, method, path, body, why: `request of ${entryName(says)}` });
      else
        closed.push(
          `${entryName(says)} asks for ${method} ${path}, and no route of ${front.thing.address} leads there`,
        );
    } else if ('closed' in way) closed.push(way.closed);
    else
      requests.push({
        front,
        method: 'GET',
        path: way.path,
        why: `behind the ${front.title} ${front.thing.address}`,
      });
  }
  if (request !== undefined && requests.length === 0 && closed.length === 0)
    closed.push(`${entryName(says)} gives a request, and it has neither a URL nor a route`);
  return { requests, closed };
}

function whyNot(closed: readonly string[], triggers: readonly string[]): string {
  const shown = triggers.length > 3 ? [...triggers.slice(0, 3), `${triggers.length - 3} more`] : triggers;
  const behind = shown.length === 0 ? [] : [`behind ${shown.join(', ')}`];
  const reasons = [...new Set(closed), ...behind];
  return reasons.length === 0 ? 'no URL, route or trigger of it is known' : reasons.join('; ');
}

function decideFront(
  front: Front,
  functions: readonly FunctionDecision[],
  { invoke }: VerifySettings,
): FrontDecision {
  const skip = (notAsked: string): FrontDecision => ({ front, root: null, notAsked });
  if (functions.some(({ requests }) => requests.some((each) => each.front === front)))
    return { front, root: null, notAsked: null };
  if (invoke === 'none') return skip('nothing is called: verify.invoke is "none"');
  if (front.closed !== null) return skip(front.closed);
  const route = routeOf(front, 'GET', '/');
  if (route === undefined)
    return { front, root: 'no route leads there: the API answers by itself', notAsked: null };
  const [behind] = route.functions;
  if (behind === undefined)
    return skip(`${routeName(route)} leads to no function of this environment: it is not asked`);
  const decision = functions.find(({ thing }) => thing === behind);
  // Lambda refuses it, and runs nothing.
  if (route.wants === 'a signature (AWS_IAM)' && decision?.settings.skip === undefined)
    return { front, root: `it wants a signature: Lambda refuses it by itself`, notAsked: null };
  return skip(decision?.notCalled ?? `${routeName(route)} leads to ${behind.address}: it is not asked`);
}
