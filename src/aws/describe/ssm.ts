import { describeService, known } from '../describe.ts';
import { tagsFrom } from '../listing.ts';
import { ssm as adapter } from '../services/ssm.ts';
import { settingsNotRead, tagged } from '../state-values.ts';

/** Parameters. The value of a `SecureString` is never asked for, nor that of what may have become one meanwhile. */
export const ssm = describeService('ssm', adapter.notFound, {
  aws_ssm_parameter: {
    actions: ['ssm:DescribeParameters', 'ssm:GetParameter', 'ssm:ListTagsForResource'],
    describe: async ({ id }, client) => {
      const { Parameters } = await client.describeParameters({
        ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [id] }],
      });
      const found = Parameters?.[0];
      if (found === undefined) return [];
      const secret = found.Type === 'SecureString';
      const [value, { TagList }] = await Promise.all([
        secret ? undefined : client.getParameter({ Name: id, WithDecryption: false }),
        client.listTagsForResource({ ResourceType: 'Parameter', ResourceId: id }),
      ]);
      const text = value?.Parameter?.Type === 'SecureString' ? undefined : value?.Parameter?.Value;
      return [
        {
          type: 'aws_ssm_parameter',
          id,
          values: known({
            allowed_pattern: found.AllowedPattern ?? '',
            arn: found.ARN ?? value?.Parameter?.ARN,
            data_type: found.DataType ?? value?.Parameter?.DataType,
            description: found.Description ?? '',
            id,
            key_id: secret ? (found.KeyId ?? '') : '',
            name: found.Name,
            tier: found.Tier,
            type: found.Type,
            value: text,
            version: found.Version,
            ...settingsNotRead({ Policies: found.Policies }),
            ...tagged(tagsFrom(TagList ?? [])),
          }),
          sensitivePaths: ['value'],
        },
      ];
    },
  },
});
