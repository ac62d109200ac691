/** All three layers over mocked clients: what each kind of function, URL and resource leads to. */
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createClients } from '../../src/aws/clients.ts';
import type { StateModel } from '../../src/terraform/model.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import type { Evidence } from '../../src/transfer/evidence.ts';
import type { TransferEvent } from '../../src/transfer/host.ts';
import type { VerifyContext } from '../../src/verify/context.ts';
import { type VerifyInput, verifyLayers } from '../../src/verify/layers.ts';
import { decide } from '../../src/verify/decide.ts';
import { worldOfState } from '../../src/verify/world.ts';
import { functionResource, resourceOf, stateOf } from './state.ts';

const requestId = '11111111-2222-3333-4444-555555555555';
const lambda = mockClient(LambdaClient);
const logs = mockClient(CloudWatchLogsClient);
const dynamodb = mockClient(DynamoDBClient);
const gateway = mockClient(ApiGatewayV2Client);

let events: TransferEvent[];

/** A clock whose sleeps cost nothing: limits are reached at once, and in order. */
function context(more: Partial<VerifyContext> = {}): VerifyContext {
  let now = Date.parse('2026-01-01T00:00:00Z');
  return {
    clients: createClients({ region: 'eu-central-1' }),
    clock: {
      now: () => new Date(now),
      sleep: (ms) => {
        now += ms;
        return Promise.resolve();
      },
    },
    fetch: () => Promise.reject(new Error('no request is expected')),
    notify: (event) => events.push(event),
    ...more,
  };
}

async function verify(
  state: StateModel,
  more: Partial<Omit<VerifyInput, 'settings' | 'decisions'>> & {
    settings?: Partial<VerifyInput['settings']>;
  } = {},
  changed: Partial<VerifyContext> = {},
): Promise<Record<string, Evidence>> {
  // What is called is decided elsewhere: see calls.test.ts. Here every function is.
  const settings = { invoke: 'all', functions: {}, urls: [], timeoutSeconds: 30, ...more.settings } as const;
  const evidence = await verifyLayers(context(changed), {
    decisions: decide(worldOfState(state), resourceTypes, settings),
    environment: 'staging',
    ...more,
    state,
    settings,
  });
  return Object.fromEntries(evidence.map((each) => [each.check, each]));
}

function invocation(payload: unknown, ...lines: string[]): void {
  lambda.on(InvokeCommand).resolves({
    StatusCode: 200,
    Payload: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)) as never,
    LogResult: Buffer.from(`START RequestId: ${requestId} Version: 1\n`).toString('base64'),
  });
  logs.on(FilterLogEventsCommand).resolves({
    events: [`START RequestId: ${requestId}`, ...lines, `REPORT RequestId: ${requestId}`].map((message) => ({
      logStreamName: 's',
      message: `${message}\n`,
    })),
  });
}

const statuses = (evidence: Record<string, Evidence>): Record<string, string> =>
  Object.fromEntries(Object.values(evidence).map(({ check, status }) => [check, status]));

beforeEach(() => {
  events = [];
  lambda.reset();
  logs.reset();
  dynamodb.reset();
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Active' });
});

describe('a function', () => {
  const state = stateOf(functionResource('f'));

  it('that works passes all layers, and each evidence is told', async () => {
    invocation({ statusCode: 200, body: '{"ok":true}' }, 'hello');
    const evidence = await verify(state);
    expect(statuses(evidence)).toEqual({
      'resource-exists': 'pass',
      'function-active': 'pass',
      'function-invocable': 'pass',
      'body-is-json': 'pass',
      'no-error-in-body': 'pass',
      'logs-present': 'pass',
      'no-error-in-logs': 'pass',
      'application-logs': 'pass',
    });
    expect(events.filter(({ type }) => type === 'evidence')).toHaveLength(8);
  });

  it('gets a harmless event, or the one of the settings', async () => {
    invocation({}, 'hello');
    await verify(state);
    await verify(state, {
      settings: { functions: { 'f*': { event: { a: 1 } }, 'aws_lambda_function.f': { event: [2] } } },
    });
    const sent = lambda.commandCalls(InvokeCommand).map(({ args }) => args[0].input.Payload);
    expect(sent).toEqual(['{"source":"provision-env","check":"health"}', '[2]']);
  });

  it('that throws fails layers 1 and 2 with its error, without its secrets', async () => {
    const secretive = stateOf(
      functionResource('f', { environment: [{ variables: { API_TOKEN: 'hunter22' } }] }),
    );
    invocation({ errorType: 'Error', errorMessage: 'token hunter22 refused' }, 'ERROR hunter22');
    lambda.on(InvokeCommand).resolves({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      Payload: Buffer.from('{"errorType":"Error","errorMessage":"token hunter22 refused"}') as never,
      LogResult: Buffer.from(`START RequestId: ${requestId}`).toString('base64'),
    });
    const evidence = await verify(secretive);
    expect(evidence['function-invocable']).toMatchObject({
      status: 'fail',
      observed: 'StatusCode 200, FunctionError Unhandled: Error: token «secret API_TOKEN» refused',
    });
    expect(evidence['no-error-in-body']?.status).toBe('fail');
    expect(evidence['no-error-in-logs']?.status).toBe('fail');
    expect(JSON.stringify([evidence, events])).not.toContain('hunter22');
  });

  it('that prints nothing fails for lack of application logs only', async () => {
    invocation({});
    const failed = Object.values(await verify(state)).filter(({ status }) => status === 'fail');
    expect(failed.map(({ check }) => check)).toEqual(['application-logs']);
  });

  it('that may not be invoked fails on every layer with the permission', async () => {
    lambda.on(InvokeCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    const evidence = await verify(state);
    expect(evidence['function-invocable']?.observed).toBe(
      'not invoked: access denied: lambda:InvokeFunction is not allowed',
    );
    for (const check of [
      'body-is-json',
      'no-error-in-body',
      'logs-present',
      'no-error-in-logs',
      'application-logs',
    ])
      expect(evidence[check]?.status).toBe('fail');
  });

  it('that is not ready yet is tried again', async () => {
    invocation({}, 'hello');
    lambda
      .on(InvokeCommand)
      .rejectsOnce(Object.assign(new Error('pending'), { name: 'ResourceConflictException' }))
      .resolves({
        StatusCode: 200,
        Payload: Buffer.from('{}') as never,
        LogResult: Buffer.from(`START RequestId: ${requestId}`).toString('base64'),
      });
    expect(statuses(await verify(state))['function-invocable']).toBe('pass');
    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(2);
  });

  it('is not invoked twice after a time-out: it may have run', async () => {
    lambda.on(InvokeCommand).rejects(Object.assign(new Error('slow'), { name: 'TimeoutError' }));
    const evidence = await verify(state);
    expect(evidence['function-invocable']?.observed).toBe('not invoked: no answer within 30 s');
    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(1);
  });

  it('that is to be left out is said to be, and its URL is not asked either', async () => {
    const url = resourceOf('aws_lambda_function_url', 'f', {
      function_name: 'f',
      function_url: 'https://f.example/',
    });
    lambda.onAnyCommand().resolves({});
    const evidence = await verify(stateOf(functionResource('f'), url), {
      settings: { functions: { f: { skip: 'sends mail' } } },
    });
    const sent = lambda.commandCalls(InvokeCommand).map(({ args }) => args[0].input.InvocationType);
    expect(sent).toEqual(['DryRun']);
    for (const check of ['function-invocable', 'body-is-json', 'application-logs'])
      expect(evidence[check]).toMatchObject({
        status: 'skipped',
        observed: 'not called: sends mail (verify.functions "f")',
      });
    expect(evidence['url-answers']).toMatchObject({
      status: 'skipped',
      observed: 'not asked: sends mail (verify.functions "f")',
    });
  });

  it('whose logs are late is waited for, and one whose logs never come is not waited for for ever', async () => {
    invocation({}, 'hello');
    logs
      .on(FilterLogEventsCommand)
      .rejectsOnce(Object.assign(new Error('no group'), { name: 'ResourceNotFoundException' }))
      .resolvesOnce({ events: [] })
      .resolves({
        events: [`START RequestId: ${requestId}`, 'hello', `REPORT RequestId: ${requestId}`].map(
          (message) => ({ message }),
        ),
      });
    expect(statuses(await verify(state))['application-logs']).toBe('pass');

    logs.reset();
    logs.on(FilterLogEventsCommand).resolves({ events: [] });
    const evidence = await verify(state);
    expect(evidence['logs-present']).toMatchObject({
      status: 'fail',
      observed: 'none in /aws/lambda/f after 30 s',
    });
  });

  it('whose logs cannot be read fails, and says with which permission', async () => {
    invocation({});
    logs
      .on(FilterLogEventsCommand)
      .rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    const evidence = await verify(state, { layers: [3] });
    expect(Object.keys(evidence).toSorted()).toEqual([
      'application-logs',
      'logs-present',
      'no-error-in-logs',
    ]);
    expect(evidence['logs-present']).toMatchObject({
      status: 'fail',
      observed: 'could not be read: access denied: logs:FilterLogEvents is not allowed',
    });
  });

  it('reads the pages of the log group that it was given', async () => {
    invocation({}, 'hello');
    logs
      .on(FilterLogEventsCommand)
      .resolvesOnce({ events: [{ message: `START RequestId: ${requestId}` }], nextToken: 'n' })
      .resolves({ events: [{ message: 'hello' }, { message: `REPORT RequestId: ${requestId}` }] });
    const own = functionResource('f', { logging_config: [{ log_group: '/custom/group' }] });
    expect(statuses(await verify(stateOf(own), { layers: [3] }))['application-logs']).toBe('pass');
    const groups = logs.commandCalls(FilterLogEventsCommand).map(({ args }) => args[0].input.logGroupName);
    expect(groups).toEqual(['/custom/group', '/custom/group']);
  });
});

describe('resources', () => {
  const table = stateOf(resourceOf('aws_dynamodb_table', 't', { id: 't' }));

  it('on their way are waited for', async () => {
    dynamodb
      .onAnyCommand()
      .resolvesOnce({ Table: { TableStatus: 'CREATING' } })
      .resolves({ Table: { TableStatus: 'ACTIVE' } });
    expect(statuses(await verify(table))).toEqual({ 'resource-exists': 'pass', 'table-active': 'pass' });
  });

  it('that never get there fail', async () => {
    dynamodb.onAnyCommand().resolves({ Table: { TableStatus: 'CREATING' } });
    expect(statuses(await verify(table))).toEqual({ 'resource-exists': 'pass', 'table-active': 'fail' });
  });

  it('that could not be read fail: not knowing is not a pass', async () => {
    dynamodb.onAnyCommand().rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    expect((await verify(table))['resource-exists']).toMatchObject({
      status: 'fail',
      observed: 'could not be read: access denied: dynamodb:DescribeTable is not allowed',
    });
  });

  it('that are not there fail', async () => {
    dynamodb.onAnyCommand().rejects(Object.assign(new Error('no'), { name: 'ResourceNotFoundException' }));
    expect((await verify(table))['resource-exists']).toMatchObject({ status: 'fail', observed: 'not found' });
  });

  it('of local kinds are left out, data sources are not looked at', async () => {
    const data = { ...resourceOf('aws_vpc', 'default', { id: 'vpc-1' }), mode: 'data' as const };
    const evidence = await verify(stateOf(resourceOf('null_resource', 'n', {}), data));
    expect(statuses(evidence)).toEqual({ 'resource-exists': 'skipped' });
  });

  it('end the run where the credentials are expired', async () => {
    dynamodb.onAnyCommand().rejects(Object.assign(new Error('no'), { name: 'ExpiredTokenException' }));
    await expect(verify(table)).rejects.toMatchObject({ code: 'credentials-expired' });
  });

  it('end the run on an interrupt', async () => {
    dynamodb.onAnyCommand().rejects(Object.assign(new Error('aborted'), { name: 'AbortError' }));
    await expect(verify(table, {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });
});

describe('URLs', () => {
  const api = resourceOf('aws_apigatewayv2_api', 'a', {
    id: 'api1',
    protocol_type: 'HTTP',
    api_endpoint: 'https://api.example',
  });
  const stage = stateOf(api, resourceOf('aws_apigatewayv2_stage', 's', { api_id: 'api1', name: '$default' }));
  const answering = (
    status: number,
    body: string,
    contentType = 'application/json',
  ): Partial<VerifyContext> => ({
    fetch: () => Promise.resolve(new Response(body, { status, headers: { 'content-type': contentType } })),
  });
  const only = { layers: [1, 2] as const };
  const url = async (changed: Partial<VerifyContext>): Promise<Record<string, string>> => {
    const all = statuses(await verify(stage, only, changed));
    return Object.fromEntries(Object.entries(all).filter(([check]) => check !== 'resource-exists'));
  };
  beforeEach(() => {
    gateway.onAnyCommand().resolves({});
  });

  it('pass with every answer below 500; only a good answer is judged by its content', async () => {
    const good = { 'url-answers': 'pass', 'body-is-json': 'pass', 'no-error-in-body': 'pass' };
    expect(await url(answering(200, '{"ok":true}'))).toEqual(good);
    expect(await url(answering(200, '{"error":"x"}'))).toEqual({ ...good, 'no-error-in-body': 'fail' });
    expect(await url(answering(200, '<p>', 'text/html'))).toEqual({ 'url-answers': 'pass' });
    expect(await url(answering(403, '{"Message":"Forbidden"}'))).toEqual({ 'url-answers': 'pass' });
    expect(await url(answering(404, '{"message":"Not Found"}'))).toEqual({ 'url-answers': 'pass' });
    expect(await url(answering(502, '{"message":"Internal Server Error"}'))).toEqual({
      'url-answers': 'fail',
    });
  });

  it('that are open to everybody must not be refused by Lambda itself', async () => {
    const judge = async (authorization_type: string, body: string): Promise<string | undefined> => {
      const values = { function_name: 'f', function_url: 'https://f.example/', authorization_type };
      const state = stateOf(functionResource('f'), resourceOf('aws_lambda_function_url', 'f', values));
      const settings = { invoke: 'safe' } as const;
      return (await verify(state, { layers: [2, 1], settings }, answering(403, body)))['url-answers']?.status;
    };
    expect(await judge('NONE', '{"Message":"Forbidden"}')).toBe('fail');
    expect(await judge('AWS_IAM', '{"Message":"Forbidden"}')).toBe('pass');
    // The function's own answer to a stranger.
    expect(await judge('NONE', '{"message":"bad signature"}')).toBe('pass');
  });

  it('that cannot be reached yet are tried again', async () => {
    let asked = 0;
    const cause = Object.assign(new Error('x'), { code: 'ENOTFOUND' });
    const late = (): Promise<Response> =>
      ++asked < 3
        ? Promise.reject(new TypeError('fetch failed', { cause }))
        : Promise.resolve(Response.json({}));
    expect((await url({ fetch: late }))['url-answers']).toBe('pass');
    const never = await verify(stage, only, {
      fetch: () => Promise.reject(new TypeError('fetch failed', { cause })),
    });
    expect(never['url-answers']).toMatchObject({
      status: 'fail',
      observed: 'GET /: not reachable: ENOTFOUND',
    });
  });

  it('of the settings have to answer as they say', async () => {
    const asked: string[] = [];
    const fetch = (input: string | URL | Request): Promise<Response> => {
      asked.push(input instanceof Request ? input.url : String(input));
      return Promise.resolve(new Response('', { status: 201 }));
    };
    const state = {
      ...stateOf(),
      outputs: { api: 'https://out.example/base/' },
      sensitiveOutputs: ['hidden'],
    };
    const evidence = await verifyLayers(context({ fetch }), {
      state,
      decisions: { functions: [], fronts: [] },
      environment: 'staging',
      settings: {
        invoke: 'safe',
        functions: {},
        timeoutSeconds: 5,
        urls: [
          { output: 'api', path: '/health', expectStatus: 201 },
          { url: 'https://{env}.example', expectStatus: 200 },
          { output: 'hidden', expectStatus: 200 },
          { output: 'nowhere', expectStatus: 200 },
        ],
      },
    });
    expect(asked).toEqual(['https://out.example/base/health', 'https://staging.example']);
    expect(
      evidence.map(({ subject, status, observed }) => [subject, status, observed.replace(/ in .*/, '')]),
    ).toEqual([
      ['output api/health', 'pass', 'HTTP 201'],
      ['output hidden', 'fail', 'the output is sensitive'],
      ['output nowhere', 'fail', 'there is no such output'],
      ['url https://{env}.example', 'fail', 'HTTP 201'],
    ]);
  });

  it('of WebSockets, and of APIs that are not in the state, are not asked', async () => {
    const values = { api_id: 'api1', name: 's', invoke_url: 'wss://api.example/s' };
    const socket = resourceOf('aws_apigatewayv2_stage', 's', values);
    const webSocket = resourceOf('aws_apigatewayv2_api', 'a', { id: 'api1', protocol_type: 'WEBSOCKET' });
    expect((await verify(stateOf(webSocket, socket), only))['url-answers']).toMatchObject({
      status: 'skipped',
      observed: 'not asked: it is behind a WebSocket API',
    });
    expect((await verify(stateOf(socket), only))['url-answers']).toMatchObject({ status: 'skipped' });
  });

  it('are not asked again after a time-out or a broken connection: the function may have run', async () => {
    for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'ETIMEDOUT']) {
      let asked = 0;
      const cause = Object.assign(new Error('x'), { code });
      const broken = (): Promise<Response> => {
        asked += 1;
        return Promise.reject(new TypeError('fetch failed', { cause }));
      };
      expect((await url({ fetch: broken }))['url-answers']).toBe('fail');
      expect(asked).toBe(1);
    }
  });
});
