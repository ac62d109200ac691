/** Removes what a sweep found: what uses goes before what is used, side by side where nothing depends on the other. */
import { type Presence, type Removal, toResource, type WholeAdapter } from '../aws/adapter.ts';
import { mapBounded } from '../aws/bounded.ts';
import { checkResources } from '../aws/check.ts';
import type { AwsClients } from '../aws/clients.ts';
import { awsError } from '../aws/errors.ts';
import { adapterOf } from '../aws/registry.ts';
import { type DependsOn, heldBackBy, removalRounds } from '../sweep/order.ts';
import { type Found, type SweepThing, toFound } from '../sweep/receipt.ts';
import type { Clock, Host } from '../transfer/host.ts';
import type { SweepJournal } from './sweep-journal.ts';

export interface RemovalInput {
  readonly clientsFor: (region: string) => AwsClients;
  readonly clock: Clock;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly journal: SweepJournal;
}

const atOnce = 8;

/** A database takes minutes to go, and what it used cannot go before. */
const longestWaitMs = 15 * 60_000;

/** Some services answer for up to a minute after a deletion as if nothing had happened. */
const longestEchoMs = 60_000;

const dependsOn: DependsOn = (type) => adapterOf(type)?.whole?.dependsOn;

interface Outcome {
  readonly thing: SweepThing;
  readonly removal: Removal | { readonly state: 'held-back'; readonly reason: string };
}

/**
 * @throws ProvisionError where nothing can be done at all: no or expired credentials
 */
export async function removeThings(
  things: readonly SweepThing[],
  input: RemovalInput,
): Promise<ReadonlyMap<SweepThing, Found>> {
  const end = input.clock.now().getTime() + longestWaitMs;
  const outcomes: Outcome[] = [];
  for (const round of removalRounds(things, dependsOn))
    outcomes.push(...(await removeRound(round, outcomes, end, input)));
  const echoes = await stillShown(
    outcomes.filter(({ removal }) => removal.state === 'removed').map(({ thing }) => thing),
    input,
  );
  return new Map(
    outcomes.map(({ thing, removal }) => {
      const echo = echoes.get(thing);
      return [thing, echo === undefined ? describe(thing, removal) : toFound(thing, 'failed', echo)];
    }),
  );
}

async function removeRound(
  round: readonly SweepThing[],
  before: readonly Outcome[],
  end: number,
  input: RemovalInput,
): Promise<Outcome[]> {
  const { clock, host, signal } = input;
  const staying = before.filter(({ removal }) => stays(removal)).map(({ thing }) => thing.item);
  const done: Outcome[] = [];
  let open: SweepThing[] = [];
  for (const thing of round) {
    const holder = heldBackBy(thing.item, staying, dependsOn);
    if (holder === undefined) open.push(thing);
    else
      done.push({
        thing,
        removal: { state: 'held-back', reason: `${holder.type} ${holder.name} is still there` },
      });
  }
  for (let pause = 1_000; open.length > 0; pause = Math.min(pause * 2, 20_000)) {
    const outcomes = await mapBounded(open, atOnce, (thing) => removeOne(thing, input));
    const refused = outcomes.filter(({ removal }) => removal.state === 'refused');
    done.push(...outcomes.filter(({ removal }) => removal.state !== 'refused'));
    // A refusal may end once something else is really gone: otherwise asking again is of no use.
    const hope =
      [...before, ...done].some(({ removal }) => removal.state === 'leaving') ||
      outcomes.some(({ removal }) => removal.state === 'refused' && removal.passing) ||
      refused.length < open.length;
    if (refused.length === 0 || !hope || clock.now().getTime() + pause > end || signal.aborted)
      return [...done, ...refused];
    host.notify({
      type: 'waiting',
      what: `waiting until ${refused.length} things are no longer in use`,
    });
    // An interrupt ends the waiting, and what is left is told.
    await clock.sleep(pause, signal).catch(() => undefined);
    open = refused.map(({ thing }) => thing);
  }
  return done;
}

const stays = ({ state }: Outcome['removal']): boolean =>
  state !== 'removed' && state !== 'gone' && state !== 'leaving';

async function removeOne(
  thing: SweepThing,
  { clientsFor, host, signal, journal }: RemovalInput,
): Promise<Outcome> {
  const { item, region } = thing;
  const address = `${item.type} ${item.name}`;
  const removal = await journal.around(
    thing,
    () => attempt(adapterOf(item.type)?.whole ?? null, thing, clientsFor(region), signal),
    (done) => describe(thing, done),
  );
  host.notify({
    type: 'resource',
    address,
    action: 'delete',
    phase: stays(removal) ? (removal.state === 'refused' ? 'progress' : 'failed') : 'done',
    elapsedSeconds: 0,
  });
  return { thing, removal };
}

async function attempt(
  whole: WholeAdapter | null,
  { item }: SweepThing,
  clients: AwsClients,
  signal: AbortSignal,
): Promise<Removal> {
  if (whole === null)
    return { state: 'failed', reason: `provision-env cannot remove things of ${item.type}: do it by hand` };
  if (signal.aborted) return { state: 'failed', reason: 'it was interrupted before' };
  try {
    return await whole.remove(item, clients);
  } catch (error) {
    if (signal.aborted) return { state: 'failed', reason: 'it was interrupted' };
    throw awsError(error, `removing ${item.type} ${item.name}`);
  }
}

/** Those that are still there a while after they were removed, or of which that cannot be told; and which it is. */
async function stillShown(
  things: readonly SweepThing[],
  input: RemovalInput,
): Promise<ReadonlyMap<SweepThing, string>> {
  const { clock, clientsFor, signal } = input;
  const end = clock.now().getTime() + longestEchoMs;
  let open: ReadonlyMap<SweepThing, string> = new Map(
    things.map((thing) => [thing, 'it was interrupted before it was seen whether it is gone']),
  );
  for (let pause = 500; open.size > 0 && !signal.aborted; pause = Math.min(pause * 2, 10_000)) {
    const asked = await mapBounded([...open.keys()], atOnce, async (thing) => {
      const [checked] = await checkResources([toResource(thing.item)], clientsFor(thing.region));
      return [thing, echoOf(checked?.presence)] as const;
    });
    open = new Map(asked.filter((each): each is readonly [SweepThing, string] => each[1] !== null));
    if (open.size === 0 || clock.now().getTime() + pause > end) break;
    await clock.sleep(pause, signal).catch(() => undefined);
  }
  return open;
}

/** Why a thing that was removed cannot be called gone; `null` where it can. */
function echoOf(presence: Presence | undefined): string | null {
  if (presence?.state === 'present' && presence.condition !== 'leaving')
    return 'the service took the deletion and still shows it';
  if (presence?.state === 'unreadable')
    return `the service took the deletion; whether it is gone could not be read: ${presence.reason}`;
  return null;
}

function describe(thing: SweepThing, removal: Outcome['removal']): Found {
  switch (removal.state) {
    case 'removed':
    case 'gone':
      return toFound(thing, 'removed', removal.state === 'gone' ? 'it was gone already' : null);
    case 'leaving':
      return toFound(thing, 'pending', removal.detail);
    case 'refused':
      return toFound(thing, 'refused', removal.reason);
    case 'held-back':
      return toFound(thing, 'held-back', removal.reason);
    case 'denied':
    case 'failed':
      return toFound(thing, 'failed', removal.reason);
  }
}
