import { describe, expect, it } from 'vitest';
import { describeDenial, findDenial } from '../../src/aws/access-denied.ts';
import { awsError, classify } from '../../src/aws/errors.ts';

function error(name: string, message = '', more: object = {}): Error {
  return Object.assign(new Error(message), { name }, more);
}

describe('classify', () => {
  it.each([
    ['ExpiredToken', 'credentials-expired'],
    ['UnrecognizedClientException', 'credentials-expired'],
    ['InvalidClientTokenId', 'credentials-expired'],
    ['AuthFailure', 'credentials-expired'],
    ['CredentialsProviderError', 'credentials-missing'],
    ['AccessDenied', 'denied'],
    ['UnauthorizedOperation', 'denied'],
    ['Throttling', 'throttled'],
    ['SlowDown', 'throttled'],
    ['AbortError', 'interrupted'],
    ['TimeoutError', 'timed-out'],
    ['NoSuchThing', 'not-found'],
    ['InternalFailure', 'other'],
  ])('%s is %s', (name, kind) => {
    expect(classify(error(name), ['NoSuchThing'])).toMatchObject({ kind });
  });

  it('knows an SSO session that is over from no credentials at all', () => {
    expect(
      classify(error('CredentialsProviderError', 'The SSO session has expired. Run aws sso login')),
    ).toEqual({
      kind: 'credentials-expired',
    });
    expect(
      classify(error('CredentialsProviderError', 'Could not load credentials from any providers')),
    ).toEqual({
      kind: 'credentials-missing',
    });
  });

  it('looks beneath for the code of the system', () => {
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    expect(classify(new Error('failed', { cause }))).toEqual({ kind: 'network' });
    expect(classify(new AggregateError([cause], 'all failed'))).toEqual({ kind: 'network' });
  });

  it('takes a 403 without a code for denied, as HEAD requests give it', () => {
    expect(classify(error('Unknown', '', { $metadata: { httpStatusCode: 403 } }))).toEqual({
      kind: 'denied',
    });
  });

  it('does not take a 404 without a known code for "not there": the endpoint may be wrong', () => {
    expect(classify(error('Unknown', '', { $metadata: { httpStatusCode: 404 } }))).toEqual({
      kind: 'other',
      code: 'Unknown',
    });
  });

  it('never throws, whatever was thrown', () => {
    for (const thrown of [undefined, null, 'text', 7, {}])
      expect(classify(thrown)).toMatchObject({ kind: 'other' });
  });
});

describe('awsError', () => {
  it('names the permission and the resource in the hint', () => {
    const denied = error(
      'AccessDeniedException',
      'User: arn:aws:iam::1:user/a is not authorized to perform: lambda:GetFunction on resource: arn:aws:lambda:eu-central-1:1:function:f because no identity-based policy allows the lambda:GetFunction action',
    );
    expect(awsError(denied, 'reading the function')).toMatchObject({
      code: 'access-denied',
      message: 'reading the function: access denied: lambda:GetFunction is not allowed',
      hint: 'Allow lambda:GetFunction on arn:aws:lambda:eu-central-1:1:function:f for the identity that runs provision-env.',
    });
  });

  it('has a hint for what a person can mend', () => {
    expect(awsError(error('ExpiredToken'), 'x')).toMatchObject({
      code: 'credentials-expired',
      hint: /sso login/,
    });
    expect(awsError(error('Error', 'Region is missing'), 'x').hint).toBe('Set AWS_REGION.');
    expect(awsError(Object.assign(new Error('x'), { code: 'ENOTFOUND' }), 'x').code).toBe(
      'network-unreachable',
    );
  });
});

describe('findDenial', () => {
  it.each([
    [
      'User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-central-1:1:table/t-dev because no identity-based policy allows the dynamodb:PutItem action',
      'access denied: dynamodb:PutItem on arn:aws:dynamodb:eu-central-1:1:table/t-dev (no identity-based policy allows the dynamodb:PutItem action)',
    ],
    [
      '{"errorMessage":"User: x is not authorized to perform: sqs:SendMessage on resource: \\"arn:aws:sqs:eu-central-1:1:q\\""}',
      'access denied: sqs:SendMessage on arn:aws:sqs:eu-central-1:1:q',
    ],
    ['x is not authorized to perform: s3:ListAllMyBuckets', 'access denied: s3:ListAllMyBuckets'],
  ])('%s', (text, line) => {
    const denial = findDenial(text);
    expect(denial && describeDenial(denial)).toBe(line);
  });

  it('finds none in other text', () => {
    expect(findDenial('Access Denied')).toBeNull();
  });
});
