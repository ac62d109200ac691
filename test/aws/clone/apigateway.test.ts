/** What REST interfaces are asked for, where the emulator does not mind. */
import { CreateRestApiCommand, CreateStageCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import type { Client, MetadataBearer } from '@smithy/types';
import { type AwsStub, mockClient } from 'aws-sdk-client-mock';
import { afterAll, describe, expect, it } from 'vitest';
import { createClients } from '../../../src/aws/clients.ts';
import type { Cloned } from '../../../src/aws/clone.ts';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import type { JsonObject } from '../../../src/transfer/json.ts';

const clients = createClients({ region: 'eu-central-1' });
afterAll(() => {
  clients.close();
});

async function mocked(): Promise<AwsStub<object, MetadataBearer, unknown>> {
  const client = (await clients.get('apigateway')) as unknown as Client<object, MetadataBearer, unknown>;
  const mock = mockClient(client);
  mock.onAnyCommand().resolves({ id: 'new', rootResourceId: 'root' } as object);
  return mock;
}

async function copy(type: string, values: JsonObject, more: JsonObject = {}): Promise<Cloned | undefined> {
  return clonerOf(type)?.clone(
    {
      values,
      source: { id: 'abcdef1234', values: { ...values, ...more } },
      withOwnId: (id) =>
        JSON.parse(JSON.stringify({ ...values, ...more }).replaceAll('abcdef1234', id)) as JsonObject,
      signal: AbortSignal.timeout(5_000),
    },
    clients,
  );
}

const policyFor = (resource: string): JsonObject => ({
  policy: JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: resource },
      { Effect: 'Deny', Principal: '*', Action: '*', Resource: 'arn:aws:s3:::other/*' },
    ],
  }),
});

describe('a REST API', () => {
  it('is made with its policy, which names it by what is known before', async () => {
    const mock = await mocked();
    const made = await copy(
      'aws_api_gateway_rest_api',
      { name: 'orders', tags: { a: 'b' }, minimum_compression_size: '0' },
      policyFor('arn:aws:execute-api:eu-central-1:123456789012:abcdef1234/dev/POST/orders'),
    );
    const { policy = '', ...input } = mock.commandCalls(CreateRestApiCommand)[0]?.args[0].input ?? {};
    expect(JSON.parse(policy)).toMatchObject({
      Statement: [{ Resource: 'execute-api:/dev/POST/orders' }, { Resource: 'arn:aws:s3:::other/*' }],
    });
    expect(input).toMatchObject({ name: 'orders', minimumCompressionSize: 0, tags: { a: 'b' } });
    expect(made?.values).toMatchObject({
      id: 'new',
      arn: 'arn:aws:apigateway:eu-central-1::/restapis/new',
      root_resource_id: 'root',
    });
  });

  it('is refused with a policy that would name nothing', async () => {
    const mock = await mocked();
    const values = { name: 'orders' };
    const policy = policyFor('arn:aws:execute-api:eu-central-1:123456789012:abcdef1234*');
    await expect(copy('aws_api_gateway_rest_api', values, policy)).rejects.toMatchObject({
      code: 'configuration-invalid',
    });
    expect(mock.commandCalls(CreateRestApiCommand)).toEqual([]);
  });
});

describe('a stage', () => {
  const stage = { rest_api_id: 'new', stage_name: 'copy', deployment_id: 'd1' };
  const before = {
    rest_api_id: 'abcdef1234',
    stage_name: 'dev',
    invoke_url: 'https://abcdef1234.execute-api.eu-central-1.amazonaws.com/dev',
  };

  it('writes its log where the copy has its own, and is called under its new name', async () => {
    const mock = await mocked();
    const log = {
      destination_arn: 'arn:aws:logs:eu-central-1:1:log-group:copy',
      format: '$context.requestId',
    };
    const made = await copy(
      'aws_api_gateway_stage',
      { ...stage, access_log_settings: [log], client_certificate_id: 'cert' },
      before,
    );
    expect(mock.commandCalls(CreateStageCommand)[0]?.args[0].input).toMatchObject({
      restApiId: 'new',
      stageName: 'copy',
      deploymentId: 'd1',
      cacheClusterEnabled: false,
    });
    expect(mock.commandCalls(UpdateStageCommand)[0]?.args[0].input).toMatchObject({
      patchOperations: [
        { op: 'replace', path: '/accessLogSettings/destinationArn', value: log.destination_arn },
        { op: 'replace', path: '/accessLogSettings/format', value: log.format },
        { op: 'replace', path: '/clientCertificateId', value: 'cert' },
      ],
    });
    expect(made).toEqual({
      id: 'ags-new-copy',
      values: {
        id: 'ags-new-copy',
        invoke_url: 'https://new.execute-api.eu-central-1.amazonaws.com/copy',
      },
    });
  });

  it('has the limits of its methods, and none where there is none', async () => {
    const mock = await mocked();
    await copy('aws_api_gateway_method_settings', {
      ...stage,
      method_path: '~1orders/POST',
      settings: [{ throttling_burst_limit: 5, throttling_rate_limit: -1, metrics_enabled: true }],
    });
    expect(mock.commandCalls(UpdateStageCommand)[0]?.args[0].input).toEqual({
      restApiId: 'new',
      stageName: 'copy',
      patchOperations: [
        { op: 'replace', path: '/~1orders/POST/metrics/enabled', value: 'true' },
        { op: 'replace', path: '/~1orders/POST/throttling/burstLimit', value: '5' },
      ],
    });
  });
});
