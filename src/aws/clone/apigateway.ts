import type { APIGateway, ApiKeySourceType, EndpointType, IpAddressType } from '@aws-sdk/client-api-gateway';
import { type Cloned, type CloneRequest, cloneService } from '../clone.ts';
import { restApiArn, rfc3339 } from '../describe/apigateway-parts.ts';
import { StateValues } from '../state-values.ts';
import { busy } from './apigateway-busy.ts';
import {
  cloneIntegration,
  cloneIntegrationResponse,
  cloneMethod,
  cloneMethodResponse,
} from './apigateway-methods.ts';
import {
  cloneAuthorizer,
  cloneGatewayResponse,
  cloneModel,
  cloneResource,
  cloneValidator,
} from './apigateway-parts.ts';
import { cloneMethodSettings, cloneStage, stageLacks } from './apigateway-stage.ts';
import { answered, cannotBeCopied } from './refusals.ts';
import { onceKnown } from './wait.ts';

/** Stands in a policy for the id that the API will have: a text that no policy holds by itself. */
const ownId = 'the-id-of-this-very-api';

/**
 * The policy of an API names the API, whose id nobody knows before. In the short form of a resource,
 * `execute-api:/stage/method/path`, the service puts it in: the API is never there without its policy.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
 */
function policyOf(request: CloneRequest, name: string): string | undefined {
  const long = new RegExp(`arn:[^":/]*:execute-api:[^":/]*:[^":/]*:${ownId}/`, 'g');
  const policy = new StateValues(request.withOwnId(ownId)).text('policy')?.replaceAll(long, 'execute-api:/');
  if (policy?.includes(ownId) === true)
    throw cannotBeCopied(`the REST API ${name}`, 'its policy names it in another way than by its methods');
  return policy;
}

/** Names of APIs may be taken as often as one likes: this always makes another one. */
async function cloneApi(request: CloneRequest, client: APIGateway): Promise<Cloned> {
  const values = new StateValues(request.values);
  const name = values.needed('name');
  const endpoint = values.block('endpoint_configuration');
  const smallest = values.text('minimum_compression_size');
  const policy = policyOf(request, name);
  const made = await onceKnown(
    () =>
      client.createRestApi({
        name,
        apiKeySource: values.word<ApiKeySourceType>('api_key_source'),
        binaryMediaTypes: values.texts('binary_media_types'),
        description: values.text('description'),
        disableExecuteApiEndpoint: values.flag('disable_execute_api_endpoint'),
        endpointConfiguration: endpoint && {
          ipAddressType: endpoint.word<IpAddressType>('ip_address_type'),
          types: endpoint.words<EndpointType>('types'),
          vpcEndpointIds: endpoint.texts('vpc_endpoint_ids'),
        },
        minimumCompressionSize: smallest === undefined ? undefined : Number(smallest),
        policy,
        tags: values.tags,
      }),
    busy,
    request.signal,
  );
  const id = answered(made.id, `the id of the REST API ${name}`);
  const root = answered(
    made.rootResourceId ?? (await rootOf(id, client)),
    `the root of the REST API ${name}`,
  );
  const created = rfc3339(made.createdDate);
  return {
    id,
    values: {
      arn: restApiArn(id, await client.config.region()),
      ...(created === undefined ? {} : { created_date: created }),
      id,
      root_resource_id: root,
    },
  };
}

/** It comes with the API. */
async function rootOf(restApiId: string, client: APIGateway): Promise<string | undefined> {
  const { items = [] } = await client.getResources({ restApiId, limit: 500 });
  return items.find(({ path }) => path === '/')?.id;
}

/** What is published is what the methods are by now: what the source published at its time cannot be read. */
async function cloneDeployment({ values: given, signal }: CloneRequest, client: APIGateway): Promise<Cloned> {
  const values = new StateValues(given);
  const made = await onceKnown(
    () =>
      client.createDeployment({
        restApiId: values.needed('rest_api_id'),
        description: values.text('description'),
      }),
    busy,
    signal,
  );
  const id = answered(made.id, 'the id of the deployment');
  const created = rfc3339(made.createdDate);
  return { id, values: { ...(created === undefined ? {} : { created_date: created }), id } };
}

const ofMethod = ['rest_api_id', 'resource_id', 'http_method'] as const;

/** REST interfaces with all that is in them, published anew. */
export const apigateway = cloneService('apigateway', {
  aws_api_gateway_rest_api: {
    actions: [
      'apigateway:POST',
      'apigateway:GET',
      'apigateway:TagResource',
      'apigateway:UpdateRestApiPolicy',
    ],
    namesItself: ['policy'],
    clone: cloneApi,
  },
  aws_api_gateway_resource: { actions: ['apigateway:POST'], clone: cloneResource },
  aws_api_gateway_authorizer: { actions: ['apigateway:POST', 'iam:PassRole'], clone: cloneAuthorizer },
  aws_api_gateway_request_validator: { actions: ['apigateway:POST'], clone: cloneValidator },
  aws_api_gateway_model: { actions: ['apigateway:POST'], clone: cloneModel },
  aws_api_gateway_gateway_response: { actions: ['apigateway:PUT'], clone: cloneGatewayResponse },
  aws_api_gateway_method: {
    actions: ['apigateway:PUT'],
    // Methods name their models, which many things may be called.
    after: [{ types: ['aws_api_gateway_model'], sharing: ['rest_api_id'] }],
    clone: cloneMethod,
  },
  aws_api_gateway_method_response: {
    actions: ['apigateway:PUT'],
    after: [{ types: ['aws_api_gateway_method'], sharing: ofMethod }],
    clone: cloneMethodResponse,
  },
  aws_api_gateway_integration: {
    actions: ['apigateway:PUT', 'iam:PassRole'],
    after: [{ types: ['aws_api_gateway_method'], sharing: ofMethod }],
    clone: cloneIntegration,
  },
  aws_api_gateway_integration_response: {
    actions: ['apigateway:PUT'],
    after: [
      { types: ['aws_api_gateway_integration'], sharing: ofMethod },
      { types: ['aws_api_gateway_method_response'], sharing: [...ofMethod, 'status_code'] },
    ],
    clone: cloneIntegrationResponse,
  },
  aws_api_gateway_deployment: {
    actions: ['apigateway:POST'],
    after: [
      {
        types: [
          'aws_api_gateway_method',
          'aws_api_gateway_method_response',
          'aws_api_gateway_integration',
          'aws_api_gateway_integration_response',
          'aws_api_gateway_gateway_response',
        ],
        sharing: ['rest_api_id'],
      },
    ],
    clone: cloneDeployment,
  },
  aws_api_gateway_stage: {
    actions: ['apigateway:POST', 'apigateway:PATCH', 'apigateway:TagResource'],
    lacks: stageLacks,
    clone: cloneStage,
  },
  aws_api_gateway_method_settings: {
    actions: ['apigateway:PATCH'],
    after: [{ types: ['aws_api_gateway_stage'], sharing: ['rest_api_id', 'stage_name'] }],
    clone: cloneMethodSettings,
  },
});
