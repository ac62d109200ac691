/**
 * Asks the account whether the names of what is planned are free. What cannot be read is told as such: nobody may
 * take it for free.
 */
import { type FoundItem, type Presence, unreadable } from './adapter.ts';
import { mapBounded } from './bounded.ts';
import { checkResources } from './check.ts';
import { type AwsClients, regionOfClients } from './clients.ts';
import type { Place } from '../transfer/place.ts';
import { awsError, classify, errorCode } from './errors.ts';
import { needsPlace, type PlannedThing, type Question, questionFor } from './planned.ts';
import { adapterOf } from './registry.ts';

export type NameAnswer =
  | { readonly state: 'free' }
  /** It is there. `item` has its tags where they could be read. */
  | {
      readonly state: 'taken';
      readonly item: FoundItem;
      readonly condition: 'there' | 'leaving';
      /** Until when it is leaving, or in which region it lies. */
      readonly detail?: string;
    }
  /** Somebody else's account has it: only for names that are unique over all accounts. */
  | { readonly state: 'foreign'; readonly detail: string }
  | { readonly state: 'unreadable'; readonly reason: string; readonly permission?: string }
  | { readonly state: 'not-asked'; readonly reason: string };

/** Owners read side by side; few names are taken. */
const ownersAtOnce = 8;

/**
 * One answer for each thing, in its order. Nothing is asked twice, at most 16 at once.
 *
 * @throws ProvisionError where nothing could be read at all: no or expired credentials, no region, an interrupt
 */
export async function askNames(
  things: readonly PlannedThing[],
  clients: AwsClients,
): Promise<readonly NameAnswer[]> {
  const place = things.some(needsPlace) ? await placeOf(clients) : null;
  const questions = things.map((thing) => questionFor(thing, place));
  const byId = questions.flatMap((question) =>
    question?.by === 'id' && question.resource.type !== 'aws_s3_bucket' ? [question.resource] : [],
  );
  const presences = new Map<object, Presence>(
    (await checkResources(byId, clients)).map(({ resource, presence }) => [resource, presence]),
  );
  const listings = new Map<string, Promise<Listing>>();
  return mapBounded(
    things.map((thing, index) => ({ thing, question: questions[index] ?? null })),
    ownersAtOnce,
    async ({ thing, question }): Promise<NameAnswer> => {
      try {
        if (question === null) return notAsked(thing, place);
        if (question.by === 'name') return await byName(thing.type, question, listings, clients);
        const { resource } = question;
        if (resource.type === 'aws_s3_bucket') return await bucket(resource.id ?? '', clients);
        const presence = presences.get(resource) ?? { state: 'not-asked', reason: 'nobody asked' };
        if (presence.state === 'absent') return { state: 'free' };
        if (presence.state === 'not-applicable')
          return { state: 'not-asked', reason: 'nothing in the cloud' };
        if (presence.state !== 'present') return presence;
        const { detail, condition } = presence;
        const { type, id, arn, attributes } = resource;
        const item: FoundItem = {
          type,
          id: id ?? '',
          name: nameOf(id ?? ''),
          ...(arn === null ? {} : { arn }),
          ...(attributes === undefined ? {} : { attributes }),
        };
        return {
          state: 'taken',
          item: await withOwner(item, listings, clients),
          condition: condition === 'leaving' ? 'leaving' : 'there',
          ...(detail === undefined || detail === '' ? {} : { detail }),
        };
      } catch (error) {
        throw awsError(error, `asking whether the name of ${thing.address} is free`);
      }
    },
  );
}

/** Where the clients' calls go; `null` where the account does not say. Needs no permission. */
async function placeOf(clients: AwsClients): Promise<Place | null> {
  try {
    const [identity, region] = await Promise.all([clients.identity(), regionOfClients(clients)]);
    return { ...identity, region };
  } catch (error) {
    // Ends the run where it concerns the session; else those that need the account are unreadable.
    try {
      unreadable(error, ['sts:GetCallerIdentity']);
    } catch {
      throw awsError(error, 'asking which account this is');
    }
    return null;
  }
}

function notAsked(thing: PlannedThing, place: Place | null): NameAnswer {
  return place === null && needsPlace(thing)
    ? {
        state: 'unreadable',
        reason: 'which account this is could not be read',
        permission: 'sts:GetCallerIdentity',
      }
    : { state: 'not-asked', reason: `nothing to ask by for type ${thing.type}` };
}

interface Listing {
  readonly items: readonly FoundItem[];
  readonly failure: { readonly reason: string; readonly permission?: string } | null;
}

/** Everything of a type, read once. */
function listingOf(
  type: string,
  listings: Map<string, Promise<Listing>>,
  clients: AwsClients,
): Promise<Listing> {
  let listing = listings.get(type);
  if (!listing) {
    listing = readListing(type, clients);
    listings.set(type, listing);
  }
  return listing;
}

async function readListing(type: string, clients: AwsClients): Promise<Listing> {
  const items: FoundItem[] = [];
  const whole = adapterOf(type)?.whole;
  if (!whole) return { items, failure: { reason: `no adapter lists type ${type}` } };
  const outcome = await whole.list(clients, (item) => items.push(item));
  return { items, failure: outcome.state === 'unreadable' ? outcome : null };
}

async function byName(
  type: string,
  { name, within }: Extract<Question, { by: 'name' }>,
  listings: Map<string, Promise<Listing>>,
  clients: AwsClients,
): Promise<NameAnswer> {
  const { items, failure } = await listingOf(type, listings, clients);
  // IAM does not tell upper from lower case.
  const same = (other: string): boolean =>
    type.startsWith('aws_iam_') ? other.toLowerCase() === name.toLowerCase() : other === name;
  const found = items.find(
    (item) => same(item.name) && (within === null || (item.uses ?? []).includes(within)),
  );
  if (found) {
    return { state: 'taken', condition: 'there', item: await withOwner(found, listings, clients) };
  }
  if (failure === null) return { state: 'free' };
  const { reason, permission } = failure;
  return { state: 'unreadable', reason, ...(permission === undefined ? {} : { permission }) };
}

/** The thing with its tags, from wherever the service tells them; as it is where nobody may read them. */
async function withOwner(
  item: FoundItem,
  listings: Map<string, Promise<Listing>>,
  clients: AwsClients,
): Promise<FoundItem> {
  const whole = adapterOf(item.type)?.whole;
  if (!whole || item.tags !== undefined) return item;
  const answer = await whole.tagged(item, clients);
  if (!('state' in answer) && answer.tags !== undefined) return answer;
  if (whole.tagsApart) return item;
  const { items } = await listingOf(item.type, listings, clients);
  return items.find(({ id, name, arn }) => id === item.id || name === item.id || arn === item.id) ?? item;
}

/**
 * The names of buckets are unique over all accounts and regions (of a partition), so "forbidden" says that it is
 * taken: the service answers 404 only for a name that nobody has.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
async function bucket(Bucket: string, clients: AwsClients): Promise<NameAnswer> {
  const s3 = await clients.get('s3');
  const item: FoundItem = { type: 'aws_s3_bucket', id: Bucket, name: Bucket, arn: `arn:aws:s3:::${Bucket}` };
  try {
    const [{ BucketRegion }, region] = await Promise.all([
      s3.headBucket({ Bucket }),
      regionOfClients(clients),
    ]);
    return {
      state: 'taken',
      condition: 'there',
      item: await withOwner(item, new Map(), clients),
      ...(BucketRegion === undefined || BucketRegion === region
        ? {}
        : { detail: `in the region ${BucketRegion}` }),
    };
  } catch (error) {
    const failure = classify(error, ['404', 'NoSuchBucket', 'NotFound']);
    if (failure.kind === 'not-found') return { state: 'free' };
    if (['301', 'PermanentRedirect', 'AuthorizationHeaderMalformed'].includes(errorCode(error)))
      return { state: 'taken', condition: 'there', item, detail: 'in another region' };
    if (failure.kind !== 'denied') return unreadable(error, ['s3:ListBucket']);
    const { items, failure: unlisted } = await listingOf('aws_s3_bucket', new Map(), clients);
    if (items.some(({ name }) => name === Bucket)) return { state: 'taken', condition: 'there', item };
    return {
      state: 'foreign',
      detail:
        unlisted === null
          ? 'another account has a bucket of that name'
          : 'a bucket of that name exists, and these credentials may not look at it',
    };
  }
}

/** The last part of an ARN, any other id as it is. */
const nameOf = (id: string): string => (id.startsWith('arn:') ? id.slice(id.lastIndexOf(':') + 1) : id);
