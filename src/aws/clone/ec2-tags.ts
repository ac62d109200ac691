import type { ResourceType, TagSpecification } from '@aws-sdk/client-ec2';
import type { StateValues } from '../state-values.ts';

/** The tags of a new thing in the form of EC2; `undefined` where it gets none. */
export function tagsFor(ResourceType: ResourceType, values: StateValues): TagSpecification[] | undefined {
  const Tags = values.tagList;
  return Tags === undefined ? undefined : [{ ResourceType, Tags }];
}
