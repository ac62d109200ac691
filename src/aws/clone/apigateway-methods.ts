/** Methods of REST interfaces with what stands behind them. Each goes by where it is: the service gives them no ids. */
import type {
  APIGateway,
  ConnectionType,
  ContentHandlingStrategy,
  IntegrationType,
  ResponseTransferMode,
} from '@aws-sdk/client-api-gateway';
import type { Cloned, CloneRequest } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { busy } from './apigateway-busy.ts';
import { onceKnown } from './wait.ts';

const whereOf = (
  values: StateValues,
): { readonly restApiId: string; readonly resourceId: string; readonly httpMethod: string } => ({
  restApiId: values.needed('rest_api_id'),
  resourceId: values.needed('resource_id'),
  httpMethod: values.needed('http_method'),
});

/** The ids are the provider's own. */
function made(prefix: string, values: StateValues, ...more: readonly string[]): Cloned {
  const { restApiId, resourceId, httpMethod } = whereOf(values);
  const id = [prefix, restApiId, resourceId, httpMethod, ...more].join('-');
  return { id, values: { id } };
}

export async function cloneMethod(
  { values: given, signal }: CloneRequest,
  client: APIGateway,
): Promise<Cloned> {
  const values = new StateValues(given);
  await onceKnown(
    () =>
      client.putMethod({
        ...whereOf(values),
        apiKeyRequired: values.flag('api_key_required'),
        authorizationScopes: values.texts('authorization_scopes'),
        authorizationType: values.needed('authorization'),
        authorizerId: values.text('authorizer_id'),
        operationName: values.text('operation_name'),
        requestModels: values.map('request_models'),
        requestParameters: values.flags('request_parameters'),
        requestValidatorId: values.text('request_validator_id'),
      }),
    busy,
    signal,
  );
  return made('agm', values);
}

export async function cloneMethodResponse(
  { values: given, signal }: CloneRequest,
  client: APIGateway,
): Promise<Cloned> {
  const values = new StateValues(given);
  const statusCode = values.needed('status_code');
  await onceKnown(
    () =>
      client.putMethodResponse({
        ...whereOf(values),
        responseModels: values.map('response_models'),
        responseParameters: values.flags('response_parameters'),
        statusCode,
      }),
    busy,
    signal,
  );
  return made('agmr', values, statusCode);
}

export async function cloneIntegration(
  { values: given, signal }: CloneRequest,
  client: APIGateway,
): Promise<Cloned> {
  const values = new StateValues(given);
  const unchecked = values.block('tls_config')?.flag('insecure_skip_verification');
  await onceKnown(
    () =>
      client.putIntegration({
        ...whereOf(values),
        cacheKeyParameters: values.texts('cache_key_parameters'),
        cacheNamespace: values.text('cache_namespace'),
        connectionId: values.text('connection_id'),
        connectionType: values.word<ConnectionType>('connection_type'),
        contentHandling: values.word<ContentHandlingStrategy>('content_handling'),
        credentials: values.text('credentials'),
        integrationHttpMethod: values.text('integration_http_method'),
        integrationTarget: values.text('integration_target'),
        passthroughBehavior: values.text('passthrough_behavior'),
        requestParameters: values.map('request_parameters'),
        requestTemplates: values.map('request_templates'),
        responseTransferMode: values.word<ResponseTransferMode>('response_transfer_mode'),
        timeoutInMillis: values.positive('timeout_milliseconds'),
        tlsConfig: unchecked === undefined ? undefined : { insecureSkipVerification: unchecked },
        type: values.word<IntegrationType>('type'),
        uri: values.text('uri'),
      }),
    busy,
    signal,
  );
  return made('agi', values);
}

export async function cloneIntegrationResponse(
  { values: given, signal }: CloneRequest,
  client: APIGateway,
): Promise<Cloned> {
  const values = new StateValues(given);
  const statusCode = values.needed('status_code');
  await onceKnown(
    () =>
      client.putIntegrationResponse({
        ...whereOf(values),
        contentHandling: values.word<ContentHandlingStrategy>('content_handling'),
        responseParameters: values.map('response_parameters'),
        responseTemplates: values.map('response_templates'),
        selectionPattern: values.text('selection_pattern'),
        statusCode,
      }),
    busy,
    signal,
  );
  return made('agir', values, statusCode);
}
