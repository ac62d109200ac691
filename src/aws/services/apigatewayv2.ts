import { defineService, presentAs, ready } from '../adapter.ts';

export const apigatewayv2 = defineService('apigatewayv2', {
  notFound: ['NotFoundException'],
  types: {
    aws_apigatewayv2_api: {
      needs: [],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getApi({ ApiId: subject.id });
        return ready;
      },
    },
    aws_apigatewayv2_stage: {
      needs: ['api_id'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getStage({ ApiId: subject.attribute('api_id'), StageName: subject.id });
        return ready;
      },
    },
    aws_apigatewayv2_route: {
      needs: ['api_id'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getRoute({ ApiId: subject.attribute('api_id'), RouteId: subject.id });
        return ready;
      },
    },
    aws_apigatewayv2_integration: {
      needs: ['api_id'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getIntegration({ ApiId: subject.attribute('api_id'), IntegrationId: subject.id });
        return ready;
      },
    },
    aws_apigatewayv2_authorizer: {
      needs: ['api_id'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getAuthorizer({ ApiId: subject.attribute('api_id'), AuthorizerId: subject.id });
        return ready;
      },
    },
    aws_apigatewayv2_deployment: {
      needs: ['api_id'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        const found = await client.getDeployment({
          ApiId: subject.attribute('api_id'),
          DeploymentId: subject.id,
        });
        return presentAs(
          found.DeploymentStatus,
          { ready: ['DEPLOYED'], failed: ['FAILED'] },
          found.DeploymentStatusMessage,
        );
      },
    },
    aws_apigatewayv2_domain_name: {
      needs: [],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getDomainName({ DomainName: subject.id });
        return ready;
      },
    },
    aws_apigatewayv2_api_mapping: {
      needs: ['domain_name'],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getApiMapping({
          DomainName: subject.attribute('domain_name'),
          ApiMappingId: subject.id,
        });
        return ready;
      },
    },
    aws_apigatewayv2_vpc_link: {
      needs: [],
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        const found = await client.getVpcLink({ VpcLinkId: subject.id });
        return presentAs(
          found.VpcLinkStatus,
          { ready: ['AVAILABLE', 'INACTIVE'], failed: ['FAILED'], leaving: ['DELETING'] },
          found.VpcLinkStatusMessage,
        );
      },
    },
  },
});
