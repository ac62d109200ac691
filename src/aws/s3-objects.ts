/** The objects of a bucket for the shared store of records. */
import { setTimeout as pause } from 'node:timers/promises';
import type { S3 } from '@aws-sdk/client-s3';
import { type Objects, unsuitable } from '../store/objects.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { awsError, classify, errorCode, statusOf } from './errors.ts';

type Client = Pick<S3, 'getObject' | 'putObject' | 'listObjectsV2' | 'deleteObject' | 'middlewareStack'>;

/** Somebody wrote the same object at the same instant, and it is not settled who came first: asked again. */
const conflict = 'ConditionalRequestConflict';
const conflictAttempts = 6;

/**
 * @param s3 a client that is not aborted by an interrupt: what was done is written down even then
 * @param prefix without a slash at the end; may be empty
 */
export function s3Objects(s3: Client, bucket: string, prefix: string): Objects {
  const place = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
  const full = (key: string): string => (prefix === '' ? key : `${prefix}/${key}`);
  const failed = (error: unknown, what: string): Error => storeError(error, `${what} in ${place}`, place);
  const now = watchClock(s3);

  return {
    place,
    now,
    async get(key) {
      try {
        const { Body, ETag = '', LastModified } = await s3.getObject({ Bucket: bucket, Key: full(key) });
        return {
          text: (await Body?.transformToString()) ?? '',
          version: ETag,
          modified: LastModified ?? null,
        };
      } catch (error) {
        if (classify(error, ['NoSuchKey', 'NotFound']).kind === 'not-found') return null;
        throw failed(error, `Reading ${key}`);
      }
    },
    async put(key, text, condition) {
      const conditions =
        condition === undefined
          ? {}
          : condition === 'absent'
            ? { IfNoneMatch: '*' }
            : { IfMatch: condition.version };
      for (let attempt = 1; ; attempt += 1) {
        try {
          const { ETag = '' } = await s3.putObject({
            Bucket: bucket,
            Key: full(key),
            Body: text,
            ContentType: 'application/json',
            ...conditions,
          });
          return ETag;
        } catch (error) {
          if (errorCode(error) === conflict && attempt < conflictAttempts) {
            await pause(2 ** attempt * 25 * (0.5 + Math.random()));
            continue;
          }
          if (condition !== undefined) {
            // A version that is asked for and not there: gone in the meantime.
            const gone =
              typeof condition === 'object' && statusOf(error) === 404 && errorCode(error) === 'NoSuchKey';
            if (statusOf(error) === 412 || gone) return null;
            refuseUnconditional(error, place, condition === 'absent' ? 'If-None-Match: *' : 'If-Match');
          }
          throw failed(error, `Writing ${key}`);
        }
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
    async remove(key, version) {
      const request = { Bucket: bucket, Key: full(key) };
      try {
        await s3.deleteObject({ ...request, ...(version === undefined ? {} : { IfMatch: version }) });
      } catch (error) {
        if (version !== undefined && statusOf(error) === 412) return;
        if (version !== undefined && notKnown.has(statusOf(error) ?? 0)) await this.remove(key);
        else throw failed(error, `Removing ${key}`);
      }
    },
  };
}

/** What a service answers that does not know a header, or does not let it be used there. */
const notKnown: ReadonlySet<number> = new Set([400, 405, 501]);

function refuseUnconditional(error: unknown, place: string, header: string): void {
  const status = statusOf(error);
  if (classify(error).kind !== 'other' || status === undefined || !notKnown.has(status)) return;
  throw unsuitable({ place }, `it answers ${status} ${errorCode(error)} to a write with ${header}`, error);
}

function storeError(error: unknown, what: string, place: string): Error {
  const failure = classify(error);
  const status = statusOf(error);
  const { bucket } = /^s3:\/\/(?<bucket>[^/]*)/.exec(place)?.groups ?? {};
  if (failure.kind === 'denied') {
    return new ProvisionError('access-denied', `${what}: access denied`, {
      cause: error,
      hint: `Allow s3:GetObject, s3:PutObject and s3:DeleteObject on the objects of ${place}, and s3:ListBucket on ${bucket}, for the identity that runs provision-env.`,
    });
  }
  if (failure.kind !== 'other') return awsError(error, what);
  if (failure.code === 'NoSuchBucket') {
    return new ProvisionError('store-unsuitable', `${what}: there is no bucket ${bucket}`, {
      cause: error,
      hint: 'Make it, or name another one in `store` of the configuration. Look also whether AWS_PROFILE and AWS_REGION are those of its account.',
    });
  }
  if (status === undefined) return awsError(error, what);
  const answered = `${what}: it answers ${status} ${failure.code}`;
  return status >= 500 || status === 409
    ? new ProvisionError('service-unavailable', answered, { cause: error, hint: 'Try again in a minute.' })
    : new ProvisionError('store-unsuitable', answered, {
        cause: error,
        hint: 'Look at the name of the bucket in `store` of the configuration, at its region and its policies.',
      });
}

/** The service says in every answer what time it is; in between, what has passed here since is added. */
function watchClock(s3: Client): () => Date | null {
  let told: { readonly time: number; readonly at: number } | null = null;
  s3.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const time = Date.parse(dateOf(result.response));
      if (!Number.isNaN(time)) told = { time, at: performance.now() };
      return result;
    },
    // Innermost: it sees the answers that are errors too.
    { step: 'deserialize', priority: 'low', name: 'provisionEnvWatchClock', override: true },
  );
  return () => told && new Date(told.time + performance.now() - told.at);
}

function dateOf(response: unknown): string {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return '';
  const { headers } = response;
  return typeof headers === 'object' && headers !== null && 'date' in headers ? String(headers.date) : '';
}
