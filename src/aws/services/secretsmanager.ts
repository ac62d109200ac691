import type { DescribeSecretCommandOutput, SecretsManager } from '@aws-sdk/client-secrets-manager';
import { type Presence, absent, defineService, presentIf, ready } from '../adapter.ts';
import { day, listing, tagsFrom } from '../listing.ts';

const recoveryWindow = 'its name stays taken until the recovery window is over';

/** A deleted secret keeps its name until the recovery window is over: creating one of that name fails. */
function presenceOf(secret: DescribeSecretCommandOutput): Presence {
  if (!secret.DeletedDate) return ready;
  return {
    state: 'present',
    condition: 'leaving',
    status: 'deleting',
    detail: `${recoveryWindow}, on ${day(secret.DeletedDate) ?? ''}`,
  };
}

export const secretsmanager = defineService('secretsmanager', {
  scope: 'regional',
  inUse: ['InvalidRequestException'],
  notFound: ['ResourceNotFoundException'],
  types: {
    aws_secretsmanager_secret: {
      needs: [],
      actions: {
        check: ['secretsmanager:DescribeSecret'],
        list: ['secretsmanager:ListSecrets'],
        remove: ['secretsmanager:DeleteSecret'],
      },
      dependsOn: ['aws_kms_key'],
      check: async (subject, client) => presenceOf(await client.describeSecret({ SecretId: subject.id })),
      list: listing(
        (client: SecretsManager, NextToken) =>
          client.listSecrets({ NextToken, MaxResults: 100, IncludePlannedDeletion: true }),
        (page) => page.NextToken,
        (page) => page.SecretList,
        (secret) =>
          // Kept by another service, which deletes it with its own resource.
          secret.OwningService !== undefined
            ? null
            : {
                id: secret.ARN,
                name: secret.Name,
                arn: secret.ARN,
                tags: tagsFrom(secret.Tags ?? []),
                createdAt: secret.CreatedDate,
                uses: [secret.KmsKeyId],
              },
      ),
      remove: async (subject, client) => {
        // At once: in its recovery window a secret keeps its name, and an environment of that name cannot be made.
        await client.deleteSecret({ SecretId: subject.id, ForceDeleteWithoutRecovery: true });
        return undefined;
      },
    },
    aws_secretsmanager_secret_version: {
      needs: [],
      partOf: 'aws_secretsmanager_secret',
      actions: { check: ['secretsmanager:DescribeSecret'] },
      check: async (subject, client) => {
        // From the secret's description and not from the version itself: that would be its value.
        const [SecretId, version] = subject.idParts('|');
        const secret = await client.describeSecret({ SecretId });
        return secret.VersionIdsToStages?.[version] === undefined ? absent : presenceOf(secret);
      },
    },
    aws_secretsmanager_secret_policy: {
      needs: [],
      partOf: 'aws_secretsmanager_secret',
      actions: { check: ['secretsmanager:GetResourcePolicy'] },
      check: async (subject, client) => {
        const { ResourcePolicy } = await client.getResourcePolicy({ SecretId: subject.id });
        return presentIf(ResourcePolicy);
      },
    },
    aws_secretsmanager_secret_rotation: {
      needs: [],
      partOf: 'aws_secretsmanager_secret',
      actions: { check: ['secretsmanager:DescribeSecret'] },
      check: async (subject, client) => {
        const secret = await client.describeSecret({ SecretId: subject.id });
        return presentIf(secret.RotationEnabled);
      },
    },
  },
});
