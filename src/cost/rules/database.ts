import { type Reader, Unpriced } from '../reader.ts';
import {
  beyond,
  type CostRules,
  type Meter,
  month,
  onlyOne,
  type Part,
  type RuleContext,
  some,
  times,
  together,
} from './rule.ts';

const ioOptimized = 'aurora-iopt1';

const auroraMeters = (at: Reader): readonly Meter[] =>
  at.text('storage_type', '') === ioOptimized
    ? [{ id: 'storageGb', key: 'aurora.storage-io-optimized', unit: 'GB stored' }]
    : [
        { id: 'storageGb', key: 'aurora.storage', unit: 'GB stored' },
        { id: 'ioRequests', key: 'aurora.io', unit: 'I/O requests', per: 1_000_000 },
      ];

/** RDS keeps the password that it manages as a secret, at the price of one. */
function managedPassword(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const managed =
    !at.isUnknown('manage_master_user_password') && at.flag('manage_master_user_password', false);
  return managed ? [() => times(context, 'secret.month', [1, 'secret'])] : [];
}

/** Where nobody says that it is to be public, the provider says that it is not. */
function publicAddress(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const open = !at.isUnknown('publicly_accessible') && at.flag('publicly_accessible', false);
  return open ? [() => times(context, 'ipv4.hour', [1, 'public IPv4'], month)] : [];
}

/** Refuses what is billed by another scheme than instances in a cluster. */
function clusterParts(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const scheme = at.text('engine_mode', 'provisioned');
  if (scheme === 'serverless') throw new Unpriced('Aurora Serverless v1 has prices of its own');
  if (!at.text('engine', 'aurora-mysql').startsWith('aurora')) {
    throw new Unpriced('a Multi-AZ DB cluster of RDS has prices of its own');
  }
  return managedPassword(at, context);
}

/** The cluster an instance belongs to: by its identifier, or the only one that there is. */
function clusterOf(at: Reader, context: RuleContext): Reader {
  const clusters = context.all.filter(({ resource }) => resource.type === 'aws_rds_cluster');
  const known = at.isUnknown('cluster_identifier') ? undefined : at.text('cluster_identifier');
  const found =
    known === undefined
      ? onlyOne(context, at.resource, ['aws_rds_cluster'])
      : clusters.find(
          (cluster) =>
            !cluster.isUnknown('cluster_identifier') && cluster.text('cluster_identifier', '') === known,
        );
  if (!found) throw new Unpriced('which cluster it belongs to is known only after the apply');
  return found;
}

/** The minimum capacity is billed for each serverless instance of a cluster, not once for the cluster. */
function clusterInstance(at: Reader, context: RuleContext): Part {
  const instanceClass = at.text('instance_class');
  const cluster = clusterOf(at, context);
  const optimized = withDefaults(cluster, ['storage_type']).text('storage_type', '') === ioOptimized;
  if (instanceClass === 'db.serverless') {
    const acu = cluster.number('serverlessv2_scaling_configuration.0.min_capacity');
    return times(context, optimized ? 'aurora.acu-io-optimized' : 'aurora.acu', [acu, 'ACU'], month);
  }
  if (optimized) throw new Unpriced(`${instanceClass} with I/O-Optimized storage has a price of its own`);
  return times(context, `aurora:${instanceClass}`, month);
}

const engines: Readonly<Record<string, string>> = { mysql: 'mysql', postgres: 'postgres' };

function instanceHours(at: Reader, context: RuleContext): Part {
  const engine = at.text('engine');
  const priced = Object.hasOwn(engines, engine) ? engines[engine] : undefined;
  if (priced === undefined) throw new Unpriced(`no prices of the engine ${engine} are in the table`);
  const key = `rds:${priced}:${at.text('instance_class')}` as const;
  // Multi-AZ is a second instance and a second copy of the storage, each at the full price.
  return at.flag('multi_az', false) ? times(context, key, [2, 'zones'], month) : times(context, key, month);
}

/** From this size on gp3 is striped over four volumes. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html */
const striped = 400;

function instanceStorage(at: Reader, context: RuleContext): Part {
  const kind = at.text('storage_type', 'gp2');
  if (kind !== 'gp2' && kind !== 'gp3' && kind !== 'io1' && kind !== 'io2') {
    throw new Unpriced(`no price of ${kind} storage is in the table`);
  }
  const zones = at.flag('multi_az', false) ? ([[2, 'zones']] as const) : [];
  const gb = at.number('allocated_storage');
  const storage = times(context, `rds.${kind}`, ...zones, [gb, 'GB']);
  if (kind === 'gp2') return storage;
  if (kind !== 'gp3') {
    return together(storage, times(context, `rds.${kind}-iops`, ...zones, [at.number('iops'), 'IOPS']));
  }
  if (beyond(at, 'storage_throughput', gb < striped ? 125 : 500) > 0) {
    throw new Unpriced('no price of more throughput than gp3 storage comes with is in the table');
  }
  const iops = beyond(at, 'iops', gb < striped ? 3000 : 12_000);
  if (iops === 0) return storage;
  return together(storage, times(context, 'rds.gp3-iops', ...zones, [iops, 'IOPS more']));
}

/** `storage_type` and `multi_az` are filled in by the provider: unknown means the default where nobody set them. */
function withDefaults(at: Reader, defaults: readonly string[]): Reader {
  const unset = (path: string): boolean => defaults.includes(path) && at.isUnknown(path);
  return {
    ...at,
    text: (path, fallback) => (unset(path) && fallback !== undefined ? fallback : at.text(path, fallback)),
    flag: (path, fallback) => (unset(path) && fallback !== undefined ? fallback : at.flag(path, fallback)),
  };
}

function cacheKey(at: Reader): `elasticache:${string}:${string}` {
  const engine = at.text('engine', 'redis');
  // Redis OSS and Memcached cost the same, Valkey less.
  return `elasticache:${engine === 'memcached' ? 'redis' : engine}:${at.text('node_type')}`;
}

function cacheCluster(at: Reader, context: RuleContext): Part {
  if (!at.isUnknown('replication_group_id') && !at.isSet('replication_group_id')) {
    return times(context, cacheKey(at), some(at.number('num_cache_nodes', 1), 'node'), month);
  }
  const group = onlyOne(context, at.resource, ['aws_elasticache_replication_group']);
  if (!group) throw new Unpriced('which replication group it belongs to is known only after the apply');
  return times(context, cacheKey(group), [1, 'node'], month);
}

function cacheNodes(at: Reader): number {
  if (!at.isUnknown('num_cache_clusters') && at.isSet('num_cache_clusters'))
    return at.number('num_cache_clusters');
  if (!at.isUnknown('num_node_groups') && at.isSet('num_node_groups')) {
    return at.number('num_node_groups') * (1 + at.number('replicas_per_node_group', 0));
  }
  // Neither is set: the provider makes one node.
  return 1;
}

const searchType = (at: Reader, path: string): string =>
  at.text(path, 'm4.large.search').replace(/\.elasticsearch$/, '.search');

function searchParts(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const nodes = at.number('cluster_config.0.instance_count', 1);
  const parts = [
    (): Part =>
      times(
        context,
        `opensearch:${searchType(at, 'cluster_config.0.instance_type')}`,
        some(nodes, 'node'),
        month,
      ),
  ];
  if (at.flag('cluster_config.0.dedicated_master_enabled', false)) {
    parts.push(() =>
      times(
        context,
        `opensearch:${searchType(at, 'cluster_config.0.dedicated_master_type')}`,
        some(at.number('cluster_config.0.dedicated_master_count', 3), 'master'),
        month,
      ),
    );
  }
  if (at.flag('cluster_config.0.warm_enabled', false)) {
    parts.push(() => {
      throw new Unpriced('no prices of UltraWarm nodes are in the table');
    });
  }
  if (at.flag('ebs_options.0.ebs_enabled', false)) {
    parts.push(() => {
      const kind = at.text('ebs_options.0.volume_type', 'gp2');
      if (kind !== 'gp2' && kind !== 'gp3') throw new Unpriced(`no price of ${kind} storage is in the table`);
      return times(context, `opensearch.${kind}`, some(nodes, 'node'), [
        at.number('ebs_options.0.volume_size'),
        'GB',
      ]);
    });
  }
  return parts;
}

const search = { kind: 'priced', fixed: searchParts } as const;

export const databaseRules: CostRules = {
  aws_rds_cluster: {
    kind: 'priced',
    fixed: clusterParts,
    meters: (at) => auroraMeters(withDefaults(at, ['storage_type'])),
    meterIds: ['storageGb', 'ioRequests'],
  },
  aws_rds_cluster_instance: {
    kind: 'priced',
    fixed: (at, context) => [() => clusterInstance(at, context), ...publicAddress(at, context)],
  },
  aws_db_instance: {
    kind: 'priced',
    fixed: (at, context) => {
      const known = withDefaults(at, ['storage_type', 'multi_az']);
      return [
        () => instanceHours(known, context),
        () => instanceStorage(known, context),
        ...publicAddress(at, context),
        ...managedPassword(at, context),
      ];
    },
  },
  aws_elasticache_cluster: { kind: 'priced', fixed: (at, context) => [() => cacheCluster(at, context)] },
  aws_elasticache_replication_group: {
    kind: 'priced',
    fixed: (at, context) => [() => times(context, cacheKey(at), some(cacheNodes(at), 'node'), month)],
  },
  aws_opensearch_domain: search,
  aws_elasticsearch_domain: search,
};
