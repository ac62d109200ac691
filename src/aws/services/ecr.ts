import { defineService, presentIf } from '../adapter.ts';

export const ecr = defineService('ecr', {
  notFound: [
    'RepositoryNotFoundException',
    'RepositoryPolicyNotFoundException',
    'LifecyclePolicyNotFoundException',
    'RegistryPolicyNotFoundException',
  ],
  types: {
    aws_ecr_repository: {
      needs: [],
      actions: { check: ['ecr:DescribeRepositories'] },
      check: async (subject, client) => {
        const { repositories } = await client.describeRepositories({ repositoryNames: [subject.id] });
        return presentIf(repositories?.length);
      },
    },
    aws_ecr_lifecycle_policy: {
      needs: [],
      actions: { check: ['ecr:GetLifecyclePolicy'] },
      check: async (subject, client) => {
        const { lifecyclePolicyText } = await client.getLifecyclePolicy({ repositoryName: subject.id });
        return presentIf(lifecyclePolicyText);
      },
    },
    aws_ecr_repository_policy: {
      needs: [],
      actions: { check: ['ecr:GetRepositoryPolicy'] },
      check: async (subject, client) => {
        const { policyText } = await client.getRepositoryPolicy({ repositoryName: subject.id });
        return presentIf(policyText);
      },
    },
  },
});
