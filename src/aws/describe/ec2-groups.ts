/** Security groups: their rules as blocks of the group, and each rule by itself. */
import type { EC2, IpPermission, SecurityGroup, SecurityGroupRule } from '@aws-sdk/client-ec2';
import type { Json, JsonObject } from '../../transfer/json.ts';
import { type DescribedResource, known } from '../describe.ts';
import { pages, tagsFrom } from '../listing.ts';
import { sorted, tagged } from '../state-values.ts';

interface Block {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly description: string;
  readonly cidr_blocks: string[];
  readonly ipv6_cidr_blocks: string[];
  readonly prefix_list_ids: string[];
  readonly security_groups: string[];
  self: boolean;
}

/** The provider puts into one block what has protocol, ports and description in common. */
function blocksOf(group: SecurityGroup, permissions: readonly IpPermission[] | undefined): Json {
  const blocks = new Map<string, Block>();
  for (const permission of permissions ?? []) {
    const at = (description = ''): Block => {
      const { IpProtocol: protocol = '-1', FromPort: from = 0, ToPort: to = 0 } = permission;
      const key = JSON.stringify([protocol, from, to, description]);
      const block = blocks.get(key) ?? {
        protocol,
        from,
        to,
        description,
        cidr_blocks: [],
        ipv6_cidr_blocks: [],
        prefix_list_ids: [],
        security_groups: [],
        self: false,
      };
      blocks.set(key, block);
      return block;
    };
    for (const { CidrIp, Description } of permission.IpRanges ?? [])
      at(Description).cidr_blocks.push(CidrIp ?? '');
    for (const { CidrIpv6, Description } of permission.Ipv6Ranges ?? [])
      at(Description).ipv6_cidr_blocks.push(CidrIpv6 ?? '');
    for (const { PrefixListId, Description } of permission.PrefixListIds ?? [])
      at(Description).prefix_list_ids.push(PrefixListId ?? '');
    for (const { GroupId = '', UserId, Description } of permission.UserIdGroupPairs ?? []) {
      const block = at(Description);
      if (GroupId === group.GroupId) block.self = true;
      else block.security_groups.push(withOwner(GroupId, UserId, group.OwnerId));
    }
  }
  return [...blocks.values()]
    .map(({ from, to, ...block }): JsonObject => ({
      ...block,
      cidr_blocks: sorted(block.cidr_blocks),
      from_port: from,
      ipv6_cidr_blocks: sorted(block.ipv6_cidr_blocks),
      prefix_list_ids: sorted(block.prefix_list_ids),
      security_groups: sorted(block.security_groups),
      to_port: to,
    }))
    .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

/** A group of another account is named with it. */
function withOwner(group: string, owner: string | undefined, own: string | undefined): string {
  return owner === undefined || own === undefined || owner === own ? group : `${owner}/${group}`;
}

function ruleOf(rule: SecurityGroupRule, groupArn: string): DescribedResource[] {
  const { SecurityGroupRuleId: id, ReferencedGroupInfo: peer, IpProtocol } = rule;
  if (id === undefined) return [];
  // With every protocol there are no ports.
  const port = (value: number | undefined): number | null => (IpProtocol === '-1' ? null : (value ?? null));
  return [
    {
      type: rule.IsEgress ? 'aws_vpc_security_group_egress_rule' : 'aws_vpc_security_group_ingress_rule',
      id,
      values: known({
        arn: groupArn.replace(/:security-group\/.*$/, `:security-group-rule/${id}`),
        cidr_ipv4: rule.CidrIpv4 ?? null,
        cidr_ipv6: rule.CidrIpv6 ?? null,
        description: rule.Description ?? null,
        from_port: port(rule.FromPort),
        id,
        ip_protocol: IpProtocol,
        prefix_list_id: rule.PrefixListId ?? null,
        referenced_security_group_id:
          peer?.GroupId === undefined ? null : withOwner(peer.GroupId, peer.UserId, rule.GroupOwnerId),
        security_group_id: rule.GroupId,
        security_group_rule_id: id,
        to_port: port(rule.ToPort),
        ...tagged(tagsFrom(rule.Tags ?? [])),
      }),
    },
  ];
}

/** The group with its rules as blocks, then each of its rules. Empty where there is none. */
export async function describeGroup(id: string, client: EC2, arn: string): Promise<DescribedResource[]> {
  const group = (await client.describeSecurityGroups({ GroupIds: [id] })).SecurityGroups?.[0];
  if (group === undefined) return [];
  const groupArn = group.SecurityGroupArn ?? arn.replace('OWNER', group.OwnerId ?? '');
  const rules: DescribedResource[] = [];
  for await (const page of pages(
    (NextToken) =>
      client.describeSecurityGroupRules({
        Filters: [{ Name: 'group-id', Values: [id] }],
        MaxResults: 1000,
        NextToken,
      }),
    ({ NextToken }) => NextToken,
  ))
    rules.push(...(page.SecurityGroupRules ?? []).flatMap((rule) => ruleOf(rule, groupArn)));
  return [
    {
      type: 'aws_security_group',
      id,
      values: known({
        arn: groupArn,
        description: group.Description,
        egress: blocksOf(group, group.IpPermissionsEgress),
        id,
        ingress: blocksOf(group, group.IpPermissions),
        name: group.GroupName,
        owner_id: group.OwnerId,
        ...tagged(tagsFrom(group.Tags ?? [])),
        vpc_id: group.VpcId,
      }),
    },
    ...rules,
  ];
}
