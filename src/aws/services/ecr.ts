import type { ECR } from '@aws-sdk/client-ecr';
import { defineService, presentIf, ready } from '../adapter.ts';
import { listing, type Listed, pages, tagsFrom, toListed, whileThere } from '../listing.ts';

/** `repository:tag`; neither part may have a colon in it. */
async function* taggedImages(client: ECR, repositoryName: string): AsyncGenerator<Listed> {
  const filter = { tagStatus: 'TAGGED' } as const;
  for await (const page of pages(
    (nextToken) => client.listImages({ repositoryName, filter, nextToken, maxResults: 1000 }),
    ({ nextToken }) => nextToken,
  )) {
    for (const { imageTag } of page.imageIds ?? []) {
      const listed = toListed({
        id: imageTag === undefined ? undefined : `${repositoryName}:${imageTag}`,
        uses: [repositoryName],
      });
      if (listed) yield listed;
    }
  }
}

export const ecr = defineService('ecr', {
  scope: 'regional',
  inUse: ['RepositoryNotEmptyException'],
  notFound: [
    'RepositoryNotFoundException',
    'RepositoryPolicyNotFoundException',
    'LifecyclePolicyNotFoundException',
    'RegistryPolicyNotFoundException',
    'ImageNotFoundException',
  ],
  types: {
    aws_ecr_repository: {
      needs: [],
      actions: {
        check: ['ecr:DescribeRepositories'],
        list: ['ecr:DescribeRepositories'],
        remove: ['ecr:DeleteRepository', 'ecr:BatchDeleteImage'],
        tags: ['ecr:ListTagsForResource'],
      },
      dependsOn: ['aws_kms_key'],
      check: async (subject, client) => {
        const { repositories } = await client.describeRepositories({ repositoryNames: [subject.id] });
        return presentIf(repositories?.length);
      },
      list: listing(
        (client: ECR, nextToken) => client.describeRepositories({ nextToken, maxResults: 1000 }),
        (page) => page.nextToken,
        (page) => page.repositories,
        (each) => ({ id: each.repositoryName, arn: each.repositoryArn, createdAt: each.createdAt }),
      ),
      tags: async (subject, client) =>
        tagsFrom((await client.listTagsForResource({ resourceArn: subject.arn })).tags ?? []),
      remove: async (subject, client) => {
        // With all its images.
        await client.deleteRepository({ repositoryName: subject.id, force: true });
        return undefined;
      },
    },
    // A tag: what it stands for goes only if no other tag is on it.
    aws_ecr_image: {
      needs: [],
      actions: {
        check: ['ecr:DescribeImages'],
        list: ['ecr:DescribeRepositories', 'ecr:ListImages'],
        remove: ['ecr:BatchDeleteImage'],
      },
      dependsOn: ['aws_ecr_repository'],
      check: async (subject, client) => {
        const [repositoryName, imageTag] = subject.lastPart(':');
        await client.describeImages({ repositoryName, imageIds: [{ imageTag }] });
        return ready;
      },
      async *list(client) {
        for await (const page of pages(
          (nextToken) => client.describeRepositories({ nextToken, maxResults: 1000 }),
          ({ nextToken }) => nextToken,
        )) {
          for (const { repositoryName } of page.repositories ?? [])
            if (repositoryName !== undefined)
              yield* whileThere(taggedImages(client, repositoryName), ['RepositoryNotFoundException']);
        }
      },
      remove: async (subject, client) => {
        const [repositoryName, imageTag] = subject.lastPart(':');
        const { failures } = await client.batchDeleteImage({ repositoryName, imageIds: [{ imageTag }] });
        const [failure] = failures ?? [];
        if (failure === undefined) return undefined;
        if (failure.failureCode === 'ImageNotFound') return { state: 'gone' };
        return {
          state: failure.failureCode === 'ImageReferencedByManifestList' ? 'refused' : 'failed',
          reason: failure.failureReason ?? failure.failureCode ?? 'ECR did not say why',
        };
      },
    },
    aws_ecr_lifecycle_policy: {
      needs: [],
      partOf: 'aws_ecr_repository',
      actions: { check: ['ecr:GetLifecyclePolicy'] },
      check: async (subject, client) => {
        const { lifecyclePolicyText } = await client.getLifecyclePolicy({ repositoryName: subject.id });
        return presentIf(lifecyclePolicyText);
      },
    },
    aws_ecr_repository_policy: {
      needs: [],
      partOf: 'aws_ecr_repository',
      actions: { check: ['ecr:GetRepositoryPolicy'] },
      check: async (subject, client) => {
        const { policyText } = await client.getRepositoryPolicy({ repositoryName: subject.id });
        return presentIf(policyText);
      },
    },
  },
});
