/** What a verdict has to say of functions that were not called. Pure. */
import type { Evidence } from './evidence.ts';

/** How many functions the last verification looked at, and how many of them it did not call. */
export interface CallCount {
  readonly total: number;
  readonly notCalled: number;
}

export function callCount(evidence: readonly Evidence[]): CallCount {
  const seen = evidence.filter(({ check }) => check === 'function-invocable');
  const all = new Set(seen.map(({ subject }) => subject));
  const called = new Set(seen.filter(({ status }) => status !== 'skipped').map(({ subject }) => subject));
  return { total: all.size, notCalled: all.size - called.size };
}

/** "13 of 15 functions were not called"; `null` where all were. */
export function notCalledText({ total, notCalled }: CallCount): string | null {
  if (notCalled === 0) return null;
  return `${notCalled} of ${total} function${total === 1 ? '' : 's'} ${notCalled === 1 ? 'was' : 'were'} not called`;
}

/** For the end of a sentence that says how an environment stands: '' where every function was called. */
export function butNotCalled(evidence: readonly Evidence[]): string {
  const text = notCalledText(callCount(evidence));
  return text === null ? '' : `; ${text}`;
}
