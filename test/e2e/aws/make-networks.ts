import { unique } from '../../sandbox/aws.ts';
import type { Maker } from './makers.ts';

export const networks: Maker = async (clients) => {
  const ec2 = await clients.get('ec2');
  const { Vpc } = await ec2.createVpc({ CidrBlock: '10.9.0.0/16' });
  const VpcId = Vpc?.VpcId ?? '';
  const { Subnet } = await ec2.createSubnet({ VpcId, CidrBlock: '10.9.1.0/24' });
  const { GroupId = '' } = await ec2.createSecurityGroup({
    VpcId,
    GroupName: unique('group'),
    Description: 'x',
  });
  const rules = await ec2.authorizeSecurityGroupIngress({
    GroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
  });
  const rule = rules.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? '';
  const { RouteTable } = await ec2.createRouteTable({ VpcId });
  const table = RouteTable?.RouteTableId ?? '';
  const { InternetGateway } = await ec2.createInternetGateway({});
  const InternetGatewayId = InternetGateway?.InternetGatewayId ?? '';
  await ec2.attachInternetGateway({ InternetGatewayId, VpcId });
  await ec2.createRoute({
    RouteTableId: table,
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: InternetGatewayId,
  });
  const association = await ec2.associateRouteTable({
    RouteTableId: table,
    SubnetId: Subnet?.SubnetId ?? '',
  });
  const AssociationId = association.AssociationId ?? '';
  const { VpcEndpoint } = await ec2.createVpcEndpoint({
    VpcId,
    ServiceName: 'com.amazonaws.ap-southeast-1.s3',
    VpcEndpointType: 'Gateway',
  });
  const endpoint = VpcEndpoint?.VpcEndpointId ?? '';
  const { AllocationId = '' } = await ec2.allocateAddress({ Domain: 'vpc' });
  const { NatGateway } = await ec2.createNatGateway({ SubnetId: Subnet?.SubnetId, AllocationId });
  const nat = NatGateway?.NatGatewayId ?? '';
  const route = { route_table_id: table, destination_cidr_block: '0.0.0.0/0' };
  return [
    {
      type: 'aws_vpc_security_group_ingress_rule',
      id: rule,
      remove: () => ec2.revokeSecurityGroupIngress({ GroupId, SecurityGroupRuleIds: [rule] }),
    },
    {
      type: 'aws_security_group_rule',
      id: 'sgrule-1',
      attributes: { security_group_id: GroupId },
    },
    { type: 'aws_security_group', id: GroupId, remove: () => ec2.deleteSecurityGroup({ GroupId }) },
    {
      type: 'aws_route_table_association',
      id: AssociationId,
      attributes: { route_table_id: table },
      remove: () => ec2.disassociateRouteTable({ AssociationId }),
    },
    {
      type: 'aws_route',
      id: 'r-rtb',
      attributes: route,
      remove: () => ec2.deleteRoute({ RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0' }),
    },
    { type: 'aws_route_table', id: table, remove: () => ec2.deleteRouteTable({ RouteTableId: table }) },
    {
      type: 'aws_vpc_endpoint',
      id: endpoint,
      remove: () => ec2.deleteVpcEndpoints({ VpcEndpointIds: [endpoint] }),
    },
    { type: 'aws_nat_gateway', id: nat, remove: () => ec2.deleteNatGateway({ NatGatewayId: nat }) },
    { type: 'aws_eip', id: AllocationId },
    {
      type: 'aws_internet_gateway',
      id: InternetGatewayId,
      remove: async () => {
        await ec2.detachInternetGateway({ InternetGatewayId, VpcId });
        await ec2.deleteInternetGateway({ InternetGatewayId });
      },
    },
    {
      type: 'aws_subnet',
      id: Subnet?.SubnetId ?? '',
      remove: () => ec2.deleteSubnet({ SubnetId: Subnet?.SubnetId }),
    },
    { type: 'aws_vpc', id: VpcId, remove: () => ec2.deleteVpc({ VpcId }) },
  ];
};
