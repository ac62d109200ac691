/** Looks through the account: every type that can be left behind, in every region of the environment, to the end. */
import type { FoundItem, WholeAdapter } from '../aws/adapter.ts';
import { mapBounded } from '../aws/bounded.ts';
import type { AwsClients } from '../aws/clients.ts';
import { awsError, classify as classifyError } from '../aws/errors.ts';
import { services } from '../aws/registry.ts';
import {
  isListed,
  outsideTagging,
  resourcesTagged,
  type TagFilter,
  taggedResources,
  type TaggedResources,
} from '../aws/tagged.ts';
import { type Judgement, ownershipTag } from '../sweep/classify.ts';
import type { LookedAt, SweepThing, Unreadable } from '../sweep/receipt.ts';
import type { Clock, Host } from '../transfer/host.ts';
import { searchProgress } from './search-progress.ts';

export interface SearchInput {
  readonly regions: readonly string[];
  readonly clientsFor: (region: string) => AwsClients;
  /** `region` is `global` for what belongs to none. */
  readonly classify: (item: FoundItem, region: string) => Judgement;
  /** Tags by which the tagging API is asked; the ownership tag if absent. */
  readonly tags?: readonly TagFilter[];
  /** When the environment was made (ISO 8601): what is older cannot be its. `null` where nobody knows. */
  readonly since: string | null;
  readonly clock: Clock;
  readonly host: Host;
}

export interface SearchResult {
  readonly looked: readonly LookedAt[];
  readonly things: readonly SweepThing[];
  readonly unreadable: readonly Unreadable[];
  /** Of the regions, those that take no calls of this account: nothing in them was looked at. */
  readonly closed: readonly string[];
}

/** Listings side by side: below where AWS throttles what a person's own tools need too. */
const atOnce = 8;

/** Tags that are asked for one by one. */
const tagsAtOnce = 8;

/** Where the tagging API keeps what belongs to no region. */
const globalRegion = 'us-east-1';

/** Clocks differ, and a role may have been made a little before the record was. */
const skewMs = 3_600_000;

/**
 * @throws ProvisionError where nothing can be read at all: no or expired credentials, an interrupt
 */
export async function searchAccount(asked: SearchInput): Promise<SearchResult> {
  const { clientsFor } = asked;
  const closed = await closedRegions(asked.regions, clientsFor);
  const regions = asked.regions.filter((region) => !closed.includes(region));
  const input = { ...asked, regions };
  const unreadable = closed.map((region): Unreadable => ({
    service: 'sts',
    type: 'everything in the region',
    region,
    reason: 'the region is not enabled for this account, or refuses its credentials',
    permission: null,
  }));
  const tagged = await readTags(input, unreadable);
  const progress = searchProgress(input);
  const jobs = services.flatMap(({ scope, types }) =>
    types.flatMap(({ whole }) =>
      whole === null
        ? []
        : (scope === 'global' ? regions.slice(0, 1) : regions).map((region) => ({
            whole,
            region: scope === 'global' ? 'global' : region,
            clients: clientsFor(region),
          })),
    ),
  );
  const listed = new Set<string>();
  const results = await mapBounded(jobs, atOnce, async (job) => {
    const result = await searchType(job, input, tagged, (arn) => {
      if (arn !== null) listed.add(arn);
      progress.seen();
    });
    progress.ended();
    return result;
  });
  return {
    looked: results.map(({ looked }) => looked),
    things: [...results.flatMap(({ things }) => things), ...unlisted(tagged, listed, input)],
    unreadable: [...unreadable, ...results.flatMap((each) => each.unreadable)],
    closed,
  };
}

/**
 * A region that is not enabled says of good credentials that they are not valid. Those that the first region takes are
 * good: what another says of them is said of the region.
 * https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
async function closedRegions(
  regions: readonly string[],
  clientsFor: SearchInput['clientsFor'],
): Promise<readonly string[]> {
  const [main, ...others] = regions;
  if (main === undefined || others.length === 0) return [];
  const refuses = async (region: string): Promise<boolean> => {
    try {
      await (await clientsFor(region).get('sts')).getCallerIdentity({});
      return false;
    } catch (error) {
      return classifyError(error).kind === 'credentials-expired';
    }
  };
  if (await refuses(main)) return [];
  const answers = await mapBounded(others, atOnce, async (region) =>
    (await refuses(region)) ? region : null,
  );
  return answers.filter((region) => region !== null);
}

interface Job {
  readonly whole: WholeAdapter;
  readonly region: string;
  readonly clients: AwsClients;
}

async function searchType(
  { whole, region, clients }: Job,
  { classify, since }: SearchInput,
  tagged: TaggedResources,
  /** `arn` of what has an ownership tag. */
  onItem: (arn: string | null) => void,
): Promise<{ looked: LookedAt; things: SweepThing[]; unreadable: Unreadable[] }> {
  const { type, service } = whole;
  const things: SweepThing[] = [];
  const asked: FoundItem[] = [];
  let seen = 0;
  const keep = (item: FoundItem): void => {
    const { verdict, reason, by } = classify(item, region);
    if (verdict !== 'foreign' && verdict !== 'unrelated') things.push({ item, region, verdict, reason, by });
  };
  const unreadable: Unreadable[] = [];
  const couldNot = (outcome: { reason: string; permission?: string }): void => {
    const { reason, permission = null } = outcome;
    if (!unreadable.some((each) => each.reason === reason))
      unreadable.push({ service, type, region, reason, permission });
  };
  try {
    const outcome = await whole.list(clients, (found) => {
      seen += 1;
      // Only what bears an ownership tag is among them: for all else the listing's own word stands.
      const mark = tagged.find(found, service, region);
      const item =
        mark === undefined ? found : { ...found, arn: mark.arn, tags: { ...found.tags, ...mark.tags } };
      onItem(mark?.arn ?? null);
      if (mayHaveTags(item, whole, since) && needsTags(item, region, classify)) asked.push(item);
      else keep(item);
    });
    if (outcome.state === 'unreadable') couldNot(outcome);
    await mapBounded(asked, tagsAtOnce, async (item) => {
      const answer = await whole.tagged(item, clients);
      if ('state' in answer) couldNot(answer);
      keep('state' in answer ? item : answer);
    });
  } catch (error) {
    throw awsError(error, `looking at ${type}`);
  }
  return { looked: { service, type, region, seen }, things, unreadable };
}

/** Tags decide only over what would be suspected, and over what the tagging API does not know. */
function needsTags(item: FoundItem, region: string, classify: SearchInput['classify']): boolean {
  const { verdict } = classify(item, region);
  return verdict === 'suspected' || (verdict === 'unrelated' && outsideTagging.has(item.type));
}

function mayHaveTags(item: FoundItem, whole: WholeAdapter, since: string | null): boolean {
  if (!whole.tagsApart || item.tags !== undefined) return false;
  if (since === null || item.createdAt === undefined) return true;
  return Date.parse(item.createdAt) >= Date.parse(since) - skewMs;
}

/** Everything with one of the tags, whoever's: by ARN. */
async function readTags(input: SearchInput, unreadable: Unreadable[]): Promise<TaggedResources> {
  const { regions, clientsFor, tags: filters = [{ key: ownershipTag }] } = input;
  const tagged = taggedResources();
  const asked = [...new Set([...regions, globalRegion])].flatMap((region) =>
    filters.map((filter) => ({ region, filter })),
  );
  await mapBounded(asked, atOnce, async ({ region, filter }) => {
    try {
      const outcome = await resourcesTagged(clientsFor(region), filter, (arn, tags) => tagged.add(arn, tags));
      if (
        outcome.state === 'unreadable' &&
        !unreadable.some((each) => each.region === region && each.reason === outcome.reason)
      ) {
        const { reason, permission = null } = outcome;
        unreadable.push({ service: 'tagging', type: 'tags', region, reason, permission });
      }
    } catch (error) {
      throw awsError(error, 'looking for tagged resources');
    }
  });
  return tagged;
}

/** What has our tag and is of a kind that nobody here can list: it can be told of, and not removed. */
function unlisted(
  tagged: TaggedResources,
  listed: ReadonlySet<string>,
  { classify }: SearchInput,
): SweepThing[] {
  return [...tagged.entries()].flatMap(([arn, tags]) => {
    if (listed.has(arn) || isListed(arn)) return [];
    const [, , service = '', place = ''] = arn.split(':');
    const region = place || 'global';
    const name = arn.slice(Math.max(arn.lastIndexOf(':'), arn.lastIndexOf('/')) + 1);
    const item = { type: service, id: arn, name, arn, tags };
    const { verdict, reason, by } = classify(item, region);
    return verdict === 'foreign' || verdict === 'unrelated' ? [] : [{ item, region, verdict, reason, by }];
  });
}
