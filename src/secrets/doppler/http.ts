/**
 * Requests to Doppler's HTTP API, version 3 (https://docs.doppler.com/reference/api).
 *
 * A thin client over `fetch` and not the official one (`@dopplerhq/node-sdk` 1.3.0), because that one has no time limit
 * and no `AbortSignal`, does not know 429 and `Retry-After`, dies of an error page that is not JSON, writes failed
 * requests to standard output, and sends the body of a DELETE without its length, which servers refuse.
 */
import type { z } from 'zod';
import type { Clock } from '../../transfer/host.ts';
import { SecretValues } from '../in-memory.ts';
import { createRedactor } from '../../redact/redactor.ts';
import { DopplerError, dopplerError, failureOf } from './errors.ts';

export interface DopplerHttpOptions {
  /** `https://api.doppler.com`. */
  readonly host: string;
  readonly token: string;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly signal?: AbortSignal | undefined;
  /** Attempts for one call, the first included. */
  readonly attempts?: number;
  /** Milliseconds for one attempt. */
  readonly timeoutMs?: number;
}

export interface DopplerRequest<Answer> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Values in `body`, to be taken out of what Doppler answers. */
  readonly secrets?: SecretValues;
  readonly answer: z.ZodType<Answer>;
  /** Makes something: that it is there already is no error once an earlier attempt may have made it. */
  readonly creates?: boolean;
  readonly doing: string;
  readonly project: string;
  readonly config?: string;
}

export interface DopplerHttp {
  /** @throws ProvisionError for whatever goes wrong; without a secret's value and without the token */
  send<Answer>(request: DopplerRequest<Answer>): Promise<Answer>;
  /** As `send`, but `null` where Doppler says that the config or environment is not there. */
  find<Answer>(request: DopplerRequest<Answer>): Promise<Answer | null>;
}

/** Longer than this nobody wants to look at a terminal: the limit is told instead. */
const longestWaitMs = 60_000;

export function createDopplerHttp(options: DopplerHttpOptions): DopplerHttp {
  const { host, clock, signal, attempts = 4, timeoutMs = 20_000 } = options;
  // Not a plain property of an object that somebody may print.
  const token = new SecretValues({ DOPPLER_TOKEN: options.token });

  const once = async <Answer>(request: DopplerRequest<Answer>): Promise<Answer> => {
    const url = new URL(request.path, host);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const limit = AbortSignal.timeout(timeoutMs);
    let status: number;
    let retryAfter: string | null;
    let text: string;
    try {
      const response = await fetch(url, {
        method: request.method,
        headers: {
          authorization: `Bearer ${token.reveal('DOPPLER_TOKEN') ?? ''}`,
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        // Followed elsewhere, a request would take its values with it.
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
      ({ status } = response);
      retryAfter = response.headers.get('retry-after');
      text = await response.text();
    } catch {
      // The cause is left out: it may name the request. What it was shows in the signals.
      if (signal?.aborted) throw new DopplerError({ kind: 'interrupted' });
      throw new DopplerError({ kind: limit.aborted ? 'timed-out' : 'network' });
    }
    const body = parse(text);
    if (status >= 400) {
      const redactor = createRedactor();
      for (const values of [token, request.secrets ?? SecretValues.none])
        for (const [key, value] of values.revealAll()) redactor.learn(key, value);
      const messages = messagesOf(body).map((text) => redactor.text(text));
      throw new DopplerError(failureOf(status, messages, waitMs(retryAfter, clock.now())));
    }
    const parsed = request.answer.safeParse(body);
    if (!parsed.success) throw new DopplerError({ kind: 'unreadable' });
    return parsed.data;
  };

  /** Every call of ours may be repeated: it sets a state and does not add to one. */
  const withRetries = async <Answer>(request: DopplerRequest<Answer>): Promise<Answer> => {
    let mayBeDone = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(request);
      } catch (error) {
        if (!(error instanceof DopplerError)) throw error;
        const { failure } = error;
        if (failure.kind === 'exists' && request.creates && mayBeDone) return request.answer.parse({});
        mayBeDone ||= failure.kind !== 'throttled';
        const again = ['throttled', 'unavailable', 'network', 'timed-out'].includes(failure.kind);
        const wait = failure.kind === 'throttled' ? failure.retryAfterMs : 250 * 4 ** (attempt - 1);
        if (!again || attempt >= attempts || wait > longestWaitMs) throw error;
        await clock.sleep(wait, signal).catch(() => {
          throw new DopplerError({ kind: 'interrupted' });
        });
      }
    }
  };

  const send = async <Answer>(request: DopplerRequest<Answer>): Promise<Answer> => {
    try {
      return await withRetries(request);
    } catch (error) {
      throw error instanceof DopplerError ? dopplerError(error.failure, { ...request, host }) : error;
    }
  };

  return {
    send,
    async find(request) {
      try {
        return await withRetries(request);
      } catch (error) {
        if (!(error instanceof DopplerError)) throw error;
        if (error.failure.kind === 'no-config' || error.failure.kind === 'no-environment') return null;
        throw dopplerError(error.failure, { ...request, host });
      }
    },
  };
}

function parse(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `{ messages: [...], success: false }`, as the official clients read it. */
function messagesOf(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null || !('messages' in body) || !Array.isArray(body.messages))
    return [];
  return body.messages.filter((message): message is string => typeof message === 'string');
}

/** `Retry-After` in seconds or as a date; a minute where it is missing, since Doppler counts requests by the minute. */
function waitMs(header: string | null, now: Date): number {
  if (header === null) return longestWaitMs;
  const given = Number(header);
  if (Number.isFinite(given)) return Math.max(0, given * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? longestWaitMs : Math.max(0, date - now.getTime());
}
