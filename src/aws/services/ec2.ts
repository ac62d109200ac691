import type { EC2 } from '@aws-sdk/client-ec2';
import {
  type StatusWords,
  type Subject,
  type TypeDefinition,
  absent,
  defineService,
  presentAs,
  presentIf,
} from '../adapter.ts';

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

/** Something that has no state: it is in the answer or not. */
function listed(action: string, list: (client: EC2, id: string) => Promise<unknown>): TypeDefinition<EC2> {
  return {
    needs: [],
    actions: { check: [action] },
    check: async (subject, client) => presentIf(await list(client, subject.id)),
  };
}

/** Something that has a state; `undefined` from `read` is "not in the answer". */
function stated(
  action: string,
  words: StatusWords,
  read: (client: EC2, id: string) => Promise<{ readonly status: string | undefined } | undefined>,
): TypeDefinition<EC2> {
  return {
    needs: [],
    actions: { check: [action] },
    check: async (subject, client) => {
      const answer = await read(client, subject.id);
      return answer === undefined ? absent : found(answer.status, words);
    },
  };
}

const ruleById = listed(
  'ec2:DescribeSecurityGroupRules',
  async (client, id) =>
    (await client.describeSecurityGroupRules({ SecurityGroupRuleIds: [id] })).SecurityGroupRules?.length,
);

const groupById = listed(
  'ec2:DescribeSecurityGroups',
  async (client, id) => (await client.describeSecurityGroups({ GroupIds: [id] })).SecurityGroups?.length,
);

const routeTableById = listed(
  'ec2:DescribeRouteTables',
  async (client, id) => (await client.describeRouteTables({ RouteTableIds: [id] })).RouteTables?.length,
);

/** The destination of a route: one of three kinds. */
function destinationOf(subject: Subject): string {
  return (
    subject.optional('destination_cidr_block') ??
    subject.optional('destination_ipv6_cidr_block') ??
    subject.attribute('destination_prefix_list_id')
  );
}

export const ec2 = defineService('ec2', {
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
    aws_security_group: groupById,
    aws_vpc_security_group_ingress_rule: ruleById,
    aws_vpc_security_group_egress_rule: ruleById,
    aws_security_group_rule: {
      // One of these can stand for several rules in EC2; the provider keeps the rule's id only where it is one.
      needs: ['security_group_id', 'security_group_rule_id'],
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
    aws_vpc: stated('ec2:DescribeVpcs', networkStates, async (client, id) => {
      const vpc = (await client.describeVpcs({ VpcIds: [id] })).Vpcs?.[0];
      return vpc && { status: vpc.State };
    }),
    aws_subnet: stated('ec2:DescribeSubnets', networkStates, async (client, id) => {
      const subnet = (await client.describeSubnets({ SubnetIds: [id] })).Subnets?.[0];
      return subnet && { status: subnet.State };
    }),
    aws_vpc_endpoint: stated('ec2:DescribeVpcEndpoints', networkStates, async (client, id) => {
      const endpoint = (await client.describeVpcEndpoints({ VpcEndpointIds: [id] })).VpcEndpoints?.[0];
      return endpoint && { status: endpoint.State };
    }),
    aws_nat_gateway: stated('ec2:DescribeNatGateways', networkStates, async (client, id) => {
      const gateway = (await client.describeNatGateways({ NatGatewayIds: [id] })).NatGateways?.[0];
      return gateway && { status: gateway.State };
    }),
    aws_network_interface: stated('ec2:DescribeNetworkInterfaces', networkStates, async (client, id) => {
      const found = await client.describeNetworkInterfaces({ NetworkInterfaceIds: [id] });
      const face = found.NetworkInterfaces?.[0];
      return face && { status: face.Status };
    }),
    aws_instance: stated('ec2:DescribeInstances', instanceStates, async (client, id) => {
      const found = await client.describeInstances({ InstanceIds: [id] });
      const instance = found.Reservations?.[0]?.Instances?.[0];
      return instance && { status: instance.State?.Name };
    }),
    aws_internet_gateway: listed(
      'ec2:DescribeInternetGateways',
      async (client, id) =>
        (await client.describeInternetGateways({ InternetGatewayIds: [id] })).InternetGateways?.length,
    ),
    aws_eip: listed(
      'ec2:DescribeAddresses',
      async (client, id) => (await client.describeAddresses({ AllocationIds: [id] })).Addresses?.length,
    ),
    aws_network_acl: listed(
      'ec2:DescribeNetworkAcls',
      async (client, id) => (await client.describeNetworkAcls({ NetworkAclIds: [id] })).NetworkAcls?.length,
    ),
    aws_launch_template: listed(
      'ec2:DescribeLaunchTemplates',
      async (client, id) =>
        (await client.describeLaunchTemplates({ LaunchTemplateIds: [id] })).LaunchTemplates?.length,
    ),
    aws_key_pair: listed(
      'ec2:DescribeKeyPairs',
      async (client, id) => (await client.describeKeyPairs({ KeyNames: [id] })).KeyPairs?.length,
    ),
    aws_route_table: routeTableById,
    aws_route: {
      needs: [
        'route_table_id',
        'destination_cidr_block',
        'destination_ipv6_cidr_block',
        'destination_prefix_list_id',
      ],
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
