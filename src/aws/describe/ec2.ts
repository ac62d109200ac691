import type { EC2, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { Json } from '../../transfer/json.ts';
import { type DescribeDefinition, describeService, known } from '../describe.ts';
import { ec2 as adapter } from '../services/ec2.ts';
import { settingsNotRead, sorted } from '../state-values.ts';
import { arnOf, tagsOf } from './ec2-common.ts';
import { describeGroup } from './ec2-groups.ts';
import { routeTable } from './ec2-routes.ts';
import { vpc } from './ec2-vpc.ts';
import { jsonText } from './texts.ts';

type Maybe = Readonly<Record<string, Json | undefined>>;

/** EC2 keeps what was deleted visible for a while. */
const gone = new Set(['deleted', 'Deleted', 'deleting', 'Deleting']);

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
    ...settingsNotRead({ AvailabilityMode: found.AvailabilityMode === 'regional' }),
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
    ...settingsNotRead({
      PrivateDnsOnlyForInboundResolverEndpoint: dns?.PrivateDnsOnlyForInboundResolverEndpoint,
      ResourceConfigurationArn: found.ResourceConfigurationArn,
      ServiceNetworkArn: found.ServiceNetworkArn,
    }),
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
  aws_vpc: vpc,
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
