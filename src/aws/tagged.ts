/**
 * What the Resource Groups Tagging API knows: everything with a tag, over all services, in a few calls. It does not
 * know all of them, and it remembers what is deleted for a while.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
 */
import type { ListOutcome } from './adapter.ts';
import type { AwsClients } from './clients.ts';
import { classify, describeFailure, isFatal } from './errors.ts';
import { pages, tagsFrom } from './listing.ts';
import { services } from './registry.ts';

const action = 'tag:GetResources';

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

/** Visits every resource of the clients' region that has the tag, with all its tags. */
export async function resourcesTagged(
  clients: AwsClients,
  key: string,
  visit: (arn: string, tags: Readonly<Record<string, string>>) => void,
): Promise<ListOutcome> {
  try {
    const client = await clients.get('tagging');
    for await (const { ResourceTagMappingList = [] } of pages(
      (PaginationToken) =>
        client.getResources({ PaginationToken, ResourcesPerPage: 100, TagFilters: [{ Key: key }] }),
      (page) => page.PaginationToken,
    )) {
      for (const { ResourceARN, Tags } of ResourceTagMappingList)
        if (ResourceARN !== undefined) visit(ResourceARN, tagsFrom(Tags ?? []));
    }
    return { state: 'complete' };
  } catch (error) {
    const failure = classify(error);
    if (isFatal(failure)) throw error;
    const permission = failure.kind === 'denied' ? (failure.action ?? action) : undefined;
    return {
      state: 'unreadable',
      reason: describeFailure(permission === undefined ? failure : { kind: 'denied', action: permission }),
      ...(permission === undefined ? {} : { permission }),
    };
  }
}
