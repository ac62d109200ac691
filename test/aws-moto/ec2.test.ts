import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../src/aws/clients.ts';
import { adapterCases, purposeTag } from './support/adapter-cases.ts';

const tagged = (ResourceType: TagSpecification['ResourceType'], name: string): TagSpecification[] => {
  const Tags: Tag[] = [{ Key: purposeTag, Value: name }];
  return [{ ResourceType, Tags }];
};

async function makeVpc(clients: AwsClients, name: string): Promise<string | undefined> {
  const ec2 = await clients.get('ec2');
  const made = await ec2.createVpc({ CidrBlock: '10.9.0.0/16', TagSpecifications: tagged('vpc', name) });
  return made.Vpc?.VpcId;
}

async function makeSubnet(clients: AwsClients, name: string): Promise<string | undefined> {
  const ec2 = await clients.get('ec2');
  const made = await ec2.createSubnet({
    VpcId: await makeVpc(clients, `of-${name}`),
    CidrBlock: '10.9.1.0/24',
    TagSpecifications: tagged('subnet', name),
  });
  return made.Subnet?.SubnetId;
}

async function makeAddress(clients: AwsClients, name: string): Promise<string | undefined> {
  const ec2 = await clients.get('ec2');
  const made = await ec2.allocateAddress({ Domain: 'vpc', TagSpecifications: tagged('elastic-ip', name) });
  return made.AllocationId;
}

adapterCases('ec2', {
  aws_vpc: { make: makeVpc },
  aws_subnet: { make: makeSubnet },
  aws_security_group: {
    // Two that name each other: neither can be deleted as it is.
    make: async (clients, name) => {
      const ec2 = await clients.get('ec2');
      const VpcId = await makeVpc(clients, `of-${name}`);
      const own = await ec2.createSecurityGroup({
        VpcId,
        GroupName: name,
        Description: 'x',
        TagSpecifications: tagged('security-group', name),
      });
      const other = await ec2.createSecurityGroup({ VpcId, GroupName: `by-${name}`, Description: 'x' });
      for (const [GroupId, named] of [
        [own.GroupId, other.GroupId],
        [own.GroupId, own.GroupId],
      ]) {
        const IpPermissions = [
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId: named }] },
        ];
        await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
        await ec2.authorizeSecurityGroupEgress({ GroupId, IpPermissions });
      }
      return own.GroupId;
    },
  },
  aws_vpc_endpoint: {
    // Only the emulator takes a second deletion.
    again: 'removed',
    make: async (clients, name) => {
      const ec2 = await clients.get('ec2');
      const made = await ec2.createVpcEndpoint({
        VpcId: await makeVpc(clients, `of-${name}`),
        ServiceName: 'com.amazonaws.ap-southeast-1.s3',
        VpcEndpointType: 'Gateway',
        TagSpecifications: tagged('vpc-endpoint', name),
      });
      return made.VpcEndpoint?.VpcEndpointId;
    },
  },
  aws_nat_gateway: {
    removal: 'leaving',
    // EC2 keeps a deleted one for a while, and takes its deletion again.
    again: 'leaving',
    make: async (clients, name) => {
      const ec2 = await clients.get('ec2');
      const made = await ec2.createNatGateway({
        SubnetId: await makeSubnet(clients, `of-${name}`),
        AllocationId: await makeAddress(clients, `of-${name}`),
        TagSpecifications: tagged('natgateway', name),
      });
      return made.NatGateway?.NatGatewayId;
    },
  },
  aws_network_interface: {
    make: async (clients, name) => {
      const ec2 = await clients.get('ec2');
      const made = await ec2.createNetworkInterface({
        SubnetId: await makeSubnet(clients, `of-${name}`),
        Description: name,
        TagSpecifications: tagged('network-interface', name),
      });
      return made.NetworkInterface?.NetworkInterfaceId;
    },
  },
  aws_instance: {
    removal: 'leaving',
    // EC2 takes the termination of what is terminated already.
    again: 'leaving',
    pages: { DescribeInstances: { MaxResults: 1 } },
    make: async (clients, name) => {
      const ec2 = await clients.get('ec2');
      const images = await ec2.describeImages({ Owners: ['amazon'] });
      const made = await ec2.runInstances({
        ImageId: images.Images?.[0]?.ImageId,
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        SubnetId: await makeSubnet(clients, `of-${name}`),
        TagSpecifications: tagged('instance', name),
      });
      return made.Instances?.[0]?.InstanceId;
    },
  },
  aws_internet_gateway: {
    make: async (clients, name) => {
      const ec2 = await clients.get('ec2');
      const made = await ec2.createInternetGateway({ TagSpecifications: tagged('internet-gateway', name) });
      const InternetGatewayId = made.InternetGateway?.InternetGatewayId;
      await ec2.attachInternetGateway({ InternetGatewayId, VpcId: await makeVpc(clients, `of-${name}`) });
      return InternetGatewayId;
    },
  },
  aws_eip: { make: makeAddress },
  aws_network_acl: {
    make: async (clients, name) => {
      const ec2 = await clients.get('ec2');
      const made = await ec2.createNetworkAcl({
        VpcId: await makeVpc(clients, `of-${name}`),
        TagSpecifications: tagged('network-acl', name),
      });
      return made.NetworkAcl?.NetworkAclId;
    },
  },
  aws_launch_template: {
    make: async (clients, name) => {
      const ec2 = await clients.get('ec2');
      const made = await ec2.createLaunchTemplate({
        LaunchTemplateName: name,
        LaunchTemplateData: { InstanceType: 't3.micro' },
        TagSpecifications: tagged('launch-template', name),
      });
      return made.LaunchTemplate?.LaunchTemplateId;
    },
  },
  aws_key_pair: {
    // EC2 takes the deletion of a key pair that is not there.
    again: 'removed',
    make: async (clients, name) => {
      const ec2 = await clients.get('ec2');
      await ec2.createKeyPair({ KeyName: name, TagSpecifications: tagged('key-pair', name) });
      return name;
    },
  },
  aws_route_table: {
    make: async (clients, name) => {
      const ec2 = await clients.get('ec2');
      const SubnetId = await makeSubnet(clients, `of-${name}`);
      const { Subnets } = await ec2.describeSubnets({ SubnetIds: [SubnetId ?? ''] });
      const made = await ec2.createRouteTable({
        VpcId: Subnets?.[0]?.VpcId,
        TagSpecifications: tagged('route-table', name),
      });
      const RouteTableId = made.RouteTable?.RouteTableId;
      await ec2.associateRouteTable({ RouteTableId, SubnetId });
      return RouteTableId;
    },
  },
});
