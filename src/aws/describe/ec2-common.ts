/** What the descriptions of EC2 have in common. */
import type { EC2, Tag } from '@aws-sdk/client-ec2';
import type { JsonObject } from '../../transfer/json.ts';
import { tagsFrom } from '../listing.ts';
import { tagged } from '../state-values.ts';
import { partitionOf } from './texts.ts';

export const tagsOf = (tags: readonly Tag[] | undefined): JsonObject => tagged(tagsFrom(tags ?? []));

/** Most of EC2 does not tell its ARNs. */
export async function arnOf(client: EC2, owner: string, kind: string, id: string): Promise<string> {
  const region = await client.config.region();
  return `arn:${partitionOf(region)}:ec2:${region}:${owner}:${kind}/${id}`;
}
