import type { DBProxy, DBProxyTarget, DBProxyTargetGroup, RDS } from '@aws-sdk/client-rds';
import type { JsonObject } from '../../transfer/json.ts';
import { type DescribedResource, describeService, known } from '../describe.ts';
import { pages } from '../listing.ts';
import { rds as adapter } from '../services/rds.ts';
import { settingsNotRead, sorted } from '../state-values.ts';
import { tagsOf } from './rds.ts';

/** All of a proxy but for its tags. */
export function proxyValues(found: DBProxy): JsonObject {
  return known({
    arn: found.DBProxyArn,
    auth: (found.Auth ?? []).map((each) =>
      known({
        auth_scheme: each.AuthScheme,
        client_password_auth_type: each.ClientPasswordAuthType,
        description: each.Description ?? '',
        iam_auth: each.IAMAuth,
        secret_arn: each.SecretArn,
        username: each.UserName ?? '',
      }),
    ),
    debug_logging: found.DebugLogging ?? false,
    endpoint: found.Endpoint,
    engine_family: found.EngineFamily,
    id: found.DBProxyName,
    idle_client_timeout: found.IdleClientTimeout,
    name: found.DBProxyName,
    require_tls: found.RequireTLS ?? false,
    role_arn: found.RoleArn,
    vpc_security_group_ids: sorted(found.VpcSecurityGroupIds),
    vpc_subnet_ids: sorted(found.VpcSubnetIds),
    ...settingsNotRead({
      EndpointNetworkType: (found.EndpointNetworkType ?? 'IPV4') !== 'IPV4',
      TargetConnectionNetworkType: (found.TargetConnectionNetworkType ?? 'IPV4') !== 'IPV4',
    }),
  });
}

/** Every proxy has one target group from the beginning. */
export function targetGroupValues(db_proxy_name: string, found: DBProxyTargetGroup): JsonObject {
  const pool = found.ConnectionPoolConfig;
  return known({
    arn: found.TargetGroupArn,
    connection_pool_config:
      pool === undefined
        ? []
        : [
            known({
              connection_borrow_timeout: pool.ConnectionBorrowTimeout,
              init_query: pool.InitQuery ?? '',
              max_connections_percent: pool.MaxConnectionsPercent,
              max_idle_connections_percent: pool.MaxIdleConnectionsPercent,
              session_pinning_filters: sorted(pool.SessionPinningFilters),
            }),
          ],
    db_proxy_name,
    id: db_proxy_name,
    name: found.TargetGroupName,
  });
}

/** The id is the provider's own. */
export function proxyTarget(db_proxy_name: string, group: string, found: DBProxyTarget): DescribedResource {
  const { Type = '', RdsResourceId = '' } = found;
  const id = [db_proxy_name, group, Type, RdsResourceId].join('/');
  const values = known({
    ...(Type === 'TRACKED_CLUSTER'
      ? { db_cluster_identifier: RdsResourceId }
      : { db_instance_identifier: RdsResourceId }),
    db_proxy_name,
    endpoint: found.Endpoint ?? '',
    id,
    port: found.Port,
    rds_resource_id: RdsResourceId,
    target_arn: found.TargetArn ?? '',
    target_group_name: group,
    tracked_cluster_id: found.TrackedClusterId ?? '',
    type: Type,
  });
  return { type: 'aws_db_proxy_target', id, values };
}

async function partsOf(DBProxyName: string, client: RDS): Promise<readonly DescribedResource[]> {
  const { TargetGroups = [] } = await client.describeDBProxyTargetGroups({ DBProxyName });
  const group = TargetGroups[0];
  if (group === undefined) return [];
  const targets: DBProxyTarget[] = [];
  for await (const page of pages(
    (Marker) => client.describeDBProxyTargets({ DBProxyName, Marker }),
    ({ Marker }) => Marker,
  ))
    targets.push(...(page.Targets ?? []));
  return [
    {
      type: 'aws_db_proxy_default_target_group',
      id: DBProxyName,
      values: targetGroupValues(DBProxyName, group),
    },
    // The instances of a cluster come and go with it.
    ...targets
      .filter(({ Type, TrackedClusterId }) => Type === 'TRACKED_CLUSTER' || !TrackedClusterId)
      .map((each) => proxyTarget(DBProxyName, group.TargetGroupName ?? 'default', each)),
  ];
}

/** Proxies in front of databases, with what they lead to. */
export const rdsProxies = describeService('rds', adapter.notFound, {
  aws_db_proxy: {
    actions: [
      'rds:DescribeDBProxies',
      'rds:DescribeDBProxyTargetGroups',
      'rds:DescribeDBProxyTargets',
      'rds:ListTagsForResource',
    ],
    describe: async ({ id }, client) => {
      const found = (await client.describeDBProxies({ DBProxyName: id })).DBProxies?.[0];
      if (found === undefined) return [];
      const name = found.DBProxyName ?? id;
      const values = { ...proxyValues(found), ...(await tagsOf(found.DBProxyArn, client)) };
      return [{ type: 'aws_db_proxy', id: name, values }, ...(await partsOf(name, client))];
    },
  },
});
