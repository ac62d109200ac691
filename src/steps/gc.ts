/**
 * Destroys what has expired, and only that; tells of what ends soon. Each environment is destroyed by the same step as
 * `destroy`; one that fails does not stop the others.
 */
import { isProtected } from '../environment/names.ts';
import { parseDuration, timeLeft, type TtlRules } from '../environment/time-to-live.ts';
import type { Notice } from '../notice/webhook.ts';
import { type ExitCode, exitCodes } from '../transfer/error-codes.ts';
import { type ProvisionError, toProvisionError } from '../transfer/errors.ts';
import type { Clock, Host } from '../transfer/host.ts';
import { recordLiesIn } from '../proof/place.ts';
import { type Place, wholePlace } from '../transfer/place.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { Store } from '../transfer/store.ts';

export interface GcConfig {
  readonly protected: readonly string[];
  readonly ttl: TtlRules & { readonly noticeBefore: string };
}

export interface GcPlan {
  readonly expired: readonly EnvironmentRecord[];
  /** Past their end and protected by now: they stay. */
  readonly protected: readonly EnvironmentRecord[];
  /** Within the notice time, the next to end first. */
  readonly ending: readonly EnvironmentRecord[];
}

/** Pure: who is destroyed, who is told. An environment ends with the millisecond that its record names. */
export function planGc(records: readonly EnvironmentRecord[], config: GcConfig, now: Date): GcPlan {
  const notice = now.getTime() + parseDuration(config.ttl.noticeBefore);
  const mortal = records
    .flatMap((record) => (record.expires === null ? [] : [{ record, end: Date.parse(record.expires) }]))
    .toSorted((a, b) => a.end - b.end);
  const past = mortal.filter(({ end }) => end <= now.getTime()).map(({ record }) => record);
  return {
    expired: past.filter(({ name }) => !isProtected(name, config)),
    protected: past.filter(({ name }) => isProtected(name, config)),
    ending: mortal
      .filter(({ end, record }) => end > now.getTime() && end <= notice && !isProtected(record.name, config))
      .map(({ record }) => record),
  };
}

/**
 * `left-behind`: destroyed, but the account still shows something of it. `overtaken`: somebody put its end off or destroyed it while
 * this ran. `not-begun`: the run was interrupted before.
 */
export type GcOutcome =
  'would-destroy' | 'destroyed' | 'left-behind' | 'overtaken' | 'protected' | 'failed' | 'not-begun';

export interface GcEnvironment {
  readonly environment: string;
  readonly expires: string | null;
  /** Where it lies by its record. */
  readonly place: Place | null;
  readonly outcome: GcOutcome;
  readonly error: ProvisionError | null;
}

export interface GcNotice {
  readonly environment: string;
  readonly expires: string;
  /** `told`: the URL has it now. `told-before`: an earlier run did it. `shown`: no URL is configured, or a dry run. */
  readonly delivery: 'told' | 'told-before' | 'shown' | 'failed';
  readonly error: ProvisionError | null;
}

export interface GcResult {
  readonly environments: readonly GcEnvironment[];
  readonly notices: readonly GcNotice[];
  readonly exitCode: ExitCode;
}

export interface GcTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly host: Host;
  readonly config: GcConfig;
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
  /** Destroys one environment. `still` is asked once its lock is held, with the record as it is then. */
  destroy(
    record: EnvironmentRecord,
    still: (now: EnvironmentRecord) => boolean,
  ): Promise<'destroyed' | 'left-behind' | 'overtaken'>;
  /** Gets what would be destroyed, before any of it is. @throws ProvisionError where that is not what was agreed to */
  agree?(expired: readonly EnvironmentRecord[]): void;
  /** Absent where no URL is configured. */
  readonly tell?: ((notice: Notice) => Promise<void>) | undefined;
}

export async function collectExpired(tools: GcTools): Promise<GcResult> {
  const { store, clock, config, host } = tools;
  const plan = planGc(await store.listRecords(), config, clock.now());
  tools.agree?.(plan.expired);
  const environments: GcEnvironment[] = plan.protected.map((record) => {
    const { name, expires } = record;
    host.notify({
      type: 'note',
      level: 'warning',
      text: `${name} is past its end, and protected: it stays.`,
    });
    return { environment: name, expires, place: placeIn(record), outcome: 'protected', error: null };
  });
  for (const record of plan.expired) environments.push(await collectOne(record, tools));
  const notices: GcNotice[] = [];
  for (const record of plan.ending) {
    if (tools.signal.aborted) break;
    notices.push(await giveNotice(record, tools));
  }
  return { environments, notices, exitCode: exitCodeOf(environments) };
}

const placeIn = (record: EnvironmentRecord): Place | null => wholePlace(recordLiesIn(record));

async function collectOne(record: EnvironmentRecord, tools: GcTools): Promise<GcEnvironment> {
  const { name: environment, expires } = record;
  const ended = (outcome: GcOutcome, error: ProvisionError | null = null): GcEnvironment => ({
    environment,
    expires,
    place: placeIn(record),
    outcome,
    error,
  });
  if (tools.dryRun) return ended('would-destroy');
  if (tools.signal.aborted) return ended('not-begun');
  const still = (now: EnvironmentRecord): boolean =>
    planGc([now], tools.config, tools.clock.now()).expired.length === 1;
  try {
    return ended(await tools.destroy(record, still));
  } catch (thrown) {
    const error = toProvisionError(thrown);
    tools.host.notify({
      type: 'note',
      level: 'warning',
      text: `${environment} was not destroyed: ${error.message}`,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
    return ended('failed', error);
  }
}

/** The event comes with every run, the message to the URL once for each end. */
async function giveNotice(record: EnvironmentRecord, tools: GcTools): Promise<GcNotice> {
  const { store, clock, host, tell, dryRun } = tools;
  const { name: environment, source, owner } = record;
  const expires = record.expires ?? '';
  const left = timeLeft(expires, clock.now());
  host.notify({ type: 'ends-soon', environment, expires, left });
  const given = (delivery: GcNotice['delivery'], error: ProvisionError | null = null): GcNotice => ({
    environment,
    expires,
    delivery,
    error,
  });
  if (record.noticed === expires) return given('told-before');
  if (tell === undefined || dryRun) return given('shown');
  try {
    // Under the lock: two runs at once tell it once, and an end that is put off meanwhile is not told.
    const lock = await store.lock(environment, 'gc');
    try {
      const now = await store.readRecord(environment);
      if (now === null || now.expires !== expires || now.noticed === expires) return given('told-before');
      await tell({ environment, source, owner, expires, left });
      await lock.store.writeRecord({ ...now, noticed: expires });
      return given('told');
    } finally {
      await lock.release();
    }
  } catch (thrown) {
    const error = toProvisionError(thrown);
    host.notify({
      type: 'note',
      level: 'warning',
      text: `Nobody could be told that ${environment} ends: ${error.message}`,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
    return given('failed', error);
  }
}

/** Half-way outweighs everything: somebody has to look. Then what could not be destroyed, then what was left. */
function exitCodeOf(environments: readonly GcEnvironment[]): ExitCode {
  const codes = environments.flatMap(({ error, outcome }): ExitCode[] => {
    if (error !== null) return [error.exitCode];
    if (outcome === 'not-begun') return [exitCodes.halfway];
    return outcome === 'left-behind' ? [exitCodes.verificationFailed] : [];
  });
  if (codes.includes(exitCodes.halfway)) return exitCodes.halfway;
  return codes.find((code) => code !== exitCodes.verificationFailed) ?? codes[0] ?? exitCodes.done;
}
