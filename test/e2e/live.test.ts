/** `--live`: the source as it is in the account, where somebody has been at work by hand. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { documentSchema } from '../../src/cli/document.ts';
import type { AnalyzeSourceOutput, IdentifyOutput } from '../../src/steps/outputs.ts';
import { createGate, type Gate } from './support/gate.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let gate: Gate;
let clients: AwsClients;

beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
  gate = await createGate(world.sandbox.endpoint);
  for (const [name, value] of Object.entries(world.sandbox.env)) vi.stubEnv(name, value);
  clients = createClients({ region: 'ap-southeast-1' });
});

afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await gate.close();
  await world.close();
});

beforeEach(() => {
  gate.clear();
});

interface Looked {
  readonly exitCode: number | undefined;
  readonly text: string;
  readonly identify: IdentifyOutput;
  readonly source: AnalyzeSourceOutput;
}

async function look(env: Record<string, string> = {}): Promise<Looked> {
  const args = ['plan', 'feature-x', 'from=dev', '--live'];
  const { exitCode, document, stderr, stdout } = await world.json(args, { env });
  if (document.error) throw new Error(`${document.error.message}\n${stderr}`);
  expect(documentSchema.parse(document)).toBeTruthy();
  const output = (id: string): unknown => document.steps.find((step) => step.id === id)?.output;
  return {
    exitCode,
    text: `${stdout}\n${stderr}`,
    identify: output('identify') as IdentifyOutput,
    source: output('analyze-source') as AnalyzeSourceOutput,
  };
}

describe('an environment as Terraform left it', () => {
  it('has not drifted, and the account has nothing beside it', async () => {
    const { exitCode, identify, source } = await look();
    expect(exitCode).toBe(0);
    expect(identify.live).toMatchObject({ unmanaged: [], unreadable: [], complete: true });
    expect(source.drift).toMatchObject({ drifted: [], unreadable: [], complete: true, notAsked: {} });
    expect(source.drift?.compared).toBeGreaterThan(0);
  });
});

describe('an environment that was changed by hand', () => {
  beforeAll(async () => {
    const [lambda, logs, iam, queues] = await Promise.all([
      clients.get('lambda'),
      clients.get('logs'),
      clients.get('iam'),
      clients.get('sqs'),
    ]);
    const { Environment } = await lambda.getFunctionConfiguration({ FunctionName: 'mini-dev-hello' });
    await lambda.updateFunctionConfiguration({
      FunctionName: 'mini-dev-hello',
      MemorySize: 512,
      Environment: { Variables: { ...Environment?.Variables, API_TOKEN: 'canary-changed-by-hand' } },
    });
    await logs.createLogGroup({ logGroupName: '/jobs/mini-dev' });
    await logs.createLogGroup({ logGroupName: '/jobs/mini-dev-2' });
    await iam.createRole({
      RoleName: 'runner',
      AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}',
      Tags: [{ Key: 'Environment', Value: 'dev' }],
    });
    await iam.putRolePolicy({
      RoleName: 'mini-dev-hello',
      PolicyName: 'by-hand',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      }),
    });
    await queues.createQueue({ QueueName: 'unrelated' });
  });

  it('is told of with what changed, without a secret, and stops nothing', async () => {
    const { exitCode, identify, source, text } = await look();
    expect(exitCode).toBe(0);
    expect(identify.live?.unmanaged.map(({ type, name, by }) => `${by}: ${type} ${name}`).sort()).toEqual([
      'name: aws_cloudwatch_log_group /jobs/mini-dev',
      'tag: aws_iam_role runner',
    ]);
    expect(source.drift?.drifted).toEqual([
      expect.objectContaining({
        address: 'aws_iam_role.function',
        change: 'added',
        type: 'aws_iam_role_policy',
        name: 'by-hand',
      }),
      expect.objectContaining({
        address: 'aws_lambda_function.hello',
        change: 'differs',
        attributes: [
          { path: 'environment.0.variables.API_TOKEN', state: null, live: null, shown: false },
          { path: 'memory_size', state: 128, live: 512, shown: true },
        ],
      }),
    ]);
    expect(text).not.toContain('canary-');
    expect(text).toContain('dev has drifted');
    const report = (await world.read('.provision-env/reports/feature-x/report.md')) ?? '';
    expect(report).toContain('/jobs/mini-dev');
    expect(report).toContain('memory');
  });

  it('is incomplete where a service denies access, names the permission, and still tells the rest', async () => {
    const denies = (operation: string, action: string): void =>
      gate.answer(
        (call) => call.operation === operation,
        400,
        JSON.stringify({
          __type: 'AccessDeniedException',
          message: `User: arn:aws:iam::1:user/x is not authorized to perform: ${action} on resource: *`,
        }),
      );
    denies('DescribeLogGroups', 'logs:DescribeLogGroups');
    denies('ListTables', 'dynamodb:ListTables');
    const { exitCode, identify, source, text } = await look({ AWS_ENDPOINT_URL: gate.endpoint });
    // Whether the names of the log groups are free cannot be asked either: the proof is not complete.
    expect(exitCode).toBe(3);
    expect(identify.live?.complete).toBe(false);
    expect(identify.live?.unreadable.map(({ permission }) => permission).sort()).toEqual([
      'dynamodb:ListTables',
      'logs:DescribeLogGroups',
    ]);
    expect(identify.coverage.unreadable).toHaveLength(2);
    expect(identify.live?.unmanaged.map(({ name }) => name)).toEqual(['runner']);
    expect(source.drift?.unreadable).toMatchObject([
      { subject: 'aws_cloudwatch_log_group.function', permission: 'logs:DescribeLogGroups' },
    ]);
    expect(source.drift?.drifted.map(({ address }) => address)).toContain('aws_lambda_function.hello');
    expect(text).toContain('is incomplete');
  });
});
