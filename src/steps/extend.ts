/** Puts the end of an environment off. */
import { extended, type LifeRules } from '../environment/time-to-live.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Clock } from '../transfer/host.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { Store } from '../transfer/store.ts';

export interface ExtendTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly config: LifeRules;
}

/**
 * @param by a duration, for example `2d`
 * @returns the record as it is now
 * @throws ProvisionError `environment-not-found`, `protected-environment`, `ttl-invalid`, `transfer-locked`
 */
export async function extend(
  name: string,
  by: string,
  { store, clock, config }: ExtendTools,
): Promise<EnvironmentRecord> {
  // Under the lock: a transfer or a gc that is under way writes the record too.
  const lock = await store.lock(name, 'extend');
  try {
    const record = await store.readRecord(name);
    if (record === null) {
      throw new ProvisionError('environment-not-found', `There is no record of an environment ${name}.`, {
        hint: 'provision-env list shows what it made.',
      });
    }
    if (record.status === 'destroying') {
      throw new ProvisionError(
        'nothing-to-resume',
        `${name} is being destroyed: its end cannot be put off.`,
        {
          hint: `provision-env destroy ${name} goes on with that.`,
        },
      );
    }
    const now = clock.now();
    const changed = {
      ...record,
      updated: now.toISOString(),
      expires: extended(name, by, record, config, now),
    };
    await lock.store.writeRecord(changed);
    return changed;
  } finally {
    await lock.release();
  }
}
