/** Networks and their parts: what a VPC is made of. Part of the adapter of EC2. */
import type { EC2 } from '@aws-sdk/client-ec2';
import { type TypeDefinition } from './adapter.ts';
import { gone, leavingIf, listed, named, networkStates, stated, whole } from './ec2-kinds.ts';
import { listing, onePage } from './listing.ts';

export const networks: Readonly<Record<string, TypeDefinition<EC2>>> = {
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
  aws_subnet: whole('DescribeSubnets', ['DeleteSubnet'], ['aws_network_acl', 'aws_route_table', 'aws_vpc'], {
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
  }),
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
};
