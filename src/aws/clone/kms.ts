import type { KMS, KeySpec, KeyUsageType } from '@aws-sdk/client-kms';
import { type Cloned, type CloneRequest, cloneService } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { answered, cannotBeCopied } from './refusals.ts';
import { onceKnown } from './wait.ts';

/** The shortest and the longest time between rotations that is taken, in days. */
const rotation = { shortest: 90, longest: 2560 };

async function cloneKey({ values: given, signal }: CloneRequest, client: KMS): Promise<Cloned> {
  const values = new StateValues(given);
  const what = `the key ${values.text('description') ?? ''}`.trimEnd();
  if (values.text('custom_key_store_id') !== undefined)
    throw cannotBeCopied(what, 'its material is in a key store of your own');
  const tags = Object.entries(values.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const { KeyMetadata } = await onceKnown(
    () =>
      client.createKey({
        Description: values.text('description'),
        KeySpec: values.word<KeySpec>('customer_master_key_spec'),
        KeyUsage: values.word<KeyUsageType>('key_usage'),
        MultiRegion: values.flag('multi_region') ?? false,
        Policy: values.text('policy'),
        ...(tags.length === 0 ? {} : { Tags: tags }),
      }),
    // The policy may name a role that was made a moment ago.
    [{ code: 'MalformedPolicyDocumentException' }],
    signal,
  );
  const KeyId = answered(KeyMetadata?.KeyId, `the id of ${what}`);
  if (values.flag('enable_key_rotation')) {
    const days = values.number('rotation_period_in_days') ?? 0;
    const chosen = days >= rotation.shortest && days <= rotation.longest;
    await client.enableKeyRotation({ KeyId, ...(chosen ? { RotationPeriodInDays: days } : {}) });
  }
  if (values.flag('is_enabled') === false) await client.disableKey({ KeyId });
  return {
    id: KeyId,
    values: { arn: answered(KeyMetadata?.Arn, `the ARN of ${what}`), id: KeyId, key_id: KeyId },
  };
}

/** Keys with material of their own, and aliases. */
export const kms = cloneService('kms', {
  aws_kms_key: {
    actions: ['kms:CreateKey', 'kms:TagResource', 'kms:EnableKeyRotation', 'kms:DisableKey'],
    clone: cloneKey,
  },
  aws_kms_alias: {
    actions: ['kms:CreateAlias', 'kms:DescribeKey'],
    clone: async ({ values: given }, client) => {
      const values = new StateValues(given);
      const name = values.needed('name');
      const key = values.text('target_key_id') ?? values.needed('target_key_arn');
      await client.createAlias({ AliasName: name, TargetKeyId: key });
      const { KeyMetadata } = await client.describeKey({ KeyId: key });
      const keyArn = answered(KeyMetadata?.Arn, `the ARN of the key of ${name}`);
      return {
        id: name,
        values: { arn: keyArn.replace(/:key\/.*$/, `:${name}`), id: name, target_key_arn: keyArn },
      };
    },
  },
});
