import {
  CreateFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  InvokeCommand,
  type InvokeCommandOutput,
  ListFunctionUrlConfigsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PublishVersionCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startSandbox, type Sandbox } from '../../sandbox/start.ts';
import { ACCOUNT, lambdaClient, logEvents, makeFunction, makeRole, REGION, unique } from './aws.ts';
import { zip } from './zip.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.stop();
});

const Json = z.record(z.string(), z.unknown());

async function invoke(
  name: string,
  event: unknown = {},
  more: { InvocationType?: 'Event' | 'DryRun'; LogType?: 'Tail' } = {},
): Promise<InvokeCommandOutput & { json: Record<string, unknown> }> {
  const client = lambdaClient(sandbox);
  const output = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), ...more }),
  );
  const text = output.Payload?.transformToString() ?? '';
  return { ...output, json: text.startsWith('{') ? Json.parse(JSON.parse(text)) : { value: text } };
}

const NODE_ECHO = `
export async function handler(event, context) {
  console.log('got', event);
  console.error('two\\nlines');
  return { event, token: process.env.LINE_TOKEN, keys: Object.keys(process.env).sort(),
    context: { id: context.awsRequestId, name: context.functionName, left: context.getRemainingTimeInMillis() } };
}`;

describe('a Node function', () => {
  it('runs with the variables that were set, and no others of the machine', async () => {
    const name = await makeFunction(sandbox, {
      runtime: 'nodejs20.x',
      handler: 'index.handler',
      files: { 'index.mjs': NODE_ECHO },
      environment: { LINE_TOKEN: 'dev-token', EMPTY: '' },
    });
    const { json, StatusCode, FunctionError, ExecutedVersion } = await invoke(name, { a: 1 });
    expect({ StatusCode, FunctionError, ExecutedVersion }).toEqual({
      StatusCode: 200,
      FunctionError: undefined,
      ExecutedVersion: '$LATEST',
    });
    expect(json).toMatchObject({ event: { a: 1 }, token: 'dev-token', context: { name } });
    expect(json['keys']).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'EMPTY',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'LINE_TOKEN',
      'PATH',
      'TZ',
      '_HANDLER',
    ]);
  });

  it('writes its lines to CloudWatch Logs under the request id of the answer', async () => {
    const name = await makeFunction(sandbox, {
      runtime: 'nodejs20.x',
      handler: 'src/app.handler',
      files: { 'src/app.mjs': NODE_ECHO },
    });
    const { $metadata, LogResult } = await invoke(name, {}, { LogType: 'Tail' });
    const events = await logEvents(sandbox, `/aws/lambda/${name}`);
    const messages = events.map(({ message }) => message);
    expect(messages).toHaveLength(5);
    expect(messages[0]).toBe(`START RequestId: ${$metadata.requestId} Version: $LATEST`);
    expect(messages[1]).toMatch(new RegExp(`Z\\t${$metadata.requestId}\\tINFO\\tgot {}$`));
    expect(messages[2]).toMatch(/\tERROR\ttwo\rlines$/);
    expect(messages[3]).toBe(`END RequestId: ${$metadata.requestId}`);
    expect(messages[4]).toMatch(/^REPORT RequestId: .*\tDuration: [\d.]+ ms\t/);
    expect(events[0]?.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][\da-f]{32}$/);
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toContain(
      `END RequestId: ${$metadata.requestId}`,
    );
  });

  it.each([
    ['throws', 'export const handler = async () => { throw new TypeError("boom"); };', 'TypeError', 'boom'],
    [
      'rejects in the background',
      'export const handler = async () => { Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 500)); };',
      'Runtime.UnhandledPromiseRejection',
      'lost',
    ],
    [
      'exits',
      'export const handler = async () => { process.exit(3); };',
      'Runtime.ExitError',
      'exit status 3',
    ],
    ['lacks the handler', 'export const other = 1;', 'Runtime.HandlerNotFound', 'index.handler is undefined'],
    ['lacks a module', 'import "nowhere";', 'Runtime.ImportModuleError', "Cannot find package 'nowhere'"],
    ['is no JavaScript', 'export const = ;', 'Runtime.UserCodeSyntaxError', 'SyntaxError'],
  ])('that %s answers with the error of Lambda', async (_what, code, errorType, message) => {
    const name = await makeFunction(sandbox, {
      runtime: 'nodejs20.x',
      handler: 'index.handler',
      files: { 'index.mjs': code },
    });
    const { FunctionError, StatusCode, json } = await invoke(name);
    expect(json).toMatchObject({ errorType, errorMessage: expect.stringContaining(message) });
    expect({ FunctionError, StatusCode }).toEqual({ FunctionError: 'Unhandled', StatusCode: 200 });
  });

  it('may be CommonJS, with a callback', async () => {
    const name = await makeFunction(sandbox, {
      runtime: 'nodejs20.x',
      handler: 'index.main',
      files: {
        'index.js': 'exports.main = (event, _context, done) => setTimeout(() => done(null, event.n + 1), 5);',
      },
    });
    expect((await invoke(name, { n: 41 })).json).toEqual({ value: '42' });
  });

  it('finds the AWS SDK and reaches the sandbox with it', async () => {
    const name = await makeFunction(sandbox, {
      runtime: 'nodejs20.x',
      handler: 'index.handler',
      files: {
        'index.mjs': `import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
          export const handler = async () => (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn;`,
      },
    });
    const { json } = await invoke(name);
    expect(json['value']).toMatch(new RegExp(`assumed-role/role-.*/${name}"$`));
  });

  it('is stopped at its time-out, even in an endless loop', async () => {
    const name = await makeFunction(sandbox, {
      runtime: 'nodejs20.x',
      handler: 'index.handler',
      timeout: 1,
      files: { 'index.mjs': 'export const handler = async () => { for (;;); };' },
    });
    const { FunctionError, json } = await invoke(name);
    expect(FunctionError).toBe('Unhandled');
    expect(json['errorType']).toBe('Sandbox.Timedout');
    expect(json['errorMessage']).toMatch(/^RequestId: \S+ Error: Task timed out after 1.00 seconds$/);
    const messages = (await logEvents(sandbox, `/aws/lambda/${name}`)).map(({ message }) => message);
    expect(messages.at(-1)).toMatch(/Task timed out after 1.00 seconds$/);
    expect(messages.at(-2)).toMatch(/Status: timeout$/);
  });
});

describe('a Python function', () => {
  it('runs, logs, and has boto3 pointed at the sandbox', async () => {
    const code = [
      'import logging, os, boto3',
      'logging.getLogger().setLevel("INFO")',
      'def handler(event, context):',
      '    print("printed", event["n"])',
      '    logging.info("logged")',
      '    return {"arn": boto3.client("sts").get_caller_identity()["Arn"], "key": os.environ["KEY"]}',
    ].join('\n');
    const name = await makeFunction(sandbox, {
      runtime: 'python3.12',
      handler: 'pkg/main.handler',
      files: { 'pkg/main.py': code },
      environment: { KEY: 'value' },
    });
    const { json } = await invoke(name, { n: 5 });
    expect(json).toEqual({ arn: expect.stringMatching(new RegExp(`/${name}$`)), key: 'value' });
    const messages = (await logEvents(sandbox, `/aws/lambda/${name}`)).map(({ message }) => message);
    expect(messages[1]).toBe('printed 5');
    expect(messages[2]).toMatch(/^\[INFO\]\t\S+Z\t\S+\tlogged$/);
  });

  it.each([
    ['raises', 'def handler(e, c):\n    raise ValueError("boom")', 'ValueError', 'boom'],
    ['lacks a module', 'import nowhere', 'Runtime.ImportModuleError', "No module named 'nowhere'"],
    ['lacks the handler', 'x = 1', 'Runtime.HandlerNotFound', "Handler 'handler' missing on module 'main'"],
    ['exits', 'import sys\ndef handler(e, c):\n    sys.exit(4)', 'Runtime.ExitError', 'exit status 4'],
  ])('that %s answers with the error of Lambda', async (_what, code, errorType, message) => {
    const name = await makeFunction(sandbox, {
      runtime: 'python3.12',
      handler: 'main.handler',
      files: { 'main.py': code },
    });
    const { FunctionError, json } = await invoke(name);
    expect(json).toMatchObject({ errorType, errorMessage: expect.stringContaining(message) });
    expect(FunctionError).toBe('Unhandled');
  });
});

describe('the Lambda API', () => {
  it('knows no function that was not made', async () => {
    await expect(invoke('nobody')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('says so when it cannot run a function', async () => {
    const java = await makeFunction(sandbox, { runtime: 'java21', handler: 'a.B', files: { 'a.txt': '' } });
    const image = unique('image');
    await lambdaClient(sandbox).send(
      new CreateFunctionCommand({
        FunctionName: image,
        PackageType: 'Image',
        Role: await makeRole(sandbox),
        Code: { ImageUri: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/images:latest` },
      }),
    );
    for (const [name, errorType] of [
      [java, 'Sandbox.UnsupportedRuntime'],
      [image, 'Sandbox.ContainerImage'],
    ] as const) {
      const { FunctionError, json } = await invoke(name);
      expect({ FunctionError, errorType: json['errorType'] }).toEqual({
        FunctionError: 'Unhandled',
        errorType,
      });
    }
  });

  it('runs events in the background and dry runs not at all', async () => {
    const name = await makeFunction(sandbox, {
      runtime: 'nodejs20.x',
      handler: 'index.handler',
      files: { 'index.mjs': 'export const handler = async (e) => console.log("event", e.n);' },
    });
    expect((await invoke(name, {}, { InvocationType: 'DryRun' })).StatusCode).toBe(204);
    const { StatusCode, $metadata } = await invoke(name, { n: 7 }, { InvocationType: 'Event' });
    expect(StatusCode).toBe(202);
    await expect
      .poll(
        async () => (await logEvents(sandbox, `/aws/lambda/${name}`).catch(() => [])).map((e) => e.message),
        {
          timeout: 20_000,
        },
      )
      .toContainEqual(expect.stringMatching(new RegExp(`${$metadata.requestId}\\tINFO\\tevent 7`)));
  });

  it('gives the code back, and a revision that changes with the configuration', async () => {
    const files = { 'index.mjs': 'export const handler = async () => 1;' };
    const name = await makeFunction(sandbox, { runtime: 'nodejs20.x', handler: 'index.handler', files });
    const client = lambdaClient(sandbox);
    const before = await client.send(new GetFunctionCommand({ FunctionName: name }));
    expect(before.Configuration).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
    const archive = await fetch(before.Code?.Location ?? '');
    expect(Buffer.from(await archive.arrayBuffer()).equals(zip(files))).toBe(true);
    const again = await client.send(new GetFunctionCommand({ FunctionName: name }));
    expect(again.Configuration?.RevisionId).toBe(before.Configuration?.RevisionId);
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout: 9 }));
    const after = await client.send(new GetFunctionCommand({ FunctionName: name }));
    expect(after.Configuration?.RevisionId).not.toBe(before.Configuration?.RevisionId);
  });

  it('has the operations that moto lacks', async () => {
    const client = lambdaClient(sandbox);
    const name = await makeFunction(sandbox, { runtime: 'nodejs20.x', handler: 'a.b', files: { a: '' } });
    const urls = await client.send(new ListFunctionUrlConfigsCommand({ FunctionName: name }));
    expect(urls.FunctionUrlConfigs).toEqual([]);
    const settings = await client.send(new GetAccountSettingsCommand({}));
    expect(settings.AccountLimit?.ConcurrentExecutions).toBe(1000);
    const { Version: Qualifier } = await client.send(new PublishVersionCommand({ FunctionName: name }));
    await client.send(
      new PutProvisionedConcurrencyConfigCommand({
        FunctionName: name,
        Qualifier,
        ProvisionedConcurrentExecutions: 2,
      }),
    );
    const listed = await client.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName: name }));
    expect(listed.ProvisionedConcurrencyConfigs).toMatchObject([
      { Status: 'READY', AllocatedProvisionedConcurrentExecutions: 2 },
    ]);
  });
});
