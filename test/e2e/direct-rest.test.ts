/** A function behind a REST API, both made by hand: copied, compared, made complete after an interruption, taken away. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import type { DescribedResource } from '../../src/aws/describe.ts';
import { zip } from '../sandbox/zip.ts';
import { described } from './support/live-things.ts';
import { makeRestApi, type RestApi } from './support/make-rest.ts';
import { commandsIn, type World } from './support/world.ts';

const code = `export async function handler() {
  console.log('called');
  return { statusCode: 200 };
}`;

let sandbox: Sandbox;
let clients: AwsClients;
let folder: string;
let world: Pick<World, 'cli' | 'json'>;
let api: RestApi;
let before: readonly DescribedResource[];

const region = 'ap-southeast-1';

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pe-rest-'));
  sandbox = await startSandbox({ logFile: join(folder, 'sandbox.log') });
  const project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'provision-env.config.json'), JSON.stringify({ engine: 'direct' }));
  world = commandsIn(project, sandbox.env);
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value);
  clients = createClients();
  const iam = await clients.get('iam');
  const functions = await clients.get('lambda');
  const { Role } = await iam.createRole({
    RoleName: 'orders-dev',
    AssumeRolePolicyDocument: JSON.stringify(trust),
  });
  const { FunctionArn = '' } = await functions.createFunction({
    FunctionName: 'orders-dev',
    Role: Role?.Arn ?? '',
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Code: { ZipFile: zip({ 'index.mjs': code }) },
  });
  api = await makeRestApi(clients, { name: 'orders-dev', functionArn: FunctionArn, stage: 'v1' });
  const account = FunctionArn.split(':')[4] ?? '';
  await functions.addPermission({
    FunctionName: 'orders-dev',
    StatementId: 'api',
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: `arn:aws:execute-api:${region}:${account}:${api.id}/*/POST/orders`,
  });
  // It knows where it is called: nothing may wait in a circle for that.
  await functions.updateFunctionConfiguration({
    FunctionName: 'orders-dev',
    Environment: {
      Variables: { OWN_URL: `https://${api.id}.execute-api.${region}.amazonaws.com/v1/orders` },
    },
  });
  // As every source, it was called before: the service made its log group.
  await functions.invoke({ FunctionName: 'orders-dev' });
  before = await described('aws_api_gateway_rest_api', { id: api.id }, clients);
});

afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

async function apiNamed(name: string): Promise<string | undefined> {
  const { items = [] } = await (await clients.get('apigateway')).getRestApis({ limit: 500 });
  return items.find((each) => each.name === name)?.id;
}

it('is planned and proved: what is copied is all that is there', async () => {
  const { exitCode, document } = await world.json(['plan', 'feature-rest', 'from=dev']);
  expect(document.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect([document.error, exitCode, document.proof?.held]).toEqual([null, 0, true]);
  const cloned = document.mapping.filter(({ action }) => action === 'clone').map(({ type }) => type);
  expect([...new Set(cloned)]).toEqual(
    expect.arrayContaining(
      [...new Set(before.map(({ type }) => type))].concat('aws_lambda_function', 'aws_lambda_permission'),
    ),
  );
});

it('is copied and published, and leads nowhere to its source', async () => {
  const { document } = await world.json(['feature-rest', 'from=dev', '--yes']);
  const rewired = document.steps.find(({ id }) => id === 'rewire')?.output as { failed: unknown };
  expect([document.error, rewired.failed]).toEqual([null, []]);
  expect(document.proof).toMatchObject({ phase: 'after-apply', held: true });
  // The emulator answers at no address of a REST API: only that is left to prove.
  const failed = document.evidence.filter(({ status }) => status === 'fail');
  expect(failed.filter(({ subject }) => !subject.includes('aws_api_gateway_stage'))).toEqual([]);

  const id = (await apiNamed('orders-feature-rest')) ?? '';
  const after = await described('aws_api_gateway_rest_api', { id }, clients);
  expect(after.map(({ type }) => type).toSorted()).toEqual(before.map(({ type }) => type).toSorted());
  const functions = await clients.get('lambda');
  const policy = await functions.getPolicy({ FunctionName: 'orders-feature-rest' });
  const made = await functions.getFunctionConfiguration({ FunctionName: 'orders-feature-rest' });
  expect(policy.Policy).toContain(`:${id}/*/POST/orders`);
  expect(made.Environment?.Variables?.['OWN_URL']).toBe(
    `https://${id}.execute-api.${region}.amazonaws.com/v1/orders`,
  );
  for (const text of [after, policy.Policy, made.Environment].map((each) => JSON.stringify(each)))
    expect(text).not.toMatch(new RegExp(`${api.id}|${api.ordersId}|orders-dev`));
});

it('differs from its source in nothing but names, and is not made twice', async () => {
  const { document } = await world.json(['diff', 'dev', 'feature-rest']);
  expect([document.error, document.diff?.differences]).toEqual([null, []]);
  const again = await world.json(['plan', 'feature-rest', 'from=dev']);
  const rewired = again.document.steps.find(({ id }) => id === 'rewire')?.output as {
    plan: { create: number };
  };
  expect(rewired.plan.create).toBe(0);
});

it('goes away again, and the source stays', async () => {
  const { exitCode, document } = await world.json(['destroy', 'feature-rest', '--yes']);
  expect([document.error, document.status, exitCode]).toEqual([null, 'destroyed', 0]);
  expect(await apiNamed('orders-feature-rest')).toBeUndefined();
  expect(await described('aws_api_gateway_rest_api', { id: api.id }, clients)).toEqual(before);
});
