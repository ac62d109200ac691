/** What a bucket has to be able to do to keep records, and whether it does. */
import { randomUUID } from 'node:crypto';
import { ProvisionError } from '../transfer/errors.ts';

/** Keys are relative; `version` is what a condition compares. */
export interface Objects {
  /** As people find it, for messages: `s3://bucket/prefix`. */
  readonly place: string;
  /** The service's own time, as of its last answer; `null` as long as it has told none. */
  now(): Date | null;
  get(
    key: string,
  ): Promise<{ readonly text: string; readonly version: string; readonly modified: Date | null } | null>;
  /**
   * @param condition `absent`, or the version that it must still have
   * @returns the new version; `null` if the condition does not hold, and then nothing was written
   * @throws ProvisionError `store-unsuitable` where the service does not know conditions
   */
  put(key: string, text: string, condition?: 'absent' | { readonly version: string }): Promise<string | null>;
  /** All keys that begin so, sorted. */
  list(prefix: string): Promise<readonly string[]>;
  /** @param version only if it is still this one, where the service knows conditions on deletions */
  remove(key: string, version?: string): Promise<void>;
}

/**
 * Tries whether conditions on writes hold: a service that ignores them would let two runs hold one lock.
 * @throws ProvisionError `store-unsuitable`, or what keeps the bucket from being written
 */
export async function probeConditions(objects: Objects): Promise<void> {
  const key = `probe/${randomUUID()}`;
  const both = await Promise.all([objects.put(key, 'one', 'absent'), objects.put(key, 'two', 'absent')]);
  try {
    if (!both.includes(null))
      throw unsuitable(
        objects,
        'two writes that asked for an absent object (If-None-Match: *) both succeeded',
      );
    const { version } = (await objects.get(key)) ?? { version: '' };
    const wrong = await objects.put(key, 'three', { version: '"00000000000000000000000000000000"' });
    if (wrong !== null)
      throw unsuitable(objects, 'a write that asked for another version of the object (If-Match) succeeded');
    if ((await objects.put(key, 'four', { version })) === null)
      throw unsuitable(objects, 'a write that asked for the version that is there (If-Match) was refused');
  } finally {
    await objects.remove(key).catch(() => undefined);
  }
}

/** @param tried what was done, and what came of it */
export function unsuitable(
  objects: { readonly place: string },
  tried: string,
  cause?: unknown,
): ProvisionError {
  return new ProvisionError(
    'store-unsuitable',
    `${objects.place} cannot keep records and locks: ${tried}. Nothing was changed.`,
    {
      cause,
      hint: 'Two runs at once could both change one environment. Name a bucket of Amazon S3 in `store`, or one of a service that honours If-None-Match and If-Match when it writes objects; without `store`, records and locks are files of the project.',
    },
  );
}
