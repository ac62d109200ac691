import type { Json } from '../transfer/json.ts';
import type { VerifyContext } from './context.ts';
import { pollUntil } from './wait.ts';

export type HttpAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly contentType: string;
      /** The beginning of the body. */
      readonly body: string;
      /** By the clock of the service, where it says so: when the request was sent at the latest. */
      readonly sentAt: Date;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'refused';
      readonly reason: string;
      /** Nothing was sent: it can be asked again. */
      readonly unsent: boolean;
      readonly durationMs: number;
    };

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** Sent as JSON. */
  readonly body?: Json | undefined;
}

const bodyLimit = 256 * 1024;

/** Time in which a new name becomes known to DNS. */
const unreachableLimitMs = 20_000;

/** Codes of a connection that was never made. */
const neverConnected = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Asks a URL. What cannot be connected to is asked again for a while; every answer, of whatever status, ends it, and so
 * does a time-out or a connection that broke: the function may have run, and running it twice is not ours to decide.
 */
export async function answerOf(
  context: VerifyContext,
  request: HttpRequest,
  limitMs: number,
): Promise<HttpAnswer> {
  return pollUntil(
    context,
    Math.min(limitMs, unreachableLimitMs),
    () => ask(context, request, limitMs),
    (answer) => answer.kind === 'answered' || !answer.unsent,
  );
}

async function ask(
  context: VerifyContext,
  { method, url, body }: HttpRequest,
  limitMs: number,
): Promise<HttpAnswer> {
  const started = context.clock.now().getTime();
  const elapsed = (): number => context.clock.now().getTime() - started;
  const limit = AbortSignal.timeout(limitMs);
  try {
    const response = await (context.fetch ?? fetch)(url, {
      method,
      redirect: 'manual',
      headers: {
        'user-agent': 'provision-env',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: context.signal ? AbortSignal.any([limit, context.signal]) : limit,
    });
    const durationMs = elapsed();
    return {
      kind: 'answered',
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await beginning(response),
      sentAt: sentAt(response, started, durationMs),
      durationMs,
    };
  } catch (error) {
    context.signal?.throwIfAborted();
    const code = codeOf(error);
    const unreachable = code === undefined ? 'not reachable' : `not reachable: ${code}`;
    return {
      kind: 'refused',
      reason: limit.aborted ? `no answer within ${Math.round(limitMs / 1000)} s` : unreachable,
      unsent: !limit.aborted && code !== undefined && neverConnected.has(code),
      durationMs: elapsed(),
    };
  }
}

/** Log lines carry the clock of the service, which need not be that of this machine. Its header counts whole seconds. */
function sentAt(response: Response, started: number, durationMs: number): Date {
  const theirs = Date.parse(response.headers.get('date') ?? '');
  return new Date(Number.isNaN(theirs) ? started : theirs - durationMs - 1_000);
}

/** The error codes of `fetch` lie beneath it; its own text is always "fetch failed". */
function codeOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return current.code;
  }
  return undefined;
}

async function beginning(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length >= bodyLimit) break;
  }
  return text;
}
