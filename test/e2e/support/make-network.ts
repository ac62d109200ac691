/** A network of an environment's own, made by hand as people make them: most of its parts bear no name. */
import type { ResourceType, TagSpecification } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../../src/aws/clients.ts';

export interface HandMadeNetwork {
  readonly vpc: string;
  readonly publicSubnet: string;
  readonly privateSubnet: string;
  readonly gateway: string;
  readonly address: string;
  readonly nat: string;
  /** Of the private subnet; the public one has the main one. */
  readonly table: string;
  readonly group: string;
}

const tagged = (kind: ResourceType, Value: string): TagSpecification[] => [
  { ResourceType: kind, Tags: [{ Key: 'Name', Value }] },
];

/** In order of use; the main route table leads to the internet, a second one through the NAT gateway. */
export async function makeOwnNetwork(clients: AwsClients, name: string): Promise<HandMadeNetwork> {
  const ec2 = await clients.get('ec2');
  const made = await ec2.createVpc({
    CidrBlock: '10.40.0.0/16',
    TagSpecifications: tagged('vpc', `${name}-vpc`),
  });
  const VpcId = made.Vpc?.VpcId ?? '';
  await ec2.modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: true } });
  const subnet = async (CidrBlock: string, AvailabilityZone: string): Promise<string> =>
    (await ec2.createSubnet({ VpcId, CidrBlock, AvailabilityZone })).Subnet?.SubnetId ?? '';
  const publicSubnet = await subnet('10.40.0.0/24', 'ap-southeast-1a');
  const privateSubnet = await subnet('10.40.1.0/24', 'ap-southeast-1b');
  await ec2.modifySubnetAttribute({ SubnetId: publicSubnet, MapPublicIpOnLaunch: { Value: true } });
  const { InternetGateway } = await ec2.createInternetGateway({});
  const gateway = InternetGateway?.InternetGatewayId ?? '';
  await ec2.attachInternetGateway({ InternetGatewayId: gateway, VpcId });
  const { AllocationId: address = '' } = await ec2.allocateAddress({ Domain: 'vpc' });
  const { NatGateway } = await ec2.createNatGateway({
    SubnetId: publicSubnet,
    AllocationId: address,
    TagSpecifications: tagged('natgateway', `${name}-nat`),
  });
  const nat = NatGateway?.NatGatewayId ?? '';
  const inVpc = { Name: 'vpc-id', Values: [VpcId] };
  const { RouteTables } = await ec2.describeRouteTables({
    Filters: [inVpc, { Name: 'association.main', Values: ['true'] }],
  });
  const everywhere = { DestinationCidrBlock: '0.0.0.0/0' };
  await ec2.createRoute({
    RouteTableId: RouteTables?.[0]?.RouteTableId,
    ...everywhere,
    GatewayId: gateway,
  });
  const { RouteTable } = await ec2.createRouteTable({ VpcId });
  const table = RouteTable?.RouteTableId ?? '';
  await ec2.createRoute({ RouteTableId: table, ...everywhere, NatGatewayId: nat });
  await ec2.associateRouteTable({ RouteTableId: table, SubnetId: privateSubnet });
  const { GroupId: group = '' } = await ec2.createSecurityGroup({
    GroupName: `${name}-app`,
    Description: 'The app',
    VpcId,
  });
  return { vpc: VpcId, publicSubnet, privateSubnet, gateway, address, nat, table, group };
}

/** All that is in the account of the kinds that make up networks, by id: what must be the same before and after. */
export async function networksThere(clients: AwsClients): Promise<readonly string[]> {
  const ec2 = await clients.get('ec2');
  const [vpcs, subnets, gateways, addresses, nats, tables, groups, acls, endpoints] = await Promise.all([
    ec2.describeVpcs({}),
    ec2.describeSubnets({}),
    ec2.describeInternetGateways({}),
    ec2.describeAddresses({}),
    ec2.describeNatGateways({}),
    ec2.describeRouteTables({}),
    ec2.describeSecurityGroups({}),
    ec2.describeNetworkAcls({}),
    ec2.describeVpcEndpoints({}),
  ]);
  const gone = new Set(['deleted', 'deleting']);
  return [
    ...(vpcs.Vpcs ?? []).map(({ VpcId }) => VpcId),
    ...(subnets.Subnets ?? []).map(({ SubnetId }) => SubnetId),
    ...(gateways.InternetGateways ?? []).map(({ InternetGatewayId }) => InternetGatewayId),
    ...(addresses.Addresses ?? []).map(({ AllocationId }) => AllocationId),
    ...(nats.NatGateways ?? []).flatMap((each) => (gone.has(each.State ?? '') ? [] : [each.NatGatewayId])),
    ...(tables.RouteTables ?? []).map(({ RouteTableId }) => RouteTableId),
    ...(groups.SecurityGroups ?? []).map(({ GroupId }) => GroupId),
    // moto keeps that of a network that is gone; AWS takes it away.
    ...(acls.NetworkAcls ?? []).flatMap(({ NetworkAclId, VpcId }) =>
      vpcs.Vpcs?.some((vpc) => vpc.VpcId === VpcId) ? [NetworkAclId] : [],
    ),
    ...(endpoints.VpcEndpoints ?? []).flatMap((each) =>
      gone.has(each.State?.toLowerCase() ?? '') ? [] : [each.VpcEndpointId],
    ),
  ]
    .filter((id) => id !== undefined)
    .toSorted();
}
