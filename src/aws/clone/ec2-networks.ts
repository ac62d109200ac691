/**
 * Networks of an environment's own: the network itself, its subnets, its ways out. The copy has the addresses of its
 * source: two networks may have the same ones as long as nothing joins them.
 */
import type {
  AttributeBooleanValue,
  ConnectivityType,
  EC2,
  HostnameType,
  NatGateway,
  Tenancy,
  Vpc,
} from '@aws-sdk/client-ec2';
import { ProvisionError } from '../../transfer/errors.ts';
import { type Cloned, type CloneDefinition, type CloneRequest } from '../clone.ts';
import { known } from '../describe.ts';
import { arnOf } from '../describe/ec2-common.ts';
import { defaultsActions, defaultsOf } from '../describe/ec2-vpc.ts';
import { StateValues } from '../state-values.ts';
import { tagsFor } from './ec2-tags.ts';
import { answered } from './refusals.ts';
import { onceKnown, type Passing, waitFor } from './wait.ts';

/** What was made a moment ago, and is not known everywhere yet. */
const notKnownYet: readonly Passing[] = [
  'InvalidVpcID.NotFound',
  'InvalidSubnetID.NotFound',
  'InvalidSubnet',
  'InvalidInternetGatewayID.NotFound',
  'InvalidAllocationID.NotFound',
].map((code) => ({ code }));

const on: AttributeBooleanValue = { Value: true };

const ofOneNetwork = 'it has IPv6 addresses, which belong to one network alone';

async function cloneVpc({ values: given, signal }: CloneRequest, client: EC2): Promise<Cloned> {
  const values = new StateValues(given);
  const CidrBlock = values.needed('cidr_block');
  const { Vpc } = await client.createVpc({
    CidrBlock,
    InstanceTenancy: values.word<Tenancy>('instance_tenancy'),
    TagSpecifications: tagsFor('vpc', values),
  });
  const VpcId = answered(Vpc?.VpcId, `the id of the network ${CidrBlock}`);
  const ready = await waitFor(async () => whenAvailable(VpcId, client, signal), {
    what: `the network ${VpcId} to become available`,
    signal,
  });
  // One attribute a call; new networks resolve names, and give none.
  await client.modifyVpcAttribute({
    VpcId,
    EnableDnsSupport: { Value: values.flag('enable_dns_support') ?? true },
  });
  if (values.flag('enable_dns_hostnames')) await client.modifyVpcAttribute({ VpcId, EnableDnsHostnames: on });
  if (values.flag('enable_network_address_usage_metrics'))
    await client.modifyVpcAttribute({ VpcId, EnableNetworkAddressUsageMetrics: on });
  const DhcpOptionsId = values.text('dhcp_options_id');
  if (DhcpOptionsId !== undefined && DhcpOptionsId !== ready.DhcpOptionsId)
    await client.associateDhcpOptions({ VpcId, DhcpOptionsId });
  const owner = ready.OwnerId ?? '';
  const defaults = await defaultsOf(VpcId, client);
  const arn = await arnOf(client, owner, 'vpc', VpcId);
  return { id: VpcId, values: known({ arn, id: VpcId, owner_id: owner, ...defaults.values }) };
}

async function whenAvailable(VpcId: string, client: EC2, signal: AbortSignal): Promise<Vpc | undefined> {
  const ask = () => client.describeVpcs({ VpcIds: [VpcId] });
  const { Vpcs } = await onceKnown(ask, notKnownYet, signal);
  return Vpcs?.find(({ State }) => State === 'available');
}

async function cloneSubnet({ values: given, signal }: CloneRequest, client: EC2): Promise<Cloned> {
  const values = new StateValues(given);
  const CidrBlock = values.needed('cidr_block');
  const { Subnet } = await onceKnown(
    () =>
      client.createSubnet({
        VpcId: values.needed('vpc_id'),
        CidrBlock,
        AvailabilityZone: values.text('availability_zone'),
        TagSpecifications: tagsFor('subnet', values),
      }),
    notKnownYet,
    signal,
  );
  const SubnetId = answered(Subnet?.SubnetId, `the id of the subnet ${CidrBlock}`);
  await waitFor(
    async () => {
      const ask = () => client.describeSubnets({ SubnetIds: [SubnetId] });
      const { Subnets } = await onceKnown(ask, notKnownYet, signal);
      return Subnets?.find(({ State }) => State === 'available');
    },
    { what: `the subnet ${SubnetId} to become available`, signal },
  );
  if (values.flag('map_public_ip_on_launch'))
    await client.modifySubnetAttribute({ SubnetId, MapPublicIpOnLaunch: on });
  if (values.flag('enable_resource_name_dns_a_record_on_launch'))
    await client.modifySubnetAttribute({ SubnetId, EnableResourceNameDnsARecordOnLaunch: on });
  if (values.text('private_dns_hostname_type_on_launch') === 'resource-name')
    await client.modifySubnetAttribute({
      SubnetId,
      PrivateDnsHostnameTypeOnLaunch: 'resource-name' satisfies HostnameType,
    });
  return {
    id: SubnetId,
    values: known({
      arn: Subnet?.SubnetArn,
      availability_zone: Subnet?.AvailabilityZone,
      availability_zone_id: Subnet?.AvailabilityZoneId,
      id: SubnetId,
      owner_id: Subnet?.OwnerId,
    }),
  };
}

async function cloneInternetGateway({ values: given, signal }: CloneRequest, client: EC2): Promise<Cloned> {
  const values = new StateValues(given);
  const { InternetGateway } = await client.createInternetGateway({
    TagSpecifications: tagsFor('internet-gateway', values),
  });
  const id = answered(InternetGateway?.InternetGatewayId, 'the id of the internet gateway');
  const VpcId = values.text('vpc_id');
  if (VpcId !== undefined)
    await onceKnown(
      () => client.attachInternetGateway({ InternetGatewayId: id, VpcId }),
      notKnownYet,
      signal,
    );
  const owner = InternetGateway?.OwnerId ?? '';
  return { id, values: { arn: await arnOf(client, owner, 'internet-gateway', id), id, owner_id: owner } };
}

async function cloneAddress({ values: given }: CloneRequest, client: EC2): Promise<Cloned> {
  const values = new StateValues(given);
  const group = values.text('network_border_group');
  const made = await client.allocateAddress({
    Domain: 'vpc',
    // A zone near its users has addresses of its own.
    ...(group === undefined || group === (await client.config.region()) ? {} : { NetworkBorderGroup: group }),
    TagSpecifications: tagsFor('elastic-ip', values),
  });
  const id = answered(made.AllocationId, 'the id of the address');
  return {
    id,
    values: known({
      allocation_id: id,
      // Attached by what uses it, where that is copied too.
      association_id: '',
      id,
      network_interface: '',
      private_ip: '',
      public_ip: made.PublicIp,
    }),
  };
}

/** As long as AWS itself allows one to be on its way; most take two minutes. */
const gatewayLimitMs = 10 * 60_000;

async function cloneNat({ values: given, signal }: CloneRequest, client: EC2): Promise<Cloned> {
  const values = new StateValues(given);
  const SubnetId = values.needed('subnet_id');
  const { NatGateway: begun } = await onceKnown(
    () =>
      client.createNatGateway({
        SubnetId,
        AllocationId: values.text('allocation_id'),
        ConnectivityType: values.word<ConnectivityType>('connectivity_type'),
        SecondaryAllocationIds: values.texts('secondary_allocation_ids'),
        TagSpecifications: tagsFor('natgateway', values),
      }),
    notKnownYet,
    signal,
  );
  const id = answered(begun?.NatGatewayId, `the id of the NAT gateway in ${SubnetId}`);
  const ready = await waitFor(async () => natIfReady(id, client, signal), {
    what: `the NAT gateway ${id} to become available`,
    signal,
    limitMs: gatewayLimitMs,
  });
  const addresses = ready.NatGatewayAddresses ?? [];
  const first = addresses.find(({ IsPrimary }) => IsPrimary) ?? addresses[0];
  return {
    id,
    values: known({
      association_id: first?.AssociationId,
      id,
      network_interface_id: first?.NetworkInterfaceId,
      private_ip: first?.PrivateIp,
      public_ip: first?.PublicIp,
    }),
  };
}

async function natIfReady(id: string, client: EC2, signal: AbortSignal): Promise<NatGateway | undefined> {
  const { NatGateways } = await onceKnown(
    () => client.describeNatGateways({ NatGatewayIds: [id] }),
    [{ code: 'NatGatewayNotFound' }],
    signal,
  );
  const found = NatGateways?.[0];
  if (found?.State === 'failed') {
    const why = found.FailureMessage ?? found.FailureCode ?? 'AWS does not say why';
    throw new ProvisionError('apply-failed', `the NAT gateway ${id} could not be made: ${why}`, {
      hint: 'Remove the cause, then run the command again.',
    });
  }
  return found?.State === 'available' ? found : undefined;
}

export const networks: Readonly<Record<string, CloneDefinition<EC2>>> = {
  aws_vpc: {
    actions: [
      'ec2:CreateVpc',
      'ec2:CreateTags',
      'ec2:DescribeVpcs',
      'ec2:ModifyVpcAttribute',
      'ec2:AssociateDhcpOptions',
      ...defaultsActions,
    ],
    refuses: (source) => (source.text('ipv6_cidr_block') === undefined ? null : ofOneNetwork),
    clone: cloneVpc,
  },
  aws_subnet: {
    actions: ['ec2:CreateSubnet', 'ec2:CreateTags', 'ec2:DescribeSubnets', 'ec2:ModifySubnetAttribute'],
    liesIn: 'vpc_id',
    refuses(source) {
      if (source.text('outpost_arn') !== undefined) return 'it lies on an Outpost';
      const ipv6 = source.flag('ipv6_native') || source.text('ipv6_cidr_block') !== undefined;
      return ipv6 ? ofOneNetwork : null;
    },
    clone: cloneSubnet,
  },
  aws_internet_gateway: {
    actions: ['ec2:CreateInternetGateway', 'ec2:CreateTags', 'ec2:AttachInternetGateway'],
    liesIn: 'vpc_id',
    clone: cloneInternetGateway,
  },
  aws_eip: {
    actions: ['ec2:AllocateAddress', 'ec2:CreateTags'],
    refuses: (source) =>
      source.text('instance') === undefined ? null : 'it belongs to a machine, and machines are not copied',
    clone: cloneAddress,
  },
  aws_nat_gateway: {
    actions: ['ec2:CreateNatGateway', 'ec2:CreateTags', 'ec2:DescribeNatGateways'],
    // AWS refuses one in a network that has no way out yet, which no value of it tells.
    after: [{ types: ['aws_internet_gateway'], sharing: [] }],
    liesIn: 'subnet_id',
    clone: cloneNat,
  },
};
