import { ACCOUNT } from '../sandbox/aws.ts';
import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('logs', {
  aws_cloudwatch_log_group: {
    pages: { DescribeLogGroups: { limit: 1 } },
    make: async (clients, name) => {
      const logs = await clients.get('logs');
      const logGroupName = `/aws/lambda/${name}`;
      // One with a longer name: a search by prefix finds both.
      await logs.createLogGroup({ logGroupName: `${logGroupName}-2` });
      await logs.createLogGroup({ logGroupName, tags: { [purposeTag]: name } });
      return logGroupName;
    },
  },
  aws_cloudwatch_log_resource_policy: {
    tagged: false,
    make: async (clients, policyName) => {
      const logs = await clients.get('logs');
      await logs.putResourcePolicy({
        policyName,
        policyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'logs:PutLogEvents', Resource: '*' },
          ],
        }),
      });
      return policyName;
    },
  },
});
