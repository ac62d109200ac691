import type { EC2, IpPermission, Tag } from '@aws-sdk/client-ec2';
import {
  type PartDefinition,
  type StatusWords,
  type Subject,
  type WholeDefinition,
  absent,
  defineService,
  presentAs,
  presentIf,
} from '../adapter.ts';
import { errorCode } from '../errors.ts';
import { type RawListed, listing, onePage, tagsFrom } from '../listing.ts';

/** EC2 keeps what was deleted visible for a while, with its last state. */
const networkStates: StatusWords = {
  ready: ['available', 'Available', 'associated', 'in-use', 'pendingAcceptance', 'PendingAcceptance'],
  failed: ['failed', 'Failed', 'Rejected', 'Expired'],
  leaving: ['deleting', 'Deleting', 'disassociating', 'detaching'],
};

const instanceStates: StatusWords = { ready: ['running', 'stopped'], leaving: ['shutting-down'] };

const gone = new Set(['deleted', 'Deleted', 'terminated', 'disassociated']);

function found(status: string | undefined, words: StatusWords): ReturnType<typeof presentAs> | typeof absent {
  return status !== undefined && gone.has(status) ? absent : presentAs(status, words);
}

type Check = WholeDefinition<EC2>['check'];

/** Something that has no state: it is in the answer or not. */
const listed =
  (list: (client: EC2, id: string) => Promise<unknown>): Check =>
  async (subject, client) =>
    presentIf(await list(client, subject.id));

/** Something that has a state; `undefined` from `read` is "not in the answer". */
const stated =
  (
    words: StatusWords,
    read: (client: EC2, id: string) => Promise<{ readonly status: string | undefined } | undefined>,
  ): Check =>
  async (subject, client) => {
    const answer = await read(client, subject.id);
    return answer === undefined ? absent : found(answer.status, words);
  };

const leavingIf = (status: string | undefined): string | undefined =>
  networkStates.leaving?.includes(status ?? '') ? 'being deleted' : undefined;

/** Most of it has no name but the tag that people see in the console. */
function named(id: string | undefined, tags: readonly Tag[] | undefined): RawListed {
  const all = tagsFrom(tags ?? []);
  return { id, name: all['Name'] || id, tags: all };
}

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

type Rest = Pick<WholeDefinition<EC2>, 'check' | 'list' | 'remove'>;

/** What is described by one call, which also lists it, and deleted by others. */
function whole(
  describe: string,
  remove: readonly string[],
  dependsOn: readonly string[],
  rest: Rest,
): WholeDefinition<EC2> {
  const read = [`ec2:${describe}`];
  return {
    needs: [],
    actions: { check: read, list: read, remove: remove.map((each) => `ec2:${each}`) },
    dependsOn,
    ...rest,
  };
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

/** The destination of a route: one of three kinds. */
function destinationOf(subject: Subject): string {
  return (
    subject.optional('destination_cidr_block') ??
    subject.optional('destination_ipv6_cidr_block') ??
    subject.attribute('destination_prefix_list_id')
  );
}

export const ec2 = defineService('ec2', {
  scope: 'regional',
  inUse: [
    'DependencyViolation',
    'IncorrectState',
    'InvalidIPAddress.InUse',
    'InvalidParameterValue',
    'ResourceInUse',
    'OperationNotPermitted',
  ],
  notFound: [
    'InvalidAllocationID.NotFound',
    'InvalidAssociationID.NotFound',
    'InvalidGroup.NotFound',
    'InvalidInstanceID.NotFound',
    'InvalidInternetGatewayID.NotFound',
    'InvalidKeyPair.NotFound',
    'InvalidLaunchTemplateId.NotFound',
    'InvalidNetworkAclID.NotFound',
    'InvalidNetworkInterfaceID.NotFound',
    'InvalidRouteTableID.NotFound',
    'InvalidSecurityGroupRuleId.NotFound',
    'InvalidSubnetID.NotFound',
    'InvalidVpcEndpointId.NotFound',
    'InvalidVpcID.NotFound',
    'NatGatewayNotFound',
  ],
  types: {
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
    aws_vpc: whole('DescribeVpcs', ['DeleteVpc'], [], {
      check: stated(networkStates, async (client, id) => {
        const vpc = (await client.describeVpcs({ VpcIds: [id] })).Vpcs?.[0];
        return vpc && { status: vpc.State };
      }),
      list: listing(
        (client: EC2, NextToken) => client.describeVpcs({ NextToken, MaxResults: 1000 }),
        (page) => page.NextToken,
        (page) => page.Vpcs,
        (vpc) => (vpc.IsDefault ? null : named(vpc.VpcId, vpc.Tags)),
      ),
      remove: async (subject, client) => {
        await client.deleteVpc({ VpcId: subject.id });
        return undefined;
      },
    }),
    aws_subnet: whole(
      'DescribeSubnets',
      ['DeleteSubnet'],
      ['aws_network_acl', 'aws_route_table', 'aws_vpc'],
      {
        check: stated(networkStates, async (client, id) => {
          const subnet = (await client.describeSubnets({ SubnetIds: [id] })).Subnets?.[0];
          return subnet && { status: subnet.State };
        }),
        list: listing(
          (client: EC2, NextToken) => client.describeSubnets({ NextToken, MaxResults: 1000 }),
          (page) => page.NextToken,
          (page) => page.Subnets,
          (subnet) =>
            subnet.DefaultForAz
              ? null
              : { ...named(subnet.SubnetId, subnet.Tags), arn: subnet.SubnetArn, uses: [subnet.VpcId] },
        ),
        remove: async (subject, client) => {
          await client.deleteSubnet({ SubnetId: subject.id });
          return undefined;
        },
      },
    ),
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
    aws_vpc_endpoint: whole(
      'DescribeVpcEndpoints',
      ['DeleteVpcEndpoints'],
      ['aws_security_group', 'aws_subnet', 'aws_route_table', 'aws_vpc'],
      {
        check: stated(networkStates, async (client, id) => {
          const endpoint = (await client.describeVpcEndpoints({ VpcEndpointIds: [id] })).VpcEndpoints?.[0];
          return endpoint && { status: endpoint.State };
        }),
        list: listing(
          (client: EC2, NextToken) => client.describeVpcEndpoints({ NextToken, MaxResults: 1000 }),
          (page) => page.NextToken,
          (page) => page.VpcEndpoints,
          (endpoint) =>
            gone.has(endpoint.State ?? '')
              ? null
              : {
                  ...named(endpoint.VpcEndpointId, endpoint.Tags),
                  createdAt: endpoint.CreationTimestamp,
                  uses: [
                    endpoint.VpcId,
                    ...(endpoint.SubnetIds ?? []),
                    ...(endpoint.RouteTableIds ?? []),
                    ...(endpoint.Groups ?? []).map(({ GroupId }) => GroupId),
                  ],
                  leaving: leavingIf(endpoint.State),
                },
        ),
        remove: async (subject, client) => {
          const { Unsuccessful } = await client.deleteVpcEndpoints({ VpcEndpointIds: [subject.id] });
          const error = Unsuccessful?.[0]?.Error;
          // Here a refusal is an answer and not an error.
          if (error) throw Object.assign(new Error('not deleted'), { name: error.Code ?? 'Unsuccessful' });
          return undefined;
        },
      },
    ),
    aws_nat_gateway: whole(
      'DescribeNatGateways',
      ['DeleteNatGateway'],
      ['aws_eip', 'aws_subnet', 'aws_internet_gateway', 'aws_vpc'],
      {
        check: stated(networkStates, async (client, id) => {
          const gateway = (await client.describeNatGateways({ NatGatewayIds: [id] })).NatGateways?.[0];
          return gateway && { status: gateway.State };
        }),
        list: listing(
          (client: EC2, NextToken) => client.describeNatGateways({ NextToken, MaxResults: 1000 }),
          (page) => page.NextToken,
          (page) => page.NatGateways,
          (gateway) =>
            gone.has(gateway.State ?? '')
              ? null
              : {
                  ...named(gateway.NatGatewayId, gateway.Tags),
                  createdAt: gateway.CreateTime,
                  uses: [
                    gateway.VpcId,
                    gateway.SubnetId,
                    ...(gateway.NatGatewayAddresses ?? []).map(({ AllocationId }) => AllocationId),
                  ],
                  leaving: leavingIf(gateway.State),
                },
        ),
        remove: async (subject, client) => {
          await client.deleteNatGateway({ NatGatewayId: subject.id });
          return { state: 'leaving', detail: 'being deleted' };
        },
      },
    ),
    aws_network_interface: whole(
      'DescribeNetworkInterfaces',
      ['DeleteNetworkInterface'],
      ['aws_security_group', 'aws_subnet', 'aws_eip', 'aws_vpc'],
      {
        check: stated(networkStates, async (client, id) => {
          const faces = await client.describeNetworkInterfaces({ NetworkInterfaceIds: [id] });
          const face = faces.NetworkInterfaces?.[0];
          return face && { status: face.Status };
        }),
        list: listing(
          (client: EC2, NextToken) => client.describeNetworkInterfaces({ NextToken, MaxResults: 1000 }),
          (page) => page.NextToken,
          (page) => page.NetworkInterfaces,
          (face) => ({
            ...named(face.NetworkInterfaceId, face.TagSet),
            // A service that makes one says in the description for what.
            name: face.Description || face.NetworkInterfaceId,
            uses: [face.VpcId, face.SubnetId, ...(face.Groups ?? []).map(({ GroupId }) => GroupId)],
          }),
        ),
        remove: async (subject, client) => {
          await client.deleteNetworkInterface({ NetworkInterfaceId: subject.id });
          return undefined;
        },
      },
    ),
    aws_instance: whole(
      'DescribeInstances',
      ['TerminateInstances'],
      [
        'aws_network_interface',
        'aws_security_group',
        'aws_subnet',
        'aws_key_pair',
        'aws_launch_template',
        'aws_iam_instance_profile',
        'aws_vpc',
      ],
      {
        check: stated(instanceStates, async (client, id) => {
          const instances = await client.describeInstances({ InstanceIds: [id] });
          const instance = instances.Reservations?.[0]?.Instances?.[0];
          return instance && { status: instance.State?.Name };
        }),
        list: listing(
          (client: EC2, NextToken) => client.describeInstances({ NextToken, MaxResults: 1000 }),
          (page) => page.NextToken,
          (page) => page.Reservations?.flatMap(({ Instances = [] }) => Instances),
          (instance) =>
            gone.has(instance.State?.Name ?? '')
              ? null
              : {
                  ...named(instance.InstanceId, instance.Tags),
                  createdAt: instance.LaunchTime,
                  uses: [
                    instance.VpcId,
                    instance.SubnetId,
                    instance.KeyName,
                    ...(instance.SecurityGroups ?? []).map(({ GroupId }) => GroupId),
                  ],
                  leaving: instance.State?.Name === 'shutting-down' ? 'being deleted' : undefined,
                },
        ),
        remove: async (subject, client) => {
          await client.terminateInstances({ InstanceIds: [subject.id] });
          return { state: 'leaving', detail: 'being deleted' };
        },
      },
    ),
    aws_internet_gateway: whole(
      'DescribeInternetGateways',
      ['DescribeInternetGateways', 'DetachInternetGateway', 'DeleteInternetGateway'],
      ['aws_vpc'],
      {
        check: listed(
          async (client, id) =>
            (await client.describeInternetGateways({ InternetGatewayIds: [id] })).InternetGateways?.length,
        ),
        list: listing(
          (client: EC2, NextToken) => client.describeInternetGateways({ NextToken, MaxResults: 1000 }),
          (page) => page.NextToken,
          (page) => page.InternetGateways,
          (gateway) => ({
            ...named(gateway.InternetGatewayId, gateway.Tags),
            uses: gateway.Attachments?.map(({ VpcId }) => VpcId),
          }),
        ),
        remove: async (subject, client) => {
          const InternetGatewayId = subject.id;
          const { InternetGateways } = await client.describeInternetGateways({
            InternetGatewayIds: [InternetGatewayId],
          });
          for (const { VpcId } of InternetGateways?.[0]?.Attachments ?? [])
            await client.detachInternetGateway({ InternetGatewayId, VpcId });
          await client.deleteInternetGateway({ InternetGatewayId });
          return undefined;
        },
      },
    ),
    aws_eip: whole('DescribeAddresses', ['ReleaseAddress'], [], {
      check: listed(
        async (client, id) => (await client.describeAddresses({ AllocationIds: [id] })).Addresses?.length,
      ),
      list: listing(
        (client: EC2) => client.describeAddresses({}),
        onePage,
        (page) => page.Addresses,
        (address) => ({ ...named(address.AllocationId, address.Tags), uses: [address.NetworkInterfaceId] }),
      ),
      remove: async (subject, client) => {
        await client.releaseAddress({ AllocationId: subject.id });
        return undefined;
      },
    }),
    aws_network_acl: whole('DescribeNetworkAcls', ['DeleteNetworkAcl'], ['aws_vpc'], {
      check: listed(
        async (client, id) => (await client.describeNetworkAcls({ NetworkAclIds: [id] })).NetworkAcls?.length,
      ),
      list: listing(
        (client: EC2, NextToken) => client.describeNetworkAcls({ NextToken, MaxResults: 1000 }),
        (page) => page.NextToken,
        (page) => page.NetworkAcls,
        (acl) => (acl.IsDefault ? null : { ...named(acl.NetworkAclId, acl.Tags), uses: [acl.VpcId] }),
      ),
      remove: async (subject, client) => {
        await client.deleteNetworkAcl({ NetworkAclId: subject.id });
        return undefined;
      },
    }),
    aws_launch_template: whole('DescribeLaunchTemplates', ['DeleteLaunchTemplate'], [], {
      check: listed(
        async (client, id) =>
          (await client.describeLaunchTemplates({ LaunchTemplateIds: [id] })).LaunchTemplates?.length,
      ),
      list: listing(
        (client: EC2, NextToken) => client.describeLaunchTemplates({ NextToken }),
        (page) => page.NextToken,
        (page) => page.LaunchTemplates,
        (template) => ({
          ...named(template.LaunchTemplateId, template.Tags),
          name: template.LaunchTemplateName,
          createdAt: template.CreateTime,
        }),
      ),
      remove: async (subject, client) => {
        await client.deleteLaunchTemplate({ LaunchTemplateId: subject.id });
        return undefined;
      },
    }),
    aws_key_pair: whole('DescribeKeyPairs', ['DeleteKeyPair'], [], {
      check: listed(
        async (client, id) => (await client.describeKeyPairs({ KeyNames: [id] })).KeyPairs?.length,
      ),
      list: listing(
        (client: EC2) => client.describeKeyPairs({}),
        onePage,
        (page) => page.KeyPairs,
        (pair) => ({
          id: pair.KeyName,
          tags: tagsFrom(pair.Tags ?? []),
          createdAt: pair.CreateTime,
        }),
      ),
      remove: async (subject, client) => {
        await client.deleteKeyPair({ KeyName: subject.id });
        return undefined;
      },
    }),
    aws_route_table: whole(
      'DescribeRouteTables',
      ['DescribeRouteTables', 'DisassociateRouteTable', 'DeleteRouteTable'],
      ['aws_vpc'],
      {
        check: listed(
          async (client, id) =>
            (await client.describeRouteTables({ RouteTableIds: [id] })).RouteTables?.length,
        ),
        list: listing(
          (client: EC2, NextToken) => client.describeRouteTables({ NextToken }),
          (page) => page.NextToken,
          (page) => page.RouteTables,
          (table) =>
            // The main one goes with its network.
            table.Associations?.some(({ Main }) => Main)
              ? null
              : { ...named(table.RouteTableId, table.Tags), uses: [table.VpcId] },
        ),
        remove: async (subject, client) => {
          const RouteTableId = subject.id;
          const { RouteTables } = await client.describeRouteTables({ RouteTableIds: [RouteTableId] });
          for (const { RouteTableAssociationId } of RouteTables?.[0]?.Associations ?? [])
            await client.disassociateRouteTable({ AssociationId: RouteTableAssociationId });
          await client.deleteRouteTable({ RouteTableId });
          return undefined;
        },
      },
    ),
    aws_route: {
      needs: [
        'route_table_id',
        'destination_cidr_block',
        'destination_ipv6_cidr_block',
        'destination_prefix_list_id',
      ],
      partOf: 'aws_route_table',
      actions: { check: ['ec2:DescribeRouteTables'] },
      check: async (subject, client) => {
        const destination = destinationOf(subject);
        const tables = await client.describeRouteTables({
          RouteTableIds: [subject.attribute('route_table_id')],
        });
        return presentIf(
          tables.RouteTables?.[0]?.Routes?.some((route) =>
            [
              route.DestinationCidrBlock,
              route.DestinationIpv6CidrBlock,
              route.DestinationPrefixListId,
            ].includes(destination),
          ),
        );
      },
    },
    aws_route_table_association: {
      needs: ['route_table_id'],
      partOf: 'aws_route_table',
      actions: { check: ['ec2:DescribeRouteTables'] },
      check: async (subject, client) => {
        const tables = await client.describeRouteTables({
          RouteTableIds: [subject.attribute('route_table_id')],
        });
        return presentIf(
          tables.RouteTables?.[0]?.Associations?.some((each) => each.RouteTableAssociationId === subject.id),
        );
      },
    },
  },
});
