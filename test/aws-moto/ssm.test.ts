import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('ssm', {
  aws_ssm_parameter: {
    make: async (clients, name) => {
      const ssm = await clients.get('ssm');
      const Name = `/app/${name}`;
      await ssm.putParameter({
        Name,
        Value: 'x',
        Type: 'SecureString',
        Tags: [{ Key: purposeTag, Value: name }],
      });
      return Name;
    },
  },
});
