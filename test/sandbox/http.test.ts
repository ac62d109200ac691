import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  ListFunctionUrlConfigsCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../sandbox/start.ts';
import { ACCOUNT, awsRest, lambdaClient, logEvents, makeFunction, REGION } from './aws.ts';

let sandbox: Sandbox;
let echo: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  echo = await makeFunction(sandbox, {
    runtime: 'nodejs20.x',
    handler: 'index.handler',
    files: {
      'index.mjs': `export const handler = async (event) => {
        if (event.rawPath?.endsWith('/boom')) throw new Error('boom');
        if (event.rawPath?.endsWith('/plain')) return { hello: 'world' };
        if (event.rawPath?.endsWith('/odd')) return { statusCode: 200, body: { not: 'a string' } };
        if (event.rawPath?.endsWith('/binary'))
          return { statusCode: 200, headers: { 'Content-Type': 'image/png' }, body: 'AAEC', isBase64Encoded: true };
        return { statusCode: 201, headers: { 'X-Answer': 'yes', 'content-type': 'application/json' },
          cookies: ['a=1', 'b=2'], body: JSON.stringify(event) };
      };`,
    },
  });
});
afterAll(async () => {
  await sandbox.stop();
});

function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}

describe('a Function URL', () => {
  let url: string;
  beforeAll(async () => {
    const client = lambdaClient(sandbox);
    const made = await client.send(
      new CreateFunctionUrlConfigCommand({ FunctionName: echo, AuthType: 'NONE' }),
    );
    url = made.FunctionUrl ?? '';
  });

  it('is closed until the policy of the function opens it', async () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/lambda-url\/[\da-f]{32}\/$/);
    const closed = await fetch(url);
    expect([closed.status, await closed.json()]).toEqual([403, { Message: 'Forbidden' }]);
    await lambdaClient(sandbox).send(
      new AddPermissionCommand({
        FunctionName: echo,
        StatementId: 'public',
        Action: 'lambda:InvokeFunctionUrl',
        Principal: '*',
        FunctionUrlAuthType: 'NONE',
      }),
    );
    const listed = await lambdaClient(sandbox).send(
      new ListFunctionUrlConfigsCommand({ FunctionName: echo }),
    );
    expect(listed.FunctionUrlConfigs?.map((config) => config.FunctionUrl)).toEqual([url]);
  });

  it('gives the function an event of format 2.0 and the caller its answer', async () => {
    const response = await fetch(`${url}web%20hook/line?a=1&a=2&b=`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'X-Line-Signature': 'abc',
        cookie: 'c=3; d=4',
      },
      body: '{"text":"สวัสดี"}',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-answer')).toBe('yes');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/web%20hook/line',
      rawQueryString: 'a=1&a=2&b=',
      queryStringParameters: { a: '1,2', b: '' },
      cookies: ['c=3', 'd=4'],
      headers: { 'x-line-signature': 'abc', 'content-type': 'application/json; charset=utf-8' },
      requestContext: { http: { method: 'POST', path: '/web%20hook/line' }, accountId: ACCOUNT },
      body: '{"text":"สวัสดี"}',
      isBase64Encoded: false,
    });
  });

  it('encodes what is no text, in both directions', async () => {
    const sent = await fetch(url, { method: 'POST', body: new Uint8Array([0, 255, 1]) });
    expect(await sent.json()).toMatchObject({ body: 'AP8B', isBase64Encoded: true });
    const got = await fetch(`${url}binary`);
    expect(got.headers.get('content-type')).toBe('image/png');
    expect([...new Uint8Array(await got.arrayBuffer())]).toEqual([0, 1, 2]);
  });

  it('takes an answer without a status code for the body, and a failure for 502', async () => {
    const plain = await fetch(`${url}plain`);
    expect([plain.status, plain.headers.get('content-type'), await plain.json()]).toEqual([
      200,
      'application/json',
      { hello: 'world' },
    ]);
    for (const path of ['boom', 'odd']) {
      const failed = await fetch(url + path);
      expect([failed.status, await failed.json()]).toEqual([502, { message: 'Internal Server Error' }]);
    }
    expect((await fetch(`${sandbox.endpoint}/lambda-url/${'0'.repeat(32)}/`)).status).toBe(404);
    const logged = await logEvents(sandbox, `/aws/lambda/${echo}`);
    expect(logged.filter(({ message }) => message.includes('Invoke Error'))).toHaveLength(1);
  });
});

describe('an HTTP API', () => {
  let api: { apiId: string; apiEndpoint: string };
  const rest = (
    method: string,
    path: string,
    body?: Record<string, unknown>,
  ): Promise<Record<string, unknown>> => awsRest(sandbox, 'apigateway', method, `/v2/apis${path}`, body);

  async function route(routeKey: string, functionName = echo, format = '2.0'): Promise<void> {
    const integration = await rest('POST', `/${api.apiId}/integrations`, {
      integrationType: 'AWS_PROXY',
      integrationUri: functionArn(functionName),
      payloadFormatVersion: format,
    });
    await rest('POST', `/${api.apiId}/routes`, {
      routeKey,
      target: `integrations/${String(integration['integrationId'])}`,
    });
  }

  beforeAll(async () => {
    const made = await rest('POST', '', { name: 'api', protocolType: 'HTTP' });
    api = { apiId: String(made['apiId']), apiEndpoint: String(made['apiEndpoint']) };
    await rest('POST', `/${api.apiId}/stages`, { stageName: '$default', autoDeploy: true, tags: { a: 'b' } });
    await route('POST /webhook');
    await route('GET /items/{id}');
    await route('ANY /files/{path+}', echo, '1.0');
  });

  it('has an endpoint on the sandbox', () => {
    expect(api.apiEndpoint).toBe(`${sandbox.endpoint}/execute-api/${api.apiId}`);
  });

  it('fails until the function lets it in, and only from the right source ARN', async () => {
    const client = lambdaClient(sandbox);
    const permit = async (id: string, source: string): Promise<void> => {
      await client.send(
        new AddPermissionCommand({
          FunctionName: echo,
          StatementId: id,
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
          SourceArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${source}`,
        }),
      );
    };
    const ask = async (): Promise<number> =>
      (await fetch(`${api.apiEndpoint}/webhook`, { method: 'POST' })).status;
    expect(await ask()).toBe(500);
    await permit('other', 'otherapi/*/*');
    expect(await ask()).toBe(500);
    await permit('own', `${api.apiId}/*/*`);
    expect(await ask()).toBe(201);
  });

  it('routes by method and path', async () => {
    const webhook = await fetch(`${api.apiEndpoint}/webhook`, { method: 'POST', body: 'x' });
    expect(await webhook.json()).toMatchObject({
      routeKey: 'POST /webhook',
      rawPath: '/webhook',
      requestContext: { apiId: api.apiId, stage: '$default', routeKey: 'POST /webhook' },
    });
    const item = await fetch(`${api.apiEndpoint}/items/a%2Fb`);
    expect(await item.json()).toMatchObject({ pathParameters: { id: 'a/b' }, routeKey: 'GET /items/{id}' });
    const file = await fetch(`${api.apiEndpoint}/files/a/b?q=1&q=2`, { method: 'DELETE' });
    expect(await file.json()).toMatchObject({
      version: '1.0',
      httpMethod: 'DELETE',
      path: '/files/a/b',
      pathParameters: { path: 'a/b' },
      multiValueQueryStringParameters: { q: ['1', '2'] },
    });
    const none = await fetch(`${api.apiEndpoint}/webhook`);
    expect([none.status, await none.json()]).toEqual([404, { message: 'Not Found' }]);
    expect((await fetch(`${sandbox.endpoint}/execute-api/nothere/`)).status).toBe(404);
  });

  it('takes the default route last, and a stage from the path', async () => {
    await route('$default');
    await rest('POST', `/${api.apiId}/stages`, { stageName: 'v1', autoDeploy: true });
    const other = await fetch(`${api.apiEndpoint}/v1/anything`);
    expect(await other.json()).toMatchObject({
      routeKey: '$default',
      rawPath: '/v1/anything',
      requestContext: { stage: 'v1' },
    });
    const boom = await fetch(`${api.apiEndpoint}/boom`);
    expect([boom.status, await boom.json()]).toEqual([500, { message: 'Internal Server Error' }]);
  });

  it('has stages that can be changed, tagged and deployed', async () => {
    const stages = `/${api.apiId}/stages/%24default`;
    const changed = await rest('PATCH', stages, { description: 'new', stageVariables: { x: 'y' } });
    expect(changed).toMatchObject({ description: 'new', stageVariables: { x: 'y' }, tags: { a: 'b' } });
    const arn = encodeURIComponent(`arn:aws:apigateway:${REGION}::/apis/${api.apiId}/stages/$default`);
    await awsRest(sandbox, 'apigateway', 'POST', `/v2/tags/${arn}`, { tags: { c: 'd' } });
    expect(await rest('GET', stages)).toMatchObject({ tags: { a: 'b', c: 'd' } });
    const deployment = await rest('POST', `/${api.apiId}/deployments`, {
      description: 'by hand',
      stageName: 'v1',
    });
    const id = String(deployment['deploymentId']);
    expect(await rest('GET', `/${api.apiId}/stages/v1`)).toMatchObject({ deploymentId: id });
    expect(await rest('GET', `/${api.apiId}/deployments/${id}`)).toMatchObject({
      deploymentStatus: 'DEPLOYED',
    });
    await rest('DELETE', `/${api.apiId}/deployments/${id}`);
  });
});
