/** What the methods of a REST interface refer to, and what it answers by itself. */
import type { APIGateway, AuthorizerType, GatewayResponseType } from '@aws-sdk/client-api-gateway';
import type { Cloned, CloneRequest } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { busy } from './apigateway-busy.ts';
import { answered } from './refusals.ts';
import { onceKnown } from './wait.ts';

export async function cloneResource(
  { values: given, signal }: CloneRequest,
  client: APIGateway,
): Promise<Cloned> {
  const values = new StateValues(given);
  const pathPart = values.needed('path_part');
  const found = await onceKnown(
    () =>
      client.createResource({
        restApiId: values.needed('rest_api_id'),
        parentId: values.needed('parent_id'),
        pathPart,
      }),
    busy,
    signal,
  );
  const id = answered(found.id, `the id of the path ${pathPart}`);
  return { id, values: { id, ...(found.path === undefined ? {} : { path: found.path }) } };
}

export async function cloneAuthorizer(
  { values: given, source, signal }: CloneRequest,
  client: APIGateway,
): Promise<Cloned> {
  const values = new StateValues(given);
  const restApiId = values.needed('rest_api_id');
  const name = values.needed('name');
  const found = await onceKnown(
    () =>
      client.createAuthorizer({
        restApiId,
        name,
        authorizerCredentials: values.text('authorizer_credentials'),
        authorizerResultTtlInSeconds: values.number('authorizer_result_ttl_in_seconds'),
        authorizerUri: values.text('authorizer_uri'),
        identitySource: values.text('identity_source'),
        identityValidationExpression: values.text('identity_validation_expression'),
        providerARNs: values.texts('provider_arns'),
        type: values.word<AuthorizerType>('type'),
      }),
    busy,
    signal,
  );
  const id = answered(found.id, `the id of the authorizer ${name}`);
  const before = new StateValues(source.values);
  const arn = before.text('arn')?.replace(before.needed('rest_api_id'), restApiId).replace(source.id, id);
  return { id, values: { id, ...(arn === undefined ? {} : { arn }) } };
}

export async function cloneValidator(
  { values: given, signal }: CloneRequest,
  client: APIGateway,
): Promise<Cloned> {
  const values = new StateValues(given);
  const found = await onceKnown(
    () =>
      client.createRequestValidator({
        restApiId: values.needed('rest_api_id'),
        name: values.text('name'),
        validateRequestBody: values.flag('validate_request_body'),
        validateRequestParameters: values.flag('validate_request_parameters'),
      }),
    busy,
    signal,
  );
  const id = answered(found.id, 'the id of the request validator');
  return { id, values: { id } };
}

export async function cloneModel(
  { values: given, signal }: CloneRequest,
  client: APIGateway,
): Promise<Cloned> {
  const values = new StateValues(given);
  const name = values.needed('name');
  const found = await onceKnown(
    () =>
      client.createModel({
        restApiId: values.needed('rest_api_id'),
        name,
        contentType: values.needed('content_type'),
        description: values.text('description'),
        schema: values.text('schema'),
      }),
    // Models may be made of one another, and are made side by side.
    [...busy, { code: 'BadRequestException', message: /reference/i }],
    signal,
  );
  const id = answered(found.id, `the id of the model ${name}`);
  return { id, values: { id } };
}

export async function cloneGatewayResponse(
  { values: given, signal }: CloneRequest,
  client: APIGateway,
): Promise<Cloned> {
  const values = new StateValues(given);
  const restApiId = values.needed('rest_api_id');
  const responseType = values.needed('response_type');
  await onceKnown(
    () =>
      client.putGatewayResponse({
        restApiId,
        responseType: responseType as GatewayResponseType,
        responseParameters: values.map('response_parameters'),
        responseTemplates: values.map('response_templates'),
        statusCode: values.text('status_code'),
      }),
    busy,
    signal,
  );
  const id = `aggr-${restApiId}-${responseType}`;
  return { id, values: { id } };
}
