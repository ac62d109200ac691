/** Route tables: their routes as blocks, and each association by itself. */
import type { EC2, Route, RouteTable } from '@aws-sdk/client-ec2';
import type { JsonObject } from '../../transfer/json.ts';
import { type DescribeDefinition, type DescribedResource, known } from '../describe.ts';
import { sorted } from '../state-values.ts';
import { arnOf, tagsOf } from './ec2-common.ts';

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

/** Which subnets and gateways it is for, but for those that have no table of their own. */
export function associationsOf(table: RouteTable): readonly DescribedResource[] {
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

const routesOf = (table: RouteTable): JsonObject[] => (table.Routes ?? []).filter(isOwnRoute).map(routeOf);

async function tableValues(table: RouteTable, id: string, client: EC2): Promise<JsonObject> {
  return known({
    arn: await arnOf(client, table.OwnerId ?? '', 'route-table', id),
    id,
    owner_id: table.OwnerId,
    propagating_vgws: sorted(table.PropagatingVgws?.map(({ GatewayId }) => GatewayId)),
    route: routesOf(table),
    ...tagsOf(table.Tags),
    vpc_id: table.VpcId,
  });
}

export const routeTable: DescribeDefinition<EC2> = {
  actions: ['ec2:DescribeRouteTables'],
  describe: async ({ id }, client) => {
    const found = (await client.describeRouteTables({ RouteTableIds: [id] })).RouteTables?.[0];
    if (found === undefined) return [];
    const values = await tableValues(found, id, client);
    return [{ type: 'aws_route_table', id, values }, ...associationsOf(found)];
  },
};

/** The main table of a network, which AWS makes with it: only what somebody has changed of it is worth a word. */
export async function describeMain(table: RouteTable, client: EC2): Promise<readonly DescribedResource[]> {
  const id = table.RouteTableId;
  if (id === undefined) return [];
  const changed = routesOf(table).length > 0 || (table.PropagatingVgws ?? []).length > 0;
  const { arn: _arn, ...values } = await tableValues(table, id, client);
  const main = { type: 'aws_default_route_table', id, values: { ...values, default_route_table_id: id } };
  return [...(changed ? [main] : []), ...associationsOf(table)];
}
