/** What a REST interface has besides its resources and methods: each is a part that its methods or its stages refer to. */
import type { APIGateway, Stage } from '@aws-sdk/client-api-gateway';
import type { Json } from '../../transfer/json.ts';
import { type DescribedResource, known } from '../describe.ts';
import { pages } from '../listing.ts';
import { sorted } from '../state-values.ts';
import { jsonText, partitionOf } from './texts.ts';

type Maybe = Readonly<Record<string, Json | undefined>>;

export function part(type: string, id: string, values: Maybe): DescribedResource {
  return { type, id, values: known({ ...values, id }) };
}

/** As the provider writes a moment. */
export const rfc3339 = (date: Date | undefined): string | undefined =>
  date?.toISOString().replace('.000Z', 'Z');

/** @returns the ARN of a REST API: no account stands in it */
export function restApiArn(id: string, region: string): string {
  return `arn:${partitionOf(region)}:apigateway:${region}::/restapis/${id}`;
}

async function authorizers(
  restApiId: string,
  client: APIGateway,
  region: string,
): Promise<DescribedResource[]> {
  const { items = [] } = await client.getAuthorizers({ restApiId, limit: 500 });
  return items.flatMap((each) => {
    if (each.id === undefined) return [];
    return part('aws_api_gateway_authorizer', each.id, {
      arn: `${restApiArn(restApiId, region)}/authorizers/${each.id}`,
      authorizer_credentials: each.authorizerCredentials ?? '',
      authorizer_result_ttl_in_seconds: each.authorizerResultTtlInSeconds,
      authorizer_uri: each.authorizerUri ?? '',
      identity_source: each.identitySource ?? '',
      identity_validation_expression: each.identityValidationExpression ?? '',
      name: each.name,
      provider_arns: sorted(each.providerARNs),
      rest_api_id: restApiId,
      type: each.type,
    });
  });
}

async function validators(rest_api_id: string, client: APIGateway): Promise<DescribedResource[]> {
  const { items = [] } = await client.getRequestValidators({ restApiId: rest_api_id, limit: 500 });
  return items.flatMap((each) => {
    if (each.id === undefined) return [];
    return part('aws_api_gateway_request_validator', each.id, {
      name: each.name,
      rest_api_id,
      validate_request_body: each.validateRequestBody ?? false,
      validate_request_parameters: each.validateRequestParameters ?? false,
    });
  });
}

/** Every interface has these from the beginning. https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html */
const givenModels: ReadonlySet<string> = new Set(['Empty', 'Error']);

async function models(rest_api_id: string, client: APIGateway): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const { items = [] } of pages(
    (position) => client.getModels({ restApiId: rest_api_id, position, limit: 500 }),
    ({ position }) => position,
  )) {
    for (const { id, name, contentType, description, schema } of items) {
      if (id === undefined || name === undefined || givenModels.has(name)) continue;
      found.push(
        part('aws_api_gateway_model', id, {
          content_type: contentType,
          description: description ?? '',
          name,
          rest_api_id,
          schema: jsonText(schema) ?? '',
        }),
      );
    }
  }
  return found;
}

/** Only what somebody changed: for all others, too, the service answers with what it would say. */
async function gatewayResponses(rest_api_id: string, client: APIGateway): Promise<DescribedResource[]> {
  const { items = [] } = await client.getGatewayResponses({ restApiId: rest_api_id, limit: 500 });
  return items.flatMap(
    ({ responseType, defaultResponse, responseParameters, responseTemplates, statusCode }) => {
      if (responseType === undefined || defaultResponse === true) return [];
      return part('aws_api_gateway_gateway_response', `aggr-${rest_api_id}-${responseType}`, {
        response_parameters: responseParameters ?? {},
        response_templates: responseTemplates ?? {},
        response_type: responseType,
        rest_api_id,
        status_code: statusCode ?? '',
      });
    },
  );
}

/** @returns what methods of the interface refer to, and what it answers by itself */
export async function besidesMethods(
  restApiId: string,
  client: APIGateway,
  region: string,
): Promise<readonly DescribedResource[]> {
  const found = await Promise.all([
    authorizers(restApiId, client, region),
    validators(restApiId, client),
    models(restApiId, client),
    gatewayResponses(restApiId, client),
  ]);
  return found.flat();
}

/** How a stage treats its methods: throttling, caching, logs. A path of stars stands for all of them. */
export function methodSettings(rest_api_id: string, stage: Stage): readonly DescribedResource[] {
  const stage_name = stage.stageName ?? '';
  return Object.entries(stage.methodSettings ?? {}).map(([method_path, each]) =>
    part('aws_api_gateway_method_settings', `${rest_api_id}-${stage_name}-${method_path}`, {
      method_path,
      rest_api_id,
      settings: [
        known({
          cache_data_encrypted: each.cacheDataEncrypted ?? false,
          cache_ttl_in_seconds: each.cacheTtlInSeconds,
          caching_enabled: each.cachingEnabled ?? false,
          data_trace_enabled: each.dataTraceEnabled ?? false,
          logging_level: each.loggingLevel ?? 'OFF',
          metrics_enabled: each.metricsEnabled ?? false,
          require_authorization_for_cache_control: each.requireAuthorizationForCacheControl ?? false,
          throttling_burst_limit: each.throttlingBurstLimit ?? -1,
          throttling_rate_limit: each.throttlingRateLimit ?? -1,
          unauthorized_cache_control_header_strategy: each.unauthorizedCacheControlHeaderStrategy,
        }),
      ],
      stage_name,
    }),
  );
}
