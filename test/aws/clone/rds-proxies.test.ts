/** What the emulator does not tell of proxies: states that take long, and ways to sign in without secrets. */
import {
  CreateDBProxyCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyTargetGroupsCommand,
  DescribeDBProxyTargetsCommand,
  RegisterDBProxyTargetsCommand,
} from '@aws-sdk/client-rds';
import type { Client, MetadataBearer } from '@smithy/types';
import { type AwsStub, mockClient } from 'aws-sdk-client-mock';
import { afterAll, expect, it } from 'vitest';
import { createClients } from '../../../src/aws/clients.ts';
import type { Cloned } from '../../../src/aws/clone.ts';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import { describerOf } from '../../../src/aws/describe/index.ts';
import type { JsonObject } from '../../../src/transfer/json.ts';

const clients = createClients({ region: 'eu-central-1' });
afterAll(() => {
  clients.close();
});

async function mocked(): Promise<AwsStub<object, MetadataBearer, unknown>> {
  const client = (await clients.get('rds')) as unknown as Client<object, MetadataBearer, unknown>;
  const mock = mockClient(client);
  mock.onAnyCommand().resolves({});
  return mock;
}

async function copy(type: string, values: JsonObject): Promise<Cloned | undefined> {
  const signal = AbortSignal.timeout(5_000);
  return clonerOf(type)?.clone(
    { values, source: { id: 'x', values }, withOwnId: () => values, signal },
    clients,
  );
}

const proxy = { name: 'shop-copy', role_arn: 'arn:aws:iam::1:role/shop-copy', vpc_subnet_ids: ['a', 'b'] };

it('is there once it can be used', async () => {
  const mock = await mocked();
  mock
    .on(DescribeDBProxiesCommand)
    .resolvesOnce({ DBProxies: [{ Status: 'creating' }] })
    .resolves({ DBProxies: [{ DBProxyName: 'shop-copy', Endpoint: 'new.proxy', Status: 'available' }] });
  const made = await copy('aws_db_proxy', { ...proxy, auth: [{ auth_scheme: 'SECRETS', secret_arn: 's' }] });
  expect(made).toEqual({ id: 'shop-copy', values: { endpoint: 'new.proxy', id: 'shop-copy' } });
  const input = mock.commandCalls(CreateDBProxyCommand)[0]?.args[0].input;
  expect(input?.Auth).toMatchObject([{ AuthScheme: 'SECRETS', SecretArn: 's' }]);
  expect(input).not.toHaveProperty('DefaultAuthScheme');
});

it('signs in by IAM where its source has no secrets', async () => {
  const mock = await mocked();
  mock.on(DescribeDBProxiesCommand).resolves({ DBProxies: [{ Status: 'available' }] });
  await copy('aws_db_proxy', { ...proxy, auth: [] });
  const input = mock.commandCalls(CreateDBProxyCommand)[0]?.args[0].input;
  expect(input).toMatchObject({ DefaultAuthScheme: 'IAM_AUTH' });
  expect(input).not.toHaveProperty('Auth');
});

it('ends where the proxy comes to a state that it does not leave', async () => {
  const mock = await mocked();
  mock.on(DescribeDBProxiesCommand).resolves({ DBProxies: [{ Status: 'insufficient-resource-limits' }] });
  await expect(copy('aws_db_proxy', { ...proxy, auth: [] })).rejects.toMatchObject({ code: 'apply-failed' });
});

it('leads to a database that stands alone by its name', async () => {
  const mock = await mocked();
  const made = await copy('aws_db_proxy_target', {
    db_proxy_name: 'shop-copy',
    target_group_name: 'default',
    db_instance_identifier: 'shop-copy',
  });
  expect(mock.commandCalls(RegisterDBProxyTargetsCommand)[0]?.args[0].input).toEqual({
    DBProxyName: 'shop-copy',
    TargetGroupName: 'default',
    DBInstanceIdentifiers: ['shop-copy'],
  });
  expect(made?.id).toBe('shop-copy/default/RDS_INSTANCE/shop-copy');
});

it('is read with the cluster that it leads to, not with each of its instances', async () => {
  const mock = await mocked();
  mock.on(DescribeDBProxiesCommand).resolves({ DBProxies: [{ DBProxyName: 'shop-dev' }] });
  mock
    .on(DescribeDBProxyTargetGroupsCommand)
    .resolves({ TargetGroups: [{ TargetGroupName: 'default', ConnectionPoolConfig: {} }] });
  mock.on(DescribeDBProxyTargetsCommand).resolves({
    Targets: [
      { Type: 'TRACKED_CLUSTER', RdsResourceId: 'shop-dev' },
      { Type: 'RDS_INSTANCE', RdsResourceId: 'shop-dev-1', TrackedClusterId: 'shop-dev' },
    ],
  });
  const resource = { address: 'x', type: 'aws_db_proxy', identity: null, id: 'shop-dev', arn: null };
  const found = await describerOf('aws_db_proxy')?.describe(resource, clients);
  expect(found?.state === 'described' && found.resources.map(({ id }) => id)).toEqual([
    'shop-dev',
    'shop-dev',
    'shop-dev/default/TRACKED_CLUSTER/shop-dev',
  ]);
});
