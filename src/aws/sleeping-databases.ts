/**
 * Databases of RDS that can be put to sleep: how one stands, how it may sleep, and the calls that do it. Decides
 * nothing else; order, waiting and remembering are the step's.
 */
import type { DBCluster, DBInstance, RDS } from '@aws-sdk/client-rds';

/** The calls that sleeping needs, and no others. */
export type SleepClient = Pick<
  RDS,
  | 'describeDBClusters'
  | 'describeDBInstances'
  | 'modifyDBCluster'
  | 'startDBCluster'
  | 'startDBInstance'
  | 'stopDBCluster'
  | 'stopDBInstance'
>;

/** Their IAM actions. */
export const sleepActions = {
  reads: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  changes: [
    'rds:ModifyDBCluster',
    'rds:StartDBCluster',
    'rds:StartDBInstance',
    'rds:StopDBCluster',
    'rds:StopDBInstance',
  ],
} as const;

/** `pause`: it goes to zero capacity by itself while nobody is connected. `stop`: it is stopped and cannot be reached. */
export type SleepWay = 'pause' | 'stop';

/** In Aurora capacity units. */
export interface Capacity {
  readonly min: number;
  readonly max: number;
  /** Seconds without a connection after which it pauses; `null` where it does not. */
  readonly secondsUntilAutoPause: number | null;
}

export interface Database {
  readonly kind: 'cluster' | 'instance';
  readonly id: string;
  /** The service's word: `available`, `stopped`. */
  readonly status: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly engineMode: string;
  readonly storageType: string;
  readonly multiAz: boolean;
  /** Of Aurora Serverless v2; `null` for everything else. */
  readonly capacity: Capacity | null;
  /** The cluster that an instance belongs to; `null` for clusters and for instances that stand alone. */
  readonly clusterId: string | null;
  /** The instances of a cluster; of an instance, itself. */
  readonly instances: readonly { readonly id: string; readonly class: string }[];
}

/** The service's codes for what is not there. */
export const databaseNotFound = [
  'DBClusterNotFoundFault',
  'DBInstanceNotFound',
  'DBInstanceNotFoundFault',
] as const;

/** Idle seconds before a pause: the least that AWS takes. */
export const secondsUntilAutoPause = 300;

/** A stopped database is started by AWS after this many days, so that it does not miss its maintenance. */
export const stoppedForDays = 7;

const serverlessClass = 'db.serverless';

/**
 * The first versions whose minimum capacity may be 0, by major version. Later majors can from their first on.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
const firstPostgres: Readonly<Record<number, number>> = { 13: 15, 14: 12, 15: 7, 16: 3 };
const firstMysql = [3, 8, 0] as const;

/** @param version as the service gives it: `15.7`, `8.0.mysql_aurora.3.08.0` */
export function canPauseAtZero(engine: string, version: string): boolean {
  if (engine === 'aurora-postgresql') {
    const [major, minor = 0] = version.split('.').map(Number);
    if (major === undefined || Number.isNaN(major) || Number.isNaN(minor) || major < 13) return false;
    return minor >= (firstPostgres[major] ?? 0);
  }
  if (engine !== 'aurora-mysql') return false;
  const own = /mysql_aurora\.(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  if (own === null) return false;
  const parts = own.slice(1).map((part) => Number(part ?? 0));
  for (const [at, least] of firstMysql.entries()) {
    const part = parts[at] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** How a database can sleep, or why it cannot. Pure. */
export function sleepWay(
  database: Database,
  { proxied }: { readonly proxied: boolean },
): { readonly way: SleepWay } | { readonly way: null; readonly why: string } {
  const { kind, engine, engineVersion, engineMode, capacity, instances } = database;
  if (kind === 'instance') return { way: 'stop' };
  if (engineMode === 'serverless')
    return { way: null, why: 'Aurora Serverless v1 pauses by its own settings and cannot be stopped' };
  if (!engine.startsWith('aurora'))
    return { way: null, why: 'a Multi-AZ DB cluster of RDS cannot be stopped as a cluster' };
  if (instances.length === 0) return { way: null, why: 'it has no instance that could be put to sleep' };
  const serverless = capacity !== null && instances.every((each) => each.class === serverlessClass);
  // A proxy keeps connections open, and a cluster with an open connection does not pause.
  if (serverless && !proxied && canPauseAtZero(engine, engineVersion)) return { way: 'pause' };
  return { way: 'stop' };
}

function clusterFrom(cluster: DBCluster, members: readonly DBInstance[]): Database {
  const scaling = cluster.ServerlessV2ScalingConfiguration;
  return {
    kind: 'cluster',
    id: cluster.DBClusterIdentifier ?? '',
    status: cluster.Status ?? '',
    engine: cluster.Engine ?? '',
    engineVersion: cluster.EngineVersion ?? '',
    engineMode: cluster.EngineMode ?? 'provisioned',
    storageType: cluster.StorageType ?? '',
    multiAz: cluster.MultiAZ ?? false,
    capacity:
      scaling?.MinCapacity === undefined || scaling.MaxCapacity === undefined
        ? null
        : {
            min: scaling.MinCapacity,
            max: scaling.MaxCapacity,
            secondsUntilAutoPause: scaling.SecondsUntilAutoPause ?? null,
          },
    clusterId: null,
    instances: members.map(memberFrom),
  };
}

const memberFrom = (instance: DBInstance): Database['instances'][number] => ({
  id: instance.DBInstanceIdentifier ?? '',
  class: instance.DBInstanceClass ?? '',
});

function instanceFrom(instance: DBInstance): Database {
  return {
    kind: 'instance',
    id: instance.DBInstanceIdentifier ?? '',
    status: instance.DBInstanceStatus ?? '',
    engine: instance.Engine ?? '',
    engineVersion: instance.EngineVersion ?? '',
    engineMode: 'provisioned',
    storageType: instance.StorageType ?? '',
    multiAz: instance.MultiAZ ?? false,
    capacity: null,
    clusterId: instance.DBClusterIdentifier ?? null,
    instances: [memberFrom(instance)],
  };
}

/**
 * @returns `null` where the service answers without it
 * @throws the SDK's error, `databaseNotFound` among them
 */
export async function readDatabase(
  kind: Database['kind'],
  id: string,
  client: SleepClient,
): Promise<Database | null> {
  if (kind === 'instance') {
    const { DBInstances } = await client.describeDBInstances({ DBInstanceIdentifier: id });
    return DBInstances?.[0] ? instanceFrom(DBInstances[0]) : null;
  }
  const { DBClusters } = await client.describeDBClusters({ DBClusterIdentifier: id });
  const cluster = DBClusters?.[0];
  if (!cluster) return null;
  const members: DBInstance[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.describeDBInstances({
      Filters: [{ Name: 'db-cluster-id', Values: [id] }],
      Marker,
    });
    members.push(...(page.DBInstances ?? []).filter(({ DBClusterIdentifier }) => DBClusterIdentifier === id));
    Marker = page.Marker;
  } while (Marker !== undefined && Marker !== '');
  return clusterFrom(cluster, members);
}

/** Lets a cluster go down to zero capacity, and keeps its maximum. */
export async function pauseWhenIdle(id: string, { max }: Capacity, client: SleepClient): Promise<void> {
  await client.modifyDBCluster({
    DBClusterIdentifier: id,
    ApplyImmediately: true,
    ServerlessV2ScalingConfiguration: {
      MinCapacity: 0,
      MaxCapacity: max,
      SecondsUntilAutoPause: secondsUntilAutoPause,
    },
  });
}

/** Gives a cluster back the capacity that it had. */
export async function restoreCapacity(
  id: string,
  { min, max, secondsUntilAutoPause: seconds }: Capacity,
  client: SleepClient,
): Promise<void> {
  await client.modifyDBCluster({
    DBClusterIdentifier: id,
    ApplyImmediately: true,
    ServerlessV2ScalingConfiguration: {
      MinCapacity: min,
      MaxCapacity: max,
      // AWS takes it with a minimum of 0 only.
      ...(min === 0 && seconds !== null ? { SecondsUntilAutoPause: seconds } : {}),
    },
  });
}

export async function stopDatabase(
  { kind, id }: Pick<Database, 'kind' | 'id'>,
  client: SleepClient,
): Promise<void> {
  if (kind === 'cluster') await client.stopDBCluster({ DBClusterIdentifier: id });
  else await client.stopDBInstance({ DBInstanceIdentifier: id });
}

export async function startDatabase(
  { kind, id }: Pick<Database, 'kind' | 'id'>,
  client: SleepClient,
): Promise<void> {
  if (kind === 'cluster') await client.startDBCluster({ DBClusterIdentifier: id });
  else await client.startDBInstance({ DBInstanceIdentifier: id });
}
