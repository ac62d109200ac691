import { describeService, known } from '../describe.ts';
import { tagsFrom } from '../listing.ts';
import { secretsmanager as adapter } from '../services/secretsmanager.ts';
import { settingsNotRead, tagged } from '../state-values.ts';
import { jsonText } from './texts.ts';

/** Secrets, without what they hide: no version is read. One in its recovery window is not there. */
export const secretsmanager = describeService('secretsmanager', adapter.notFound, {
  aws_secretsmanager_secret: {
    actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy'],
    describe: async ({ id }, client) => {
      const found = await client.describeSecret({ SecretId: id });
      if (found.DeletedDate !== undefined) return [];
      const { ResourcePolicy } = await client.getResourcePolicy({ SecretId: id });
      return [
        {
          type: 'aws_secretsmanager_secret',
          id: found.ARN ?? id,
          values: known({
            arn: found.ARN,
            description: found.Description ?? '',
            id: found.ARN ?? id,
            kms_key_id: found.KmsKeyId ?? '',
            name: found.Name,
            policy: jsonText(ResourcePolicy) ?? '',
            replica: (found.ReplicationStatus ?? []).map((each) =>
              known({
                kms_key_id: each.KmsKeyId ?? '',
                last_accessed_date: each.LastAccessedDate?.toISOString() ?? '',
                region: each.Region,
                status: each.Status,
                status_message: each.StatusMessage ?? '',
              }),
            ),
            rotation_enabled: found.RotationEnabled === true ? true : undefined,
            ...tagged(tagsFrom(found.Tags ?? [])),
            ...settingsNotRead({ Type: found.Type }),
          }),
        },
      ];
    },
  },
});
