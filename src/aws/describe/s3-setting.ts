/** What a setting of a bucket is: a resource type of its own, read by a call of its own. */
import type { Grantee, S3 } from '@aws-sdk/client-s3';
import type { Json, JsonObject } from '../../transfer/json.ts';
import { errorCode } from '../errors.ts';
import { s3 as adapter } from '../services/s3.ts';
import { block } from '../state-values.ts';

export type Maybe = Readonly<Record<string, Json | undefined>>;

export interface Bucket {
  readonly Bucket: string;
}

/** `undefined` from `read`, or the service's "not found", is "not set". */
export interface Setting {
  readonly type: string;
  readonly read: (client: S3, bucket: Bucket) => Promise<Maybe | undefined>;
}

/** The account that a configuration expects as owner is not in the service; nearly nobody says it. */
export const nobody = { expected_bucket_owner: '' };

const unset = new Set(['NoSuchTagSet', ...adapter.notFound].filter((code) => code !== 'NoSuchBucket'));

/** @param more codes that mean the same for this one call */
export async function unlessUnset<T>(
  reading: Promise<T>,
  more: readonly string[] = [],
): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (unset.has(errorCode(error)) || more.includes(errorCode(error))) return undefined;
    throw error;
  }
}

/** Who is given something by an access control list. */
export const grantee = (found: Grantee | undefined): readonly JsonObject[] =>
  block(
    found && {
      display_name: found.DisplayName ?? '',
      email_address: found.EmailAddress ?? '',
      id: found.ID ?? '',
      type: found.Type,
      uri: found.URI ?? '',
    },
  );
