import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('apigateway', {
  aws_api_gateway_rest_api: {
    make: async (clients, name) => {
      const client = await clients.get('apigateway');
      return (await client.createRestApi({ name, tags: { [purposeTag]: name } })).id;
    },
  },
  aws_api_gateway_api_key: {
    make: async (clients, name) => {
      const client = await clients.get('apigateway');
      return (await client.createApiKey({ name, enabled: true, tags: { [purposeTag]: name } })).id;
    },
  },
  aws_api_gateway_usage_plan: {
    // With the stage of an API: as long as it has one, a plan is not deleted.
    make: async (clients, name) => {
      const client = await clients.get('apigateway');
      const { id: restApiId = '', rootResourceId: resourceId = '' } = await client.createRestApi({ name });
      const method = { restApiId, resourceId, httpMethod: 'GET' };
      await client.putMethod({ ...method, authorizationType: 'NONE' });
      await client.putIntegration({ ...method, type: 'MOCK' });
      await client.createDeployment({ restApiId, stageName: 'v1' });
      const made = await client.createUsagePlan({
        name,
        apiStages: [{ apiId: restApiId, stage: 'v1' }],
        tags: { [purposeTag]: name },
      });
      return made.id;
    },
  },
});
