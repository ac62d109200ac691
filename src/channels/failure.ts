/** What can go wrong with a service, and the error that a person sees of it. Each kind classifies its own answers. */
import type { ErrorCode } from '../transfer/error-codes.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import { quoted } from './scrub.ts';

export type Failure =
  /** The service does not know the credential: revoked, expired or mistyped. */
  | { readonly kind: 'revoked' }
  /** The credentials are good, but of two different channels. */
  | { readonly kind: 'mismatch'; readonly reason: string }
  | { readonly kind: 'url-refused'; readonly reason: string }
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number | null }
  /** The service's own fault: 5xx, or an answer that is none of its own. */
  | { readonly kind: 'unavailable'; readonly status: number | null }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'timed-out'; readonly afterMs: number }
  | { readonly kind: 'forbidden'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly hint?: string };

export interface CallInfo {
  /** For example "LINE". */
  readonly service: string;
  /** What was being done, as a noun: "Reading the webhook". */
  readonly what: string;
  /** Taken out of whatever the service says. */
  readonly secrets: readonly string[];
}

interface Words {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/**
 * Never has a `cause`: what the clients throw holds headers, payloads and URLs with credentials, and a cause is
 * printed by anything that prints an error.
 */
export function channelError(call: CallInfo, failure: Failure): ProvisionError {
  const { code, message, hint } = wordsFor(call, failure);
  return new ProvisionError(code, `${call.what} failed: ${message}`, { hint });
}

function wordsFor({ service, secrets }: CallInfo, failure: Failure): Words {
  const say = (text: string): string => quoted(text, secrets);
  switch (failure.kind) {
    case 'revoked':
      return {
        code: 'credentials-expired',
        message: `${service} does not accept the token. It was revoked, has expired, or was not copied whole.`,
        hint: `Issue a new token at ${service}, store it in the secrets of this environment, and run the command again.`,
      };
    case 'mismatch':
      return {
        code: 'credentials-mismatch',
        message: `the credentials are of different ${service} channels: ${say(failure.reason)}`,
        hint: 'Copy all of them from the pages of one and the same channel.',
      };
    case 'url-refused':
      return {
        code: 'webhook-refused',
        message: `${service} refuses the webhook URL: ${say(failure.reason)}`,
        hint: `${service} calls public HTTPS URLs only. Look at the URL in the outputs of the environment, then run \`provision-env resume\`.`,
      };
    case 'rate-limited':
      return {
        code: 'rate-limited',
        message: `${service} answers that there were too many requests${
          failure.retryAfterMs === null
            ? ''
            : `, and to come back in ${Math.ceil(failure.retryAfterMs / 1000)} s`
        }.`,
        hint: 'Wait, then run the command again: it goes on where it stopped.',
      };
    case 'unavailable':
      return {
        code: 'service-unavailable',
        message:
          failure.status === null
            ? `${service} gave an answer that is not its own.`
            : `${service} answered HTTP ${failure.status} again and again.`,
        hint: `Look at the status page of ${service}; then run the command again: it goes on where it stopped.`,
      };
    case 'unreachable':
      return {
        code: 'network-unreachable',
        message: `${service} could not be reached (${say(failure.reason)}).`,
        hint: 'Check the network, and whether a proxy or another API base is configured.',
      };
    case 'timed-out':
      return {
        code: 'timed-out',
        message: `${service} did not answer within ${failure.afterMs / 1000} s.`,
        hint: 'Run the command again: it goes on where it stopped.',
      };
    case 'forbidden':
      return {
        code: 'access-denied',
        message: `${service} does not allow it: ${say(failure.reason)}`,
        hint: `Look at the settings and the plan of the account at ${service}.`,
      };
    case 'refused':
      break;
  }
  return {
    code: 'service-refused',
    message: `${service} refused: ${say(failure.reason)}`,
    hint: failure.hint ?? 'Mend what the service names, then run `provision-env resume`.',
  };
}

/** Whether asking again can help. */
export function isPassing(failure: Failure): boolean {
  return (
    failure.kind === 'rate-limited' ||
    failure.kind === 'unavailable' ||
    failure.kind === 'unreachable' ||
    failure.kind === 'timed-out'
  );
}

/** What a failed `fetch` says: the reason stands in the cause, and neither has the URL in it. */
export function unreachableOf(error: unknown): Failure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  if (typeof code === 'string') return { kind: 'unreachable', reason: code };
  return { kind: 'unreachable', reason: cause instanceof Error ? cause.name : 'no answer' };
}

/** Whether other credentials would mend it: what is missing, refused by the service, or of two different channels. */
export function isCredentialError(error: unknown): error is ProvisionError {
  return (
    isProvisionError(error) &&
    ['credentials-missing', 'credentials-expired', 'credentials-mismatch'].includes(error.code)
  );
}
