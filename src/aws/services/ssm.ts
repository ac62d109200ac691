import type { SSM } from '@aws-sdk/client-ssm';
import { defineService, presentIf } from '../adapter.ts';
import { listing, tagsFrom } from '../listing.ts';

export const ssm = defineService('ssm', {
  scope: 'regional',
  inUse: ['TooManyUpdates'],
  notFound: ['ParameterNotFound', 'ParameterNotFoundException'],
  types: {
    aws_ssm_parameter: {
      needs: [],
      actions: {
        check: ['ssm:DescribeParameters'],
        list: ['ssm:DescribeParameters'],
        remove: ['ssm:DeleteParameter'],
        tags: ['ssm:ListTagsForResource'],
      },
      dependsOn: ['aws_kms_key'],
      check: async (subject, client) => {
        // Not GetParameter: its answer holds the value, which may be a secret.
        const { Parameters } = await client.describeParameters({
          ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [subject.id] }],
        });
        return presentIf(Parameters?.length);
      },
      list: listing(
        (client: SSM, NextToken) => client.describeParameters({ NextToken, MaxResults: 50 }),
        (page) => page.NextToken,
        (page) => page.Parameters,
        (parameter) => ({
          id: parameter.Name,
          arn: parameter.ARN,
          createdAt: parameter.LastModifiedDate,
          uses: [parameter.KeyId],
        }),
      ),
      tags: async (subject, client) => {
        const { TagList } = await client.listTagsForResource({
          ResourceType: 'Parameter',
          ResourceId: subject.id,
        });
        return tagsFrom(TagList ?? []);
      },
      remove: async (subject, client) => {
        await client.deleteParameter({ Name: subject.id });
        return undefined;
      },
    },
  },
});
