import type {
  AuthorizeSecurityGroupEgressCommandOutput,
  AuthorizeSecurityGroupIngressCommandOutput,
  EC2,
  IpAddressType,
  IpPermission,
  TagSpecification,
  VpcEndpointType,
} from '@aws-sdk/client-ec2';
import { ProvisionError } from '../../transfer/errors.ts';
import { type Cloned, type CloneDefinition, type CloneRequest, cloneService } from '../clone.ts';
import { known } from '../describe.ts';
import { arnOf } from '../describe/ec2-common.ts';
import { endpointValues } from '../describe/ec2.ts';
import { StateValues } from '../state-values.ts';
import { networks } from './ec2-networks.ts';
import { routes } from './ec2-routes.ts';
import { tagsFor } from './ec2-tags.ts';
import { pick } from './pick.ts';
import { answered } from './refusals.ts';
import { onceKnown, type Passing, waitFor } from './wait.ts';

const notKnownYet: readonly Passing[] = [
  { code: 'InvalidGroup.NotFound' },
  { code: 'InvalidSecurityGroupID.NotFound' },
];

/** Every new group lets everything out. Its own rules are made one by one, as things of their own. */
async function withoutRules(GroupId: string, client: EC2, signal: AbortSignal): Promise<string> {
  const { SecurityGroups } = await onceKnown(
    () => client.describeSecurityGroups({ GroupIds: [GroupId] }),
    notKnownYet,
    signal,
  );
  const group = SecurityGroups?.[0];
  const IpPermissions = group?.IpPermissionsEgress ?? [];
  if (IpPermissions.length > 0) await client.revokeSecurityGroupEgress({ GroupId, IpPermissions });
  return group?.OwnerId ?? '';
}

async function cloneGroup({ values: given, signal }: CloneRequest, client: EC2): Promise<Cloned> {
  const values = new StateValues(given);
  const GroupName = values.needed('name');
  const { GroupId } = await client.createSecurityGroup({
    GroupName,
    Description: values.text('description') ?? GroupName,
    VpcId: values.text('vpc_id'),
    TagSpecifications: tagsFor('security-group', values),
  });
  const id = answered(GroupId, `the id of the security group ${GroupName}`);
  const owner = await withoutRules(id, client, signal);
  return { id, values: { arn: await arnOf(client, owner, 'security-group', id), id, owner_id: owner } };
}

/** A group of another account is written with it. */
function peerOf(text: string): { GroupId: string; UserId?: string } {
  const at = text.indexOf('/');
  return at < 0 ? { GroupId: text } : { UserId: text.slice(0, at), GroupId: text.slice(at + 1) };
}

function permissionOf(values: StateValues): IpPermission {
  const described = values.text('description');
  const Description = described === undefined ? {} : { Description: described };
  const [v4, v6] = [values.text('cidr_ipv4'), values.text('cidr_ipv6')];
  const [list, peer] = [values.text('prefix_list_id'), values.text('referenced_security_group_id')];
  return {
    IpProtocol: values.needed('ip_protocol'),
    FromPort: values.number('from_port'),
    ToPort: values.number('to_port'),
    ...(v4 === undefined ? {} : { IpRanges: [{ CidrIp: v4, ...Description }] }),
    ...(v6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6: v6, ...Description }] }),
    ...(list === undefined ? {} : { PrefixListIds: [{ PrefixListId: list, ...Description }] }),
    ...(peer === undefined ? {} : { UserIdGroupPairs: [{ ...peerOf(peer), ...Description }] }),
  };
}

type Authorized = AuthorizeSecurityGroupIngressCommandOutput | AuthorizeSecurityGroupEgressCommandOutput;

function rule(
  action: string,
  authorize: (
    client: EC2,
    request: {
      GroupId: string;
      IpPermissions: IpPermission[];
      TagSpecifications: TagSpecification[] | undefined;
    },
  ) => Promise<Authorized>,
): CloneDefinition<EC2> {
  return {
    actions: [`ec2:${action}`, 'ec2:CreateTags'],
    clone: async ({ values: given, signal }, client) => {
      const values = new StateValues(given);
      const GroupId = values.needed('security_group_id');
      const { SecurityGroupRules } = await onceKnown(
        () =>
          authorize(client, {
            GroupId,
            IpPermissions: [permissionOf(values)],
            TagSpecifications: tagsFor('security-group-rule', values),
          }),
        notKnownYet,
        signal,
      );
      const made = SecurityGroupRules?.[0];
      const id = answered(made?.SecurityGroupRuleId, `the id of a rule of ${GroupId}`);
      const owner = made?.GroupOwnerId;
      const arn = owner === undefined ? {} : { arn: await arnOf(client, owner, 'security-group-rule', id) };
      return { id, values: { ...arn, id, security_group_rule_id: id } };
    },
  };
}

async function cloneEndpoint({ values: given, signal }: CloneRequest, client: EC2): Promise<Cloned> {
  const values = new StateValues(given);
  const ServiceName = values.needed('service_name');
  const type = values.word<VpcEndpointType>('vpc_endpoint_type');
  const { VpcEndpoint } = await onceKnown(
    () =>
      client.createVpcEndpoint({
        VpcId: values.needed('vpc_id'),
        ServiceName,
        VpcEndpointType: type,
        PolicyDocument: values.text('policy'),
        RouteTableIds: values.texts('route_table_ids'),
        SubnetIds: values.texts('subnet_ids'),
        SecurityGroupIds: values.texts('security_group_ids'),
        IpAddressType: values.word<IpAddressType>('ip_address_type'),
        ...(type === 'Interface' ? { PrivateDnsEnabled: values.flag('private_dns_enabled') ?? false } : {}),
        TagSpecifications: tagsFor('vpc-endpoint', values),
      }),
    notKnownYet,
    signal,
  );
  const id = answered(VpcEndpoint?.VpcEndpointId, `the id of the endpoint of ${ServiceName}`);
  const ready = await waitFor(
    async () => {
      const { VpcEndpoints } = await client.describeVpcEndpoints({ VpcEndpointIds: [id] });
      const found = VpcEndpoints?.[0];
      const state = found?.State?.toLowerCase();
      if (state === 'failed' || state === 'rejected' || state === 'expired') {
        throw new ProvisionError('apply-failed', `the endpoint ${id} of ${ServiceName} came to be ${state}`, {
          hint: 'The console of VPC says why.',
        });
      }
      return state === 'available' || state === 'pendingacceptance' ? found : undefined;
    },
    { what: `the endpoint ${id} of ${ServiceName}`, signal, limitMs: 15 * 60_000 },
  );
  const made = ['dns_entry', 'network_interface_ids', 'owner_id', 'state'];
  const arn = await arnOf(client, ready.OwnerId ?? '', 'vpc-endpoint', id);
  return { id, values: { arn, id, ...pick(known(endpointValues(ready)), made) } };
}

/** Networks with their parts, security groups and their rules, and endpoints. */
export const ec2 = cloneService('ec2', {
  ...networks,
  ...routes,
  aws_security_group: {
    actions: [
      'ec2:CreateSecurityGroup',
      'ec2:CreateTags',
      'ec2:DescribeSecurityGroups',
      'ec2:RevokeSecurityGroupEgress',
    ],
    leavesToParts: ['ingress', 'egress'],
    clone: cloneGroup,
  },
  aws_vpc_security_group_ingress_rule: rule('AuthorizeSecurityGroupIngress', (client, request) =>
    client.authorizeSecurityGroupIngress(request),
  ),
  aws_vpc_security_group_egress_rule: rule('AuthorizeSecurityGroupEgress', (client, request) =>
    client.authorizeSecurityGroupEgress(request),
  ),
  aws_vpc_endpoint: {
    actions: ['ec2:CreateVpcEndpoint', 'ec2:CreateTags', 'ec2:DescribeVpcEndpoints'],
    clone: cloneEndpoint,
  },
});
