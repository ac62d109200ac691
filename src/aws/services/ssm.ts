import { defineService, presentIf } from '../adapter.ts';

export const ssm = defineService('ssm', {
  notFound: ['ParameterNotFound', 'ParameterNotFoundException'],
  types: {
    aws_ssm_parameter: {
      needs: [],
      actions: { check: ['ssm:DescribeParameters'] },
      check: async (subject, client) => {
        // Not GetParameter: its answer holds the value, which may be a secret.
        const { Parameters } = await client.describeParameters({
          ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [subject.id] }],
        });
        return presentIf(Parameters?.length);
      },
    },
  },
});
