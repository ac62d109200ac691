/** Databases that obey: what is stopped takes a few looks to get there, what is started too. */
import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { SleepClient } from '../../src/aws/sleeping-databases.ts';

type Status = { status: string; next: string[] };

export interface FakeRds {
  readonly client: SleepClient;
  /** Names of the calls that change something, in order, each with the database. */
  readonly calls: string[];
  readonly clusters: Map<string, DBCluster & Status>;
  readonly instances: Map<string, DBInstance & Status>;
  /** Answers the call with this error, until it is set to another. */
  refuse: { call: string; error: Error } | null;
}

const fault = (name: string): Error => Object.assign(new Error(name), { name });

/** The next look at it sees the next status. */
function look<T extends Status>(found: T): T {
  const seen = { ...found };
  found.status = found.next.shift() ?? found.status;
  return seen;
}

export function fakeRds(): FakeRds {
  const clusters: FakeRds['clusters'] = new Map();
  const instances: FakeRds['instances'] = new Map();
  const calls: string[] = [];
  const called = (call: string, id: string | undefined): void => {
    calls.push(`${call} ${id}`);
    if (fake.refuse?.call === call) throw fake.refuse.error;
  };
  const cluster = (id: string | undefined): DBCluster & Status => {
    const found = clusters.get(id ?? '');
    if (!found) throw fault('DBClusterNotFoundFault');
    return found;
  };
  const instance = (id: string | undefined): DBInstance & Status => {
    const found = instances.get(id ?? '');
    if (!found) throw fault('DBInstanceNotFoundFault');
    return found;
  };
  const move = (found: Status, from: string, over: string, to: string, code: string): void => {
    if (found.status !== from) throw fault(code);
    found.status = over;
    found.next = [over, to];
  };
  const client = {
    describeDBClusters: async ({ DBClusterIdentifier }) => {
      const { status, ...rest } = look(cluster(DBClusterIdentifier));
      return { $metadata: {}, DBClusters: [{ ...rest, Status: status }] };
    },
    describeDBInstances: async ({ DBInstanceIdentifier, Filters }) => {
      const wanted = Filters?.[0]?.Values?.[0];
      const found = DBInstanceIdentifier
        ? [look(instance(DBInstanceIdentifier))]
        : [...instances.values()].filter(({ DBClusterIdentifier }) => DBClusterIdentifier === wanted);
      return {
        $metadata: {},
        DBInstances: found.map(({ status, ...rest }) => ({ ...rest, DBInstanceStatus: status })),
      };
    },
    modifyDBCluster: async ({ DBClusterIdentifier, ServerlessV2ScalingConfiguration: scaling }) => {
      called('modify', DBClusterIdentifier);
      const found = cluster(DBClusterIdentifier);
      if (found.status !== 'available') throw fault('InvalidDBClusterStateFault');
      found.ServerlessV2ScalingConfiguration = { ...scaling };
      return { $metadata: {} };
    },
    stopDBCluster: async ({ DBClusterIdentifier }) => {
      called('stop', DBClusterIdentifier);
      move(cluster(DBClusterIdentifier), 'available', 'stopping', 'stopped', 'InvalidDBClusterStateFault');
      return { $metadata: {} };
    },
    startDBCluster: async ({ DBClusterIdentifier }) => {
      called('start', DBClusterIdentifier);
      move(cluster(DBClusterIdentifier), 'stopped', 'starting', 'available', 'InvalidDBClusterStateFault');
      return { $metadata: {} };
    },
    stopDBInstance: async ({ DBInstanceIdentifier }) => {
      called('stop', DBInstanceIdentifier);
      move(instance(DBInstanceIdentifier), 'available', 'stopping', 'stopped', 'InvalidDBInstanceState');
      return { $metadata: {} };
    },
    startDBInstance: async ({ DBInstanceIdentifier }) => {
      called('start', DBInstanceIdentifier);
      move(instance(DBInstanceIdentifier), 'stopped', 'starting', 'available', 'InvalidDBInstanceState');
      return { $metadata: {} };
    },
  } as const satisfies {
    [Call in keyof SleepClient]: (input: Parameters<SleepClient[Call]>[0] & object) => unknown;
  };
  const fake: FakeRds = {
    client: client as unknown as SleepClient,
    calls,
    clusters,
    instances,
    refuse: null,
  };
  return fake;
}

/** A cluster with one instance. */
export function aCluster(
  { clusters, instances }: FakeRds,
  id: string,
  more: Partial<DBCluster> & { readonly instanceClass?: string } = {},
): void {
  const { instanceClass = 'db.serverless', ...rest } = more;
  clusters.set(id, {
    DBClusterIdentifier: id,
    Engine: 'aurora-postgresql',
    EngineVersion: '16.4',
    EngineMode: 'provisioned',
    StorageType: 'aurora',
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 4 },
    ...rest,
    status: 'available',
    next: [],
  });
  instances.set(`${id}-1`, {
    DBInstanceIdentifier: `${id}-1`,
    DBInstanceClass: instanceClass,
    DBClusterIdentifier: id,
    Engine: 'aurora-postgresql',
    status: 'available',
    next: [],
  });
}

export function anInstance({ instances }: FakeRds, id: string, more: Partial<DBInstance> = {}): void {
  instances.set(id, {
    DBInstanceIdentifier: id,
    DBInstanceClass: 'db.t4g.micro',
    Engine: 'postgres',
    ...more,
    status: 'available',
    next: [],
  });
}
