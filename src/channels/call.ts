/** One question to a service: with a time limit, and asked again a bounded number of times where that can help. */
import { ProvisionError } from '../transfer/errors.ts';
import type { ChannelTools } from './channel.ts';
import { type CallInfo, channelError, type Failure, isPassing } from './failure.ts';

const attempts = 5;
/** All pauses of one call together. What asks for more is told to the person instead of waited for. */
const patienceMs = 60_000;
const defaultTimeoutMs = 10_000;

export interface Call<T> extends CallInfo {
  run(signal: AbortSignal): Promise<T>;
  classify(error: unknown): Failure;
  /** For calls in which the service itself waits for somebody. */
  readonly timeoutMs?: number;
  /** False where doing it twice does harm: then it is asked again only if the service said that it did nothing. */
  readonly repeatable?: boolean;
}

export async function callService<T>(tools: ChannelTools, call: Call<T>): Promise<T> {
  let waited = 0;
  for (let attempt = 1; ; attempt++) {
    interruptedBy(tools.signal);
    const answer = await attemptOnce(tools, call);
    if (answer.ok) return answer.value;
    interruptedBy(tools.signal);
    const { failure } = answer;
    const again = isPassing(failure) && (call.repeatable !== false || failure.kind === 'rate-limited');
    const pause = pauseFor(failure, attempt);
    if (!again || attempt === attempts || waited + pause > patienceMs) throw channelError(call, failure);
    waited += pause;
    await tools.clock.sleep(pause, tools.signal).catch(() => undefined);
  }
}

type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/**
 * The clients cannot all be told to give up, so the limit is a race: a request that nobody waits for any more may
 * linger until the connection ends, but no command hangs on it.
 */
async function attemptOnce<T>(tools: ChannelTools, call: Call<T>): Promise<Answer<T>> {
  const limit = call.timeoutMs ?? tools.timeoutMs ?? defaultTimeoutMs;
  const timeout = new AbortController();
  const signal = tools.signal ? AbortSignal.any([timeout.signal, tools.signal]) : timeout.signal;
  const timer = setTimeout(() => timeout.abort(), limit);
  const gaveUp = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('given up')), { once: true });
  });
  try {
    return { ok: true, value: await Promise.race([call.run(signal), gaveUp]) };
  } catch (error) {
    if (timeout.signal.aborted) return { ok: false, failure: { kind: 'timed-out', afterMs: limit } };
    return { ok: false, failure: call.classify(error) };
  } finally {
    clearTimeout(timer);
  }
}

function pauseFor(failure: Failure, attempt: number): number {
  if (failure.kind === 'rate-limited' && failure.retryAfterMs !== null) return failure.retryAfterMs;
  return 1000 * 2 ** (attempt - 1);
}

function interruptedBy(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new ProvisionError('interrupted', 'Talking to a chat service was interrupted.', {
    hint: '`provision-env resume` goes on.',
  });
}
