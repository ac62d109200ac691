/** What a sweep and the end of a destroy have in common: how the account is asked, and what is known beforehand. */
import type { FoundItem } from '../aws/adapter.ts';
import { type AwsClients, type ClientOptions, createClients, regionOfClients } from '../aws/clients.ts';
import { type ClientsByRegion, createClientsByRegion } from '../aws/clients-by-region.ts';
import { begunThings } from '../direct/begun.ts';
import { isTakenOver } from '../ownership/belongings.ts';
import type { OtherEnvironment } from '../ownership/model.ts';
import { withOrigins } from '../ownership/recorded.ts';
import { createClassifier, type SweepScope } from '../sweep/classify.ts';
import { knownResources, regionOfArn } from '../sweep/known.ts';
import { makeReceipt, type SweepReceipt, toFound } from '../sweep/receipt.ts';
import type { Clock, Host } from '../transfer/host.ts';
import { toProvisionError } from '../transfer/errors.ts';
import type { EnvironmentRecord, RecordedResource } from '../transfer/record.ts';
import type { JournalRow } from '../transfer/store.ts';
import type { TransferContext } from './context.ts';
import { regionOf } from './region.ts';
import { findUnlisted, longestEchoMs, lookTwice, type SecondLook } from './second-look.ts';
import { searchAccount, type SearchResult } from './sweep-search.ts';

interface SearchEnvironmentInput {
  readonly scope: SweepScope;
  readonly record: EnvironmentRecord | null;
  readonly regions: readonly string[];
  readonly clientsFor: (region: string) => AwsClients;
  readonly clock: Clock;
  readonly host: Host;
  readonly signal?: AbortSignal;
  /** When all of the environment was destroyed (ISO 8601, UTC), where that was a moment ago. */
  readonly destroyed?: string;
  /** The environment's own: what was begun, and what was removed a moment ago. */
  readonly journal?: readonly JournalRow[];
}

/**
 * Looks, and removes nothing. Listings lag behind: what the record or the journal has and no listing shows is asked
 * for by itself, and so is everything found, because it may be gone already.
 */
export async function searchEnvironment(input: SearchEnvironmentInput): Promise<SearchResult> {
  const { scope, record, journal = [], destroyed, signal, ...rest } = input;
  const { clientsFor, clock, regions } = rest;
  const classify = createClassifier(scope);
  const shown = shownResources(scope.resources);
  const { looked, things, unreadable, closed } = await searchAccount({
    ...rest,
    classify: (item) => {
      const judgement = classify(item);
      if (judgement.by === 'known' && judgement.verdict === 'ours') shown.add(item);
      return judgement;
    },
    since: record?.created ?? null,
  });
  const recorded = new Set(scope.resources.map(({ address }) => address));
  const unlisted = await findUnlisted({
    resources: shown.others().filter(({ arn }) => !closed.includes(regionOfArn(arn) ?? '')),
    begun: begunThings(journal).filter(({ address }) => !recorded.has(address)),
    regions: regions.filter((region) => !closed.includes(region)),
    classify,
    clientsFor,
  });
  const present = await lookTwice(things, {
    clientsFor,
    clock,
    signal,
    echoes: echoesOf(destroyed, journal),
  });
  const keys = new Set(present.map(({ item: { type, id }, region }) => `${type} ${id} ${region}`));
  return {
    looked,
    things: [
      ...present,
      ...unlisted.things.filter(({ item: { type, id }, region }) => !keys.has(`${type} ${id} ${region}`)),
    ],
    unreadable: [...unreadable, ...unlisted.unreadable],
    closed,
  };
}

/** Which of the recorded resources the listings have shown. */
function shownResources(resources: readonly RecordedResource[]): {
  add(item: FoundItem): void;
  others(): readonly RecordedResource[];
} {
  const addresses = knownResources(resources.map((each) => [each, each.address] as const));
  const seen = new Set<string>();
  return {
    add(item) {
      const address = addresses.ownerOf(item);
      if (address !== undefined) seen.add(address);
    },
    others: () => resources.filter(({ address }) => !seen.has(address)),
  };
}

/** What is known to be deleted, and may still be shown: all of an environment destroyed just now, or single things. */
function echoesOf(end: string | undefined, journal: readonly JournalRow[]): SecondLook['echoes'] {
  const destroyed = end === undefined ? Number.NaN : Date.parse(end);
  const removed = new Map(
    journal.flatMap(({ step, name, phase, at }) =>
      step === 'sweep' && phase === 'end' ? [[name, Date.parse(at)] as const] : [],
    ),
  );
  const times = [destroyed, ...removed.values()].filter((time) => !Number.isNaN(time));
  if (times.length === 0) return undefined;
  return {
    until: Math.max(...times) + longestEchoMs,
    expected: ({ by, item: { type, id } }) =>
      removed.has(`${type} ${id}`) || (by === 'known' && !Number.isNaN(destroyed)),
  };
}

export function regionsOfRecord(record: EnvironmentRecord | null): readonly string[] {
  return [...new Set((record?.resources ?? []).flatMap(({ arn }) => regionOfArn(arn) ?? []))];
}

/**
 * A sweep asks so much that some of it will be throttled: more attempts than other commands need. It has few calls
 * under way at once and waits before each further attempt; a rate limit of the client on top of that made a sweep
 * with three of ten calls throttled last longer than anybody waits.
 */
const sweepAttempts = 10;

export const clientsByRegion = (
  signal: AbortSignal,
  make: (options: ClientOptions) => AwsClients = createClients,
): ClientsByRegion =>
  createClientsByRegion((region) =>
    make({ region, signal, maxAttempts: sweepAttempts, retryMode: 'standard' }),
  );

/** What a record says to be its environment's, and what it only was given. */
export function ownScope(record: EnvironmentRecord | null): Pick<SweepScope, 'resources' | 'takenOver'> {
  const all = record === null ? [] : withOrigins(record.resources, record.accepted);
  return {
    resources: all.filter((thing) => !isTakenOver(thing)),
    takenOver: all.filter(isTakenOver),
  };
}

/** What the other environments have, by their states and by their records. */
export function ownersOf(others: readonly OtherEnvironment[]): SweepScope['others'] {
  return others.map(({ name, inState, recorded }) => ({
    name,
    // What was taken before its apply began was not made by it.
    resources: [...(inState ?? []), ...recorded.filter(({ planned }) => planned?.nameWasFree !== false)],
  }));
}

/**
 * Looks, at the end of a destroy, for what services have left behind. Removes nothing: nobody was shown it.
 *
 * @returns `null` where nothing of the environment lies in AWS; why it could not look, where it could not look at all
 */
export async function lookForLeavings(
  context: TransferContext,
  record: EnvironmentRecord,
): Promise<SweepReceipt | { readonly failed: string } | null> {
  if ((await context.place()) === null) return null;
  const { clock, host, signal } = context;
  const clients = await context.aws();
  const byRegion = clientsByRegion(signal, (options) => clients.with(options));
  try {
    const sourceState = await context.sourceState();
    // A record may be empty, and its source beyond any state: what was left is where the credentials point to.
    const main = record.place?.region ?? regionOf(sourceState, record) ?? (await regionOfClients(clients));
    const regions = [...new Set([main, ...regionsOfRecord(record)])];
    host.notify({ type: 'waiting', what: `looking for what is left (${regions.join(', ')})` });
    const { looked, things, unreadable } = await searchEnvironment({
      scope: {
        environment: record.name,
        ...ownScope(record),
        others: ownersOf(await context.neighbours()),
      },
      record,
      destroyed: record.updated,
      regions,
      clientsFor: byRegion.clientsFor,
      clock,
      host,
      signal,
      journal: await context.store.readJournal(record.name),
    });
    const found = things.map((thing) =>
      toFound(thing, thing.item.leaving === undefined ? 'found' : 'pending', thing.item.leaving ?? null),
    );
    return makeReceipt(record.name, 'look', looked, found, unreadable);
  } catch (thrown) {
    signal.throwIfAborted();
    return { failed: toProvisionError(thrown).message };
  } finally {
    byRegion.close();
  }
}
