import { cloneService } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { answered } from './refusals.ts';
import { onceKnown } from './wait.ts';

/** The value comes by the standard input: what stands in a command line is seen by everybody on the machine, and kept. */
const putSecretValue = (name: string): string =>
  `aws secretsmanager put-secret-value --secret-id ${name} --secret-string file:///dev/stdin`;

/** Secrets, empty: what a secret hides is never copied from one environment to another. */
export const secretsmanager = cloneService('secretsmanager', {
  aws_secretsmanager_secret: {
    actions: [
      'secretsmanager:CreateSecret',
      'secretsmanager:TagResource',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:ReplicateSecretToRegions',
    ],
    lacks: (source, target) => ({
      what: `has no value: what a secret hides is not copied. What reads it fails until it has one${
        source.flag('rotation_enabled') === true ? ', and nothing rotates it as that of the source is' : ''
      }`,
      hint: `Give it one, which is read from the standard input and not shown: ${putSecretValue(target.needed('name'))}`,
    }),
    namesItself: ['policy'],
    later: {
      attributes: ['policy'],
      async set({ id: SecretId }, request, client) {
        const ResourcePolicy = new StateValues(request.withOwnId(SecretId)).text('policy');
        if (ResourcePolicy !== undefined)
          await onceKnown(
            () => client.putResourcePolicy({ SecretId, ResourcePolicy }),
            // A role that was made a moment ago.
            [{ code: 'MalformedPolicyDocumentException' }, { code: 'ResourceNotFoundException' }],
            request.signal,
          );
      },
    },
    clone: async ({ values: given }, client) => {
      const values = new StateValues(given);
      const Name = values.needed('name');
      const replicas = values.blocks('replica').map((each) => ({
        Region: each.needed('region'),
        KmsKeyId: each.text('kms_key_id'),
      }));
      const { ARN } = await client.createSecret({
        Name,
        Description: values.text('description'),
        KmsKeyId: values.text('kms_key_id'),
        Tags: values.tagList,
        ...(replicas.length === 0 ? {} : { AddReplicaRegions: replicas }),
      });
      const arn = answered(ARN, `the ARN of the secret ${Name}`);
      return { id: arn, values: { arn, id: arn } };
    },
  },
});
