/** Opens a recorded environment for its destruction, destroys it (or says what that would do) and closes. */
import { destroy, type DestroyPlan, type DestroyResult, planDestroy } from '../steps/destroy.ts';
import { openTransfer } from '../steps/open.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { requestFrom } from './records.ts';
import type { Session } from './session.ts';

/**
 * @param still gets the record as it is once the environment's lock is held: false leaves the environment alone
 * @returns `null` if it was left alone
 * @throws ProvisionError as the step does
 */
export async function destroyRecordedIf(
  session: Session,
  record: EnvironmentRecord,
  still: (now: EnvironmentRecord) => boolean | Promise<boolean>,
  accept: readonly string[] = [],
): Promise<DestroyResult | null> {
  const agreed = [...accept, ...session.config.accept];
  const transfer = await openTransfer(requestFrom(record, 'destroy', agreed), session);
  try {
    const now = await session.store.readRecord(record.name);
    return now !== null && (await still(now)) ? await destroy(transfer.context, now) : null;
  } finally {
    await transfer.close();
  }
}

/** What destroying it would do; changes nothing. @throws ProvisionError as the step does */
export async function planDestroyRecorded(
  session: Session,
  record: EnvironmentRecord,
  accept: readonly string[] = [],
): Promise<DestroyPlan> {
  const transfer = await openTransfer(
    requestFrom(record, 'destroy', [...accept, ...session.config.accept]),
    session,
  );
  try {
    return await planDestroy(transfer.context, record);
  } finally {
    await transfer.close();
  }
}
