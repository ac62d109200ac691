import type { ParameterTier, ParameterType } from '@aws-sdk/client-ssm';
import { cloneService } from '../clone.ts';
import { StateValues } from '../state-values.ts';

/** The value comes by the standard input: what stands in a command line is seen by everybody on the machine, and kept. */
const putParameter = (name: string): string =>
  `aws ssm put-parameter --name ${name} --type SecureString --value file:///dev/stdin`;

/** Parameters. That of a `SecureString` has to be given: no description holds it, and the service takes none without. */
export const ssm = cloneService('ssm', {
  aws_ssm_parameter: {
    actions: ['ssm:PutParameter', 'ssm:AddTagsToResource', 'ssm:DescribeParameters'],
    refuses: (_source, target) =>
      target.text('value') === undefined
        ? `its value is secret, and the service takes no parameter without one; give the target its own with: ${putParameter(target.needed('name'))}`
        : null,
    clone: async ({ values: given }, client) => {
      const values = new StateValues(given);
      const Name = values.needed('name');
      const { Version } = await client.putParameter({
        Name,
        Value: values.needed('value'),
        Overwrite: false,
        Type: values.needed('type') as ParameterType,
        Description: values.text('description'),
        AllowedPattern: values.text('allowed_pattern'),
        DataType: values.text('data_type'),
        KeyId: values.text('key_id'),
        // Tags and Overwrite do not go together; a new one is never written over.
        Tags: values.tagList,
        Tier: values.word<ParameterTier>('tier'),
      });
      const { Parameters } = await client.describeParameters({
        ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [Name] }],
      });
      const arn = Parameters?.[0]?.ARN;
      return {
        id: Name,
        values: { id: Name, version: Version ?? 1, ...(arn === undefined ? {} : { arn }) },
      };
    },
  },
});
