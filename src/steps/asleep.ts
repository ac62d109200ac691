/** What the record of an environment says of its sleep. Pure, but for the one note. */
import { stoppedForDays } from '../aws/sleeping-databases.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Host } from '../transfer/host.ts';
import type { EnvironmentRecord, RecordedSleep } from '../transfer/record.ts';

const dayMs = 86_400_000;

/** When AWS starts by itself what was stopped; `null` where nothing was. */
export function startedByAws({ since, databases }: RecordedSleep): Date | null {
  return databases.some(({ way }) => way === 'stop')
    ? new Date(Date.parse(since) + stoppedForDays * dayMs)
    : null;
}

/**
 * Before a verification: stopped databases make it fail for no fault of the environment, so it is refused. One that
 * pauses wakes by the first connection: that is said, and the verification goes on.
 *
 * @throws ProvisionError `asleep`
 */
export function refuseToVerifyAsleep({ name, asleep }: EnvironmentRecord, host: Pick<Host, 'notify'>): void {
  if (asleep === undefined) return;
  const stopped = asleep.databases.filter(({ way }) => way === 'stop');
  if (stopped.length > 0) {
    throw new ProvisionError(
      'asleep',
      `${name} is asleep since ${asleep.since}: ${stopped.map(({ address }) => address).join(', ')} ${stopped.length === 1 ? 'is' : 'are'} stopped. Nothing was verified.`,
      { hint: `Wake it first: provision-env wake ${name}.` },
    );
  }
  host.notify({
    type: 'note',
    level: 'info',
    text: `${name} is asleep since ${asleep.since}: its database pauses while nobody is connected, and the first connection wakes it, which takes about 15 seconds.`,
    hint: `provision-env wake ${name} gives it back its capacity.`,
  });
}
