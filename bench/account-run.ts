/** One run of the bench `account`, in a process of its own; prints an `AccountRun`. */
import { paginateDescribeLogGroups, CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { createClients } from '../src/aws/clients.ts';
import { liveState } from '../src/direct/live-state.ts';
import { createRename } from '../src/environment/rename.ts';
import { mayBeSecret } from '../src/secrets/may-be-secret.ts';
import { searchLive } from '../src/steps/direct-live.ts';
import { takeInventory } from '../src/steps/live-inventory.ts';
import { clientsByRegion, searchEnvironment } from '../src/steps/sweep-account.ts';
import { emptyState } from '../src/terraform/empty-state.ts';
import { resourceTypes } from '../src/terraform/types/table.ts';
import type { EnvironmentRecord } from '../src/transfer/record.ts';

export interface AccountRun {
  readonly ms: number;
  readonly peakMb: number;
  readonly seen: number;
  readonly found: number;
  readonly unreadable: number;
}

type Counts = Pick<AccountRun, 'seen' | 'found' | 'unreadable'>;

/** What anybody would write: page after page, listing after listing, and look at the names. */
async function bare(): Promise<Counts> {
  const settings = { maxAttempts: 10 };
  let seen = 0;
  let found = 0;
  const look = (names: readonly (string | undefined)[]): void => {
    seen += names.length;
    found += names.filter((name) => name?.includes('feature-auth')).length;
  };
  for await (const { Functions = [] } of paginateListFunctions({ client: new LambdaClient(settings) }, {}))
    look(Functions.map(({ FunctionName }) => FunctionName));
  for await (const { TableNames = [] } of paginateListTables({ client: new DynamoDBClient(settings) }, {}))
    look(TableNames);
  for await (const { logGroups = [] } of paginateDescribeLogGroups(
    { client: new CloudWatchLogsClient(settings) },
    {},
  ))
    look(logGroups.map(({ logGroupName }) => logGroupName));
  for await (const { Roles = [] } of paginateListRoles(
    { client: new IAMClient(settings), pageSize: 1000 },
    {},
  ))
    look(Roles.map(({ RoleName }) => RoleName));
  return { seen, found, unreadable: 0 };
}

const host = {
  notify: (): void => undefined,
  ask: (): Promise<never> => Promise.reject(new Error('nobody is asked')),
};

const clock = { now: (): Date => new Date(), sleep: (): Promise<void> => Promise.resolve() };

/** The `--live` inventory of an environment whose state is empty: all that bears its name is beside it. */
async function inventory(): Promise<Counts> {
  const byRegion = clientsByRegion(new AbortController().signal);
  try {
    const { seen, unmanaged, unreadable } = await takeInventory({
      environment: 'feature-auth',
      state: emptyState,
      types: resourceTypes,
      others: [],
      regions: ['eu-west-1'],
      clientsFor: byRegion.clientsFor,
      clock,
      host,
    });
    return { seen, found: unmanaged.length, unreadable: unreadable.length };
  } finally {
    byRegion.close();
  }
}

/** What the direct engine does first: everything of the source, each described with its parts. */
async function directSource(): Promise<Counts> {
  const rename = createRename('feature-auth', 'feature-copy');
  const clients = createClients({ signal: new AbortController().signal });
  try {
    const { resources, unreadable } = await searchLive({
      environment: 'feature-auth',
      names: (text) => rename.namesSource(text),
      known: [],
      clients,
      clock,
      host,
    });
    const state = liveState(resources, { lineage: 'bench', types: resourceTypes, rename, mayBeSecret });
    return { seen: state.resources.length, found: resources.length, unreadable: unreadable.length };
  } finally {
    clients.close();
  }
}

/** @param since when the environment was made: tags of older roles need not be asked for */
async function sweep(since: string | null): Promise<Counts> {
  const byRegion = clientsByRegion(new AbortController().signal);
  try {
    const { looked, things, unreadable } = await searchEnvironment({
      scope: { environment: 'feature-auth', resources: [], others: [] },
      record: since === null ? null : ({ created: since } as EnvironmentRecord),
      regions: ['eu-west-1'],
      clientsFor: byRegion.clientsFor,
      clock,
      host,
    });
    const seen = looked.reduce((sum, each) => sum + each.seen, 0);
    return { seen, found: things.length, unreadable: unreadable.length };
  } finally {
    byRegion.close();
  }
}

const runs: Readonly<Record<string, () => Promise<Counts>>> = {
  bare,
  sweep: () => sweep('2026-06-01T00:00:00Z'),
  'sweep-tags': () => sweep(null),
  inventory,
  direct: directSource,
};

const start = performance.now();
const run = runs[process.argv[2] ?? ''];
if (run === undefined) throw new Error(`There is no run ${process.argv[2]}.`);
const counts = await run();
const result: AccountRun = {
  ...counts,
  ms: performance.now() - start,
  peakMb: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(result));
