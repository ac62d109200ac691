import { describe, expect, it } from 'vitest';
import { backendError, placeOf, unsupportedSettings } from '../../src/terraform/s3-backend.ts';

describe('unsupportedSettings', () => {
  it('knows what the SDK can honour', () => {
    expect(
      unsupportedSettings({
        bucket: 'b',
        key: 'k',
        region: 'eu-west-1',
        profile: 'dev',
        use_lockfile: true,
        http_proxy: null,
        assume_role: { role_arn: 'arn:aws:iam::123456789012:role/x', external_id: 'y' },
      }),
    ).toEqual([]);
  });

  it('names what only Terraform can', () => {
    expect(
      unsupportedSettings({
        bucket: 'b',
        http_proxy: 'http://p',
        assume_role: { role_arn: 'x', tags: { a: 'b' } },
      }),
    ).toEqual(['http_proxy', 'assume_role.tags']);
  });
});

describe('placeOf', () => {
  it('takes no leading slash in a key', () => {
    expect(placeOf({ bucket: 'b', key: '/dev/terraform.tfstate' })).toEqual({
      bucket: 'b',
      key: 'dev/terraform.tfstate',
    });
  });

  it('names the setting that is missing', () => {
    expect(() => placeOf({ bucket: 'b' })).toThrow('no `key`');
    expect(() => placeOf({ key: 'k' })).toThrow('no `bucket`');
  });
});

describe('backendError', () => {
  it.each([
    ['NoSuchBucket', 'backend-invalid', 'does not exist'],
    ['PermanentRedirect', 'backend-invalid', 'another region'],
    ['AccessDenied', 'access-denied', 's3://b/k'],
    ['ExpiredToken', 'credentials-expired', 's3://b/k'],
  ])('reads %s', (name, code, message) => {
    const thrown = Object.assign(new Error('it did not work'), { name });
    const error = backendError(thrown, { bucket: 'b', key: 'k' }, 'Reading the state');
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.hint).toBeTruthy();
  });
});
