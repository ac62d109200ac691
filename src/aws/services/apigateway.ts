import { defineService, ready } from '../adapter.ts';

export const apigateway = defineService('apigateway', {
  notFound: ['NotFoundException'],
  types: {
    aws_api_gateway_rest_api: {
      needs: [],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getRestApi({ restApiId: subject.id });
        return ready;
      },
    },
    aws_api_gateway_resource: {
      needs: ['rest_api_id'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getResource({ restApiId: subject.attribute('rest_api_id'), resourceId: subject.id });
        return ready;
      },
    },
    aws_api_gateway_method: {
      needs: ['rest_api_id', 'resource_id', 'http_method'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getMethod({
          restApiId: subject.attribute('rest_api_id'),
          resourceId: subject.attribute('resource_id'),
          httpMethod: subject.attribute('http_method'),
        });
        return ready;
      },
    },
    aws_api_gateway_integration: {
      needs: ['rest_api_id', 'resource_id', 'http_method'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getIntegration({
          restApiId: subject.attribute('rest_api_id'),
          resourceId: subject.attribute('resource_id'),
          httpMethod: subject.attribute('http_method'),
        });
        return ready;
      },
    },
    aws_api_gateway_method_response: {
      needs: ['rest_api_id', 'resource_id', 'http_method', 'status_code'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getMethodResponse({
          restApiId: subject.attribute('rest_api_id'),
          resourceId: subject.attribute('resource_id'),
          httpMethod: subject.attribute('http_method'),
          statusCode: subject.attribute('status_code'),
        });
        return ready;
      },
    },
    aws_api_gateway_integration_response: {
      needs: ['rest_api_id', 'resource_id', 'http_method', 'status_code'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getIntegrationResponse({
          restApiId: subject.attribute('rest_api_id'),
          resourceId: subject.attribute('resource_id'),
          httpMethod: subject.attribute('http_method'),
          statusCode: subject.attribute('status_code'),
        });
        return ready;
      },
    },
    aws_api_gateway_deployment: {
      needs: ['rest_api_id'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getDeployment({ restApiId: subject.attribute('rest_api_id'), deploymentId: subject.id });
        return ready;
      },
    },
    aws_api_gateway_stage: {
      needs: ['rest_api_id', 'stage_name'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getStage({
          restApiId: subject.attribute('rest_api_id'),
          stageName: subject.attribute('stage_name'),
        });
        return ready;
      },
    },
    aws_api_gateway_authorizer: {
      needs: ['rest_api_id'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getAuthorizer({ restApiId: subject.attribute('rest_api_id'), authorizerId: subject.id });
        return ready;
      },
    },
    aws_api_gateway_api_key: {
      needs: [],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        // Without its value: it is a secret.
        await client.getApiKey({ apiKey: subject.id, includeValue: false });
        return ready;
      },
    },
    aws_api_gateway_usage_plan: {
      needs: [],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getUsagePlan({ usagePlanId: subject.id });
        return ready;
      },
    },
  },
});
