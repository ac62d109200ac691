import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('ecr', {
  aws_ecr_repository: {
    make: async (clients, repositoryName) => {
      const ecr = await clients.get('ecr');
      await ecr.createRepository({ repositoryName, tags: [{ Key: purposeTag, Value: repositoryName }] });
      await ecr.putImage({
        repositoryName,
        imageTag: 'latest',
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
      return repositoryName;
    },
  },
});
