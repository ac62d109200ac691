/** The objects of a bucket for the shared store of records. */
import type { S3 } from '@aws-sdk/client-s3';
import type { Objects } from '../store/object-store.ts';
import { awsError, classify, errorCode } from './errors.ts';

/** A condition that does not hold, or somebody who wrote at the same time. */
const conflicts = new Set(['PreconditionFailed', 'ConditionalRequestConflict']);

/**
 * @param s3 a client that is not aborted by an interrupt: what was done is written down even then
 * @param prefix without a slash at the end; may be empty
 */
export function s3Objects(
  s3: Pick<S3, 'getObject' | 'putObject' | 'listObjectsV2' | 'deleteObject'>,
  bucket: string,
  prefix: string,
): Objects {
  const place = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
  const full = (key: string): string => (prefix === '' ? key : `${prefix}/${key}`);
  const failed = (error: unknown, what: string): Error => awsError(error, `${what} in ${place}`);

  return {
    place,
    async get(key) {
      try {
        const { Body, ETag = '' } = await s3.getObject({ Bucket: bucket, Key: full(key) });
        return { text: (await Body?.transformToString()) ?? '', version: ETag };
      } catch (error) {
        if (classify(error, ['NoSuchKey', 'NotFound']).kind === 'not-found') return null;
        throw failed(error, `Reading ${key}`);
      }
    },
    async put(key, text, condition) {
      try {
        const { ETag = '' } = await s3.putObject({
          Bucket: bucket,
          Key: full(key),
          Body: text,
          ContentType: 'application/json',
          ...(condition === undefined
            ? {}
            : condition === 'absent'
              ? { IfNoneMatch: '*' }
              : { IfMatch: condition.version }),
        });
        return ETag;
      } catch (error) {
        if (condition !== undefined && conflicts.has(errorCode(error))) return null;
        throw failed(error, `Writing ${key}`);
      }
    },
    async list(start) {
      const keys: string[] = [];
      let token: string | undefined;
      try {
        do {
          const page = await s3.listObjectsV2({
            Bucket: bucket,
            Prefix: full(start),
            ...(token === undefined ? {} : { ContinuationToken: token }),
          });
          for (const { Key } of page.Contents ?? []) {
            if (Key !== undefined) keys.push(prefix === '' ? Key : Key.slice(prefix.length + 1));
          }
          token = page.NextContinuationToken;
        } while (token !== undefined);
      } catch (error) {
        throw failed(error, `Listing ${start}`);
      }
      return keys.sort();
    },
    async remove(key) {
      try {
        await s3.deleteObject({ Bucket: bucket, Key: full(key) });
      } catch (error) {
        throw failed(error, `Removing ${key}`);
      }
    },
  };
}
