import type { KMS } from '@aws-sdk/client-kms';
import { describeService, known } from '../describe.ts';
import { errorCode } from '../errors.ts';
import { pages } from '../listing.ts';
import { kms as adapter } from '../services/kms.ts';
import { tagged } from '../state-values.ts';
import { jsonText } from './texts.ts';

async function tagsOf(KeyId: string, client: KMS): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  for await (const page of pages(
    (Marker) => client.listResourceTags({ KeyId, Marker }),
    ({ NextMarker }) => NextMarker,
  ))
    for (const { TagKey = '', TagValue = '' } of page.Tags ?? []) tags[TagKey] = TagValue;
  return tags;
}

interface Rotation {
  readonly enable_key_rotation: boolean;
  readonly rotation_period_in_days: number;
}

/** Keys whose material AWS does not have are never rotated, and the question is an error. */
async function rotationOf(KeyId: string, client: KMS): Promise<Rotation> {
  try {
    const found = await client.getKeyRotationStatus({ KeyId });
    return {
      enable_key_rotation: found.KeyRotationEnabled ?? false,
      rotation_period_in_days: found.RotationPeriodInDays ?? 0,
    };
  } catch (error) {
    if (errorCode(error) !== 'UnsupportedOperationException') throw error;
    return { enable_key_rotation: false, rotation_period_in_days: 0 };
  }
}

/** Keys (never their material) and aliases. A key that waits for its deletion is not there. */
export const kms = describeService('kms', adapter.notFound, {
  aws_kms_key: {
    actions: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
    describe: async (subject, client) => {
      const { KeyMetadata: found } = await client.describeKey({ KeyId: subject.id });
      if (found?.KeyId === undefined || found.DeletionDate !== undefined) return [];
      const id = found.KeyId;
      const [{ Policy }, rotation, tags] = await Promise.all([
        client.getKeyPolicy({ KeyId: id, PolicyName: 'default' }),
        rotationOf(id, client),
        tagsOf(id, client),
      ]);
      const values = known({
        arn: found.Arn,
        custom_key_store_id: found.CustomKeyStoreId ?? '',
        customer_master_key_spec: found.KeySpec,
        description: found.Description ?? '',
        ...rotation,
        id,
        is_enabled: found.Enabled,
        key_id: id,
        key_usage: found.KeyUsage,
        multi_region: found.MultiRegion ?? false,
        // Terraform has types of their own for keys with other material.
        origin: found.Origin === 'EXTERNAL' ? found.Origin : undefined,
        policy: jsonText(Policy),
        ...tagged(tags),
      });
      return [{ type: 'aws_kms_key', id, values }];
    },
  },
  aws_kms_alias: {
    actions: ['kms:DescribeKey'],
    describe: async ({ id }, client) => {
      const { KeyMetadata: key } = await client.describeKey({ KeyId: id });
      if (key?.Arn === undefined) return [];
      const values = known({
        arn: key.Arn.replace(/:key\/.*$/, `:${id}`),
        id,
        name: id,
        target_key_arn: key.Arn,
        target_key_id: key.KeyId,
      });
      return [{ type: 'aws_kms_alias', id, values }];
    },
  },
});
