/** Waiting for RDS: databases and their proxies come slowly, and some never. */
import { ProvisionError } from '../../transfer/errors.ts';
import { type Passing, waitFor } from './wait.ts';

/** A database takes ten minutes on a bad day. */
const databaseLimitMs = 15 * 60_000;

const hopeless = new Set([
  'failed',
  'inaccessible-encryption-credentials',
  'incompatible-network',
  'incompatible-option-group',
  'incompatible-parameters',
  'insufficient-capacity',
  'insufficient-resource-limits',
]);

/** Roles, keys and groups that were made a moment ago. */
export const passing: readonly Passing[] = [
  { code: 'KMSKeyNotAccessibleFault' },
  { code: 'DBSubnetGroupNotFoundFault' },
  { code: 'DBParameterGroupNotFound' },
  { code: 'DBParameterGroupNotFoundFault' },
  { code: 'DBClusterParameterGroupNotFound' },
  { code: 'DBClusterParameterGroupNotFoundFault' },
  { code: 'InvalidParameterValue', message: /IAM role ARN/i },
];

/**
 * @throws ProvisionError `timed-out`; `apply-failed` for a state from which it does not come back by itself
 */
export async function available<T>(
  what: string,
  signal: AbortSignal,
  read: () => Promise<{ readonly found: T | undefined; readonly status: string | undefined }>,
): Promise<T> {
  return waitFor(
    async () => {
      const { found, status = '' } = await read();
      if (hopeless.has(status)) {
        throw new ProvisionError('apply-failed', `${what} came to be ${status}`, {
          hint: 'Its events in the console of RDS say why.',
        });
      }
      return status === 'available' ? found : undefined;
    },
    { what: `${what} to become available`, signal, limitMs: databaseLimitMs },
  );
}
