import type { APIGateway, Integration, Method, Resource, Stage } from '@aws-sdk/client-api-gateway';
import { type DescribedResource, describeService } from '../describe.ts';
import { pages } from '../listing.ts';
import { apigateway as adapter } from '../services/apigateway.ts';
import { block, settingsNotRead, sorted, tagged } from '../state-values.ts';
import { besidesMethods, methodSettings, part, restApiArn, rfc3339 } from './apigateway-parts.ts';
import { dnsSuffixOf, jsonText } from './texts.ts';

/** One method of one resource of one interface: what its parts have in common. */
interface Place {
  readonly rest_api_id: string;
  readonly resource_id: string;
  readonly http_method: string;
}

const idAt = (prefix: string, { rest_api_id, resource_id, http_method }: Place): string =>
  `${prefix}-${rest_api_id}-${resource_id}-${http_method}`;

function methodParts(at: Place, method: Method): DescribedResource[] {
  const responses = Object.values(method.methodResponses ?? {}).flatMap((response) => {
    const { statusCode } = response;
    if (statusCode === undefined) return [];
    return part('aws_api_gateway_method_response', `${idAt('agmr', at)}-${statusCode}`, {
      ...at,
      response_models: response.responseModels ?? {},
      response_parameters: response.responseParameters ?? {},
      status_code: statusCode,
    });
  });
  return [
    part('aws_api_gateway_method', idAt('agm', at), {
      ...at,
      api_key_required: method.apiKeyRequired ?? false,
      authorization: method.authorizationType,
      authorization_scopes: sorted(method.authorizationScopes),
      authorizer_id: method.authorizerId ?? '',
      operation_name: method.operationName ?? '',
      request_models: method.requestModels ?? {},
      request_parameters: method.requestParameters ?? {},
      request_validator_id: method.requestValidatorId ?? '',
    }),
    ...responses,
    ...(method.methodIntegration === undefined ? [] : integrationParts(at, method.methodIntegration)),
  ];
}

function integrationParts(at: Place, integration: Integration): DescribedResource[] {
  const responses = Object.values(integration.integrationResponses ?? {}).flatMap((response) => {
    const { statusCode } = response;
    if (statusCode === undefined) return [];
    return part('aws_api_gateway_integration_response', `${idAt('agir', at)}-${statusCode}`, {
      ...at,
      content_handling: response.contentHandling ?? '',
      response_parameters: response.responseParameters ?? {},
      response_templates: response.responseTemplates ?? {},
      selection_pattern: response.selectionPattern ?? '',
      status_code: statusCode,
    });
  });
  return [
    {
      ...part('aws_api_gateway_integration', idAt('agi', at), {
        ...at,
        cache_key_parameters: sorted(integration.cacheKeyParameters),
        cache_namespace: integration.cacheNamespace ?? '',
        connection_id: integration.connectionId ?? '',
        connection_type: integration.connectionType ?? 'INTERNET',
        content_handling: integration.contentHandling ?? '',
        credentials: integration.credentials ?? '',
        integration_http_method: integration.httpMethod ?? '',
        passthrough_behavior: integration.passthroughBehavior ?? '',
        request_parameters: integration.requestParameters ?? {},
        request_templates: integration.requestTemplates ?? {},
        timeout_milliseconds: integration.timeoutInMillis,
        tls_config: block(
          integration.tlsConfig && {
            insecure_skip_verification: integration.tlsConfig.insecureSkipVerification ?? false,
          },
        ),
        integration_target: integration.integrationTarget,
        response_transfer_mode:
          integration.responseTransferMode === 'STREAM' ? integration.responseTransferMode : undefined,
        type: integration.type,
        uri: integration.uri ?? '',
      }),
      // A fixed header is where people put the key of the service behind.
      sensitivePaths: ['request_parameters'],
    },
    ...responses,
  ];
}

function resourceParts(rest_api_id: string, resource: Resource): DescribedResource[] {
  const { id = '', resourceMethods = {} } = resource;
  const methods = Object.entries(resourceMethods).flatMap(([http_method, method]) =>
    methodParts({ rest_api_id, resource_id: id, http_method }, method),
  );
  // The root comes and goes with the interface.
  if (resource.parentId === undefined) return methods;
  const itself = part('aws_api_gateway_resource', id, {
    parent_id: resource.parentId,
    path: resource.path,
    path_part: resource.pathPart,
    rest_api_id,
  });
  return [itself, ...methods];
}

function stagePart(rest_api_id: string, stage: Stage, region: string): DescribedResource {
  const name = stage.stageName ?? '';
  const log = stage.accessLogSettings;
  return part('aws_api_gateway_stage', `ags-${rest_api_id}-${name}`, {
    access_log_settings: block(
      log?.destinationArn ? { destination_arn: log.destinationArn, format: log.format ?? '' } : undefined,
    ),
    arn: `${restApiArn(rest_api_id, region)}/stages/${name}`,
    canary_settings: stage.canarySettings && block({ percent_traffic: stage.canarySettings.percentTraffic }),
    cache_cluster_enabled: stage.cacheClusterEnabled ?? false,
    cache_cluster_size: stage.cacheClusterSize ?? '',
    client_certificate_id: stage.clientCertificateId ?? '',
    deployment_id: stage.deploymentId,
    description: stage.description ?? '',
    documentation_version: stage.documentationVersion ?? '',
    invoke_url: `https://${rest_api_id}.execute-api.${region}.${dnsSuffixOf(region)}/${name}`,
    rest_api_id,
    stage_name: name,
    ...tagged(stage.tags),
    variables: stage.variables ?? {},
    web_acl_arn: stage.webAclArn,
    xray_tracing_enabled: stage.tracingEnabled ?? false,
  });
}

/** Stages, and the deployments that they show; older ones are history. */
async function published(
  restApiId: string,
  client: APIGateway,
  region: string,
): Promise<DescribedResource[]> {
  const { item: stages = [] } = await client.getStages({ restApiId });
  const used = new Set(stages.flatMap(({ deploymentId }) => deploymentId ?? []));
  const deployments = await Promise.all(
    [...used].map(async (deploymentId) => {
      const found = await client.getDeployment({ restApiId, deploymentId });
      return part('aws_api_gateway_deployment', deploymentId, {
        created_date: rfc3339(found.createdDate),
        description: found.description ?? '',
        rest_api_id: restApiId,
      });
    }),
  );
  return [
    ...deployments,
    ...stages.map((stage) => stagePart(restApiId, stage, region)),
    ...stages.flatMap((stage) => methodSettings(restApiId, stage)),
  ];
}

/** REST interfaces with all that is in them. */
export const apigateway = describeService('apigateway', adapter.notFound, {
  aws_api_gateway_rest_api: {
    actions: ['apigateway:GET'],
    describe: async ({ id }, client) => {
      const found = await client.getRestApi({ restApiId: id });
      const region = await client.config.region();
      const resources: Resource[] = [];
      for await (const page of pages(
        (position) => client.getResources({ restApiId: id, position, limit: 500, embed: ['methods'] }),
        ({ position }) => position,
      ))
        resources.push(...(page.items ?? []));
      const endpoint = found.endpointConfiguration;
      const itself = part('aws_api_gateway_rest_api', id, {
        api_key_source: found.apiKeySource,
        arn: restApiArn(id, region),
        binary_media_types: sorted(found.binaryMediaTypes),
        created_date: rfc3339(found.createdDate),
        description: found.description ?? '',
        disable_execute_api_endpoint: found.disableExecuteApiEndpoint ?? false,
        endpoint_configuration: block(
          endpoint && {
            ip_address_type: endpoint.ipAddressType ?? '',
            types: sorted(endpoint.types),
            vpc_endpoint_ids: sorted(endpoint.vpcEndpointIds),
          },
        ),
        minimum_compression_size:
          found.minimumCompressionSize === undefined ? '' : String(found.minimumCompressionSize),
        name: found.name,
        // The service escapes the quotes of its own text.
        policy: jsonText(found.policy?.replaceAll('\\"', '"')) ?? '',
        root_resource_id: found.rootResourceId ?? resources.find(({ path }) => path === '/')?.id,
        ...tagged(found.tags),
        // The usual policy is chosen by the service.
        ...settingsNotRead({ securityPolicy: found.securityPolicy?.startsWith('SecurityPolicy_') }),
      });
      const parents = resources.toSorted((a, b) => (a.path ?? '').length - (b.path ?? '').length);
      return [
        itself,
        ...(await besidesMethods(id, client, region)),
        ...parents.flatMap((resource) => resourceParts(id, resource)),
        ...(await published(id, client, region)),
      ];
    },
  },
});
