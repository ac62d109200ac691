/** Route tables with their routes, and what they are for. */
import type { CreateRouteCommandInput, EC2 } from '@aws-sdk/client-ec2';
import { type Cloned, type CloneDefinition, type CloneRequest } from '../clone.ts';
import { arnOf } from '../describe/ec2-common.ts';
import { StateValues } from '../state-values.ts';
import { tagsFor } from './ec2-tags.ts';
import { answered } from './refusals.ts';
import { onceKnown, type Passing } from './wait.ts';

const notKnownYet: readonly Passing[] = [
  'InvalidVpcID.NotFound',
  'InvalidSubnetID.NotFound',
  'InvalidRouteTableID.NotFound',
  'InvalidInternetGatewayID.NotFound',
  'InvalidGatewayID.NotFound',
  'InvalidNatGatewayID.NotFound',
  'InvalidVpcEndpointId.NotFound',
].map((code) => ({ code }));

/** Where a route leads that no copy can: the other end stands elsewhere, and knows only the source. */
const elsewhere: Readonly<Record<string, string>> = {
  carrier_gateway_id: 'a carrier gateway',
  core_network_arn: 'a core network',
  egress_only_gateway_id: 'an egress-only internet gateway',
  local_gateway_id: 'a local gateway',
  network_interface_id: 'the network interface of a machine',
  transit_gateway_id: 'a transit gateway',
  vpc_peering_connection_id: 'a peering connection',
};

/** A VPN's gateway stands where an internet gateway may stand. */
const isVpn = (gateway: string | undefined): boolean => gateway?.startsWith('vgw-') ?? false;

function destinationOf(route: StateValues): string {
  const all = ['cidr_block', 'ipv6_cidr_block', 'destination_prefix_list_id'];
  return all.map((name) => route.text(name)).find((text) => text !== undefined) ?? 'nowhere';
}

function refusesTable(source: StateValues): string | null {
  if (source.texts('propagating_vgws') !== undefined)
    return 'it takes routes over from the gateway of a VPN, which is not copied';
  for (const route of source.blocks('route')) {
    const gateway = route.text('gateway_id');
    const attribute = Object.keys(elsewhere).find((name) => route.text(name) !== undefined);
    const to = isVpn(gateway) ? 'the gateway of a VPN' : elsewhere[attribute ?? ''];
    if (to !== undefined) return `its route for ${destinationOf(route)} leads to ${to}, which is not copied`;
  }
  return null;
}

function routeTo(RouteTableId: string, route: StateValues): CreateRouteCommandInput {
  return {
    RouteTableId,
    DestinationCidrBlock: route.text('cidr_block'),
    DestinationIpv6CidrBlock: route.text('ipv6_cidr_block'),
    DestinationPrefixListId: route.text('destination_prefix_list_id'),
    GatewayId: route.text('gateway_id'),
    NatGatewayId: route.text('nat_gateway_id'),
    VpcEndpointId: route.text('vpc_endpoint_id'),
  };
}

/** The way within the network is there by itself. */
async function addRoutes(
  RouteTableId: string,
  values: StateValues,
  client: EC2,
  signal: AbortSignal,
): Promise<void> {
  for (const route of values.blocks('route'))
    await onceKnown(() => client.createRoute(routeTo(RouteTableId, route)), notKnownYet, signal);
}

async function cloneTable({ values: given, signal }: CloneRequest, client: EC2): Promise<Cloned> {
  const values = new StateValues(given);
  const VpcId = values.needed('vpc_id');
  const { RouteTable } = await onceKnown(
    () => client.createRouteTable({ VpcId, TagSpecifications: tagsFor('route-table', values) }),
    notKnownYet,
    signal,
  );
  const id = answered(RouteTable?.RouteTableId, `the id of a route table of ${VpcId}`);
  await addRoutes(id, values, client, signal);
  const owner = RouteTable?.OwnerId ?? '';
  return { id, values: { arn: await arnOf(client, owner, 'route-table', id), id, owner_id: owner } };
}

/** AWS has made it with the network: it only gets its routes. */
async function fillMain({ values: given, signal }: CloneRequest, client: EC2): Promise<Cloned> {
  const values = new StateValues(given);
  const id = values.needed('default_route_table_id');
  await addRoutes(id, values, client, signal);
  const Tags = values.tagList;
  if (Tags !== undefined) await client.createTags({ Resources: [id], Tags });
  return { id, values: { id } };
}

async function associate({ values: given, signal }: CloneRequest, client: EC2): Promise<Cloned> {
  const values = new StateValues(given);
  const RouteTableId = values.needed('route_table_id');
  const { AssociationId } = await onceKnown(
    () =>
      client.associateRouteTable({
        RouteTableId,
        SubnetId: values.text('subnet_id'),
        GatewayId: values.text('gateway_id'),
      }),
    notKnownYet,
    signal,
  );
  const id = answered(AssociationId, `the id of an association of ${RouteTableId}`);
  return { id, values: { id } };
}

export const routes: Readonly<Record<string, CloneDefinition<EC2>>> = {
  aws_route_table: {
    actions: ['ec2:CreateRouteTable', 'ec2:CreateTags', 'ec2:CreateRoute'],
    liesIn: 'vpc_id',
    refuses: refusesTable,
    clone: cloneTable,
  },
  aws_default_route_table: {
    actions: ['ec2:CreateRoute', 'ec2:CreateTags'],
    liesIn: 'vpc_id',
    refuses: refusesTable,
    clone: fillMain,
  },
  aws_route_table_association: {
    actions: ['ec2:AssociateRouteTable'],
    liesIn: 'route_table_id',
    refuses: (source) =>
      isVpn(source.text('gateway_id')) ? 'it is for the gateway of a VPN, which is not copied' : null,
    clone: associate,
  },
};
