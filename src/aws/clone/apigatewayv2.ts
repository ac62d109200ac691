import type {
  ApiGatewayV2,
  AuthorizationType,
  AuthorizerType,
  ConnectionType,
  ContentHandlingStrategy,
  Cors,
  IntegrationType,
  IpAddressType,
  LoggingLevel,
  PassthroughBehavior,
  ProtocolType,
  RouteSettings,
} from '@aws-sdk/client-apigatewayv2';
import { type CloneRequest, cloneService, type Cloned } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { busy } from './apigateway-busy.ts';
import { sibling } from './arn.ts';
import { answered } from './refusals.ts';
import { stageIdentifiers } from './stage-identifiers.ts';
import { onceKnown } from './wait.ts';

function corsOf(values: StateValues): Cors | undefined {
  const cors = values.block('cors_configuration');
  return (
    cors && {
      AllowCredentials: cors.flag('allow_credentials'),
      AllowHeaders: cors.texts('allow_headers'),
      AllowMethods: cors.texts('allow_methods'),
      AllowOrigins: cors.texts('allow_origins'),
      ExposeHeaders: cors.texts('expose_headers'),
      MaxAge: cors.number('max_age'),
    }
  );
}

/** Names of APIs may be taken as often as one likes: this always makes another one. */
async function cloneApi({ values: given, source }: CloneRequest, client: ApiGatewayV2): Promise<Cloned> {
  const values = new StateValues(given);
  const Name = values.needed('name');
  const socket = values.text('protocol_type') === 'WEBSOCKET';
  const made = await client.createApi({
    Name,
    ProtocolType: values.word<ProtocolType>('protocol_type'),
    // An HTTP API has one way of doing it, and refuses to be told another or the same.
    ApiKeySelectionExpression: socket ? values.text('api_key_selection_expression') : undefined,
    RouteSelectionExpression: socket ? values.text('route_selection_expression') : undefined,
    CorsConfiguration: corsOf(values),
    Description: values.text('description'),
    DisableExecuteApiEndpoint: values.flag('disable_execute_api_endpoint'),
    IpAddressType: values.word<IpAddressType>('ip_address_type'),
    Tags: values.tags,
    Version: values.text('version'),
  });
  const id = answered(made.ApiId, `the id of the API ${Name}`);
  const region = await client.config.region();
  const before = new StateValues(source.values);
  const execution = before.text('execution_arn');
  const partition = before.text('arn')?.split(':')[1] ?? 'aws';
  return {
    id,
    values: {
      api_endpoint: made.ApiEndpoint ?? '',
      arn: `arn:${partition}:apigateway:${region}::/apis/${id}`,
      id,
      ...(execution === undefined ? {} : { execution_arn: sibling(execution, region, id) }),
    },
  };
}

async function cloneAuthorizer(
  { values: given, signal }: CloneRequest,
  client: ApiGatewayV2,
): Promise<Cloned> {
  const values = new StateValues(given);
  const jwt = values.block('jwt_configuration');
  const requests = values.text('authorizer_type') === 'REQUEST';
  const { AuthorizerId } = await onceKnown(
    () =>
      client.createAuthorizer({
        ApiId: values.needed('api_id'),
        Name: values.needed('name'),
        AuthorizerType: values.word<AuthorizerType>('authorizer_type'),
        AuthorizerCredentialsArn: values.text('authorizer_credentials_arn'),
        AuthorizerPayloadFormatVersion: values.text('authorizer_payload_format_version'),
        // One that asks tokens only has nothing to remember.
        AuthorizerResultTtlInSeconds: requests
          ? values.number('authorizer_result_ttl_in_seconds')
          : undefined,
        AuthorizerUri: values.text('authorizer_uri'),
        EnableSimpleResponses: requests ? values.flag('enable_simple_responses') : undefined,
        IdentitySource: values.texts('identity_sources'),
        JwtConfiguration: jwt && { Audience: jwt.texts('audience'), Issuer: jwt.text('issuer') },
      }),
    busy,
    signal,
  );
  const id = answered(AuthorizerId, 'the id of the authorizer');
  return { id, values: { id } };
}

async function cloneIntegration(
  { values: given, signal }: CloneRequest,
  client: ApiGatewayV2,
): Promise<Cloned> {
  const values = new StateValues(given);
  const answers = values
    .blocks('response_parameters')
    .map((each) => [each.needed('status_code'), each.map('mappings') ?? {}] as const);
  const server = values.block('tls_config')?.text('server_name_to_verify');
  const { IntegrationId } = await onceKnown(
    () =>
      client.createIntegration({
        ApiId: values.needed('api_id'),
        IntegrationType: values.word<IntegrationType>('integration_type'),
        ConnectionId: values.text('connection_id'),
        ConnectionType: values.word<ConnectionType>('connection_type'),
        ContentHandlingStrategy: values.word<ContentHandlingStrategy>('content_handling_strategy'),
        CredentialsArn: values.text('credentials_arn'),
        Description: values.text('description'),
        IntegrationMethod: values.text('integration_method'),
        IntegrationSubtype: values.text('integration_subtype'),
        IntegrationUri: values.text('integration_uri'),
        PassthroughBehavior: values.word<PassthroughBehavior>('passthrough_behavior'),
        PayloadFormatVersion: values.text('payload_format_version'),
        RequestParameters: values.map('request_parameters'),
        RequestTemplates: values.map('request_templates'),
        ResponseParameters: answers.length === 0 ? undefined : Object.fromEntries(answers),
        TemplateSelectionExpression: values.text('template_selection_expression'),
        TimeoutInMillis: values.positive('timeout_milliseconds'),
        TlsConfig: server === undefined ? undefined : { ServerNameToVerify: server },
      }),
    busy,
    signal,
  );
  const id = answered(IntegrationId, 'the id of the integration');
  return { id, values: { id } };
}

async function cloneRoute({ values: given, signal }: CloneRequest, client: ApiGatewayV2): Promise<Cloned> {
  const values = new StateValues(given);
  const parameters = values
    .blocks('request_parameter')
    .map((each) => [each.needed('request_parameter_key'), { Required: each.flag('required') }] as const);
  const { RouteId } = await onceKnown(
    () =>
      client.createRoute({
        ApiId: values.needed('api_id'),
        RouteKey: values.needed('route_key'),
        ApiKeyRequired: values.flag('api_key_required'),
        AuthorizationScopes: values.texts('authorization_scopes'),
        AuthorizationType: values.word<AuthorizationType>('authorization_type'),
        AuthorizerId: values.text('authorizer_id'),
        ModelSelectionExpression: values.text('model_selection_expression'),
        OperationName: values.text('operation_name'),
        RequestModels: values.map('request_models'),
        RequestParameters: parameters.length === 0 ? undefined : Object.fromEntries(parameters),
        RouteResponseSelectionExpression: values.text('route_response_selection_expression'),
        Target: values.text('target'),
      }),
    busy,
    signal,
  );
  const id = answered(RouteId, 'the id of the route');
  return { id, values: { id } };
}

const settingsOf = (values: StateValues): RouteSettings => ({
  DataTraceEnabled: values.flag('data_trace_enabled') === true ? true : undefined,
  DetailedMetricsEnabled: values.flag('detailed_metrics_enabled'),
  LoggingLevel: values.word<LoggingLevel>('logging_level'),
  ThrottlingBurstLimit: values.positive('throttling_burst_limit'),
  ThrottlingRateLimit: values.positive('throttling_rate_limit'),
});

async function cloneStage(
  { values: given, source, signal }: CloneRequest,
  client: ApiGatewayV2,
): Promise<Cloned> {
  const values = new StateValues(given);
  const ApiId = values.needed('api_id');
  const StageName = values.needed('name');
  const logs = values.block('access_log_settings');
  const settings = values.block('default_route_settings');
  const routes = values
    .blocks('route_settings')
    .map((each) => [each.needed('route_key'), settingsOf(each)] as const);
  await onceKnown(
    () =>
      client.createStage({
        ApiId,
        StageName,
        AccessLogSettings: logs && {
          DestinationArn: logs.needed('destination_arn'),
          Format: logs.text('format'),
        },
        AutoDeploy: values.flag('auto_deploy'),
        ClientCertificateId: values.text('client_certificate_id'),
        DefaultRouteSettings: settings && settingsOf(settings),
        Description: values.text('description'),
        RouteSettings: routes.length === 0 ? undefined : Object.fromEntries(routes),
        StageVariables: values.map('stage_variables'),
        Tags: values.tags,
      }),
    busy,
    signal,
  );
  const before = new StateValues(source.values);
  const from = { api: before.needed('api_id'), stage: before.needed('name') };
  const identifiers = stageIdentifiers(source.values, from, { api: ApiId, stage: StageName });
  return { id: StageName, values: { id: StageName, ...identifiers } };
}

export const apigatewayv2 = cloneService('apigatewayv2', {
  aws_apigatewayv2_api: { actions: ['apigateway:POST', 'apigateway:TagResource'], clone: cloneApi },
  aws_apigatewayv2_authorizer: { actions: ['apigateway:POST', 'iam:PassRole'], clone: cloneAuthorizer },
  aws_apigatewayv2_integration: { actions: ['apigateway:POST', 'iam:PassRole'], clone: cloneIntegration },
  aws_apigatewayv2_route: {
    actions: ['apigateway:POST'],
    refuses(values) {
      if (values.text('route_response_selection_expression') !== undefined)
        return 'it answers those who call it, and how it does so is not copied';
      return values.map('request_models') === undefined
        ? null
        : 'it has models of requests, which are not copied';
    },
    clone: cloneRoute,
  },
  aws_apigatewayv2_stage: {
    actions: ['apigateway:POST', 'apigateway:TagResource'],
    // A deployment is what the routes were at one moment, and the routes of the new API may not all be there yet.
    refuses: (values) =>
      values.flag('auto_deploy') !== true && values.text('deployment_id') !== undefined
        ? 'its deployments are made by hand (auto_deploy is off)'
        : null,
    clone: cloneStage,
  },
});
