/** What stands behind an error of the AWS API: credentials, permissions or the network. */
import type { ErrorCode } from '../transfer/error-codes.ts';

export interface CloudTrouble {
  readonly code: ErrorCode &
    ('credentials-expired' | 'credentials-missing' | 'access-denied' | 'network-unreachable');
  readonly message: string;
  readonly hint: string;
}

const patterns = {
  skew: /RequestTimeTooSkewed|SignatureDoesNotMatch: Signature (?:not yet current|expired)/,
  expired:
    /ExpiredToken|RequestExpired|token (?:included in the request )?(?:has |is )expired|session (?:has )?expired|InvalidGrantException|refresh cached SSO token/i,
  invalid:
    /InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClientException|SignatureDoesNotMatch|AuthFailure|IncompleteSignature/,
  missing:
    /No valid credential sources|failed to get shared config profile|no EC2 IMDS role found|failed to refresh cached credentials|get credentials: /i,
  denied: /Access ?Denied|UnauthorizedOperation|not authorized to perform|AuthorizationError|StatusCode: 403/,
  network:
    /no such host|connection refused|connection reset|network is unreachable|no route to host|i\/o timeout|TLS handshake|context deadline exceeded|Temporary failure in name resolution|server misbehaving/i,
};

/** The action that was refused: as AWS names it, or made from the SDK's name of the operation. */
function deniedAction(text: string): string | null {
  const named = /not authorized to perform:? (?<action>[\w-]+:\w+)/.exec(text)?.groups?.['action'];
  if (named !== undefined) return named;
  const operation = /operation error (?<service>[^:]+): (?<name>\w+)/.exec(text)?.groups;
  return operation ? `${operation['service']?.toLowerCase().replaceAll(' ', '')}:${operation['name']}` : null;
}

function unreachedHost(text: string): string | null {
  const groups =
    /"https?:\/\/(?<host>[^/"]+)/.exec(text)?.groups ??
    /lookup (?<host>\S+?)(?: on |:)/.exec(text)?.groups ??
    /dial tcp (?<host>\S+?):? /.exec(text)?.groups;
  return groups?.['host'] ?? null;
}

/** @returns `null` if the text speaks of nothing of the kind */
export function cloudTrouble(text: string): CloudTrouble | null {
  if (patterns.skew.test(text)) {
    return {
      code: 'credentials-expired',
      message: "AWS refuses the request because this machine's clock is wrong.",
      hint: 'Set the clock, for example with NTP, and try again.',
    };
  }
  if (patterns.expired.test(text)) {
    return {
      code: 'credentials-expired',
      message: 'The AWS credentials have expired.',
      hint: 'Log in again (for example `aws sso login`), or set fresh keys, and run the same command.',
    };
  }
  if (patterns.invalid.test(text)) {
    return {
      code: 'credentials-expired',
      message: 'AWS does not accept the credentials.',
      hint: 'Check AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; `aws sts get-caller-identity` shows whom they belong to.',
    };
  }
  if (patterns.missing.test(text)) {
    const profile = /shared config profile, (?<name>[\w.@-]+)/.exec(text)?.groups?.['name'];
    return {
      code: 'credentials-missing',
      message: profile ? `There is no AWS profile ${profile}.` : 'There are no AWS credentials.',
      hint: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with `aws sso login`.',
    };
  }
  if (patterns.denied.test(text)) {
    const action = deniedAction(text);
    const who = /User: (?<arn>arn:\S+)/.exec(text)?.groups?.['arn'];
    return {
      code: 'access-denied',
      message: `${who ?? 'The credentials'} may not ${action ? `perform ${action}` : 'do this'}.`,
      hint: `Allow ${action ?? 'the action'} in a policy of that identity, or use another profile.`,
    };
  }
  if (patterns.network.test(text)) {
    const host = unreachedHost(text);
    return {
      code: 'network-unreachable',
      message: `${host ?? 'A service'} could not be reached.`,
      hint: 'Check the network, the proxy settings, the region, and AWS_ENDPOINT_URL if it is set.',
    };
  }
  return null;
}
