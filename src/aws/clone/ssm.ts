import type { ParameterTier, ParameterType } from '@aws-sdk/client-ssm';
import { ProvisionError } from '../../transfer/errors.ts';
import { cloneService } from '../clone.ts';
import { StateValues } from '../state-values.ts';

/** Parameters. That of a `SecureString` has to be given: no description holds it. */
export const ssm = cloneService('ssm', {
  aws_ssm_parameter: {
    actions: ['ssm:PutParameter', 'ssm:AddTagsToResource', 'ssm:DescribeParameters'],
    clone: async ({ values: given }, client) => {
      const values = new StateValues(given);
      const Name = values.needed('name');
      const Value = values.text('value');
      if (Value === undefined) {
        throw new ProvisionError('configuration-invalid', `the parameter ${Name} has no value`, {
          hint: "Secret parameters are not copied: give the target's own value, or make the parameter by hand.",
        });
      }
      const { Version } = await client.putParameter({
        Name,
        Value,
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
