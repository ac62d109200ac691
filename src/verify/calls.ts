/** The list of what a verification calls: shown before anybody agrees to it, and kept to afterwards. Pure. */
import type { Layer } from '../transfer/evidence.ts';
import type { Json } from '../transfer/json.ts';
import type { Decisions, FrontRequest, FunctionDecision } from './decide.ts';
import { joined } from './fronts/url.ts';
import type { InvokeSetting } from '../transfer/invoke.ts';
import type { VerifySettings } from './settings.ts';

export interface Call {
  /** Address of the function or the URL; the kind of a channel. */
  readonly subject: string;
  /** `event`: invoked directly. `request`: by HTTP. `message`: layer 4, by its channel. */
  readonly how: 'event' | 'request' | 'message';
  /** The event, or method and path. */
  readonly what: string;
  /** Address of the URL or stage that it goes through. */
  readonly via: string | null;
  /** Whole, where it is known already. */
  readonly url: string | null;
  readonly why: string;
}

export interface CallPlan {
  readonly invoke: InvokeSetting;
  readonly calls: readonly Call[];
  /** Functions that are not called, and why. */
  readonly notCalled: readonly { readonly subject: string; readonly why: string }[];
}

const longestEvent = 200;

export function eventText(payload: Json): string {
  const text = JSON.stringify(payload);
  return text.length <= longestEvent ? text : `${text.slice(0, longestEvent - 1)}…`;
}

/** @param messages of layer 4: what each channel is sent */
export function callPlan(
  { functions, fronts }: Decisions,
  { invoke, urls }: VerifySettings,
  messages: readonly Call[],
  only?: Layer,
): CallPlan {
  if (only === 4) return { invoke, calls: messages, notCalled: [] };
  const surface = only !== 3;
  const calls = [
    ...functions.flatMap(({ thing, event, requests }): Call[] => [
      ...(event === null ? [] : [eventCall(thing.address, event)]),
      ...(surface || event === null ? requests.map((request) => requestCall(thing.address, request)) : []),
    ]),
    ...(surface
      ? fronts.flatMap(({ front, root }): Call[] => (root === null ? [] : [rootCall(front, root)]))
      : []),
    ...(surface && invoke !== 'none' ? urls.map(configuredCall) : []),
  ];
  return {
    invoke,
    calls: only === undefined ? [...calls, ...messages] : calls,
    notCalled: functions.flatMap(({ thing, notCalled }) =>
      notCalled === null ? [] : [{ subject: thing.address, why: notCalled }],
    ),
  };
}

function eventCall(subject: string, { payload, why }: NonNullable<FunctionDecision['event']>): Call {
  return { subject, how: 'event', what: eventText(payload), via: null, url: null, why };
}

function requestCall(subject: string, { front, method, path, why }: FrontRequest): Call {
  return {
    subject,
    how: 'request',
    what: `${method} ${path}`,
    via: front.thing.address,
    url: front.url === null ? null : joined(front.url, path),
    why,
  };
}

function rootCall({ thing, url }: FrontRequest['front'], why: string): Call {
  return { subject: thing.address, how: 'request', what: 'GET /', via: thing.address, url, why };
}

function configuredCall({ output, url, path }: VerifySettings['urls'][number]): Call {
  const subject = output === undefined ? `url ${url ?? ''}` : `output ${output}`;
  return { subject, how: 'request', what: `GET ${path ?? '/'}`, via: null, url: null, why: 'verify.urls' };
}

const keyOf = ({ subject, how, what, via }: Pick<Call, 'subject' | 'how' | 'what' | 'via'>): string =>
  JSON.stringify([subject, how, what, via]);

/** Takes out what was not in the list that was agreed to: what is known after the apply must not call more. */
export function keptTo({ functions, fronts }: Decisions, agreed: CallPlan): Decisions {
  const listed = new Set(agreed.calls.map(keyOf));
  const kept = functions.map((decision): FunctionDecision => {
    const { thing, event, requests } = decision;
    const left = {
      event: event !== null && listed.has(keyOf(eventCall(thing.address, event))) ? event : null,
      requests: requests.filter((request) => listed.has(keyOf(requestCall(thing.address, request)))),
    };
    const nothing = decision.notCalled === null && left.event === null && left.requests.length === 0;
    return {
      ...decision,
      ...left,
      notCalled: nothing
        ? 'it was not in the list that was shown before the apply: provision-env verify lists and calls it'
        : decision.notCalled,
    };
  });
  return {
    functions: kept,
    fronts: fronts.map((decision) => {
      const asked = kept.some(({ requests }) => requests.some(({ front }) => front === decision.front));
      return asked || decision.root !== null || decision.notAsked !== null
        ? decision
        : { ...decision, notAsked: 'no request through it was in the list that was shown before the apply' };
    }),
  };
}
