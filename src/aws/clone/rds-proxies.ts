import type { AuthScheme, ClientPasswordAuthType, EngineFamily, IAMAuthMode, RDS } from '@aws-sdk/client-rds';
import { type Cloned, type CloneRequest, cloneService } from '../clone.ts';
import { proxyTarget, proxyValues, targetGroupValues } from '../describe/rds-proxies.ts';
import { StateValues } from '../state-values.ts';
import { pick } from './pick.ts';
import { available, passing } from './rds-waiting.ts';
import { onceKnown } from './wait.ts';

/**
 * It signs in to the database with the secrets of the copy. They may be empty: the service reads them only when it
 * connects, and calls a target that it cannot sign in to AUTH_FAILURE.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html
 */
async function cloneProxy({ values: given, signal }: CloneRequest, client: RDS): Promise<Cloned> {
  const values = new StateValues(given);
  const id = values.needed('name');
  const auth = values.blocks('auth').map((each) => ({
    AuthScheme: each.word<AuthScheme>('auth_scheme'),
    ClientPasswordAuthType: each.word<ClientPasswordAuthType>('client_password_auth_type'),
    Description: each.text('description'),
    IAMAuth: each.word<IAMAuthMode>('iam_auth'),
    SecretArn: each.text('secret_arn'),
    UserName: each.text('username'),
  }));
  await onceKnown(
    () =>
      client.createDBProxy({
        DBProxyName: id,
        // Without secrets there is one way only.
        ...(auth.length === 0 ? { DefaultAuthScheme: 'IAM_AUTH' as const } : { Auth: auth }),
        DebugLogging: values.flag('debug_logging'),
        EngineFamily: values.word<EngineFamily>('engine_family'),
        IdleClientTimeout: values.positive('idle_client_timeout'),
        RequireTLS: values.flag('require_tls'),
        RoleArn: values.needed('role_arn'),
        Tags: values.tagList,
        VpcSecurityGroupIds: values.texts('vpc_security_group_ids'),
        VpcSubnetIds: values.texts('vpc_subnet_ids') ?? [],
      }),
    passing,
    signal,
  );
  const proxy = await available(`the proxy ${id}`, signal, async () => {
    const found = (await client.describeDBProxies({ DBProxyName: id })).DBProxies?.[0];
    return { found, status: found?.Status };
  });
  return { id, values: pick(proxyValues(proxy), ['arn', 'endpoint', 'id']) };
}

/** It is there already: it gets the settings of the source's. */
async function cloneTargetGroup({ values: given }: CloneRequest, client: RDS): Promise<Cloned> {
  const values = new StateValues(given);
  const name = values.needed('db_proxy_name');
  const pool = values.block('connection_pool_config');
  const { DBProxyTargetGroup: group = {} } = await client.modifyDBProxyTargetGroup({
    DBProxyName: name,
    TargetGroupName: values.text('name') ?? 'default',
    ConnectionPoolConfig: pool && {
      ConnectionBorrowTimeout: pool.number('connection_borrow_timeout'),
      InitQuery: pool.text('init_query'),
      MaxConnectionsPercent: pool.number('max_connections_percent'),
      MaxIdleConnectionsPercent: pool.number('max_idle_connections_percent'),
      SessionPinningFilters: pool.texts('session_pinning_filters') ?? [],
    },
  });
  return { id: name, values: pick(targetGroupValues(name, group), ['arn', 'id']) };
}

async function cloneTarget({ values: given, signal }: CloneRequest, client: RDS): Promise<Cloned> {
  const values = new StateValues(given);
  const name = values.needed('db_proxy_name');
  const group = values.text('target_group_name') ?? 'default';
  const cluster = values.text('db_cluster_identifier');
  const { DBProxyTargets } = await onceKnown(
    () =>
      client.registerDBProxyTargets({
        DBProxyName: name,
        TargetGroupName: group,
        ...(cluster === undefined
          ? { DBInstanceIdentifiers: [values.needed('db_instance_identifier')] }
          : { DBClusterIdentifiers: [cluster] }),
      }),
    // It was available a moment ago, and is changed again by the service itself.
    [{ code: 'InvalidDBInstanceState' }, { code: 'InvalidDBClusterStateFault' }],
    signal,
  );
  const wanted = cluster ?? values.needed('db_instance_identifier');
  const found = DBProxyTargets?.find(({ RdsResourceId }) => RdsResourceId === wanted);
  const { id, values: made } = proxyTarget(name, group, {
    ...found,
    RdsResourceId: wanted,
    Type: cluster === undefined ? 'RDS_INSTANCE' : 'TRACKED_CLUSTER',
  });
  return { id, values: pick(made, ['endpoint', 'id', 'port', 'rds_resource_id', 'target_arn']) };
}

/** Proxies in front of copied databases. */
export const rdsProxies = cloneService('rds', {
  aws_db_proxy: {
    actions: [
      'rds:CreateDBProxy',
      'rds:DescribeDBProxies',
      'rds:AddTagsToResource',
      'iam:PassRole',
      'iam:CreateServiceLinkedRole',
    ],
    clone: cloneProxy,
  },
  aws_db_proxy_default_target_group: {
    actions: ['rds:ModifyDBProxyTargetGroup'],
    clone: cloneTargetGroup,
  },
  aws_db_proxy_target: {
    actions: ['rds:RegisterDBProxyTargets'],
    // Names tell what it leads to, which other things may have too; and a cluster is taken once its instances are there.
    after: [
      {
        types: ['aws_rds_cluster_instance'],
        sharing: ['db_cluster_identifier'],
        theirs: ['cluster_identifier'],
      },
      { types: ['aws_rds_cluster'], sharing: ['db_cluster_identifier'], theirs: ['cluster_identifier'] },
      { types: ['aws_db_instance'], sharing: ['db_instance_identifier'], theirs: ['identifier'] },
      { types: ['aws_db_proxy_default_target_group'], sharing: ['db_proxy_name'] },
    ],
    clone: cloneTarget,
  },
});
