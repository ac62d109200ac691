import type { APIGateway, GatewayResponseType } from '@aws-sdk/client-api-gateway';
import { defineService, presentIf, ready } from '../adapter.ts';
import { listing } from '../listing.ts';

export const apigateway = defineService('apigateway', {
  scope: 'regional',
  inUse: ['BadRequestException', 'ConflictException'],
  notFound: ['NotFoundException'],
  types: {
    aws_api_gateway_rest_api: {
      needs: [],
      actions: { check: ['apigateway:GET'], list: ['apigateway:GET'], remove: ['apigateway:DELETE'] },
      dependsOn: ['aws_iam_role'],
      check: async (subject, client) => {
        await client.getRestApi({ restApiId: subject.id });
        return ready;
      },
      list: listing(
        (client: APIGateway, position) => client.getRestApis({ position, limit: 500 }),
        (page) => page.position,
        (page) => page.items,
        (api) => ({ id: api.id, name: api.name, tags: api.tags ?? {}, createdAt: api.createdDate }),
      ),
      remove: async (subject, client) => {
        await client.deleteRestApi({ restApiId: subject.id });
        return undefined;
      },
    },
    aws_api_gateway_resource: {
      needs: ['rest_api_id'],
      partOf: 'aws_api_gateway_rest_api',
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getResource({ restApiId: subject.attribute('rest_api_id'), resourceId: subject.id });
        return ready;
      },
    },
    aws_api_gateway_method: {
      needs: ['rest_api_id', 'resource_id', 'http_method'],
      partOf: 'aws_api_gateway_rest_api',
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
      partOf: 'aws_api_gateway_rest_api',
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
      partOf: 'aws_api_gateway_rest_api',
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
      partOf: 'aws_api_gateway_rest_api',
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
      partOf: 'aws_api_gateway_rest_api',
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getDeployment({ restApiId: subject.attribute('rest_api_id'), deploymentId: subject.id });
        return ready;
      },
    },
    aws_api_gateway_stage: {
      needs: ['rest_api_id', 'stage_name'],
      partOf: 'aws_api_gateway_rest_api',
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
      partOf: 'aws_api_gateway_rest_api',
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getAuthorizer({ restApiId: subject.attribute('rest_api_id'), authorizerId: subject.id });
        return ready;
      },
    },
    aws_api_gateway_request_validator: {
      needs: ['rest_api_id'],
      partOf: 'aws_api_gateway_rest_api',
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getRequestValidator({
          restApiId: subject.attribute('rest_api_id'),
          requestValidatorId: subject.id,
        });
        return ready;
      },
    },
    aws_api_gateway_model: {
      needs: ['rest_api_id', 'name'],
      partOf: 'aws_api_gateway_rest_api',
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getModel({
          restApiId: subject.attribute('rest_api_id'),
          modelName: subject.attribute('name'),
        });
        return ready;
      },
    },
    aws_api_gateway_gateway_response: {
      needs: ['rest_api_id', 'response_type'],
      partOf: 'aws_api_gateway_rest_api',
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        const found = await client.getGatewayResponse({
          restApiId: subject.attribute('rest_api_id'),
          responseType: subject.attribute('response_type') as GatewayResponseType,
        });
        // Of those that nobody changed the service says what it would answer.
        return presentIf(found.defaultResponse !== true);
      },
    },
    aws_api_gateway_method_settings: {
      needs: ['rest_api_id', 'stage_name', 'method_path'],
      partOf: 'aws_api_gateway_rest_api',
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        const { methodSettings } = await client.getStage({
          restApiId: subject.attribute('rest_api_id'),
          stageName: subject.attribute('stage_name'),
        });
        return presentIf(methodSettings?.[subject.attribute('method_path')]);
      },
    },
    aws_api_gateway_api_key: {
      needs: [],
      actions: { check: ['apigateway:GET'], list: ['apigateway:GET'], remove: ['apigateway:DELETE'] },
      dependsOn: [],
      check: async (subject, client) => {
        // Without its value: it is a secret.
        await client.getApiKey({ apiKey: subject.id, includeValue: false });
        return ready;
      },
      list: listing(
        (client: APIGateway, position) => client.getApiKeys({ position, limit: 500, includeValues: false }),
        (page) => page.position,
        (page) => page.items,
        (key) => ({ id: key.id, name: key.name, tags: key.tags ?? {}, createdAt: key.createdDate }),
      ),
      remove: async (subject, client) => {
        await client.deleteApiKey({ apiKey: subject.id });
        return undefined;
      },
    },
    aws_api_gateway_usage_plan: {
      needs: [],
      actions: {
        check: ['apigateway:GET'],
        list: ['apigateway:GET'],
        remove: ['apigateway:DELETE', 'apigateway:PATCH'],
      },
      dependsOn: ['aws_api_gateway_rest_api'],
      check: async (subject, client) => {
        await client.getUsagePlan({ usagePlanId: subject.id });
        return ready;
      },
      list: listing(
        (client: APIGateway, position) => client.getUsagePlans({ position, limit: 500 }),
        (page) => page.position,
        (page) => page.items,
        (plan) => ({
          id: plan.id,
          name: plan.name,
          tags: plan.tags ?? {},
          uses: plan.apiStages?.map(({ apiId }) => apiId),
        }),
      ),
      remove: async (subject, client) => {
        const { apiStages = [] } = await client.getUsagePlan({ usagePlanId: subject.id });
        if (apiStages.length > 0) {
          // A plan that still has stages is refused.
          await client.updateUsagePlan({
            usagePlanId: subject.id,
            patchOperations: apiStages.map(({ apiId = '', stage = '' }) => ({
              op: 'remove',
              path: '/apiStages',
              value: `${apiId}:${stage}`,
            })),
          });
        }
        await client.deleteUsagePlan({ usagePlanId: subject.id });
        return undefined;
      },
    },
  },
});
