import type { ECR } from '@aws-sdk/client-ecr';
import { defineService, presentIf } from '../adapter.ts';
import { listing, tagsFrom } from '../listing.ts';

export const ecr = defineService('ecr', {
  scope: 'regional',
  inUse: ['RepositoryNotEmptyException'],
  notFound: [
    'RepositoryNotFoundException',
    'RepositoryPolicyNotFoundException',
    'LifecyclePolicyNotFoundException',
    'RegistryPolicyNotFoundException',
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
