/** Networks, with what somebody changed of the parts that AWS makes with each. */
import type { EC2, Vpc } from '@aws-sdk/client-ec2';
import type { Json } from '../../transfer/json.ts';
import { type DescribeDefinition, known } from '../describe.ts';
import { arnOf, tagsOf } from './ec2-common.ts';
import { describeMain } from './ec2-routes.ts';
import { settingsNotRead } from '../state-values.ts';
import { refuseSettings } from './refusals.ts';

/** What AWS makes with each network, and takes away with it: the provider's attributes for them. */
export async function defaultsOf(VpcId: string, client: EC2) {
  const inVpc = { Name: 'vpc-id', Values: [VpcId] };
  const [acls, tables, groups] = await Promise.all([
    client.describeNetworkAcls({ Filters: [inVpc, { Name: 'default', Values: ['true'] }] }),
    client.describeRouteTables({ Filters: [inVpc, { Name: 'association.main', Values: ['true'] }] }),
    client.describeSecurityGroups({ Filters: [inVpc, { Name: 'group-name', Values: ['default'] }] }),
  ]);
  const main = tables.RouteTables?.[0];
  return {
    main,
    group: groups.SecurityGroups?.[0],
    values: {
      // The provider asks for the main one for both.
      default_route_table_id: main?.RouteTableId,
      default_network_acl_id: acls.NetworkAcls?.[0]?.NetworkAclId,
      default_security_group_id: groups.SecurityGroups?.[0]?.GroupId,
      main_route_table_id: main?.RouteTableId,
    } satisfies Record<string, Json | undefined>,
  };
}

export const defaultsActions: readonly string[] = [
  'ec2:DescribeNetworkAcls',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroups',
];

/** @throws SettingsNotDescribed for a network of several blocks of addresses */
function refuseFurtherBlocks({ CidrBlock, CidrBlockAssociationSet = [] }: Vpc): void {
  const further = CidrBlockAssociationSet.filter(
    (each) => each.CidrBlock !== CidrBlock && each.CidrBlockState?.State === 'associated',
  );
  refuseSettings({ 'further blocks of addresses': further });
}

export const vpc: DescribeDefinition<EC2> = {
  actions: ['ec2:DescribeVpcs', 'ec2:DescribeVpcAttribute', 'ec2:DescribeFlowLogs', ...defaultsActions],
  describe: async ({ id: VpcId }, client) => {
    const found = (await client.describeVpcs({ VpcIds: [VpcId] })).Vpcs?.[0];
    if (found === undefined) return [];
    refuseFurtherBlocks(found);
    const [flows, hostnames, support, metrics, defaults] = await Promise.all([
      client.describeFlowLogs({ Filter: [{ Name: 'resource-id', Values: [VpcId] }] }),
      client.describeVpcAttribute({ VpcId, Attribute: 'enableDnsHostnames' }),
      client.describeVpcAttribute({ VpcId, Attribute: 'enableDnsSupport' }),
      client.describeVpcAttribute({ VpcId, Attribute: 'enableNetworkAddressUsageMetrics' }),
      defaultsOf(VpcId, client),
    ]);
    const ipv6 = found.Ipv6CidrBlockAssociationSet?.find(
      ({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === 'associated',
    );
    const values = known({
      arn: await arnOf(client, found.OwnerId ?? '', 'vpc', VpcId),
      assign_generated_ipv6_cidr_block: ipv6 !== undefined,
      cidr_block: found.CidrBlock,
      ...defaults.values,
      dhcp_options_id: found.DhcpOptionsId,
      enable_dns_hostnames: hostnames.EnableDnsHostnames?.Value,
      enable_dns_support: support.EnableDnsSupport?.Value,
      enable_network_address_usage_metrics: metrics.EnableNetworkAddressUsageMetrics?.Value,
      id: VpcId,
      instance_tenancy: found.InstanceTenancy,
      ipv6_cidr_block: ipv6?.Ipv6CidrBlock ?? '',
      owner_id: found.OwnerId,
      ...tagsOf(found.Tags),
      ...settingsNotRead({ 'flow logs': flows.FlowLogs }),
    });
    const parts = defaults.main === undefined ? [] : await describeMain(defaults.main, client);
    return [{ type: 'aws_vpc', id: VpcId, values }, ...parts];
  },
};
