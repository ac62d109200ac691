/** A REST API with one of everything that is read of it. */
import type { AwsClients } from '../../../src/aws/clients.ts';

export interface RestApi {
  readonly id: string;
  /** The path below the root. */
  readonly ordersId: string;
  readonly authorizerId: string;
}

/**
 * `/orders` answers through the function, `/` by itself; a stage shows both.
 *
 * @param functionArn what stands behind `POST /orders`
 */
export async function makeRestApi(
  clients: AwsClients,
  { name, functionArn, stage }: { name: string; functionArn: string; stage: string },
): Promise<RestApi> {
  const client = await clients.get('apigateway');
  const region = await client.config.region();
  const invoke = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
  const api = await client.createRestApi({
    name,
    description: `orders of ${name}`,
    binaryMediaTypes: ['image/png'],
    minimumCompressionSize: 1024,
    endpointConfiguration: { types: ['REGIONAL'] },
    tags: { team: 'orders' },
  });
  const { id: restApiId = '', rootResourceId = '' } = api;
  const authorizer = await client.createAuthorizer({
    restApiId,
    name: 'callers',
    type: 'TOKEN',
    authorizerUri: invoke,
    authorizerResultTtlInSeconds: 60,
    identitySource: 'method.request.header.Authorization',
  });
  const validator = await client.createRequestValidator({
    restApiId,
    name: 'body',
    validateRequestBody: true,
    validateRequestParameters: false,
  });
  await client.createModel({
    restApiId,
    name: 'Order',
    contentType: 'application/json',
    schema: '{"type":"object"}',
  });
  await client.putGatewayResponse({
    restApiId,
    responseType: 'UNAUTHORIZED',
    statusCode: '401',
    responseTemplates: { 'application/json': '{"error":"who are you"}' },
  });
  const orders = await client.createResource({ restApiId, parentId: rootResourceId, pathPart: 'orders' });
  const { id: ordersId = '' } = orders;
  const post = { restApiId, resourceId: ordersId, httpMethod: 'POST' };
  await client.putMethod({
    ...post,
    authorizationType: 'CUSTOM',
    authorizerId: authorizer.id,
    requestModels: { 'application/json': 'Order' },
    requestParameters: { 'method.request.querystring.draft': false },
    requestValidatorId: validator.id,
  });
  await client.putIntegration({ ...post, type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri: invoke });
  const get = { restApiId, resourceId: rootResourceId, httpMethod: 'GET' };
  await client.putMethod({ ...get, authorizationType: 'NONE' });
  await client.putMethodResponse({
    ...get,
    statusCode: '200',
    responseModels: { 'application/json': 'Empty' },
  });
  await client.putIntegration({
    ...get,
    type: 'MOCK',
    requestTemplates: { 'application/json': '{"statusCode":200}' },
  });
  await client.putIntegrationResponse({
    ...get,
    statusCode: '200',
    selectionPattern: '',
    responseTemplates: { 'application/json': '{"up":true}' },
  });
  const { id: deploymentId = '' } = await client.createDeployment({ restApiId, description: 'first' });
  await client.createStage({
    restApiId,
    stageName: stage,
    deploymentId,
    description: 'the one that is called',
    variables: { table: name },
    tags: { team: 'orders' },
  });
  await client.updateStage({
    restApiId,
    stageName: stage,
    patchOperations: [
      { op: 'replace', path: '/*/*/throttling/rateLimit', value: '50' },
      { op: 'replace', path: '/*/*/throttling/burstLimit', value: '20' },
      { op: 'replace', path: '/*/*/metrics/enabled', value: 'true' },
    ],
  });
  return { id: restApiId, ordersId, authorizerId: authorizer.id ?? '' };
}
