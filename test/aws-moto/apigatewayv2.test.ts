import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('apigatewayv2', {
  aws_apigatewayv2_api: {
    // Only the emulator takes a second deletion.
    again: 'removed',
    make: async (clients, name) => {
      const client = await clients.get('apigatewayv2');
      const { ApiId } = await client.createApi({
        Name: name,
        ProtocolType: 'HTTP',
        Tags: { [purposeTag]: name },
      });
      await client.createStage({ ApiId, StageName: '$default', AutoDeploy: true });
      return ApiId;
    },
  },
  aws_apigatewayv2_domain_name: {
    make: async (clients, name) => {
      const client = await clients.get('apigatewayv2');
      const DomainName = `${name}.example.com`;
      await client.createDomainName({ DomainName, Tags: { [purposeTag]: name } });
      return DomainName;
    },
  },
  aws_apigatewayv2_vpc_link: {
    // Only the emulator takes a second deletion.
    again: 'removed',
    make: async (clients, name) => {
      const client = await clients.get('apigatewayv2');
      const made = await client.createVpcLink({
        Name: name,
        SubnetIds: ['subnet-1'],
        Tags: { [purposeTag]: name },
      });
      return made.VpcLinkId;
    },
  },
});
