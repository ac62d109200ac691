import type { VerifyContext } from './context.ts';
import { pollUntil } from './wait.ts';

export type HttpAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly contentType: string;
      /** The beginning of the body. */
      readonly body: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly durationMs: number };

const bodyLimit = 256 * 1024;

/** Time in which a new name becomes known to DNS. */
const unreachableLimitMs = 20_000;

/** Asks a URL. What cannot be reached is asked again for a while; every answer, of whatever status, ends it. */
export async function answerOf(context: VerifyContext, url: string, limitMs: number): Promise<HttpAnswer> {
  return pollUntil(
    context,
    Math.min(limitMs, unreachableLimitMs),
    () => ask(context, url, limitMs),
    (answer) => answer.kind === 'answered',
  );
}

async function ask(context: VerifyContext, url: string, limitMs: number): Promise<HttpAnswer> {
  const started = context.clock.now().getTime();
  const elapsed = (): number => context.clock.now().getTime() - started;
  const limit = AbortSignal.timeout(limitMs);
  try {
    const response = await (context.fetch ?? fetch)(url, {
      redirect: 'manual',
      headers: { 'user-agent': 'provision-env' },
      signal: context.signal ? AbortSignal.any([limit, context.signal]) : limit,
    });
    return {
      kind: 'answered',
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await beginning(response),
      durationMs: elapsed(),
    };
  } catch (error) {
    context.signal?.throwIfAborted();
    const reason = limit.aborted ? `no answer within ${Math.round(limitMs / 1000)} s` : causeOf(error);
    return { kind: 'refused', reason, durationMs: elapsed() };
  }
}

/** The error codes of `fetch` lie beneath it; its own text is always "fetch failed". */
function causeOf(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return `not reachable: ${current.code}`;
  }
  return 'not reachable';
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
