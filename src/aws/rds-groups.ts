/** Groups of settings and of subnets that databases use. Part of the adapter of RDS. */
import type { RDS } from '@aws-sdk/client-rds';
import { type Subject, type WholeDefinition, presentIf } from './adapter.ts';
import { listing, tagsFrom } from './listing.ts';

/** Most of RDS tells its tags only when asked for each. */
export async function tagsByArn(subject: Subject, client: RDS): Promise<Record<string, string>> {
  return tagsFrom((await client.listTagsForResource({ ResourceName: subject.arn })).TagList ?? []);
}

export const groups: Readonly<Record<string, WholeDefinition<RDS>>> = {
  aws_db_subnet_group: {
    needs: [],
    actions: {
      check: ['rds:DescribeDBSubnetGroups'],
      list: ['rds:DescribeDBSubnetGroups'],
      remove: ['rds:DeleteDBSubnetGroup'],
      tags: ['rds:ListTagsForResource'],
    },
    dependsOn: ['aws_subnet'],
    check: async (subject, client) => {
      const found = await client.describeDBSubnetGroups({ DBSubnetGroupName: subject.id });
      return presentIf(found.DBSubnetGroups?.length);
    },
    list: listing(
      (client: RDS, Marker) => client.describeDBSubnetGroups({ Marker, MaxRecords: 100 }),
      (page) => page.Marker,
      (page) => page.DBSubnetGroups,
      (each) => ({
        id: each.DBSubnetGroupName,
        arn: each.DBSubnetGroupArn,
        uses: (each.Subnets ?? []).map(({ SubnetIdentifier }) => SubnetIdentifier),
      }),
    ),
    tags: tagsByArn,
    remove: async (subject, client) => {
      await client.deleteDBSubnetGroup({ DBSubnetGroupName: subject.id });
      return undefined;
    },
  },
  aws_rds_cluster_parameter_group: {
    needs: [],
    actions: {
      check: ['rds:DescribeDBClusterParameterGroups'],
      list: ['rds:DescribeDBClusterParameterGroups'],
      remove: ['rds:DeleteDBClusterParameterGroup'],
      tags: ['rds:ListTagsForResource'],
    },
    dependsOn: [],
    check: async (subject, client) => {
      const found = await client.describeDBClusterParameterGroups({
        DBClusterParameterGroupName: subject.id,
      });
      return presentIf(found.DBClusterParameterGroups?.length);
    },
    list: listing(
      (client: RDS, Marker) => client.describeDBClusterParameterGroups({ Marker, MaxRecords: 100 }),
      (page) => page.Marker,
      (page) => page.DBClusterParameterGroups,
      (each) =>
        each.DBClusterParameterGroupName?.startsWith('default.')
          ? null
          : { id: each.DBClusterParameterGroupName, arn: each.DBClusterParameterGroupArn },
    ),
    tags: tagsByArn,
    remove: async (subject, client) => {
      await client.deleteDBClusterParameterGroup({ DBClusterParameterGroupName: subject.id });
      return undefined;
    },
  },
  aws_db_parameter_group: {
    needs: [],
    actions: {
      check: ['rds:DescribeDBParameterGroups'],
      list: ['rds:DescribeDBParameterGroups'],
      remove: ['rds:DeleteDBParameterGroup'],
      tags: ['rds:ListTagsForResource'],
    },
    dependsOn: [],
    check: async (subject, client) => {
      const found = await client.describeDBParameterGroups({ DBParameterGroupName: subject.id });
      return presentIf(found.DBParameterGroups?.length);
    },
    list: listing(
      (client: RDS, Marker) => client.describeDBParameterGroups({ Marker, MaxRecords: 100 }),
      (page) => page.Marker,
      (page) => page.DBParameterGroups,
      (each) =>
        each.DBParameterGroupName?.startsWith('default.')
          ? null
          : { id: each.DBParameterGroupName, arn: each.DBParameterGroupArn },
    ),
    tags: tagsByArn,
    remove: async (subject, client) => {
      await client.deleteDBParameterGroup({ DBParameterGroupName: subject.id });
      return undefined;
    },
  },
  aws_db_option_group: {
    needs: [],
    actions: {
      check: ['rds:DescribeOptionGroups'],
      list: ['rds:DescribeOptionGroups'],
      remove: ['rds:DeleteOptionGroup'],
      tags: ['rds:ListTagsForResource'],
    },
    dependsOn: [],
    check: async (subject, client) => {
      const found = await client.describeOptionGroups({ OptionGroupName: subject.id });
      return presentIf(found.OptionGroupsList?.length);
    },
    list: listing(
      (client: RDS, Marker) => client.describeOptionGroups({ Marker, MaxRecords: 100 }),
      (page) => page.Marker,
      (page) => page.OptionGroupsList,
      (each) =>
        each.OptionGroupName?.startsWith('default:')
          ? null
          : { id: each.OptionGroupName, arn: each.OptionGroupArn },
    ),
    tags: tagsByArn,
    remove: async (subject, client) => {
      await client.deleteOptionGroup({ OptionGroupName: subject.id });
      return undefined;
    },
  },
};
