/**
 * Puts the databases of an environment to sleep, and wakes them. Only of environments that this tool made, and only
 * what stands in their record; what is shared with another environment stays awake.
 */
import { type Database, type SleepClient, sleepWay } from '../aws/sleeping-databases.ts';
import type { CostDetails } from '../cost/model.ts';
import { isProtected } from '../environment/names.ts';
import { createSharedMatcher } from '../proof/counterparts.ts';
import { resourceTypes } from '../terraform/types/table.ts';
import { type ExitCode, exitCodes } from '../transfer/error-codes.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { EnvironmentRecord, EnvironmentStatus, RecordedResource } from '../transfer/record.ts';
import type { Store } from '../transfer/store.ts';
import {
  type Candidate,
  kindOf,
  lookAt,
  putToSleep,
  type SleepReport,
  type SleepTools,
  wakeDatabases,
} from './sleep-databases.ts';
import { savingsOf } from './sleep-savings.ts';

export interface SleepConfig {
  readonly protected: readonly string[];
  readonly shared: readonly string[];
}

export interface SleepRequest extends Omit<SleepTools, 'store'> {
  readonly store: Store;
  readonly config: SleepConfig;
  /** Where the prices are from; what the ARNs say if absent. */
  readonly priceRegion?: string | undefined;
}

export interface SleepResult {
  readonly environment: string;
  readonly action: 'sleep' | 'wake';
  readonly databases: readonly SleepReport[];
  /** What sleeping saves in a month; `null` where nothing sleeps, or on waking. */
  readonly saves: CostDetails | null;
  readonly record: EnvironmentRecord;
  readonly exitCode: ExitCode;
}

const busy: ReadonlySet<EnvironmentStatus> = new Set(['planned', 'applying', 'halfway', 'destroying']);

/**
 * @throws ProvisionError `environment-not-found`, `protected-environment`, `not-finished`, `transfer-locked`, or what
 *   keeps us from asking the account at all
 */
export async function sleep(name: string, request: SleepRequest): Promise<SleepResult> {
  refuseToSleep(name, request.config, 'sleep');
  return locked(name, 'sleep', request, async (record, tools) => {
    if (busy.has(record.status)) {
      throw new ProvisionError('not-finished', `${name} is ${record.status}: it is not put to sleep.`, {
        hint:
          record.status === 'destroying'
            ? `provision-env destroy ${name} goes on with that.`
            : `provision-env resume ${name} brings that to its end first.`,
      });
    }
    const { candidates, left } = await candidatesOf(record, request);
    const done = await putToSleep(name, candidates, tools);
    const sleeping = candidates.filter(({ sleeping: { address } }) =>
      done.some((each) => each.address === address && each.outcome.endsWith('asleep')),
    );
    return {
      databases: [...done, ...left],
      saves: sleeping.length === 0 ? null : savingsOf(sleeping, request.priceRegion),
    };
  });
}

/** @throws ProvisionError as `sleep` does */
export async function wake(name: string, request: SleepRequest): Promise<SleepResult> {
  refuseToSleep(name, request.config, 'wake');
  return locked(name, 'wake', request, async (record, tools) => ({
    databases: record.asleep === undefined ? [] : await wakeDatabases(name, record.asleep, tools),
    saves: null,
  }));
}

/** @throws ProvisionError `protected-environment` */
export function refuseToSleep(name: string, config: SleepConfig, action: 'sleep' | 'wake'): void {
  if (!isProtected(name, config)) return;
  const what = action === 'sleep' ? 'put to sleep' : 'touched';
  throw new ProvisionError('protected-environment', `${name} is protected: its databases are not ${what}.`);
}

/** A transfer, a destroy or a gc that is under way has the lock, and the record is read under it. */
async function locked(
  name: string,
  action: 'sleep' | 'wake',
  request: SleepRequest,
  work: (record: EnvironmentRecord, tools: SleepTools) => Promise<Pick<SleepResult, 'databases' | 'saves'>>,
): Promise<SleepResult> {
  const { store } = request;
  const lock = await store.lock(name, action);
  try {
    const record = await readOwn(name, store);
    const signal = AbortSignal.any([request.signal, lock.lost]);
    const { databases, saves } = await work(record, { ...request, store: lock.store, signal });
    lock.lost.throwIfAborted();
    return {
      environment: name,
      action,
      databases,
      saves,
      record: await readOwn(name, store),
      exitCode: databases.some(({ outcome }) => outcome === 'failed') ? exitCodes.halfway : exitCodes.done,
    };
  } finally {
    await lock.release();
  }
}

async function readOwn(name: string, store: SleepRequest['store']): Promise<EnvironmentRecord> {
  const record = await store.readRecord(name);
  if (record !== null) return record;
  throw new ProvisionError('environment-not-found', `There is no record of an environment ${name}.`, {
    hint: 'Only what provision-env made is put to sleep by it. provision-env list shows what that is.',
  });
}

const types = new Set(['aws_rds_cluster', 'aws_db_instance', 'aws_rds_cluster_instance']);

/** What AWS calls it: the id of an instance is one that only Terraform knows it by, its name ends the ARN. */
function nameOf({ id, arn, identity }: RecordedResource): string {
  return arn === null ? (identity ?? id ?? '') : arn.slice(arn.lastIndexOf(':') + 1);
}

async function candidatesOf(
  record: EnvironmentRecord,
  request: SleepRequest,
): Promise<{ readonly candidates: readonly Candidate[]; readonly left: readonly SleepReport[] }> {
  const sharedWith = await sharing(record, request);
  const resources = record.resources.filter(({ type }) => types.has(type));
  const clusters = new Set(resources.filter(({ type }) => type === 'aws_rds_cluster').map(nameOf));
  const proxied = record.resources.some(({ type }) => type === 'aws_db_proxy');
  const candidates: Candidate[] = [];
  const left: SleepReport[] = [];
  for (const resource of resources) {
    const { address, type, arn } = resource;
    const id = nameOf(resource);
    const stays = (outcome: 'left' | 'gone', detail: string): void => {
      left.push({ address, type, id, way: null, outcome, detail });
    };
    const why = sharedWith(resource);
    if (why !== null) {
      stays('left', why);
      continue;
    }
    const client: SleepClient = await request.rds(arn);
    const database = await lookAt({ type, id, address }, client);
    if (database === null) stays('gone', 'the account has it no more');
    else if (type === 'aws_rds_cluster_instance') {
      // Sleeps with its cluster.
      if (database.clusterId === null || !clusters.has(database.clusterId))
        stays('left', `sleeps only with its cluster ${database.clusterId ?? ''}, which is not in the record`);
    } else {
      const candidate = asCandidate(record, resource, id, database, proxied);
      if (typeof candidate === 'string') stays('left', candidate);
      else candidates.push(candidate);
    }
  }
  return { candidates, left };
}

/** @returns why it cannot sleep, where it cannot */
function asCandidate(
  record: EnvironmentRecord,
  { address, type, arn }: RecordedResource,
  id: string,
  database: Database,
  proxied: boolean,
): Candidate | string {
  const before = record.asleep?.databases.find((each) => each.address === address && each.id === id);
  // What sleeps already goes on sleeping in the way that is on record, with the capacity that it had.
  if (before !== undefined) return { sleeping: before, database };
  if (kindOf(type) === 'instance' && database.clusterId !== null)
    return `belongs to the cluster ${database.clusterId}`;
  const found = sleepWay(database, { proxied });
  if (found.way === null) return found.why;
  const capacity = found.way === 'pause' ? database.capacity : null;
  return { sleeping: { address, type, id, arn, way: found.way, before: capacity }, database };
}

/** Why something in the record is not this environment's alone; `null` if it is. */
async function sharing(
  record: EnvironmentRecord,
  { config, store }: SleepRequest,
): Promise<(resource: RecordedResource) => string | null> {
  const match = createSharedMatcher(config.shared, resourceTypes);
  const owners = new Map<string, string>();
  for (const other of await store.listRecords()) {
    if (other.name === record.name) continue;
    for (const each of other.resources) owners.set(`${each.type} ${nameOf(each)}`, other.name);
  }
  const overruled = new Set(
    record.accepted.filter(({ rule }) => rule === 'identity-free').map(({ subject }) => subject),
  );
  return (resource) => {
    const { address, type, id, arn } = resource;
    const name = nameOf(resource);
    const entry = match({
      address,
      type,
      values: { id, arn, identifier: name, cluster_identifier: name },
    });
    if (entry !== undefined) return `declared shared in the configuration: ${entry}`;
    const owner = owners.get(`${type} ${name}`);
    if (owner !== undefined) return `${owner} has the same one`;
    return overruled.has(address) ? "may be another environment's too: identity-free was overruled" : null;
  };
}
