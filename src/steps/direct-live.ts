/** Finds what an environment consists of in the account itself: by names and tags, each with its parts. */
import type { FoundItem, WholeAdapter } from '../aws/adapter.ts';
import { toResource } from '../aws/adapter.ts';
import { mapBounded } from '../aws/bounded.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { DescribedResource, Describer } from '../aws/describe.ts';
import { describerOf } from '../aws/describe/index.ts';
import { awsError } from '../aws/errors.ts';
import { services } from '../aws/registry.ts';
import { ownershipTag } from '../sweep/classify.ts';
import type { Host } from '../transfer/host.ts';
import type { RecordedResource } from '../transfer/record.ts';
import { knownResources } from '../sweep/known.ts';

export interface LiveSearch {
  /** Name of the environment. */
  readonly environment: string;
  /** Whether a text names it. */
  readonly names: (text: string) => boolean;
  /** What stands in the states and records of any environment: managed by something else, or somebody else's. */
  readonly known: readonly RecordedResource[];
  readonly clients: AwsClients;
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
}

/** Below where AWS throttles what a person's own tools need too. */
const atOnce = 8;

/** Tags by which teams tell environments apart. */
const environmentTag = /^(?:env|environment|environment[-_]?name|stage)$/i;

/** Data of the source, and what services make for what the environment is made of: nobody copies them. */
const madeByServices: ReadonlySet<string> = new Set([
  'aws_network_interface',
  'aws_dynamodb_backup',
  'aws_db_snapshot',
  'aws_db_cluster_snapshot',
  'aws_rds_cluster_automated_backup',
  'aws_db_instance_automated_backup',
]);

/** @throws ProvisionError where nothing can be read at all: no or expired credentials, an interrupt */
export async function searchLive(search: LiveSearch): Promise<LiveFound> {
  const { clients, host } = search;
  const unreadable: NotRead[] = [];
  const notDescribed: { type: string; name: string }[] = [];
  const wholes = services.flatMap(({ types }) => types.flatMap(({ whole }) => whole ?? []));
  host.notify({
    type: 'waiting',
    what: `looking through the account for what belongs to ${search.environment}`,
  });
  const unnamed: FoundItem[] = [];
  const named = await mapBounded(wholes, atOnce, (whole) => listOwn(whole, search, unreadable, unnamed));
  const listed = [...named, withinOwn(named.flat(), unnamed)];
  const jobs: { item: FoundItem; describer: Describer }[] = [];
  for (const item of listed.flat()) {
    const describer = describerOf(item.type);
    if (describer) jobs.push({ item, describer });
    else if (!madeByServices.has(item.type)) notDescribed.push({ type: item.type, name: item.name });
  }
  const described = await mapBounded(jobs, atOnce, async ({ item, describer }) => {
    const found = await describer.describe(toResource(item), clients).catch((error: unknown) => {
      throw awsError(error, `describing ${item.type} ${item.name}`);
    });
    // Gone since it was listed: it is no part of the environment any more.
    if (found.state === 'absent') return [];
    if (found.state === 'described') return found.resources;
    unreadable.push({
      type: item.type,
      name: item.name,
      reason: found.reason,
      permission: found.permission ?? null,
    });
    return [];
  });
  return { resources: uniqueOf(described.flat()), notDescribed, unreadable };
}

async function listOwn(
  whole: WholeAdapter,
  { names, environment, known, clients }: LiveSearch,
  unreadable: NotRead[],
  unnamed: FoundItem[],
): Promise<readonly FoundItem[]> {
  const elsewhere = knownResources(known.map((resource) => [resource, true] as const));
  const own: FoundItem[] = [];
  const open: FoundItem[] = [];
  const cannot = (
    name: string | null,
    { reason, permission }: { reason: string; permission?: string },
  ): void => {
    unreadable.push({ type: whole.type, name, reason, permission: permission ?? null });
  };
  const judge = (item: FoundItem): boolean => {
    const mark = item.tags?.[ownershipTag];
    if (mark !== undefined) return mark === environment;
    const told = Object.entries(item.tags ?? {}).filter(([key]) => environmentTag.test(key));
    // A tag says it more surely than a name.
    if (told.length > 0) return told.some(([, value]) => value === environment);
    return names(item.name) || names(item.id);
  };
  try {
    const outcome = await whole.list(clients, (item) => {
      if (item.leaving !== undefined || elsewhere.ownerOf(item) !== undefined) return;
      if (whole.tagsApart && item.tags === undefined) open.push(item);
      else if (judge(item)) own.push(item);
      else if (whole.service === 'ec2' && isUnmarked(item)) unnamed.push(item);
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
  return own;
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
