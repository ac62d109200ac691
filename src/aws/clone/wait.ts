/** Waiting for a service to catch up with itself: bounded, and ended by the signal of the request. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ProvisionError } from '../../transfer/errors.ts';
import { errorCode } from '../errors.ts';

const readyLimitMs = 5 * 60_000;

const catchUpLimitMs = 30_000;

const longestPauseMs = 5_000;

export interface Waiting {
  /** What is waited for, in words for an error: "the function x to become active". */
  readonly what: string;
  readonly signal: AbortSignal;
  /** Milliseconds; 5 minutes if absent. */
  readonly limitMs?: number;
}

/**
 * Asks again and again, at growing intervals, until the answer is not `undefined`.
 *
 * @throws ProvisionError `timed-out`; whatever `ask` throws; an AbortError once the signal is given
 */
export async function waitFor<T>(ask: () => Promise<T | undefined>, waiting: Waiting): Promise<T> {
  const { what, signal, limitMs = readyLimitMs } = waiting;
  const end = Date.now() + limitMs;
  for (let pauseMs = 200; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() + pauseMs > end)
      throw new ProvisionError('timed-out', `waited ${Math.round(limitMs / 1000)} s for ${what}`, {
        hint: 'Look at it in the console of AWS, then run the command again.',
      });
    await sleep(pauseMs, undefined, { signal });
  }
}

/** An error that ends by itself once the service has caught up: code, and words of the message where the code says too little. */
export interface Passing {
  readonly code: string;
  readonly message?: RegExp;
}

/**
 * Repeats a call that is refused because something that was made a moment ago is not known everywhere yet, for at most
 * 30 s; then the service's own error is thrown.
 */
export async function onceKnown<T>(
  call: () => Promise<T>,
  passing: readonly Passing[],
  signal: AbortSignal,
  limitMs = catchUpLimitMs,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      const passes = passing.some(
        ({ code, message }) =>
          errorCode(error) === code && (message === undefined || message.test(messageOf(error))),
      );
      if (!passes || Date.now() + pauseMs > end) throw error;
    }
    await sleep(pauseMs, undefined, { signal });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');
