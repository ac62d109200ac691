/** After a destroy: the account is asked for everything that was this environment's, whatever the state said. */
import type { Presence } from '../aws/adapter.ts';
import type { CheckedPresence } from '../aws/check.ts';
import type { Evidence } from '../transfer/evidence.ts';
import type { Clock } from '../transfer/host.ts';
import type { RecordedResource } from '../transfer/record.ts';
import { askPresence, type AskTools, isLeaving, mayBeThere } from './ask-presence.ts';
import type { ReleasedWebhook } from './webhooks.ts';

export interface LookInput {
  readonly ask: AskTools;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What Terraform says that it has deleted: the only word there is on types that nobody can ask about. */
  readonly deleted: ReadonlySet<string>;
}

/** Some services answer for up to a minute after a deletion as if nothing had happened. */
const longestEchoMs = 60_000;

/** Asks until everything is gone, or for a minute. What nobody can be asked about is not waited for. */
export async function lookUntilGone(
  things: readonly RecordedResource[],
  { ask, clock, signal }: LookInput,
): Promise<readonly CheckedPresence[]> {
  const end = clock.now().getTime() + longestEchoMs;
  let checked = await askPresence(things, ask);
  for (let pause = 500; checked.some(mayPass); pause = Math.min(pause * 2, 10_000)) {
    if (clock.now().getTime() + pause > end) break;
    await clock.sleep(pause, signal);
    const open = checked.filter(mayPass);
    const answers = await askPresence(
      open.map(({ resource }) => resource),
      ask,
    );
    const later = new Map(open.map((item, index) => [item, answers[index] ?? item]));
    checked = checked.map((item) => later.get(item) ?? item);
  }
  return checked;
}

const mayPass = ({ presence }: CheckedPresence): boolean =>
  presence.state !== 'not-asked' && mayBeThere(presence);

/** True for what stands in the way of calling the environment gone. */
export function isLeft(
  { resource, presence }: CheckedPresence,
  { deleted }: Pick<LookInput, 'deleted'>,
): boolean {
  if (presence.state === 'not-asked') return !deleted.has(resource.address);
  return mayBeThere(presence);
}

export function absenceEvidence(
  item: CheckedPresence,
  { clock, deleted }: Pick<LookInput, 'clock' | 'deleted'>,
): Evidence {
  const { status, observed } = judgeAbsence(item.presence, deleted.has(item.resource.address));
  return {
    layer: 1,
    check: 'resource-gone',
    subject: item.resource.address,
    status,
    observed,
    expected: 'absent',
    at: clock.now().toISOString(),
    durationMs: 0,
  };
}

export function releaseEvidence({ kind, action }: ReleasedWebhook, clock: Clock): Evidence {
  return {
    layer: 1,
    check: 'webhook-released',
    subject: kind,
    status: action.state === 'by-hand' ? 'pending' : 'pass',
    observed: action.detail,
    expected: 'the channel sends nothing to this environment any more',
    at: clock.now().toISOString(),
    durationMs: 0,
  };
}

function judgeAbsence(presence: Presence, deleted: boolean): Pick<Evidence, 'status' | 'observed'> {
  switch (presence.state) {
    case 'absent':
      return { status: 'pass', observed: 'absent' };
    case 'not-applicable':
      return { status: 'pass', observed: 'nothing of it was in the cloud' };
    case 'not-asked':
      return deleted
        ? {
            status: 'skipped',
            observed: `Terraform deleted it; the account was not asked: ${presence.reason}`,
          }
        : { status: 'fail', observed: `cannot be told: ${presence.reason}` };
    case 'unreadable':
      return { status: 'fail', observed: `could not be read: ${presence.reason}` };
    case 'present': {
      const detail = presence.detail ?? presence.status ?? '';
      return isLeaving(presence)
        ? { status: 'pending', observed: `on its way out${detail === '' ? '' : `: ${detail}`}` }
        : { status: 'fail', observed: `still there${detail === '' ? '' : `: ${detail}`}` };
    }
  }
}
