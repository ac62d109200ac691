/** What an error of the AWS SDK means: sorted once, here, by its code and never by its text. */
import type { ErrorCode } from '../transfer/error-codes.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { findDenial } from './access-denied.ts';

export type AwsFailure =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'denied'; readonly action?: string; readonly resource?: string }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'credentials-missing' }
  | { readonly kind: 'credentials-expired' }
  | { readonly kind: 'region-missing' }
  | { readonly kind: 'network' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'other'; readonly code: string };

const denied = new Set([
  '403',
  'AccessDenied',
  'AccessDeniedException',
  'AccessDeniedFault',
  'AuthorizationError',
  'AuthorizationErrorException',
  'Forbidden',
  'ForbiddenException',
  'KMSAccessDeniedException',
  'NotAuthorized',
  'UnauthorizedOperation',
]);

const expired = new Set([
  'AuthFailure',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
]);

const throttled = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

const network = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The SDK's own code of an error: its name, or the system's code beneath it. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.name === 'Error' ? (systemCode(error) ?? 'Error') : error.name;
}

/** `notFound`: the codes with which the service says that the thing is not there. */
export function classify(error: unknown, notFound: readonly string[] = []): AwsFailure {
  const code = errorCode(error);
  const system = systemCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if (notFound.includes(code)) return { kind: 'not-found' };
  if (expired.has(code)) return { kind: 'credentials-expired' };
  if (denied.has(code)) {
    const denial = findDenial(message);
    if (!denial) return { kind: 'denied' };
    return {
      kind: 'denied',
      action: denial.action,
      ...(denial.resource === undefined ? {} : { resource: denial.resource }),
    };
  }
  if (throttled.has(code) || statusOf(error) === 429) return { kind: 'throttled' };
  // The SDK has one class for "no credentials" and for "the SSO session is over"; only the text tells them apart.
  if (code === 'CredentialsProviderError' || code === 'TokenProviderError')
    return { kind: /expired|refresh|session/i.test(message) ? 'credentials-expired' : 'credentials-missing' };
  if (code === 'AbortError') return { kind: 'interrupted' };
  if (code === 'TimeoutError' || system === 'ETIMEDOUT') return { kind: 'timed-out' };
  if (system !== undefined && network.has(system)) return { kind: 'network' };
  // An answer to a HEAD request has no body, hence no code.
  if (statusOf(error) === 403) return { kind: 'denied' };
  if (message === 'Region is missing') return { kind: 'region-missing' };
  return { kind: 'other', code };
}

/** True for what is wrong with the whole session and not with one resource: going on would repeat it for each. */
export function isFatal(failure: AwsFailure): boolean {
  return ['credentials-missing', 'credentials-expired', 'region-missing', 'interrupted'].includes(
    failure.kind,
  );
}

const descriptions: Readonly<Record<AwsFailure['kind'], string>> = {
  'not-found': 'not found',
  denied: 'access denied',
  throttled: 'throttled by AWS after several attempts',
  'credentials-missing': 'no AWS credentials',
  'credentials-expired': 'the AWS credentials are expired or not valid',
  'region-missing': 'no AWS region is set',
  network: 'AWS could not be reached',
  'timed-out': 'AWS did not answer in time',
  interrupted: 'interrupted',
  other: 'it failed',
};

/** One line: why something could not be read. Names codes and permissions, never values. */
export function describeFailure(failure: AwsFailure): string {
  if (failure.kind === 'other') return `it failed with ${failure.code}`;
  if (failure.kind !== 'denied' || failure.action === undefined) return descriptions[failure.kind];
  return `access denied: ${failure.action} is not allowed`;
}

interface Reported {
  readonly code: ErrorCode;
  readonly hint?: string;
}

const reported: Readonly<Record<AwsFailure['kind'], Reported>> = {
  'not-found': { code: 'unexpected' },
  denied: { code: 'access-denied' },
  throttled: { code: 'timed-out', hint: 'Try again in a minute.' },
  'credentials-missing': {
    code: 'credentials-missing',
    hint: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  },
  'credentials-expired': {
    code: 'credentials-expired',
    hint: 'Sign in again (for example `aws sso login`) and repeat the command; nothing is lost.',
  },
  'region-missing': { code: 'credentials-missing', hint: 'Set AWS_REGION.' },
  network: {
    code: 'network-unreachable',
    hint: 'Check the network, the proxy settings and, if it is set, AWS_ENDPOINT_URL.',
  },
  'timed-out': { code: 'timed-out', hint: 'Try again in a minute.' },
  interrupted: { code: 'interrupted' },
  other: { code: 'unexpected' },
};

/** The error that a command reports. `what` is what was being done: "reading the functions". */
export function awsError(error: unknown, what: string): ProvisionError {
  const failure = classify(error);
  const { code, hint } = reported[failure.kind];
  return new ProvisionError(code, `${what}: ${describeFailure(failure)}`, {
    cause: error,
    hint: failure.kind === 'denied' ? permissionHint(failure) : hint,
  });
}

function permissionHint({
  action,
  resource,
}: {
  readonly action?: string;
  readonly resource?: string;
}): string {
  const on = resource === undefined ? '' : ` on ${resource}`;
  return `Allow ${action ?? 'the action'}${on} for the identity that runs provision-env.`;
}

function systemCode(error: unknown): string | undefined {
  for (
    let current = error, depth = 0;
    current instanceof Error && depth < 4;
    current = current.cause, depth++
  ) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    if (current instanceof AggregateError) {
      const inner = systemCode(current.errors[0]);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

/** The HTTP status of the answer; `undefined` where there was none. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata: unknown = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
