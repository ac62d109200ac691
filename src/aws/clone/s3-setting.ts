/** What the copies of all settings of a bucket have in common. */
import type { S3 } from '@aws-sdk/client-s3';
import type { CloneDefinition, CloneRequest } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { onceKnown, type Passing } from './wait.ts';

/** Settings of one bucket that are changed side by side get in each other's way; roles and queues may be new. */
const passing: readonly Passing[] = [
  { code: 'OperationAborted' },
  { code: 'NoSuchBucket' },
  { code: 'MalformedPolicy', message: /principal/i },
  { code: 'InvalidArgument', message: /destination/i },
];

/** A setting goes with its bucket, which was made a moment ago: what is there are at most the service's defaults. */
export function setting(
  actions: readonly string[],
  put: (Bucket: string, values: StateValues, client: S3, source: CloneRequest['source']) => Promise<unknown>,
  more: Partial<CloneDefinition<S3>> = {},
): CloneDefinition<S3> {
  return {
    actions,
    ...more,
    clone: async ({ values: given, source, signal }, client) => {
      const values = new StateValues(given);
      const Bucket = values.needed('bucket');
      await onceKnown(() => put(Bucket, values, client, source), passing, signal);
      return { id: Bucket, values: { id: Bucket } };
    },
  };
}
