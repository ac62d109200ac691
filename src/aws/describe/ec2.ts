import type { EC2, Route, RouteTable, Tag, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { Json, JsonObject } from '../../transfer/json.ts';
import { type DescribeDefinition, type DescribedResource, describeService, known } from '../describe.ts';
import { tagsFrom } from '../listing.ts';
import { ec2 as adapter } from '../services/ec2.ts';
import { sorted, tagged } from '../state-values.ts';
import { describeGroup } from './ec2-groups.ts';
import { jsonText, partitionOf } from './texts.ts';

type Maybe = Readonly<Record<string, Json | undefined>>;

/** EC2 keeps what was deleted visible for a while. */
const gone = new Set(['deleted', 'Deleted', 'deleting', 'Deleting']);

const tagsOf = (tags: readonly Tag[] | undefined): JsonObject => tagged(tagsFrom(tags ?? []));

/** Most of EC2 does not tell its ARNs. */
export async function arnOf(client: EC2, owner: string, kind: string, id: string): Promise<string> {
  const region = await client.config.region();
  return `arn:${partitionOf(region)}:ec2:${region}:${owner}:${kind}/${id}`;
}

/** One thing without parts; `null` from `read` where it is not there, or on its way out. */
function single(
  type: string,
  actions: readonly string[],
  read: (client: EC2, id: string) => Promise<Maybe | null>,
): Readonly<Record<string, DescribeDefinition<EC2>>> {
  return {
    [type]: {
      actions: actions.map((action) => `ec2:${action}`),
      describe: async ({ id }, client) => {
        const values = await read(client, id);
        return values === null ? [] : [{ type, id, values: known({ ...values, id }) }];
      },
    },
  };
}

const vpc = single(
  'aws_vpc',
  [
    'DescribeVpcs',
    'DescribeVpcAttribute',
    'DescribeNetworkAcls',
    'DescribeRouteTables',
    'DescribeSecurityGroups',
  ],
  async (client, VpcId) => {
    const found = (await client.describeVpcs({ VpcIds: [VpcId] })).Vpcs?.[0];
    if (found === undefined) return null;
    const inVpc = { Name: 'vpc-id', Values: [VpcId] };
    const [hostnames, support, metrics, acls, tables, groups] = await Promise.all([
      client.describeVpcAttribute({ VpcId, Attribute: 'enableDnsHostnames' }),
      client.describeVpcAttribute({ VpcId, Attribute: 'enableDnsSupport' }),
      client.describeVpcAttribute({ VpcId, Attribute: 'enableNetworkAddressUsageMetrics' }),
      client.describeNetworkAcls({ Filters: [inVpc, { Name: 'default', Values: ['true'] }] }),
      client.describeRouteTables({ Filters: [inVpc, { Name: 'association.main', Values: ['true'] }] }),
      client.describeSecurityGroups({ Filters: [inVpc, { Name: 'group-name', Values: ['default'] }] }),
    ]);
    const main = tables.RouteTables?.[0]?.RouteTableId;
    const ipv6 = found.Ipv6CidrBlockAssociationSet?.find(
      ({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === 'associated',
    );
    return {
      arn: await arnOf(client, found.OwnerId ?? '', 'vpc', VpcId),
      assign_generated_ipv6_cidr_block: ipv6 !== undefined,
      cidr_block: found.CidrBlock,
      // The provider asks for the main one for both.
      default_route_table_id: main,
      default_network_acl_id: acls.NetworkAcls?.[0]?.NetworkAclId,
      default_security_group_id: groups.SecurityGroups?.[0]?.GroupId,
      dhcp_options_id: found.DhcpOptionsId,
      enable_dns_hostnames: hostnames.EnableDnsHostnames?.Value,
      enable_dns_support: support.EnableDnsSupport?.Value,
      enable_network_address_usage_metrics: metrics.EnableNetworkAddressUsageMetrics?.Value,
      instance_tenancy: found.InstanceTenancy,
      ipv6_cidr_block: ipv6?.Ipv6CidrBlock ?? '',
      main_route_table_id: main,
      owner_id: found.OwnerId,
      ...tagsOf(found.Tags),
    };
  },
);

const subnet = single('aws_subnet', ['DescribeSubnets'], async (client, id) => {
  const found = (await client.describeSubnets({ SubnetIds: [id] })).Subnets?.[0];
  if (found === undefined) return null;
  const dns = found.PrivateDnsNameOptionsOnLaunch;
  const ipv6 = found.Ipv6CidrBlockAssociationSet?.find(
    ({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === 'associated',
  );
  return {
    arn: found.SubnetArn,
    assign_ipv6_address_on_creation: found.AssignIpv6AddressOnCreation ?? false,
    availability_zone: found.AvailabilityZone,
    availability_zone_id: found.AvailabilityZoneId,
    cidr_block: found.CidrBlock,
    enable_dns64: found.EnableDns64 ?? false,
    enable_resource_name_dns_a_record_on_launch: dns?.EnableResourceNameDnsARecord ?? false,
    enable_resource_name_dns_aaaa_record_on_launch: dns?.EnableResourceNameDnsAAAARecord ?? false,
    ipv6_cidr_block: ipv6?.Ipv6CidrBlock ?? '',
    ipv6_native: found.Ipv6Native ?? false,
    map_public_ip_on_launch: found.MapPublicIpOnLaunch ?? false,
    outpost_arn: found.OutpostArn ?? '',
    owner_id: found.OwnerId,
    private_dns_hostname_type_on_launch: dns?.HostnameType,
    ...tagsOf(found.Tags),
    vpc_id: found.VpcId,
  };
});

const gateway = single('aws_internet_gateway', ['DescribeInternetGateways'], async (client, id) => {
  const { InternetGateways } = await client.describeInternetGateways({ InternetGatewayIds: [id] });
  const found = InternetGateways?.[0];
  if (found === undefined) return null;
  return {
    arn: await arnOf(client, found.OwnerId ?? '', 'internet-gateway', id),
    owner_id: found.OwnerId,
    ...tagsOf(found.Tags),
    vpc_id: found.Attachments?.[0]?.VpcId ?? '',
  };
});

const nat = single('aws_nat_gateway', ['DescribeNatGateways'], async (client, id) => {
  const found = (await client.describeNatGateways({ NatGatewayIds: [id] })).NatGateways?.[0];
  if (found === undefined || gone.has(found.State ?? '')) return null;
  const addresses = found.NatGatewayAddresses ?? [];
  // Answers of long ago do not mark the first one.
  const first = addresses.find(({ IsPrimary }) => IsPrimary) ?? addresses[0];
  return {
    allocation_id: first?.AllocationId ?? '',
    association_id: first?.AssociationId,
    connectivity_type: found.ConnectivityType,
    network_interface_id: first?.NetworkInterfaceId,
    private_ip: first?.PrivateIp,
    public_ip: first?.PublicIp ?? '',
    secondary_allocation_ids: sorted(
      addresses.filter((each) => each !== first).map(({ AllocationId }) => AllocationId),
    ),
    subnet_id: found.SubnetId,
    ...tagsOf(found.Tags),
  };
});

const address = single('aws_eip', ['DescribeAddresses'], async (client, id) => {
  const found = (await client.describeAddresses({ AllocationIds: [id] })).Addresses?.[0];
  if (found === undefined) return null;
  return {
    allocation_id: found.AllocationId,
    association_id: found.AssociationId ?? '',
    domain: found.Domain,
    instance: found.InstanceId ?? '',
    network_border_group: found.NetworkBorderGroup ?? '',
    network_interface: found.NetworkInterfaceId ?? '',
    private_ip: found.PrivateIpAddress ?? '',
    public_ip: found.PublicIp,
    ...tagsOf(found.Tags),
  };
});

/** Routes that nobody made by hand are no routes of the table: its own network's, a gateway endpoint's. */
function isOwnRoute({ GatewayId = '', Origin, DestinationPrefixListId }: Route): boolean {
  if (GatewayId === 'local' || Origin === 'EnableVgwRoutePropagation') return false;
  return !(GatewayId.startsWith('vpce-') && DestinationPrefixListId !== undefined);
}

function routeOf(route: Route): JsonObject {
  const gatewayId = route.GatewayId ?? '';
  const endpoint = gatewayId.startsWith('vpce-');
  return {
    carrier_gateway_id: route.CarrierGatewayId ?? '',
    cidr_block: route.DestinationCidrBlock ?? '',
    core_network_arn: route.CoreNetworkArn ?? '',
    destination_prefix_list_id: route.DestinationPrefixListId ?? '',
    egress_only_gateway_id: route.EgressOnlyInternetGatewayId ?? '',
    gateway_id: endpoint ? '' : gatewayId,
    ipv6_cidr_block: route.DestinationIpv6CidrBlock ?? '',
    local_gateway_id: route.LocalGatewayId ?? '',
    nat_gateway_id: route.NatGatewayId ?? '',
    network_interface_id: route.NetworkInterfaceId ?? '',
    transit_gateway_id: route.TransitGatewayId ?? '',
    vpc_endpoint_id: endpoint ? gatewayId : '',
    vpc_peering_connection_id: route.VpcPeeringConnectionId ?? '',
  };
}

function associationsOf(table: RouteTable): readonly DescribedResource[] {
  return (table.Associations ?? []).flatMap((each): DescribedResource[] => {
    const { RouteTableAssociationId: id, Main, GatewayId = '', SubnetId = '' } = each;
    if (id === undefined || Main) return [];
    const values = known({
      gateway_id: GatewayId,
      id,
      route_table_id: table.RouteTableId,
      subnet_id: SubnetId,
    });
    return [{ type: 'aws_route_table_association', id, values }];
  });
}

const routeTable: DescribeDefinition<EC2> = {
  actions: ['ec2:DescribeRouteTables'],
  describe: async ({ id }, client) => {
    const found = (await client.describeRouteTables({ RouteTableIds: [id] })).RouteTables?.[0];
    if (found === undefined) return [];
    const values = known({
      arn: await arnOf(client, found.OwnerId ?? '', 'route-table', id),
      id,
      owner_id: found.OwnerId,
      propagating_vgws: sorted(found.PropagatingVgws?.map(({ GatewayId }) => GatewayId)),
      route: (found.Routes ?? []).filter(isOwnRoute).map(routeOf),
      ...tagsOf(found.Tags),
      vpc_id: found.VpcId,
    });
    return [{ type: 'aws_route_table', id, values }, ...associationsOf(found)];
  },
};

/** All that a description of an endpoint holds, but for its ARN. */
export function endpointValues(found: VpcEndpoint): Maybe {
  const dns = found.DnsOptions;
  return {
    dns_entry: (found.DnsEntries ?? []).map((entry) =>
      known({ dns_name: entry.DnsName, hosted_zone_id: entry.HostedZoneId }),
    ),
    dns_options:
      dns === undefined
        ? []
        : [
            {
              dns_record_ip_type: dns.DnsRecordIpType ?? '',
              private_dns_only_for_inbound_resolver_endpoint:
                dns.PrivateDnsOnlyForInboundResolverEndpoint ?? false,
            },
          ],
    ip_address_type: found.IpAddressType ?? '',
    network_interface_ids: sorted(found.NetworkInterfaceIds),
    owner_id: found.OwnerId,
    policy: jsonText(found.PolicyDocument),
    private_dns_enabled: found.PrivateDnsEnabled ?? false,
    requester_managed: found.RequesterManaged ?? false,
    route_table_ids: sorted(found.RouteTableIds),
    security_group_ids: sorted(found.Groups?.map(({ GroupId }) => GroupId)),
    service_name: found.ServiceName,
    state: found.State,
    subnet_ids: sorted(found.SubnetIds),
    ...tagsOf(found.Tags),
    vpc_endpoint_type: found.VpcEndpointType,
    vpc_id: found.VpcId,
  };
}

/** Routes and rules lead to a gateway endpoint's service by this. */
async function prefixListOf(client: EC2, { VpcEndpointType, ServiceName }: VpcEndpoint): Promise<Maybe> {
  if (VpcEndpointType !== 'Gateway' || ServiceName === undefined) return {};
  const { PrefixLists } = await client.describePrefixLists({
    Filters: [{ Name: 'prefix-list-name', Values: [ServiceName] }],
  });
  const found = PrefixLists?.find(({ PrefixListName }) => PrefixListName === ServiceName);
  return { cidr_blocks: [...(found?.Cidrs ?? [])], prefix_list_id: found?.PrefixListId };
}

const endpoint = single(
  'aws_vpc_endpoint',
  ['DescribeVpcEndpoints', 'DescribePrefixLists'],
  async (client, id) => {
    const found = (await client.describeVpcEndpoints({ VpcEndpointIds: [id] })).VpcEndpoints?.[0];
    if (found === undefined || gone.has(found.State ?? '')) return null;
    return {
      arn: await arnOf(client, found.OwnerId ?? '', 'vpc-endpoint', id),
      ...endpointValues(found),
      ...(await prefixListOf(client, found)),
    };
  },
);

export const ec2 = describeService('ec2', adapter.notFound, {
  ...vpc,
  ...subnet,
  ...gateway,
  ...nat,
  ...address,
  ...endpoint,
  aws_route_table: routeTable,
  aws_security_group: {
    actions: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
    describe: async ({ id }, client) =>
      describeGroup(id, client, await arnOf(client, 'OWNER', 'security-group', id)),
  },
});
