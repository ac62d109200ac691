/**
 * What is left of an environment in the account, and on `--delete` its removal. An environment that stands is
 * destroyed first; what it has destroyed is remembered by its retired record.
 */
import { regionOfClients } from '../aws/clients.ts';
import { toItem } from '../aws/check.ts';
import { statePlaces } from '../environment/state-places.ts';
import { divideBelongings } from '../ownership/belongings.ts';
import { elsewhereFinding, elsewhereOf } from '../ownership/elsewhere.ts';
import { judgeOwnership, withoutAccepted } from '../ownership/judge.ts';
import type { OtherEnvironment, OwnershipFinding, TargetFacts } from '../ownership/model.ts';
import { createSharedMatcher } from '../proof/counterparts.ts';
import { regionOfArn } from '../sweep/known.ts';
import { resourceTypes } from '../terraform/types/table.ts';
import { checkExistingName } from '../environment/names.ts';
import { type SweepScope } from '../sweep/classify.ts';
import {
  type Found,
  makeReceipt,
  type SweepReceipt,
  type SweepThing,
  toFound,
  type Unreadable,
} from '../sweep/receipt.ts';
import { emptyState } from '../terraform/empty-state.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Clock } from '../transfer/host.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { HeldStore } from '../transfer/store.ts';
import { currentUser } from '../store/process-identity.ts';
import { askPresence, type AskTools, mayBeThere } from './ask-presence.ts';
import { acceptedFindings, acceptedIn, refuse, refuseProtected } from './destroy-prepare.ts';
import { type EnvironmentPlace, openEnvironmentPlace } from './environment-place.ts';
import { readNeighbours } from './neighbours.ts';
import { readStateOf } from './read-environment.ts';
import type { OpenDependencies } from './open.ts';
import { regionOf } from './region.ts';
import { removeThings } from './sweep-remove.ts';
import { createSweepJournal, unfinishedRemovals } from './sweep-journal.ts';
import { filesOf, isStanding, refuseRecorded, refuseStanding, tellStanding } from './sweep-standing.ts';
import { clientsByRegion, ownersOf, ownScope, regionsOfRecord, searchEnvironment } from './sweep-account.ts';
import { lineageIn, resourcesOf } from './recorded-resources.ts';
import { findLeftConfig } from './sweep-secrets.ts';

export interface SweepRequest {
  readonly environment: string;
  readonly delete: boolean;
  /** Ids or ARNs of suspected things that are to be removed too. */
  readonly also: readonly string[];
  /** `--accept <rule>:<subject>`. */
  readonly accept?: readonly string[];
  /** Regions to look at beside those of the record. */
  readonly regions: readonly string[];
}

/** What will be removed, shown before it is asked about. */
export interface SweepPlan {
  readonly environment: string;
  readonly removes: readonly Found[];
  /** Looks alike and stays. */
  readonly suspected: readonly Found[];
}

/**
 * @throws ProvisionError `protected-environment`, `not-ours`, `environment-stands`, `usage`, `declined`,
 *   `needs-person`, or what keeps us from looking at all
 */
export async function sweep(request: SweepRequest, session: OpenDependencies): Promise<SweepReceipt> {
  const { environment } = request;
  const { store, config, project } = session;
  checkExistingName(environment);
  refuseProtected(environment, config);
  const live = await store.readRecord(environment);
  const record = live ?? (await store.readRetired(environment));
  if (record === null && project.environments.includes(environment)) {
    throw new ProvisionError(
      'not-ours',
      `${environment} was not made by provision-env: there is no record of it.`,
      {
        hint: 'Only what provision-env made is swept by it. provision-env list shows what that is.',
      },
    );
  }
  if (!request.delete) {
    if (live !== null && isStanding(live)) {
      session.host.notify({
        type: 'note',
        level: 'info',
        text: `${environment} stands (${live.status}): what is found is mostly it itself.`,
      });
    }
    if (live === null) await tellStanding(environment, record?.source ?? config.defaultSource, session);
    return lookAndRemove(request, session, record);
  }
  refuseRecorded(live);
  const lock = await store.lock(environment, 'sweep');
  try {
    // Only now it stays as it is: somebody may have made it anew since.
    const now = await store.readRecord(environment);
    refuseRecorded(now);
    if (now === null) await refuseStanding(environment, record?.source ?? config.defaultSource, session);
    const unfinished = unfinishedRemovals(await store.readJournal(environment));
    if (unfinished.length > 0) {
      session.host.notify({
        type: 'note',
        level: 'warning',
        text: `An earlier sweep was cut short while it removed ${unfinished.join(', ')}: all is looked at again.`,
      });
    }
    const signal = AbortSignal.any([session.signal, lock.lost]);
    const known = now ?? (await store.readRetired(environment));
    return await lookAndRemove(request, { ...session, signal }, known, lock.store);
  } finally {
    await lock.release();
  }
}

/** @param held the store under the environment's lock; `null` where nothing is removed */
async function lookAndRemove(
  request: SweepRequest,
  session: OpenDependencies,
  record: EnvironmentRecord | null,
  held: HeldStore | null = null,
): Promise<SweepReceipt> {
  const { environment } = request;
  const { clock, host, signal, config, project } = session;
  const own = await openEnvironmentPlace(
    environment,
    record?.source ?? config.defaultSource,
    record,
    session,
  );
  const around = await readSurroundings(request, session, record);
  const byRegion = clientsByRegion(signal, (options) => own.clients.with(options));
  const { clientsFor } = byRegion;
  try {
    const regions = await regionsOf(request, record, own);
    host.notify({ type: 'waiting', what: `looking through the account (${regions.join(', ')})` });
    const search = await searchEnvironment({
      scope: around.scope,
      record,
      regions,
      clientsFor,
      clock,
      host,
      signal,
      journal: await session.store.readJournal(environment),
    });
    const secrets = await findLeftConfig({
      environment,
      source: record?.source ?? config.defaultSource,
      others: (await session.store.listRecords()).filter(({ name }) => name !== environment),
      names: around.others.map(({ name }) => name),
      record,
      config,
      root: project.root,
      clock,
      signal,
      aws: () => Promise.resolve(clientsFor(regions[0] ?? '')),
    });
    const looked = [...search.looked, ...secrets.looked];
    const things = [...search.things, ...secrets.things];
    const unreadable = [...around.unreadable, ...search.unreadable, ...secrets.unreadable];
    const found = new Map(things.map((thing) => [thing, asFound(thing)]));
    const elsewhere = await heldElsewhere(request, session, around, {
      clientsFor,
      region: regions[0] ?? '',
    });
    for (const [thing, isHeld] of elsewhere.held) found.set(thing, isHeld);
    if (held === null) return makeReceipt(environment, 'look', looked, [...found.values()], unreadable);

    const chosen = choose(things, request.also);
    if (chosen.length > 0) {
      await propose(environment, chosen, found, session);
      await recordAccepted(held, record, [...around.overruled, ...elsewhere.accepted], clock);
      const journal = createSweepJournal(held, environment, clock);
      const inAccount = chosen.filter((thing) => !secrets.things.includes(thing));
      const removed = await removeThings(inAccount, { clientsFor, clock, host, signal, journal });
      for (const [thing, result] of removed) found.set(thing, result);
      for (const thing of secrets.things)
        if (chosen.includes(thing))
          found.set(
            thing,
            await journal.around(
              thing,
              () => secrets.remove(thing),
              (done) => done,
            ),
          );
    }
    const receipt = makeReceipt(environment, 'delete', looked, [...found.values()], unreadable);
    // Nothing is left that its trace could help with. That of an environment with a record belongs to its transfer.
    if (receipt.clean && (record === null || record.status === 'destroyed'))
      await held.removeJournal(environment);
    return receipt;
  } finally {
    own.clients.close();
    byRegion.close();
  }
}

/** Its own by its record, and in another's state too: it is left alone, and told. */
async function heldElsewhere(
  { environment, accept = [] }: SweepRequest,
  { store, config }: OpenDependencies,
  { others }: Surroundings,
  ask: AskTools,
): Promise<{
  readonly held: readonly (readonly [SweepThing, Found])[];
  /** Left to the other one by a person. */
  readonly accepted: readonly OwnershipFinding[];
}> {
  // What is retired was seen to be gone: whoever has such a name now has made it anew.
  const live = await store.readRecord(environment);
  const sharedBy = createSharedMatcher(config.shared, resourceTypes);
  const accepted = acceptedIn({ request: { accept }, config });
  const elsewhere = elsewhereOf(
    divideBelongings({
      inState: [],
      recorded: ownScope(live).resources,
      others,
      sharedBy: ({ address, type, identity, id, arn }) =>
        sharedBy({ address, type, values: { name: identity, id, arn } }),
    }),
  );
  const findings = new Map(
    elsewhere.map((each) => [each.resource, elsewhereFinding(environment, each)] as const),
  );
  const open = [...findings].filter(([, { subject }]) => !accepted(subject)).map(([resource]) => resource);
  const answers = await askPresence(open, ask);
  const held = answers.flatMap(({ resource, presence }, index) => {
    if (!mayBeThere(presence)) return [];
    const { message = '', hint = '' } = findings.get(open[index] ?? resource) ?? {};
    const region = regionOfArn(resource.arn) ?? ask.region;
    const thing: SweepThing = { item: toItem(resource), region, verdict: 'ours', reason: message };
    return [[thing, toFound(thing, 'held-back', hint)] as const];
  });
  return { held, accepted: [...findings.values()].filter(({ subject }) => accepted(subject)) };
}

/** Who said yes to what, and when: with the record, or with what is kept of an environment that is gone. */
async function recordAccepted(
  held: HeldStore,
  record: EnvironmentRecord | null,
  overruled: readonly OwnershipFinding[],
  clock: Clock,
): Promise<void> {
  if (record === null || overruled.length === 0) return;
  const accepted = [...record.accepted, ...acceptedFindings({ owner: currentUser(), clock }, overruled)];
  const now = { ...record, accepted };
  await ((await held.readRecord(record.name)) === null ? held.retireRecord(now) : held.writeRecord(now));
}

const asFound = (thing: SweepThing): Found =>
  thing.item.leaving === undefined
    ? toFound(thing, 'found', null)
    : toFound(thing, 'pending', thing.item.leaving);

/** Everything of ours, and what a person has named of the rest. What is on its way out needs nobody. */
function choose(things: readonly SweepThing[], also: readonly string[]): readonly SweepThing[] {
  const named = (thing: SweepThing, id: string): boolean => thing.item.id === id || thing.item.arn === id;
  const unknown = also.find((id) => !things.some((thing) => named(thing, id)));
  if (unknown !== undefined) {
    throw new ProvisionError('usage', `--also ${unknown}: nothing of that id was found.`, {
      hint: 'It takes the id or the ARN of something that sweep lists as suspected. Nothing was removed.',
    });
  }
  return things.filter(
    (thing) =>
      thing.item.leaving === undefined &&
      (thing.verdict !== 'suspected' || also.some((id) => named(thing, id))),
  );
}

async function propose(
  environment: string,
  chosen: readonly SweepThing[],
  found: ReadonlyMap<SweepThing, Found>,
  { host, signal }: OpenDependencies,
): Promise<void> {
  const shown = (thing: SweepThing): Found => found.get(thing) ?? asFound(thing);
  const plan: SweepPlan = {
    environment,
    removes: chosen.map(shown),
    suspected: [...found.keys()]
      .filter((thing) => thing.verdict === 'suspected' && !chosen.includes(thing))
      .map(shown),
  };
  host.notify({ type: 'proposal', step: 'sweep', output: plan });
  const agreed = await host.ask({
    kind: 'type-name',
    id: 'sweep',
    name: environment,
    text: `This removes ${chosen.length} things for good. Type ${environment} to go on.`,
  });
  if (!agreed) throw new ProvisionError('declined', 'The name was not typed; nothing was removed.');
  signal.throwIfAborted();
}

interface Surroundings {
  readonly scope: SweepScope;
  readonly others: readonly OtherEnvironment[];
  /** What a person has gone over with `--accept`. */
  readonly overruled: readonly OwnershipFinding[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * What is known of the environment and of all others: by their states and by their records.
 *
 * @throws ProvisionError `blocked` where something is to be removed and it is not provably the environment's own
 */
async function readSurroundings(
  request: SweepRequest,
  session: OpenDependencies,
  record: EnvironmentRecord | null,
): Promise<Surroundings> {
  const { environment } = request;
  const others = await readNeighbours({ environment, records: await session.store.listRecords() }, session);
  return {
    scope: { environment, ...ownScope(record), others: ownersOf(others) },
    others,
    overruled: request.delete ? await judgeSweep(request, session, record, others) : [],
    unreadable: others.flatMap(({ name, unreadable }): Unreadable[] =>
      unreadable === null
        ? []
        : [
            {
              service: 'terraform',
              type: `the state of ${name}`,
              region: '-',
              reason: unreadable,
              permission: null,
            },
          ],
    ),
  };
}

/**
 * @returns what a person has gone over
 * @throws ProvisionError `blocked`
 */
async function judgeSweep(
  { environment, accept = [] }: SweepRequest,
  session: OpenDependencies,
  record: EnvironmentRecord | null,
  others: readonly OtherEnvironment[],
): Promise<readonly OwnershipFinding[]> {
  const target = await sweepTarget(environment, record, session);
  const findings = judgeOwnership({
    target,
    record: record === null ? null : { ...record, places: await statePlaces(record.state) },
    others,
  });
  const accepted = acceptedIn({ request: { accept }, config: session.config });
  const { open, overruled } = withoutAccepted(findings, accepted);
  refuse(environment, open);
  return overruled;
}

/** What its state holds now. Where no file says where it lies, the record does, and nobody looks. */
async function sweepTarget(
  environment: string,
  record: EnvironmentRecord | null,
  session: OpenDependencies,
): Promise<TargetFacts> {
  const source = record?.source ?? session.config.defaultSource;
  const files = await filesOf(environment, source, session);
  const location = files?.backend.location ?? record?.state ?? `none://${environment}`;
  const state = files === null ? null : await readStateOf(files, session);
  return {
    name: environment,
    location,
    places: await statePlaces(location),
    state: state === null ? null : { lineage: lineageIn(state), resources: resourcesOf(state) },
  };
}

/** Every region that the record names, that of the environment first; what a person adds last. */
async function regionsOf(
  request: SweepRequest,
  record: EnvironmentRecord | null,
  { place, clients }: EnvironmentPlace,
): Promise<readonly string[]> {
  const main =
    record?.place?.region ??
    regionOf(emptyState, record) ??
    place?.facts.region ??
    (await regionOfClients(clients).catch((cause: unknown) => {
      throw new ProvisionError('credentials-missing', 'no AWS region is set', {
        cause,
        hint: 'Set AWS_REGION.',
      });
    }));
  return [...new Set([main, ...regionsOfRecord(record), ...request.regions])];
}
