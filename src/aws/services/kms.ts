import { type StatusWords, absent, defineService, presentAs, ready } from '../adapter.ts';

const keyStates: StatusWords = {
  ready: ['Enabled', 'Disabled'],
  failed: ['Unavailable'],
  leaving: ['PendingDeletion', 'PendingReplicaDeletion'],
};

export const kms = defineService('kms', {
  notFound: ['NotFoundException'],
  types: {
    aws_kms_key: {
      needs: [],
      actions: { check: ['kms:DescribeKey'] },
      check: async (subject, client) => {
        const { KeyMetadata: key } = await client.describeKey({ KeyId: subject.id });
        const until = key?.DeletionDate;
        return presentAs(
          key?.KeyState,
          keyStates,
          until && `to be deleted on ${until.toISOString().slice(0, 10)}`,
        );
      },
    },
    aws_kms_alias: {
      needs: ['target_key_id'],
      actions: { check: ['kms:ListAliases'] },
      check: async (subject, client) => {
        const name = subject.id;
        const key = subject.optional('target_key_id');
        let Marker: string | undefined;
        do {
          const page = await client.listAliases({
            ...(key === undefined ? {} : { KeyId: key }),
            ...(Marker === undefined ? {} : { Marker }),
          });
          if (page.Aliases?.some((alias) => alias.AliasName === name)) return ready;
          Marker = page.Truncated ? page.NextMarker : undefined;
        } while (Marker !== undefined);
        return absent;
      },
    },
  },
});
