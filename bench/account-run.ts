/** One run of the bench `account`, in a process of its own; prints an `AccountRun`. */
import { paginateDescribeLogGroups, CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { clientsByRegion, searchEnvironment } from '../src/steps/sweep-account.ts';
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

/** @param since when the environment was made: tags of older roles need not be asked for */
async function sweep(since: string | null): Promise<Counts> {
  const byRegion = clientsByRegion(new AbortController().signal);
  try {
    const { looked, things, unreadable } = await searchEnvironment({
      scope: { environment: 'feature-auth', resources: [], others: [] },
      record: since === null ? null : ({ created: since } as EnvironmentRecord),
      regions: ['eu-west-1'],
      clientsFor: byRegion.clientsFor,
      clock: { now: () => new Date(), sleep: () => Promise.resolve() },
      host: {
        notify: () => undefined,
        ask: (): Promise<never> => Promise.reject(new Error('nobody is asked')),
      },
    });
    const seen = looked.reduce((sum, each) => sum + each.seen, 0);
    return { seen, found: things.length, unreadable: unreadable.length };
  } finally {
    byRegion.close();
  }
}

const start = performance.now();
const what = process.argv[2];
const counts = what === 'bare' ? await bare() : await sweep(what === 'sweep' ? '2026-06-01T00:00:00Z' : null);
const result: AccountRun = {
  ...counts,
  ms: performance.now() - start,
  peakMb: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(result));
