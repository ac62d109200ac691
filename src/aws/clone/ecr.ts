import type {
  EncryptionType,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilterType,
} from '@aws-sdk/client-ecr';
import { cloneService } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { answered } from './refusals.ts';
import { onceKnown } from './wait.ts';

/** Repositories without their images. */
export const ecr = cloneService('ecr', {
  aws_ecr_repository: {
    actions: ['ecr:CreateRepository', 'ecr:TagResource', 'kms:CreateGrant'],
    clone: async ({ values: given }, client) => {
      const values = new StateValues(given);
      const id = values.needed('name');
      const encryption = values.block('encryption_configuration');
      const exclusions = values.blocks('image_tag_mutability_exclusion_filter').map((each) => ({
        filter: each.text('filter'),
        filterType: each.word<ImageTagMutabilityExclusionFilterType>('filter_type'),
      }));
      const { repository } = await client.createRepository({
        repositoryName: id,
        imageTagMutability: values.word<ImageTagMutability>('image_tag_mutability'),
        imageTagMutabilityExclusionFilters: exclusions.length === 0 ? undefined : exclusions,
        imageScanningConfiguration: {
          scanOnPush: values.block('image_scanning_configuration')?.flag('scan_on_push') ?? false,
        },
        encryptionConfiguration: encryption && {
          encryptionType: encryption.needed('encryption_type') as EncryptionType,
          kmsKey: encryption.text('kms_key'),
        },
        tags: values.tagList,
      });
      const arn = answered(repository?.repositoryArn, `the ARN of the repository ${id}`);
      const url = answered(repository?.repositoryUri, `the address of the repository ${id}`);
      return { id, values: { arn, id, repository_url: url, registry_id: repository?.registryId ?? '' } };
    },
  },
  aws_ecr_repository_policy: {
    actions: ['ecr:SetRepositoryPolicy'],
    clone: async ({ values: given, signal }, client) => {
      const values = new StateValues(given);
      const id = values.needed('repository');
      const policyText = values.needed('policy');
      const { registryId } = await onceKnown(
        () => client.setRepositoryPolicy({ repositoryName: id, policyText }),
        // A principal that was made a moment ago.
        [{ code: 'InvalidParameterException', message: /principal/i }],
        signal,
      );
      return { id, values: { id, registry_id: registryId ?? '' } };
    },
  },
  aws_ecr_lifecycle_policy: {
    actions: ['ecr:PutLifecyclePolicy'],
    clone: async ({ values: given }, client) => {
      const values = new StateValues(given);
      const id = values.needed('repository');
      const { registryId } = await client.putLifecyclePolicy({
        repositoryName: id,
        lifecyclePolicyText: values.needed('policy'),
      });
      return { id, values: { id, registry_id: registryId ?? '' } };
    },
  },
});
