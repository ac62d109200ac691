/** What a thing costs: one flat map of prices per region, each with the place and the date it was read. */

/** What one price is for, and the unit it is counted in. */
export const rateUnits = {
  'aurora.acu': 'ACU-hour',
  'aurora.acu-io-optimized': 'ACU-hour',
  'aurora.storage': 'GB-month',
  'aurora.storage-io-optimized': 'GB-month',
  'aurora.io': 'million I/O requests',
  'rds.gp2': 'GB-month',
  'rds.gp3': 'GB-month',
  'rds.gp3-iops': 'IOPS-month',
  'rds.io1': 'GB-month',
  'rds.io1-iops': 'IOPS-month',
  'rds.io2': 'GB-month',
  'rds.io2-iops': 'IOPS-month',
  'ebs.gp2': 'GB-month',
  'ebs.gp3': 'GB-month',
  'ebs.gp3-iops': 'IOPS-month',
  'ebs.gp3-throughput': 'MiB/s-month',
  'opensearch.gp2': 'GB-month',
  'opensearch.gp3': 'GB-month',
  'nat.hour': 'hour',
  'nat.gb': 'GB',
  'alb.hour': 'hour',
  'alb.lcu': 'LCU-hour',
  'nlb.hour': 'hour',
  'clb.hour': 'hour',
  'endpoint.hour': 'hour',
  'endpoint.gb': 'GB',
  'ipv4.hour': 'hour',
  'kms.key': 'month',
  'secret.month': 'month',
  'alarm.standard': 'month',
  'alarm.high-resolution': 'month',
  'alarm.composite': 'month',
  'dashboard.month': 'month',
  'route53.zone': 'month',
  'waf.acl': 'month',
  'waf.rule': 'month',
  'eks.cluster': 'hour',
  'fargate.vcpu': 'vCPU-hour',
  'fargate.gb': 'GB-hour',
  'fargate.arm-vcpu': 'vCPU-hour',
  'fargate.arm-gb': 'GB-hour',
  'lambda.requests': 'million requests',
  'lambda.gb-second': 'GB-second',
  'lambda.arm-gb-second': 'GB-second',
  'lambda.provisioned-gb-second': 'GB-second',
  'lambda.provisioned-arm-gb-second': 'GB-second',
  'dynamodb.reads': 'million reads',
  'dynamodb.writes': 'million writes',
  'dynamodb.storage': 'GB-month',
  'dynamodb.rcu': 'RCU-hour',
  'dynamodb.wcu': 'WCU-hour',
  'api.http': 'million requests',
  'api.rest': 'million requests',
  'api.websocket': 'million messages',
  'sqs.requests': 'million requests',
  'sns.requests': 'million requests',
  'sfn.transitions': 'thousand transitions',
  'sfn.express': 'million requests',
  's3.storage': 'GB-month',
  'ecr.storage': 'GB-month',
  'efs.storage': 'GB-month',
  'logs.ingest': 'GB',
  'logs.storage': 'GB-month',
  'events.custom': 'million events',
  'scheduler.invocations': 'million invocations',
  'kinesis.shard': 'shard-hour',
} as const;

export type RateKey = keyof typeof rateUnits;

/** Prices by class, always for an hour on demand; the engine is part of the key where the price depends on it. */
export type ClassKey =
  | `ec2:${string}`
  | `rds:${string}:${string}`
  | `aurora:${string}`
  | `elasticache:${string}:${string}`
  | `opensearch:${string}`;

export type PriceKey = RateKey | ClassKey;

export interface PriceSource {
  /** The page on which AWS publishes these prices. */
  readonly page: string;
  /** What the figure was really read in, said so that nobody takes it for more. */
  readonly readIn: string;
  /** Date of that copy: `YYYY-MM-DD`, or less where it does not say more. */
  readonly asOf: string;
}

export interface Price {
  readonly usd: number;
  readonly source: PriceSource;
}

export interface RegionPrices {
  readonly region: string;
  readonly title: string;
  readonly prices: Readonly<Partial<Record<PriceKey, Price>>>;
}

export interface PriceTable {
  /** By region code. A region that is not in it has no prices: those of another region would be wrong, not close. */
  readonly regions: Readonly<Record<string, RegionPrices>>;
}

export function unitOf(key: PriceKey): string {
  return Object.hasOwn(rateUnits, key) ? rateUnits[key as RateKey] : 'hour';
}

/** Prices that were read in one place. */
export function readFrom(
  source: PriceSource,
  prices: Readonly<Partial<Record<PriceKey, number>>>,
): Partial<Record<PriceKey, Price>> {
  return Object.fromEntries(
    Object.entries(prices).flatMap(([key, usd]) => (usd === undefined ? [] : [[key, { usd, source }]])),
  );
}

export function priceOf(table: PriceTable, region: string, key: PriceKey): Price | undefined {
  const prices = Object.hasOwn(table.regions, region) ? table.regions[region]?.prices : undefined;
  return prices && Object.hasOwn(prices, key) ? prices[key] : undefined;
}

/** Every price of a region with its key, in the order of the keys. */
export function pricesIn({ prices }: RegionPrices): [PriceKey, Price][] {
  return Object.entries(prices)
    .flatMap(([key, price]): [PriceKey, Price][] => (price === undefined ? [] : [[key as PriceKey, price]]))
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'));
}
