/** Finds what an environment consists of in the account itself: by names and tags, each with its parts. */
import {
  type CheckedResource,
  type FoundItem,
  type ServiceAdapter,
  toResource,
  type WholeAdapter,
} from '../aws/adapter.ts';
import { mapBounded } from '../aws/bounded.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { DescribedResource, Describer } from '../aws/describe.ts';
import { describerOf } from '../aws/describe/index.ts';
import { awsError } from '../aws/errors.ts';
import { adapterOf, services } from '../aws/registry.ts';
import {
  isFoundByTag,
  resourcesTagged,
  tagKeys,
  taggedResources,
  type TaggedResources,
} from '../aws/tagged.ts';
import { ownershipTag } from '../sweep/classify.ts';
import { isLiveAddress } from '../terraform/types/live.ts';
import type { Clock, Host } from '../transfer/host.ts';
import type { EnvironmentRecord, RecordedResource } from '../transfer/record.ts';
import { type Identified, knownResources } from '../sweep/known.ts';
import { progressOf, searchProgress } from './search-progress.ts';

export interface LiveSearch {
  /** Name of the environment. */
  readonly environment: string;
  /** Whether a text names it. */
  readonly names: (text: string) => boolean;
  /** What stands in the states and records of any environment: managed by something else, or somebody else's. */
  readonly known: readonly RecordedResource[];
  /**
   * What should be there: with the environment's own record, or from an earlier look. Listings lag behind, so what
   * they do not show of it is asked for by itself.
   */
  readonly expected?: readonly RecordedResource[];
  readonly clients: AwsClients;
  readonly clock: Clock;
  readonly host: Host;
}

export interface NotRead {
  readonly type: string;
  readonly name: string | null;
  readonly reason: string;
  readonly permission: string | null;
}

export interface LiveFound {
  readonly resources: readonly DescribedResource[];
  /** Bears the name of the environment, and nobody can describe it: it is not copied. */
  readonly notDescribed: readonly { readonly type: string; readonly name: string }[];
  readonly unreadable: readonly NotRead[];
  /** What was described, as it can be asked for again. */
  readonly seen: readonly RecordedResource[];
}

/** What the direct engine has made of an environment, by its record. */
export function recordedLive(
  records: readonly EnvironmentRecord[],
  environment: string,
): readonly RecordedResource[] {
  const resources = records.find(({ name }) => name === environment)?.resources ?? [];
  return resources.filter(({ address }) => isLiveAddress(address));
}

/** Below where AWS throttles what a person's own tools need too. */
const atOnce = 8;

/** Tags by which teams tell environments apart. */
const environmentTag = /^(?:env|environment|environment[-_]?name|stage)$/i;

/** Data of the source, and what services make for what the environment is made of: nobody copies them. */
const madeByServices: ReadonlySet<string> = new Set([
  'aws_ecr_image',
  'aws_network_interface',
  'aws_dynamodb_backup',
  'aws_db_snapshot',
  'aws_db_cluster_snapshot',
  'aws_rds_cluster_automated_backup',
  'aws_db_instance_automated_backup',
]);

/**
 * A look through a whole account is throttled now and then: it waits call by call, because a rate limit of the client
 * on top of that would last longer than anybody waits.
 */
const patient = { maxAttempts: 10, retryMode: 'standard' } as const;

/** @throws ProvisionError where nothing can be read at all: no or expired credentials, an interrupt */
export async function searchLive(search: LiveSearch): Promise<LiveFound> {
  const clients = search.clients.with(patient);
  try {
    return await searchWith(clients, search);
  } finally {
    clients.close();
  }
}

interface Wanted {
  readonly resource: CheckedResource;
  readonly describer: Describer;
}

async function searchWith(clients: AwsClients, search: LiveSearch): Promise<LiveFound> {
  const { host, environment, known, expected = [] } = search;
  const unreadable: NotRead[] = [];
  const notDescribed: { type: string; name: string }[] = [];
  host.notify({ type: 'waiting', what: `looking through the account for what belongs to ${environment}` });
  const elsewhere = knownResources(known.map((resource) => [resource, true] as const));
  const look: Look = {
    search,
    clients,
    unreadable,
    unnamed: [],
    isElsewhere: (thing) => elsewhere.ownerOf(thing) !== undefined,
    tagged: await readEnvironmentTags(clients, environment),
    progress: searchProgress(search),
  };
  const kinds = services.flatMap(({ scope, types }) =>
    types.flatMap(({ whole }) => (whole === null ? [] : [{ whole, scope }])),
  );
  const named = await mapBounded(kinds, atOnce, (kind) => listOwn(kind, look));
  const listed = [...named, withinOwn(named.flat(), look.unnamed)];
  const jobs: Wanted[] = [];
  for (const item of listed.flat()) {
    const describer = describerOf(item.type);
    if (describer) jobs.push({ resource: toResource(item), describer });
    else if (!madeByServices.has(item.type)) notDescribed.push({ type: item.type, name: item.name });
  }
  const shown = knownResources(jobs.map(({ resource }) => [resource, true] as const));
  for (const resource of expected) {
    // A part is read with what it is a part of.
    const describer = adapterOf(resource.type)?.whole ? describerOf(resource.type) : null;
    if (describer && shown.ownerOf(resource) === undefined && !look.isElsewhere(resource))
      jobs.push({ resource, describer });
  }
  let done = 0;
  const tell = progressOf(search, () => `reading what belongs to ${environment}: ${done} of ${jobs.length}`);
  const seen: RecordedResource[] = [];
  const described = await mapBounded(jobs, atOnce, async ({ resource, describer }) => {
    const found = await describer.describe(resource, clients).catch((error: unknown) => {
      throw awsError(error, `describing ${resource.type} ${nameOf(resource)}`);
    });
    done += 1;
    tell();
    // Gone since it was listed: it is no part of the environment any more.
    if (found.state === 'absent') return [];
    seen.push(resource);
    if (found.state === 'described') return found.resources;
    unreadable.push({
      type: resource.type,
      name: nameOf(resource),
      reason: found.reason,
      permission: found.permission ?? null,
    });
    return [];
  });
  return { resources: uniqueOf(described.flat()), notDescribed, unreadable, seen };
}

const nameOf = ({ identity, id, type }: RecordedResource): string => identity ?? id ?? type;

interface Look {
  readonly search: LiveSearch;
  readonly clients: AwsClients;
  readonly unreadable: NotRead[];
  /** Bears no name, and no tag that says an environment: it may lie in what does. */
  readonly unnamed: FoundItem[];
  readonly isElsewhere: (thing: Identified) => boolean;
  /** Everything of the region with a tag that says the environment; `null` where that cannot be read. */
  readonly tagged: TaggedResources | null;
  readonly progress: ReturnType<typeof searchProgress>;
}

interface Kind {
  readonly whole: WholeAdapter;
  readonly scope: ServiceAdapter['scope'];
}

async function listOwn({ whole, scope }: Kind, look: Look): Promise<readonly FoundItem[]> {
  const { names, environment } = look.search;
  const { clients, tagged } = look;
  const own: FoundItem[] = [];
  const open: FoundItem[] = [];
  const cannot = (
    name: string | null,
    { reason, permission }: { reason: string; permission?: string },
  ): void => {
    look.unreadable.push({ type: whole.type, name, reason, permission: permission ?? null });
  };
  const bearsName = ({ name, id }: FoundItem): boolean => names(name) || names(id);
  const judge = (item: FoundItem): boolean => {
    const mark = item.tags?.[ownershipTag];
    if (mark !== undefined) return mark === environment;
    const told = Object.entries(item.tags ?? {}).filter(([key]) => environmentTag.test(key));
    // A tag says it more surely than a name.
    if (told.length > 0) return told.some(([, value]) => value === environment);
    return bearsName(item);
  };
  /**
   * Asking each of thousands of things for its tags takes minutes: what does not bear the name, and is none of those
   * that the tagging API has found, is not ours. That API does not know everything, and knows one region.
   */
  const mayBeOwn = (item: FoundItem): boolean =>
    tagged === null ||
    scope === 'global' ||
    !isFoundByTag(item) ||
    bearsName(item) ||
    tagged.find(item, whole.service, '') !== undefined;
  try {
    const outcome = await whole.list(clients, (item) => {
      look.progress.seen();
      if (item.leaving !== undefined || look.isElsewhere(item)) return;
      if (!whole.tagsApart || item.tags !== undefined) {
        if (judge(item)) own.push(item);
        else if (whole.service === 'ec2' && isUnmarked(item)) look.unnamed.push(item);
      } else if (mayBeOwn(item)) open.push(item);
    });
    if (outcome.state === 'unreadable') cannot(null, outcome);
    await mapBounded(open, atOnce, async (item) => {
      const answer = await whole.tagged(item, clients);
      if ('state' in answer) {
        // Without its tags its name alone tells.
        if (judge(item)) own.push(item);
        cannot(item.name, answer);
      } else if (judge(answer)) own.push(answer);
    });
  } catch (error) {
    throw awsError(error, `listing ${whole.type}`);
  }
  look.progress.ended();
  return own;
}

/** Everything that has a tag with the environment's name under one of the keys that teams use for that. */
async function readEnvironmentTags(
  clients: AwsClients,
  environment: string,
): Promise<TaggedResources | null> {
  try {
    const keys = new Set([ownershipTag]);
    const known = await tagKeys(clients, (key) => {
      if (environmentTag.test(key)) keys.add(key);
    });
    if (known.state === 'unreadable') return null;
    const tagged = taggedResources();
    const outcomes = await mapBounded([...keys], atOnce, (key) =>
      resourcesTagged(clients, { key, values: [environment] }, (arn, tags) => tagged.add(arn, tags)),
    );
    return outcomes.every(({ state }) => state === 'complete') ? tagged : null;
  } catch (error) {
    throw awsError(error, 'looking for tagged resources');
  }
}

const isUnmarked = ({ tags = {} }: FoundItem): boolean =>
  tags[ownershipTag] === undefined && !Object.keys(tags).some((key) => environmentTag.test(key));

/**
 * What bears no name of its own, and is a part of what does: all that lies in a network of the environment, and the
 * addresses of its gateways. Without it a copy of the network would be another one.
 */
function withinOwn(own: readonly FoundItem[], unnamed: readonly FoundItem[]): readonly FoundItem[] {
  const networks = new Set(own.flatMap(({ type, id }) => (type === 'aws_vpc' ? [id] : [])));
  if (networks.size === 0) return [];
  const inside = unnamed.filter(({ uses = [] }) => uses.some((used) => networks.has(used)));
  const gateways = [...own, ...inside].filter(({ type }) => type === 'aws_nat_gateway');
  const used = new Set(gateways.flatMap(({ uses = [] }) => uses));
  const addresses = unnamed.filter(({ type, id }) => type === 'aws_eip' && used.has(id));
  return [...new Set([...inside, ...addresses])];
}

/** A queue's policy is a part of the queue, and may be found in two ways. */
function uniqueOf(resources: readonly DescribedResource[]): readonly DescribedResource[] {
  return [
    ...new Map(
      resources.map((each) => [`${each.type} ${each.id} ${JSON.stringify(each.values)}`, each]),
    ).values(),
  ];
}
