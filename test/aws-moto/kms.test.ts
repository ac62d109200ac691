import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('kms', {
  aws_kms_key: {
    // A key is never deleted at once.
    removal: 'leaving',
    after: 'leaving',
    again: 'leaving',
    make: async (clients, name) => {
      const kms = await clients.get('kms');
      const made = await kms.createKey({
        Description: name,
        Tags: [{ TagKey: purposeTag, TagValue: name }],
      });
      return made.KeyMetadata?.KeyId;
    },
  },
  aws_kms_alias: {
    tagged: false,
    make: async (clients, name) => {
      const kms = await clients.get('kms');
      const { KeyMetadata } = await kms.createKey({});
      const AliasName = `alias/${name}`;
      await kms.createAlias({ AliasName, TargetKeyId: KeyMetadata?.KeyId });
      return AliasName;
    },
  },
});
