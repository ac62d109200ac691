/**
 * What the Resource Groups Tagging API knows: everything with a tag, over all services, in a few calls. It does not
 * know all of them, and it remembers what is deleted for a while.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
 */
import type { FoundItem, ListOutcome } from './adapter.ts';
import type { AwsClients } from './clients.ts';
import { classify, describeFailure, isFatal } from './errors.ts';
import { pages, tagsFrom } from './listing.ts';
import { services } from './registry.ts';

const action = 'tag:GetResources';

const keysAction = 'tag:GetTagKeys';

/** The IAM actions that asking for tagged resources calls. */
export const taggingActions: readonly string[] = [action];

/** The one that asking for the keys in use calls. */
export const tagKeysActions: readonly string[] = [keysAction];

/** Taggable types that it does not cover: their tags have to be asked for one by one. */
export const outsideTagging: ReadonlySet<string> = new Set(['aws_iam_role', 'aws_iam_user']);

/** Services whose ARNs say another name than the adapter. */
const arnServices: Readonly<Record<string, string>> = { events: 'eventbridge', states: 'sfn' };

/** Kinds of EC2 that are listed; of the other services the adapter lists all that can be left behind. */
const ec2Kinds =
  /^(?:vpc|subnet|security-group|vpc-endpoint|natgateway|network-interface|instance|internet-gateway|elastic-ip|network-acl|launch-template|key-pair|route-table)\//;

/** True for what an adapter lists: if it was not listed, it is gone, whatever the tagging API says. */
export function isListed(arn: string): boolean {
  const [, , service = '', , , ...resource] = arn.split(':');
  const adapter = arnServices[service] ?? service;
  if (!services.some((each) => each.service === adapter)) return false;
  return adapter !== 'ec2' || ec2Kinds.test(resource.join(':'));
}

/** Types whose listing gives no ARN, with the end of theirs. */
const arnEnds: Readonly<Record<string, (name: string) => string>> = {
  aws_dynamodb_table: (name) => `table/${name}`,
  aws_sqs_queue: (name) => name,
  aws_ssm_parameter: (name) => `parameter${name.startsWith('/') ? '' : '/'}${name}`,
};

/** True for what is found again among the tagged resources, if it is one: all else has to be asked for its tags. */
export const isFoundByTag = ({ type, arn }: FoundItem): boolean =>
  !outsideTagging.has(type) && (arn !== undefined || arnEnds[type] !== undefined);

/** The tagged resources, found again by ARN, or by what makes up an ARN. */
export interface TaggedResources {
  add(arn: string, tags: Readonly<Record<string, string>>): void;
  /** The ARN and tags of something listed, if it is among them; `''` for the region where all are of one. */
  find(
    item: FoundItem,
    service: string,
    region: string,
  ): { readonly arn: string; readonly tags: Readonly<Record<string, string>> } | undefined;
  entries(): Iterable<readonly [string, Readonly<Record<string, string>>]>;
}

export function taggedResources(): TaggedResources {
  const byArn = new Map<string, Readonly<Record<string, string>>>();
  const byPlace = new Map<string, string>();
  return {
    add(arn, tags) {
      const [, , service = '', region = '', , ...resource] = arn.split(':');
      byArn.set(arn, tags);
      byPlace.set(`${service} ${region} ${resource.join(':')}`, arn);
      byPlace.set(`${service}  ${resource.join(':')}`, arn);
    },
    find({ type, arn, name }, service, region) {
      const end = arnEnds[type]?.(name);
      const found = arn ?? (end === undefined ? undefined : byPlace.get(`${service} ${region} ${end}`));
      const tags = found === undefined ? undefined : byArn.get(found);
      return found === undefined || tags === undefined ? undefined : { arn: found, tags };
    },
    entries: () => byArn,
  };
}

/** A tag that is looked for: by its key, and where values are given by one of these. */
export interface TagFilter {
  readonly key: string;
  readonly values?: readonly string[];
}

/** Visits every resource of the clients' region that has the tag, with all its tags. */
export async function resourcesTagged(
  clients: AwsClients,
  { key, values = [] }: TagFilter,
  visit: (arn: string, tags: Readonly<Record<string, string>>) => void,
): Promise<ListOutcome> {
  try {
    const client = await clients.get('tagging');
    for await (const { ResourceTagMappingList = [] } of pages(
      (PaginationToken) =>
        client.getResources({
          PaginationToken,
          ResourcesPerPage: 100,
          TagFilters: [{ Key: key, ...(values.length === 0 ? {} : { Values: [...values] }) }],
        }),
      (page) => page.PaginationToken,
    )) {
      for (const { ResourceARN, Tags } of ResourceTagMappingList)
        if (ResourceARN !== undefined) visit(ResourceARN, tagsFrom(Tags ?? []));
    }
    return { state: 'complete' };
  } catch (error) {
    return couldNotRead(error, action);
  }
}

/** Visits every key that a tag in the clients' region has. */
export async function tagKeys(clients: AwsClients, visit: (key: string) => void): Promise<ListOutcome> {
  try {
    const client = await clients.get('tagging');
    for await (const { TagKeys = [] } of pages(
      (PaginationToken) => client.getTagKeys({ PaginationToken }),
      (page) => page.PaginationToken,
    ))
      TagKeys.forEach(visit);
    return { state: 'complete' };
  } catch (error) {
    return couldNotRead(error, keysAction);
  }
}

/** @throws what concerns the whole session */
function couldNotRead(error: unknown, asked: string): ListOutcome {
  const failure = classify(error);
  if (isFatal(failure)) throw error;
  const permission = failure.kind === 'denied' ? (failure.action ?? asked) : undefined;
  return {
    state: 'unreadable',
    reason: describeFailure(permission === undefined ? failure : { kind: 'denied', action: permission }),
    ...(permission === undefined ? {} : { permission }),
  };
}
