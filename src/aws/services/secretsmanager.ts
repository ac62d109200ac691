import type { DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { type Presence, absent, defineService, presentIf, ready } from '../adapter.ts';

const recoveryWindow = 'its name stays taken until the recovery window is over';

/** A deleted secret keeps its name until the recovery window is over: creating one of that name fails. */
function presenceOf(secret: DescribeSecretCommandOutput): Presence {
  if (!secret.DeletedDate) return ready;
  return {
    state: 'present',
    condition: 'leaving',
    status: 'deleting',
    detail: `${recoveryWindow}, on ${secret.DeletedDate.toISOString().slice(0, 10)}`,
  };
}

export const secretsmanager = defineService('secretsmanager', {
  notFound: ['ResourceNotFoundException'],
  types: {
    aws_secretsmanager_secret: {
      needs: [],
      actions: { check: ['secretsmanager:DescribeSecret'] },
      check: async (subject, client) => presenceOf(await client.describeSecret({ SecretId: subject.id })),
    },
    aws_secretsmanager_secret_version: {
      needs: [],
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
      actions: { check: ['secretsmanager:GetResourcePolicy'] },
      check: async (subject, client) => {
        const { ResourcePolicy } = await client.getResourcePolicy({ SecretId: subject.id });
        return presentIf(ResourcePolicy);
      },
    },
    aws_secretsmanager_secret_rotation: {
      needs: [],
      actions: { check: ['secretsmanager:DescribeSecret'] },
      check: async (subject, client) => {
        const secret = await client.describeSecret({ SecretId: subject.id });
        return presentIf(secret.RotationEnabled);
      },
    },
  },
});
