import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('secretsmanager', {
  aws_secretsmanager_secret: {
    pages: { ListSecrets: { MaxResults: 1 } },
    // Deleting what is not there is no error where it is deleted without a recovery window.
    again: 'removed',
    make: async (clients, name) => {
      const secrets = await clients.get('secretsmanager');
      const made = await secrets.createSecret({
        Name: name,
        SecretString: 'x',
        Tags: [{ Key: purposeTag, Value: name }],
      });
      return made.ARN;
    },
  },
});
