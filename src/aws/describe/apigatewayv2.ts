import type {
  ApiGatewayV2,
  Authorizer,
  Cors,
  GetApiCommandOutput,
  Integration,
  Route,
  RouteSettings,
  Stage,
} from '@aws-sdk/client-apigatewayv2';
import type { JsonObject } from '../../transfer/json.ts';
import { type DescribedResource, describeService, known } from '../describe.ts';
import { pages } from '../listing.ts';
import { block, sorted, tagged } from '../state-values.ts';

/** What the ARNs of an API's parts have in common. */
interface Place {
  readonly apiId: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly scheme: 'https' | 'wss';
}

const apiArn = ({ partition, region, apiId }: Place): string =>
  `arn:${partition}:apigateway:${region}::/apis/${apiId}`;

const executionArn = ({ partition, region, account, apiId }: Place): string =>
  `arn:${partition}:execute-api:${region}:${account}:${apiId}`;

function corsBlock(cors: Cors | undefined): readonly JsonObject[] {
  return block(
    cors && {
      allow_credentials: cors.AllowCredentials ?? false,
      allow_headers: sorted(cors.AllowHeaders),
      allow_methods: sorted(cors.AllowMethods),
      allow_origins: sorted(cors.AllowOrigins),
      expose_headers: sorted(cors.ExposeHeaders),
      max_age: cors.MaxAge ?? 0,
    },
  );
}

function api(found: GetApiCommandOutput, place: Place): DescribedResource {
  return {
    type: 'aws_apigatewayv2_api',
    id: place.apiId,
    values: known({
      api_endpoint: found.ApiEndpoint,
      api_key_selection_expression: found.ApiKeySelectionExpression,
      arn: apiArn(place),
      cors_configuration: corsBlock(found.CorsConfiguration),
      description: found.Description ?? '',
      disable_execute_api_endpoint: found.DisableExecuteApiEndpoint ?? false,
      execution_arn: executionArn(place),
      id: place.apiId,
      ip_address_type: found.IpAddressType ?? '',
      name: found.Name,
      protocol_type: found.ProtocolType,
      route_selection_expression: found.RouteSelectionExpression,
      version: found.Version ?? '',
      ...tagged(found.Tags),
    }),
  };
}

function authorizer(found: Authorizer, apiId: string): DescribedResource {
  const id = found.AuthorizerId ?? '';
  return {
    type: 'aws_apigatewayv2_authorizer',
    id,
    values: known({
      api_id: apiId,
      authorizer_credentials_arn: found.AuthorizerCredentialsArn ?? '',
      authorizer_payload_format_version: found.AuthorizerPayloadFormatVersion ?? '',
      authorizer_result_ttl_in_seconds: found.AuthorizerResultTtlInSeconds ?? 0,
      authorizer_type: found.AuthorizerType,
      authorizer_uri: found.AuthorizerUri ?? '',
      enable_simple_responses: found.EnableSimpleResponses ?? false,
      id,
      identity_sources: sorted(found.IdentitySource),
      jwt_configuration: block(
        found.JwtConfiguration && {
          audience: sorted(found.JwtConfiguration.Audience),
          issuer: found.JwtConfiguration.Issuer ?? '',
        },
      ),
      name: found.Name,
    }),
  };
}

function integration(found: Integration, apiId: string): DescribedResource {
  const id = found.IntegrationId ?? '';
  const parameters = found.RequestParameters ?? {};
  return {
    type: 'aws_apigatewayv2_integration',
    id,
    values: known({
      api_id: apiId,
      connection_id: found.ConnectionId ?? '',
      connection_type: found.ConnectionType ?? 'INTERNET',
      content_handling_strategy: found.ContentHandlingStrategy ?? '',
      credentials_arn: found.CredentialsArn ?? '',
      description: found.Description ?? '',
      id,
      integration_method: found.IntegrationMethod ?? '',
      integration_response_selection_expression: found.IntegrationResponseSelectionExpression ?? '',
      integration_subtype: found.IntegrationSubtype ?? '',
      integration_type: found.IntegrationType,
      integration_uri: found.IntegrationUri ?? '',
      passthrough_behavior: found.PassthroughBehavior ?? '',
      payload_format_version: found.PayloadFormatVersion ?? '1.0',
      request_parameters: { ...parameters },
      request_templates: { ...found.RequestTemplates },
      response_parameters: Object.entries(found.ResponseParameters ?? {}).map(([status, mappings]) => ({
        mappings: { ...mappings },
        status_code: status,
      })),
      template_selection_expression: found.TemplateSelectionExpression ?? '',
      timeout_milliseconds: found.TimeoutInMillis,
      tls_config: block(
        found.TlsConfig && { server_name_to_verify: found.TlsConfig.ServerNameToVerify ?? '' },
      ),
    }),
    // A header that is always added may be a credential.
    ...(Object.keys(parameters).length === 0 ? {} : { sensitivePaths: ['request_parameters'] }),
  };
}

function route(found: Route, apiId: string): DescribedResource {
  const id = found.RouteId ?? '';
  return {
    type: 'aws_apigatewayv2_route',
    id,
    values: known({
      api_id: apiId,
      api_key_required: found.ApiKeyRequired ?? false,
      authorization_scopes: sorted(found.AuthorizationScopes),
      authorization_type: found.AuthorizationType ?? 'NONE',
      authorizer_id: found.AuthorizerId ?? '',
      id,
      model_selection_expression: found.ModelSelectionExpression ?? '',
      operation_name: found.OperationName ?? '',
      request_models: { ...found.RequestModels },
      request_parameter: Object.entries(found.RequestParameters ?? {}).map(([name, constraints]) => ({
        request_parameter_key: name,
        required: constraints.Required ?? false,
      })),
      route_key: found.RouteKey,
      route_response_selection_expression: found.RouteResponseSelectionExpression ?? '',
      target: found.Target ?? '',
    }),
  };
}

const routeSettings = (found: RouteSettings): Record<string, string | number | boolean> => ({
  data_trace_enabled: found.DataTraceEnabled ?? false,
  detailed_metrics_enabled: found.DetailedMetricsEnabled ?? false,
  logging_level: found.LoggingLevel ?? '',
  throttling_burst_limit: found.ThrottlingBurstLimit ?? 0,
  throttling_rate_limit: found.ThrottlingRateLimit ?? 0,
});

function stage(found: Stage, place: Place): DescribedResource {
  const name = found.StageName ?? '';
  const domain = place.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const host = `${place.apiId}.execute-api.${place.region}.${domain}`;
  const logs = found.AccessLogSettings;
  const variables = found.StageVariables ?? {};
  return {
    type: 'aws_apigatewayv2_stage',
    id: name,
    values: known({
      access_log_settings: block(
        logs?.DestinationArn
          ? { destination_arn: logs.DestinationArn, format: logs.Format ?? '' }
          : undefined,
      ),
      api_id: place.apiId,
      arn: `${apiArn(place)}/stages/${name}`,
      auto_deploy: found.AutoDeploy ?? false,
      client_certificate_id: found.ClientCertificateId ?? '',
      default_route_settings: block(found.DefaultRouteSettings && routeSettings(found.DefaultRouteSettings)),
      deployment_id: found.DeploymentId ?? '',
      description: found.Description ?? '',
      execution_arn: `${executionArn(place)}/${name}`,
      id: name,
      invoke_url: `${place.scheme}://${host}/${name === '$default' ? '' : name}`,
      name,
      route_settings: Object.entries(found.RouteSettings ?? {}).map(([key, settings]) => ({
        ...routeSettings(settings),
        route_key: key,
      })),
      stage_variables: { ...variables },
      ...tagged(found.Tags),
    }),
    ...(Object.keys(variables).length === 0 ? {} : { sensitivePaths: ['stage_variables'] }),
  };
}

interface ItemPage<Item> {
  readonly Items?: readonly Item[] | undefined;
  readonly NextToken?: string | undefined;
}

async function allOf<Item>(
  read: (NextToken: string | undefined) => Promise<ItemPage<Item>>,
): Promise<Item[]> {
  const found: Item[] = [];
  for await (const { Items } of pages(read, (page) => page.NextToken)) found.push(...(Items ?? []));
  return found;
}

/** How the answers of what is behind a WebSocket API are changed on their way. */
async function answersOf(
  integrations: readonly Integration[],
  apiId: string,
  client: ApiGatewayV2,
): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for (const { IntegrationId = '' } of integrations) {
    const asked = { ApiId: apiId, IntegrationId, MaxResults: '500' };
    for (const answer of await allOf((NextToken) =>
      client.getIntegrationResponses({ ...asked, NextToken }),
    )) {
      const id = answer.IntegrationResponseId ?? '';
      found.push({
        type: 'aws_apigatewayv2_integration_response',
        id,
        values: known({
          api_id: apiId,
          content_handling_strategy: answer.ContentHandlingStrategy ?? '',
          id,
          integration_id: IntegrationId,
          integration_response_key: answer.IntegrationResponseKey,
          response_templates: { ...answer.ResponseTemplates },
          template_selection_expression: answer.TemplateSelectionExpression ?? '',
        }),
      });
    }
  }
  return found;
}

async function partsOf(place: Place, client: ApiGatewayV2): Promise<DescribedResource[]> {
  const { apiId } = place;
  const every = { ApiId: apiId, MaxResults: '500' };
  const authorizers = await allOf((NextToken) => client.getAuthorizers({ ...every, NextToken }));
  const integrations = await allOf((NextToken) => client.getIntegrations({ ...every, NextToken }));
  // Of an HTTP API they are a setting of the integration.
  const answers = place.scheme === 'wss' ? await answersOf(integrations, apiId, client) : [];
  const routes = await allOf((NextToken) => client.getRoutes({ ...every, NextToken }));
  const stages = await allOf((NextToken) => client.getStages({ ...every, NextToken }));
  return [
    ...authorizers.map((each) => authorizer(each, apiId)),
    ...integrations.map((each) => integration(each, apiId)),
    ...answers,
    ...routes.map((each) => route(each, apiId)),
    ...stages.map((each) => stage(each, place)),
  ];
}

export const apigatewayv2 = describeService('apigatewayv2', ['NotFoundException'], {
  aws_apigatewayv2_api: {
    actions: ['apigateway:GET', 'sts:GetCallerIdentity'],
    describe: async (subject, client, clients) => {
      const found = await client.getApi({ ApiId: subject.id });
      // The service never names the account, and its ARNs for others' policies have it.
      const { Account = '', Arn = '' } = await (await clients.get('sts')).getCallerIdentity({});
      const place: Place = {
        apiId: subject.id,
        partition: Arn.split(':')[1] ?? 'aws',
        region: await client.config.region(),
        account: Account,
        scheme: found.ProtocolType === 'WEBSOCKET' ? 'wss' : 'https',
      };
      return [api(found, place), ...(await partsOf(place, client))];
    },
  },
});
