import { type DescribedResource, describeService, known } from '../describe.ts';
import { errorCode } from '../errors.ts';
import { tagsFrom } from '../listing.ts';
import { ecr as adapter } from '../services/ecr.ts';
import { block, tagged } from '../state-values.ts';
import { jsonText } from './texts.ts';

/** The text of a policy as a part; none where the service says that there is no such policy. */
async function policyPart(
  type: string,
  repository: { readonly id: string; readonly registry_id: string | undefined },
  reading: Promise<string | undefined>,
): Promise<DescribedResource[]> {
  try {
    const policy = jsonText(await reading);
    const { id, registry_id } = repository;
    return policy === undefined
      ? []
      : [{ type, id, values: known({ id, policy, registry_id, repository: id }) }];
  } catch (error) {
    if (['RepositoryPolicyNotFoundException', 'LifecyclePolicyNotFoundException'].includes(errorCode(error)))
      return [];
    throw error;
  }
}

/** Repositories with their policies, without their images. */
export const ecr = describeService('ecr', adapter.notFound, {
  aws_ecr_repository: {
    actions: [
      'ecr:DescribeRepositories',
      'ecr:ListTagsForResource',
      'ecr:GetRepositoryPolicy',
      'ecr:GetLifecyclePolicy',
    ],
    describe: async ({ id: repositoryName }, client) => {
      const { repositories } = await client.describeRepositories({ repositoryNames: [repositoryName] });
      const found = repositories?.[0];
      if (found?.repositoryName === undefined) return [];
      const id = found.repositoryName;
      const part = { id, registry_id: found.registryId };
      const [{ tags }, policy, lifecycle] = await Promise.all([
        client.listTagsForResource({ resourceArn: found.repositoryArn }),
        policyPart(
          'aws_ecr_repository_policy',
          part,
          client.getRepositoryPolicy({ repositoryName }).then(({ policyText }) => policyText),
        ),
        policyPart(
          'aws_ecr_lifecycle_policy',
          part,
          client
            .getLifecyclePolicy({ repositoryName })
            .then(({ lifecyclePolicyText }) => lifecyclePolicyText),
        ),
      ]);
      const values = known({
        arn: found.repositoryArn,
        encryption_configuration: block(
          found.encryptionConfiguration && {
            encryption_type: found.encryptionConfiguration.encryptionType,
            kms_key: found.encryptionConfiguration.kmsKey ?? '',
          },
        ),
        id,
        image_scanning_configuration: block(
          found.imageScanningConfiguration && {
            scan_on_push: found.imageScanningConfiguration.scanOnPush ?? false,
          },
        ),
        image_tag_mutability: found.imageTagMutability,
        image_tag_mutability_exclusion_filter: found.imageTagMutabilityExclusionFilters?.map((each) =>
          known({ filter: each.filter, filter_type: each.filterType }),
        ),
        name: id,
        registry_id: found.registryId,
        repository_url: found.repositoryUri,
        ...tagged(tagsFrom(tags ?? [])),
      });
      return [{ type: 'aws_ecr_repository', id, values }, ...policy, ...lifecycle];
    },
  },
});
