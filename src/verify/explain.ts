/** What the checks judge, and how an error becomes one line that is safe to show. */
import { describeDenial, findDenial } from '../aws/access-denied.ts';
import { createRedactor, type Redactor } from '../redact/redactor.ts';
import { learnState } from '../secrets/learn.ts';
import type { StateModel } from '../terraform/model.ts';
import type { Invocation } from './invoke.ts';
import type { HttpAnswer } from './answer.ts';
import type { LogRead, LogSoFar } from './logs.ts';
import { shortened } from './redact.ts';

/** Turns a text of the outside world into one short line without secrets. */
export type Explain = (text: string) => string;

export interface Invoked {
  readonly invocation: Invocation;
  readonly explain: Explain;
}

export interface Asked {
  /** Method and path. */
  readonly request: string;
  readonly answer: HttpAnswer;
}

/** What Lambda says of a function, beside the state. */
export interface FunctionSeen {
  /** Why it could not be read; `null` where it was. */
  readonly unreadable: string | null;
  readonly codeSha256: string | null;
  readonly stateSha256: string | null;
}

/** The body of an invocation or of an HTTP answer. */
export interface Answered {
  /** `null` where there was no answer. */
  readonly text: string | null;
  readonly contentType: string;
  readonly functionError: string | undefined;
  readonly allowPlainText: boolean;
  readonly explain: Explain;
}

export interface Logged {
  /** `null` where there was nothing to look for; `missing` says why. */
  readonly log: LogRead | null;
  readonly missing: string;
  /** Why it may have had nothing to say; absent where it should have. */
  readonly quiet?: string;
  readonly explain: Explain;
}

/** What a function logged without having been called. */
export interface SoFar {
  readonly log: LogSoFar;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly explain: Explain;
}

/** Long enough for action, ARN and reason. */
const denialLength = 400;

/** @param redactor of the run: what a function gives away may be another environment's secret */
export function explainerOf(state: StateModel, redactor: Redactor = createRedactor()): Explain {
  learnState(redactor, state);
  const arns = state.resources
    .filter((resource) => resource.mode === 'managed')
    .map((resource) => resource.values['arn'])
    .filter((arn) => typeof arn === 'string');
  return (text) => {
    const denial = findDenial(text);
    if (!denial) return shortened(text, redactor);
    const hint = denial.resource === undefined ? '' : whose(denial.resource, arns);
    return shortened(`${describeDenial(denial)}${hint}`, redactor, denialLength);
  };
}

/** A copied policy that still names the source's ARN is the usual reason: say on which side the resource lies. */
function whose(resource: string, arns: readonly string[]): string {
  const own = arns.some(
    (arn) => resource === arn || resource.startsWith(`${arn}/`) || resource.startsWith(`${arn}:`),
  );
  return own
    ? "; the resource is this environment's own: the policy of the role does not cover it (does it name the source's?)"
    : '; the resource is not one of this environment';
}
