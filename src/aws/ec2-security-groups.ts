/** Security groups and their rules. Part of the adapter of EC2. */
import type { EC2, IpPermission } from '@aws-sdk/client-ec2';
import { type PartDefinition, type Subject, type TypeDefinition, presentIf } from './adapter.ts';
import { listed, named, whole } from './ec2-kinds.ts';
import { errorCode } from './errors.ts';
import { listing } from './listing.ts';

async function unlessGone(revoking: Promise<unknown>): Promise<void> {
  try {
    await revoking;
  } catch (error) {
    if (!['InvalidPermission.NotFound', 'InvalidGroup.NotFound'].includes(errorCode(error))) throw error;
  }
}

/** Its own rules first: groups that name each other cannot be deleted one after the other. */
async function removeGroup(subject: Subject, client: EC2): Promise<undefined> {
  const GroupId = subject.id;
  const { SecurityGroups } = await client.describeSecurityGroups({ GroupIds: [GroupId] });
  const [group] = SecurityGroups ?? [];
  const naming = (rules: readonly IpPermission[] | undefined): IpPermission[] =>
    (rules ?? []).filter(({ UserIdGroupPairs }) => UserIdGroupPairs?.length);
  const [into, outOf] = [naming(group?.IpPermissions), naming(group?.IpPermissionsEgress)];
  // A rule that somebody has revoked meanwhile, or whose other group is gone, is an error there and no matter here.
  if (into.length > 0) await unlessGone(client.revokeSecurityGroupIngress({ GroupId, IpPermissions: into }));
  if (outOf.length > 0) await unlessGone(client.revokeSecurityGroupEgress({ GroupId, IpPermissions: outOf }));
  await client.deleteSecurityGroup({ GroupId });
  return undefined;
}

const ruleById: PartDefinition<EC2> = {
  needs: [],
  partOf: 'aws_security_group',
  actions: { check: ['ec2:DescribeSecurityGroupRules'] },
  check: listed(
    async (client, id) =>
      (await client.describeSecurityGroupRules({ SecurityGroupRuleIds: [id] })).SecurityGroupRules?.length,
  ),
};

export const securityGroups: Readonly<Record<string, TypeDefinition<EC2>>> = {
  aws_vpc_security_group_ingress_rule: ruleById,
  aws_vpc_security_group_egress_rule: ruleById,
  aws_security_group_rule: {
    // One of these can stand for several rules in EC2; the provider keeps the rule's id only where it is one.
    needs: ['security_group_id', 'security_group_rule_id'],
    partOf: 'aws_security_group',
    actions: { check: ['ec2:DescribeSecurityGroupRules', 'ec2:DescribeSecurityGroups'] },
    check: async (subject, client) => {
      const rule = subject.optional('security_group_rule_id');
      if (rule === undefined) {
        const groups = await client.describeSecurityGroups({
          GroupIds: [subject.attribute('security_group_id')],
        });
        return presentIf(groups.SecurityGroups?.length);
      }
      const rules = await client.describeSecurityGroupRules({ SecurityGroupRuleIds: [rule] });
      return presentIf(rules.SecurityGroupRules?.length);
    },
  },
  aws_security_group: whole(
    'DescribeSecurityGroups',
    [
      'DescribeSecurityGroups',
      'RevokeSecurityGroupIngress',
      'RevokeSecurityGroupEgress',
      'DeleteSecurityGroup',
    ],
    ['aws_vpc'],
    {
      check: listed(
        async (client, id) =>
          (await client.describeSecurityGroups({ GroupIds: [id] })).SecurityGroups?.length,
      ),
      list: listing(
        (client: EC2, NextToken) => client.describeSecurityGroups({ NextToken, MaxResults: 1000 }),
        (page) => page.NextToken,
        (page) => page.SecurityGroups,
        (group) =>
          group.GroupName === 'default'
            ? null
            : { ...named(group.GroupId, group.Tags), name: group.GroupName, uses: [group.VpcId] },
      ),
      remove: removeGroup,
    },
  ),
};
