/** Route tables, their routes and what they are for. Part of the adapter of EC2. */
import type { EC2 } from '@aws-sdk/client-ec2';
import { type Subject, type TypeDefinition, presentIf } from './adapter.ts';
import { listed, named, whole } from './ec2-kinds.ts';
import { listing } from './listing.ts';

/** The destination of a route: one of three kinds. */
function destinationOf(subject: Subject): string {
  return (
    subject.optional('destination_cidr_block') ??
    subject.optional('destination_ipv6_cidr_block') ??
    subject.attribute('destination_prefix_list_id')
  );
}

export const routes: Readonly<Record<string, TypeDefinition<EC2>>> = {
  aws_route_table: whole(
    'DescribeRouteTables',
    ['DescribeRouteTables', 'DisassociateRouteTable', 'DeleteRouteTable'],
    ['aws_vpc'],
    {
      check: listed(
        async (client, id) => (await client.describeRouteTables({ RouteTableIds: [id] })).RouteTables?.length,
      ),
      list: listing(
        (client: EC2, NextToken) => client.describeRouteTables({ NextToken }),
        (page) => page.NextToken,
        (page) => page.RouteTables,
        (table) =>
          // The main one goes with its network.
          table.Associations?.some(({ Main }) => Main)
            ? null
            : { ...named(table.RouteTableId, table.Tags), uses: [table.VpcId] },
      ),
      remove: async (subject, client) => {
        const RouteTableId = subject.id;
        const { RouteTables } = await client.describeRouteTables({ RouteTableIds: [RouteTableId] });
        for (const { RouteTableAssociationId } of RouteTables?.[0]?.Associations ?? [])
          await client.disassociateRouteTable({ AssociationId: RouteTableAssociationId });
        await client.deleteRouteTable({ RouteTableId });
        return undefined;
      },
    },
  ),
  aws_default_route_table: {
    needs: [],
    // AWS makes it with its network, and takes it away with it.
    partOf: 'aws_vpc',
    actions: { check: ['ec2:DescribeRouteTables'] },
    check: listed(
      async (client, id) => (await client.describeRouteTables({ RouteTableIds: [id] })).RouteTables?.length,
    ),
  },
  aws_route: {
    needs: [
      'route_table_id',
      'destination_cidr_block',
      'destination_ipv6_cidr_block',
      'destination_prefix_list_id',
    ],
    partOf: 'aws_route_table',
    actions: { check: ['ec2:DescribeRouteTables'] },
    check: async (subject, client) => {
      const destination = destinationOf(subject);
      const tables = await client.describeRouteTables({
        RouteTableIds: [subject.attribute('route_table_id')],
      });
      return presentIf(
        tables.RouteTables?.[0]?.Routes?.some((route) =>
          [
            route.DestinationCidrBlock,
            route.DestinationIpv6CidrBlock,
            route.DestinationPrefixListId,
          ].includes(destination),
        ),
      );
    },
  },
  aws_route_table_association: {
    needs: ['route_table_id'],
    partOf: 'aws_route_table',
    actions: { check: ['ec2:DescribeRouteTables'] },
    check: async (subject, client) => {
      const tables = await client.describeRouteTables({
        RouteTableIds: [subject.attribute('route_table_id')],
      });
      return presentIf(
        tables.RouteTables?.[0]?.Associations?.some((each) => each.RouteTableAssociationId === subject.id),
      );
    },
  },
};
