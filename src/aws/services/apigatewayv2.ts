import type { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { defineService, presentAs, ready } from '../adapter.ts';
import { listing } from '../listing.ts';

export const apigatewayv2 = defineService('apigatewayv2', {
  scope: 'regional',
  inUse: ['BadRequestException', 'ConflictException'],
  notFound: ['NotFoundException'],
  types: {
    aws_apigatewayv2_api: {
      needs: [],
      actions: { check: ['apigateway:GET'], list: ['apigateway:GET'], remove: ['apigateway:DELETE'] },
      dependsOn: ['aws_apigatewayv2_vpc_link'],
      check: async (subject, client) => {
        await client.getApi({ ApiId: subject.id });
        return ready;
      },
      list: listing(
        (client: ApiGatewayV2, NextToken) => client.getApis({ NextToken, MaxResults: '500' }),
        (page) => page.NextToken,
        (page) => page.Items,
        (api) => ({ id: api.ApiId, name: api.Name, tags: api.Tags ?? {}, createdAt: api.CreatedDate }),
      ),
      remove: async (subject, client) => {
        await client.deleteApi({ ApiId: subject.id });
        return undefined;
      },
    },
    aws_apigatewayv2_stage: {
      needs: ['api_id'],
      partOf: 'aws_apigatewayv2_api',
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getStage({ ApiId: subject.attribute('api_id'), StageName: subject.id });
        return ready;
      },
    },
    aws_apigatewayv2_route: {
      needs: ['api_id'],
      partOf: 'aws_apigatewayv2_api',
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getRoute({ ApiId: subject.attribute('api_id'), RouteId: subject.id });
        return ready;
      },
    },
    aws_apigatewayv2_integration: {
      needs: ['api_id'],
      partOf: 'aws_apigatewayv2_api',
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getIntegration({ ApiId: subject.attribute('api_id'), IntegrationId: subject.id });
        return ready;
      },
    },
    aws_apigatewayv2_authorizer: {
      needs: ['api_id'],
      partOf: 'aws_apigatewayv2_api',
      actions: { check: ['apigateway:GET'] },
      check: async (subject, client) => {
        await client.getAuthorizer({ ApiId: subject.attribute('api_id'), AuthorizerId: subject.id });
        return ready;
      },
    },
    aws_apigatewayv2_deployment: {
      needs: ['api_id'],
      partOf: 'aws_apigatewayv2_api',
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
      actions: { check: ['apigateway:GET'], list: ['apigateway:GET'], remove: ['apigateway:DELETE'] },
      dependsOn: ['aws_apigatewayv2_api', 'aws_api_gateway_rest_api'],
      check: async (subject, client) => {
        await client.getDomainName({ DomainName: subject.id });
        return ready;
      },
      list: listing(
        (client: ApiGatewayV2, NextToken) => client.getDomainNames({ NextToken, MaxResults: '500' }),
        (page) => page.NextToken,
        (page) => page.Items,
        (domain) => ({ id: domain.DomainName, name: domain.DomainName, tags: domain.Tags ?? {} }),
      ),
      remove: async (subject, client) => {
        await client.deleteDomainName({ DomainName: subject.id });
        return undefined;
      },
    },
    aws_apigatewayv2_api_mapping: {
      needs: ['domain_name'],
      partOf: 'aws_apigatewayv2_domain_name',
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
      actions: { check: ['apigateway:GET'], list: ['apigateway:GET'], remove: ['apigateway:DELETE'] },
      dependsOn: ['aws_security_group', 'aws_subnet'],
      check: async (subject, client) => {
        const found = await client.getVpcLink({ VpcLinkId: subject.id });
        return presentAs(
          found.VpcLinkStatus,
          { ready: ['AVAILABLE', 'INACTIVE'], failed: ['FAILED'], leaving: ['DELETING'] },
          found.VpcLinkStatusMessage,
        );
      },
      list: listing(
        (client: ApiGatewayV2, NextToken) => client.getVpcLinks({ NextToken, MaxResults: '500' }),
        (page) => page.NextToken,
        (page) => page.Items,
        (link) => ({
          id: link.VpcLinkId,
          name: link.Name,
          tags: link.Tags ?? {},
          createdAt: link.CreatedDate,
          uses: [...(link.SecurityGroupIds ?? []), ...(link.SubnetIds ?? [])],
          leaving: link.VpcLinkStatus === 'DELETING' ? 'being deleted' : undefined,
        }),
      ),
      remove: async (subject, client) => {
        await client.deleteVpcLink({ VpcLinkId: subject.id });
        return undefined;
      },
    },
  },
});
