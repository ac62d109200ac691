/** What the tests of the sandbox say to its AWS, beyond the SDK clients that the product itself depends on. */
import {
  CreateFunctionCommand,
  LambdaClient,
  type CreateFunctionCommandInput,
  type Runtime,
} from '@aws-sdk/client-lambda';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Sandbox } from '../../sandbox/start.ts';
import { zip } from './zip.ts';

export const REGION = 'ap-southeast-1';
export const ACCOUNT = '123456789012';

export function unique(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

function authorization(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=sandbox/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

export function lambdaClient(sandbox: Sandbox): LambdaClient {
  return new LambdaClient({
    endpoint: sandbox.endpoint,
    region: REGION,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
    maxAttempts: 1,
  });
}

/** One call of a service that speaks JSON with a target header. */
export async function awsJson(
  sandbox: Sandbox,
  service: string,
  target: string,
  body: Readonly<Record<string, unknown>>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(sandbox.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      authorization: authorization(service),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(JSON.parse(text || '{}')) };
}

/** One call of a service whose operations are paths. */
export async function awsRest(
  sandbox: Sandbox,
  service: string,
  method: string,
  path: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const response = await fetch(sandbox.endpoint + path, {
    method,
    headers: { 'content-type': 'application/json', authorization: authorization(service) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text || '{}'));
}

/** One call of a service that speaks forms and XML; the answer is the XML. */
export async function awsQuery(
  sandbox: Sandbox,
  service: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const response = await fetch(sandbox.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      authorization: authorization(service),
    },
    body: new URLSearchParams(parameters).toString(),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${parameters['Action']}: ${response.status} ${text}`);
  return text;
}

export async function makeRole(sandbox: Sandbox, name = unique('role')): Promise<string> {
  await awsQuery(sandbox, 'iam', {
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName: name,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }),
  });
  return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

export interface FunctionSpec {
  readonly runtime: Runtime;
  readonly handler: string;
  readonly files: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly role?: string;
}

/** Makes a function and returns its name. */
export async function makeFunction(sandbox: Sandbox, spec: FunctionSpec): Promise<string> {
  const name = unique('fn');
  const input: CreateFunctionCommandInput = {
    FunctionName: name,
    Runtime: spec.runtime,
    Handler: spec.handler,
    Role: spec.role ?? (await makeRole(sandbox)),
    Code: { ZipFile: zip(spec.files) },
    Timeout: spec.timeout ?? 10,
    Environment: { Variables: { ...spec.environment } },
  };
  await lambdaClient(sandbox).send(new CreateFunctionCommand(input));
  return name;
}

const Events = z.object({ events: z.array(z.object({ message: z.string(), logStreamName: z.string() })) });

export async function logEvents(sandbox: Sandbox, group: string): Promise<z.infer<typeof Events>['events']> {
  const answer = await awsJson(sandbox, 'logs', 'Logs_20140328.FilterLogEvents', { logGroupName: group });
  return Events.parse(answer.body).events;
}
