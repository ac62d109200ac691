import type { ResourceTypeFacts } from './facts.ts';
import { limit } from './limits.ts';
import { notEmptied } from './obstacles.ts';

const repositoryPath = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const repositoryName = {
  minLength: 2,
  pattern: `${repositoryPath}(?:\\/${repositoryPath})*`,
  allowed: 'lower-case letters, digits, and . _ - / between them',
};

/** One setting of a repository: a second declaration overwrites the first. */
function repositorySetting(
  type: string,
  title: string,
  more: Partial<ResourceTypeFacts> = {},
): ResourceTypeFacts {
  return {
    type,
    title,
    category: 'registry',
    identity: ['repository'],
    scope: 'parent',
    limits: [],
    modifies: 'repository',
    taggable: false,
    ...more,
  };
}

/** One for the registry of the account in a region. */
function registrySetting(
  type: string,
  title: string,
  more: Partial<ResourceTypeFacts> = {},
): ResourceTypeFacts {
  return {
    type,
    title,
    category: 'registry',
    identity: [],
    scope: 'region',
    limits: [],
    taggable: false,
    ...more,
  };
}

export const registryTypes: readonly ResourceTypeFacts[] = [
  {
    type: 'aws_ecr_repository',
    title: 'ECR repository',
    category: 'registry',
    identity: ['name'],
    scope: 'region',
    limits: [limit('name', 256, 'AmazonECR/latest/APIReference/API_CreateRepository.html', repositoryName)],
    holdsData: true,
    taggable: true,
    obstacles: [notEmptied('force_delete', 'images')],
  },
  // The policy of a lifecycle is not one of IAM.
  repositorySetting('aws_ecr_lifecycle_policy', 'Lifecycle of an ECR repository'),
  repositorySetting('aws_ecr_repository_policy', 'Policy of an ECR repository', { policies: ['policy'] }),
  registrySetting('aws_ecr_registry_policy', 'Policy of the ECR registry', { policies: ['policy'] }),
  registrySetting('aws_ecr_replication_configuration', 'Replication of the ECR registry'),
  registrySetting('aws_ecr_registry_scanning_configuration', 'Scanning of the ECR registry'),
  {
    type: 'aws_ecr_pull_through_cache_rule',
    title: 'Pull-through cache of ECR',
    category: 'registry',
    identity: ['ecr_repository_prefix'],
    scope: 'region',
    limits: [],
    taggable: false,
  },
  {
    type: 'aws_ecrpublic_repository',
    title: 'Public ECR repository',
    category: 'registry',
    identity: ['repository_name'],
    scope: 'account',
    limits: [
      limit(
        'repository_name',
        205,
        'AmazonECRPublic/latest/APIReference/API_CreateRepository.html',
        repositoryName,
      ),
    ],
    holdsData: true,
    taggable: true,
    obstacles: [notEmptied('force_destroy', 'images')],
  },
];
