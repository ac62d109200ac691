import type { KMS, KeySpec, KeyUsageType } from '@aws-sdk/client-kms';
import { type Cloned, type CloneRequest, cloneService, type Later } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { answered } from './refusals.ts';
import { onceKnown, type Passing } from './wait.ts';

/** The shortest and the longest time between rotations that is taken, in days. */
const rotation = { shortest: 90, longest: 2560 };

/** The policy may name a role that was made a moment ago. */
const newPrincipal: readonly Passing[] = [{ code: 'MalformedPolicyDocumentException' }];

async function cloneKey(request: CloneRequest, client: KMS): Promise<Cloned> {
  const { signal } = request;
  const values = new StateValues(request.values);
  const what = `the key ${values.text('description') ?? ''}`.trimEnd();
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
    newPrincipal,
    signal,
  );
  const KeyId = answered(KeyMetadata?.KeyId, `the id of ${what}`);
  const arn = answered(KeyMetadata?.Arn, `the ARN of ${what}`);
  return {
    id: KeyId,
    values: { arn, id: KeyId, key_id: KeyId },
  };
}

const laterOfKey: Later<KMS> = {
  attributes: ['policy', 'enable_key_rotation', 'is_enabled'],
  async set({ id: KeyId, values: known }, request, client, lacking) {
    const values = new StateValues(request.values);
    // Until here it has the policy that the service gives: one that names the key can only be put now.
    const Policy = new StateValues(request.withOwnId(KeyId, known)).text('policy');
    if (lacking.has('policy') && values.text('policy') === undefined && Policy !== undefined)
      await onceKnown(
        () => client.putKeyPolicy({ KeyId, PolicyName: 'default', Policy }),
        newPrincipal,
        request.signal,
      );
    if (lacking.has('enable_key_rotation') && values.flag('enable_key_rotation')) {
      const days = values.number('rotation_period_in_days') ?? 0;
      const chosen = days >= rotation.shortest && days <= rotation.longest;
      await client.enableKeyRotation({ KeyId, ...(chosen ? { RotationPeriodInDays: days } : {}) });
    }
    if (lacking.has('is_enabled') && values.flag('is_enabled') === false) await client.disableKey({ KeyId });
  },
};

/** Keys with material of their own, and aliases. */
export const kms = cloneService('kms', {
  aws_kms_key: {
    actions: [
      'kms:CreateKey',
      'kms:TagResource',
      'kms:PutKeyPolicy',
      'kms:EnableKeyRotation',
      'kms:DisableKey',
    ],
    namesItself: ['policy'],
    later: laterOfKey,
    refuses(values) {
      if (values.text('custom_key_store_id') !== undefined)
        return 'its material is in a key store of your own';
      return values.text('origin') === 'EXTERNAL'
        ? 'its material was imported, and nothing gives it back'
        : null;
    },
    lacks: (values) =>
      values.flag('multi_region') === true
        ? {
            what: 'is a key of several regions without a replica in any of them',
            hint: 'Replicate it by hand where it is needed: aws kms replicate-key.',
          }
        : null,
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
