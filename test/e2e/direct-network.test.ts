/** An environment with a network of its own, made by hand: it is copied with all that lies in it, and leaves nothing. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { zip } from '../sandbox/zip.ts';
import { type HandMadeNetwork, makeOwnNetwork, networksThere } from './support/make-network.ts';
import { commandsIn, type World } from './support/world.ts';

let sandbox: Sandbox;
let clients: AwsClients;
let folder: string;
let world: Pick<World, 'json'>;
let network: HandMadeNetwork;
let before: readonly string[];

beforeAll(async () => {
  sandbox = await startSandbox();
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value);
  clients = createClients();
  network = await makeOwnNetwork(clients, 'shop-dev');
  await makeApp();
  before = await networksThere(clients);
  folder = await mkdtemp(join(tmpdir(), 'pe-network-'));
  const project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'provision-env.config.json'), JSON.stringify({ engine: 'direct' }));
  world = commandsIn(project, { ...sandbox.env });
});
afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A queue and its endpoint, and a function in the private subnet. */
async function makeApp(): Promise<void> {
  const [ec2, sqs, iam, lambda] = await Promise.all([
    clients.get('ec2'),
    clients.get('sqs'),
    clients.get('iam'),
    clients.get('lambda'),
  ]);
  // As its first call has made it.
  await (await clients.get('logs')).createLogGroup({ logGroupName: '/aws/lambda/shop-dev' });
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'shop-dev-jobs' });
  await ec2.createVpcEndpoint({
    VpcId: network.vpc,
    ServiceName: 'com.amazonaws.ap-southeast-1.sqs',
    VpcEndpointType: 'Interface',
    SubnetIds: [network.privateSubnet],
    SecurityGroupIds: [network.group],
  });
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const { Role } = await iam.createRole({
    RoleName: 'shop-dev',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
  });
  await lambda.createFunction({
    FunctionName: 'shop-dev',
    Role: Role?.Arn,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Code: {
      ZipFile: zip({
        'index.mjs': 'export const handler = () => { console.log("at work"); return { ok: true }; };',
      }),
    },
    Environment: { Variables: { QUEUE: QueueUrl ?? '' } },
    VpcConfig: { SubnetIds: [network.privateSubnet], SecurityGroupIds: [network.group] },
  });
}

it('is planned with what it costs', async () => {
  const { exitCode, document, stderr } = await world.json(['plan', 'feature-net', 'from=dev']);
  expect(document.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect({ exitCode, error: document.error, stderr: exitCode === 0 ? '' : stderr }).toEqual({
    exitCode: 0,
    error: null,
    stderr: '',
  });
  const cloned = document.mapping.filter(({ action }) => action === 'clone').map(({ type }) => type);
  expect(
    cloned.filter((type) => /vpc|subnet|gateway|eip|route|group|lambda_fun|sqs/.test(type)).toSorted(),
  ).toEqual([
    'aws_cloudwatch_log_group',
    'aws_default_route_table',
    'aws_eip',
    'aws_internet_gateway',
    'aws_lambda_function',
    'aws_nat_gateway',
    'aws_route_table',
    'aws_route_table_association',
    'aws_security_group',
    'aws_sqs_queue',
    'aws_subnet',
    'aws_subnet',
    'aws_vpc',
    'aws_vpc_endpoint',
    'aws_vpc_security_group_egress_rule',
  ]);
  const cost = JSON.stringify(document.cost);
  expect(cost).toContain('aws_nat_gateway');
  expect(cost).toContain('aws_eip');
  expect(await networksThere(clients)).toEqual(before);
});

it('is copied with all that lies in it', async () => {
  const { exitCode, document, stderr } = await world.json(['feature-net', 'from=dev', '--yes']);
  const rewired = document.steps.find(({ id }) => id === 'rewire')?.output as { failed: unknown };
  expect([rewired.failed, document.findings.filter(({ severity }) => severity === 'error')]).toEqual([
    [],
    [],
  ]);
  expect(document.evidence.filter(({ status }) => status === 'fail')).toEqual([]);
  expect([document.error, exitCode, stderr]).toEqual([null, 0, expect.anything()]);
  const [ec2, lambda] = await Promise.all([clients.get('ec2'), clients.get('lambda')]);
  const vpcs = (await ec2.describeVpcs({})).Vpcs ?? [];
  const named = vpcs.filter(({ Tags }) => Tags?.some(({ Value }) => Value === 'shop-feature-net-vpc'));
  expect(named.map(({ CidrBlock }) => CidrBlock)).toEqual(['10.40.0.0/16']);
  const [copy] = named;
  const { VpcConfig } = await lambda.getFunctionConfiguration({ FunctionName: 'shop-feature-net' });
  // moto does not tell the network of a function, but its subnets.
  const { Subnets } = await ec2.describeSubnets({ SubnetIds: VpcConfig?.SubnetIds });
  expect(Subnets?.map(({ VpcId }) => VpcId)).toEqual([copy?.VpcId]);
  expect(VpcConfig?.SubnetIds).not.toContain(network.privateSubnet);
  const { RouteTables = [] } = await ec2.describeRouteTables({
    Filters: [{ Name: 'vpc-id', Values: [copy?.VpcId ?? ''] }],
  });
  const [main, ...others] = RouteTables.toSorted((a, b) =>
    a.Associations?.some(({ Main }) => Main) ? -1 : b.Associations?.some(({ Main }) => Main) ? 1 : 0,
  );
  // The main one that AWS made, and one more.
  expect(others).toHaveLength(1);
  expect(main?.Routes?.some(({ GatewayId }) => GatewayId?.startsWith('igw-'))).toBe(true);
  expect(JSON.stringify(RouteTables)).not.toContain(network.gateway);
  expect(JSON.stringify(RouteTables)).not.toContain(network.nat);
});

it('is not made twice', async () => {
  const { document } = await world.json(['plan', 'feature-net', 'from=dev']);
  const rewired = document.steps.find(({ id }) => id === 'rewire')?.output as { plan: { create: number } };
  expect(rewired.plan.create).toBe(0);
});

it('differs from its source in nothing but names', async () => {
  const { exitCode, document } = await world.json(['diff', 'dev', 'feature-net']);
  expect([document.error, document.diff?.differences, exitCode]).toEqual([null, [], 0]);
});

it('goes away again with what AWS made by itself', async () => {
  const { exitCode, document } = await world.json(['destroy', 'feature-net', '--yes']);
  expect([exitCode, document.status]).toEqual([0, 'destroyed']);
  const { left, suspected } = document['sweep' as keyof typeof document] as unknown as Record<
    'left' | 'suspected',
    readonly { type: string }[]
  >;
  // moto keeps the interface of a NAT gateway that is gone; AWS takes it away.
  const other = left.filter(({ type }) => type !== 'aws_network_interface');
  expect([other, suspected]).toEqual([[], []]);
  const there = await networksThere(clients);
  expect(there.filter((id) => !before.includes(id))).toEqual([]);
  expect(there).toEqual(before);
});
