import type { AwsClients } from '../../src/aws/clients.ts';
import { adapterCases, purposeTag } from './support/adapter-cases.ts';

/** A repository with an image that has two tags. */
async function makeRepository(clients: AwsClients, repositoryName: string): Promise<void> {
  const ecr = await clients.get('ecr');
  await ecr.createRepository({ repositoryName, tags: [{ Key: purposeTag, Value: repositoryName }] });
  for (const imageTag of ['latest', 'other']) {
    await ecr.putImage({
      repositoryName,
      imageTag,
      imageManifest: JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
        config: {
          mediaType: 'application/vnd.docker.container.image.v1+json',
          size: 1,
          digest: `sha256:${'0'.repeat(64)}`,
        },
        layers: [],
      }),
    });
  }
}

adapterCases('ecr', {
  aws_ecr_image: {
    tagged: false,
    make: async (clients, repositoryName) => {
      await makeRepository(clients, repositoryName);
      return `${repositoryName}:latest`;
    },
  },
  aws_ecr_repository: {
    make: async (clients, repositoryName) => {
      await makeRepository(clients, repositoryName);
      return repositoryName;
    },
  },
});
