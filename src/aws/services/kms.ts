import type { KMS } from '@aws-sdk/client-kms';
import { type StatusWords, absent, defineService, presentAs, ready } from '../adapter.ts';
import { classify } from '../errors.ts';
import { type Listed, day, listing, pages, toListed } from '../listing.ts';

const keyStates: StatusWords = {
  ready: ['Enabled', 'Disabled'],
  failed: ['Unavailable'],
  leaving: ['PendingDeletion', 'PendingReplicaDeletion'],
};

const notFound = ['NotFoundException'];

/** `null` for keys that AWS keeps for its services. */
async function describedKey(KeyId: string | undefined, client: KMS): Promise<Listed | null> {
  const { KeyMetadata: key } = await client.describeKey({ KeyId });
  if (key?.KeyManager === 'AWS') return null;
  return toListed({
    id: KeyId,
    // A key has no name: people go by its description.
    name: key?.Description || KeyId,
    arn: key?.Arn,
    createdAt: key?.CreationDate,
    leaving:
      key?.KeyState === 'PendingDeletion' || key?.KeyState === 'PendingReplicaDeletion'
        ? `to be deleted on ${day(key.DeletionDate) ?? 'a day not told'}`
        : undefined,
  });
}

export const kms = defineService('kms', {
  scope: 'regional',
  inUse: ['DependencyTimeoutException', 'KMSInvalidStateException'],
  notFound,
  types: {
    aws_kms_key: {
      needs: [],
      actions: {
        check: ['kms:DescribeKey'],
        list: ['kms:ListKeys', 'kms:DescribeKey'],
        remove: ['kms:ScheduleKeyDeletion'],
        tags: ['kms:ListResourceTags'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        const { KeyMetadata: key } = await client.describeKey({ KeyId: subject.id });
        const until = key?.DeletionDate;
        return presentAs(key?.KeyState, keyStates, until && `to be deleted on ${day(until) ?? ''}`);
      },
      async *list(client) {
        let failure: { readonly error: unknown } | undefined;
        for await (const page of pages(
          (Marker) => client.listKeys({ Marker, Limit: 1000 }),
          ({ NextMarker }) => NextMarker,
        )) {
          for (const { KeyId } of page.Keys ?? []) {
            try {
              const listed = await describedKey(KeyId, client);
              if (listed) yield listed;
            } catch (error) {
              const { kind } = classify(error, notFound);
              // A key has a policy of its own: one that may not be looked at must not hide those that may.
              if (kind === 'denied') failure ??= { error };
              else if (kind !== 'not-found') throw error;
            }
          }
        }
        if (failure) throw failure.error;
      },
      tags: async (subject, client) =>
        Object.fromEntries(
          ((await client.listResourceTags({ KeyId: subject.id })).Tags ?? []).map((tag) => [
            tag.TagKey ?? '',
            tag.TagValue ?? '',
          ]),
        ),
      remove: async (subject, client) => {
        const { KeyMetadata: key } = await client.describeKey({ KeyId: subject.id });
        const until =
          key?.KeyState === 'PendingDeletion'
            ? key.DeletionDate
            : // The shortest that the service allows.
              (await client.scheduleKeyDeletion({ KeyId: subject.id, PendingWindowInDays: 7 })).DeletionDate;
        return { state: 'leaving', detail: `to be deleted on ${day(until) ?? 'a day not told'}` };
      },
    },
    aws_kms_alias: {
      needs: ['target_key_id'],
      actions: { check: ['kms:ListAliases'], list: ['kms:ListAliases'], remove: ['kms:DeleteAlias'] },
      dependsOn: ['aws_kms_key'],
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
      list: listing(
        (client: KMS, Marker) => client.listAliases({ Marker, Limit: 100 }),
        (page) => page.NextMarker,
        (page) => page.Aliases,
        (alias) =>
          alias.AliasName?.startsWith('alias/aws/')
            ? null
            : {
                id: alias.AliasName,
                arn: alias.AliasArn,
                createdAt: alias.CreationDate,
                uses: [alias.TargetKeyId],
                attributes: { target_key_id: alias.TargetKeyId },
              },
      ),
      remove: async (subject, client) => {
        await client.deleteAlias({ AliasName: subject.id });
        return undefined;
      },
    },
  },
});
