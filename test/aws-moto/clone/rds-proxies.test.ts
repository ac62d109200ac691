/** A proxy in front of a database is copied with its secret, its settings and what it leads to. */
import { expect, it } from 'vitest';
import type { AwsClients } from '../../../src/aws/clients.ts';
import type { DescribedResource } from '../../../src/aws/describe.ts';
import { inOrder } from '../../e2e/support/in-order.ts';
import { comparable, Copying, described, replaced } from '../../e2e/support/live-things.ts';
import { sandboxClients } from '../support/sandbox-clients.ts';

const sandbox = sandboxClients();

async function makeProxy(clients: AwsClients): Promise<{ readonly secret: string }> {
  const rds = await clients.get('rds');
  const ec2 = await clients.get('ec2');
  const secrets = await clients.get('secretsmanager');
  const { ARN: secret = '' } = await secrets.createSecret({
    Name: 'proxied-dev',
    SecretString: '{"username":"owner","password":"canary"}',
  });
  // Other files have networks of their own in the same account.
  const { Subnets = [] } = await ec2.describeSubnets({
    Filters: [{ Name: 'default-for-az', Values: ['true'] }],
  });
  await rds.createDBCluster({
    DBClusterIdentifier: 'proxied-dev',
    Engine: 'aurora-postgresql',
    MasterUsername: 'owner',
    ManageMasterUserPassword: true,
  });
  await rds.createDBInstance({
    DBInstanceIdentifier: 'proxied-dev-1',
    DBClusterIdentifier: 'proxied-dev',
    DBInstanceClass: 'db.t3.medium',
    Engine: 'aurora-postgresql',
  });
  await rds.createDBProxy({
    DBProxyName: 'proxied-dev',
    EngineFamily: 'POSTGRESQL',
    Auth: [{ AuthScheme: 'SECRETS', IAMAuth: 'DISABLED', SecretArn: secret }],
    RoleArn: 'arn:aws:iam::123456789012:role/proxied-dev',
    VpcSubnetIds: Subnets.slice(0, 2).map(({ SubnetId }) => SubnetId ?? ''),
    RequireTLS: true,
    IdleClientTimeout: 600,
    Tags: [{ Key: 'team', Value: 'orders' }],
  });
  await rds.modifyDBProxyTargetGroup({
    DBProxyName: 'proxied-dev',
    TargetGroupName: 'default',
    ConnectionPoolConfig: { MaxConnectionsPercent: 80, MaxIdleConnectionsPercent: 20 },
  });
  await rds.registerDBProxyTargets({ DBProxyName: 'proxied-dev', DBClusterIdentifiers: ['proxied-dev'] });
  return { secret };
}

const seen = ({ type, values }: DescribedResource): string => `${type} ${JSON.stringify(comparable(values))}`;

it('is read after the copy as before, with a secret of its own that is empty', async () => {
  const clients = sandbox();
  const { secret } = await makeProxy(clients);
  const wholes = [
    ['aws_db_proxy', 'proxied-dev'],
    ['aws_rds_cluster_instance', 'proxied-dev-1'],
    ['aws_rds_cluster', 'proxied-dev'],
    ['aws_secretsmanager_secret', secret],
  ] as const;
  const before = (
    await Promise.all(wholes.map(([type, id]) => described(type, { id, arn: `x:${id}` }, clients)))
  ).flat();
  const proxy = before.filter(({ type }) => type.startsWith('aws_db_proxy'));
  expect(proxy.map(({ type }) => type)).toEqual([
    'aws_db_proxy',
    'aws_db_proxy_default_target_group',
    'aws_db_proxy_target',
  ]);
  const copying = new Copying(['dev', 'copy'], clients);
  const sources = inOrder(before.toReversed(), ['dev', 'copy']);
  const types = sources.map(({ type }) => type);
  expect(types.indexOf('aws_db_proxy')).toBeGreaterThan(types.indexOf('aws_secretsmanager_secret'));
  expect(types.at(-1)).toBe('aws_db_proxy_target');
  for (const source of sources) await copying.copy(source);

  const after = await described('aws_db_proxy', { id: 'proxied-copy' }, clients);
  const wanted = proxy.map((each) => ({ ...each, values: replaced(each.values, copying.replacements) }));
  expect(after.map(seen)).toEqual(wanted.map(seen));
  const [copy] = after;
  expect(JSON.stringify(after)).not.toContain(secret);
  const [auth] = (copy?.values['auth'] ?? []) as readonly { readonly secret_arn: string }[];
  const secrets = await clients.get('secretsmanager');
  await expect(secrets.getSecretValue({ SecretId: auth?.secret_arn })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
