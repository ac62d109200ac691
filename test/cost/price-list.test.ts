import { afterEach, describe, expect, it, vi } from 'vitest';
import { priceIn } from '../../src/cost/prices/list/answer.ts';
import { type PriceQuery, queryFor } from '../../src/cost/prices/list/queries.ts';
import { pricesIn, rateUnits } from '../../src/cost/prices/model.ts';
import { bundledPrices } from '../../src/cost/prices/table.ts';
import { livePrices, type PriceBook, tableFrom } from '../../src/steps/live-prices.ts';
import { costDetails } from '../../src/cost/cost.ts';
import type { TransferEvent } from '../../src/transfer/host.ts';
import { resource } from './build.ts';
import { listed, type PriceListServer, sampleProducts, startPriceList } from './price-list.ts';

const query = (key: Parameters<typeof queryFor>[0]): PriceQuery => {
  const found = queryFor(key);
  if (!found) throw new Error(`No question for ${key}.`);
  return found;
};

const hour = (usage: string, usd: string, unit = 'Hrs') =>
  listed({ service: 'AmazonEC2', family: 'NAT Gateway', region: 'ap-southeast-1', usage }, [{ unit, usd }]);

describe('a question to the price list', () => {
  it('is there for every key that it has, and for nothing strange', () => {
    const keys = Object.values(bundledPrices.regions).flatMap((prices) =>
      pricesIn(prices).map(([key]) => key),
    );
    const [asked, unasked] = [new Map<string, PriceQuery>(), [] as string[]];
    for (const key of new Set(keys)) {
      const found = queryFor(key);
      if (found === null) unasked.push(key);
      else asked.set(key, found);
    }
    for (const { services, units, usage } of asked.values()) {
      expect([services.length > 0, units.length > 0]).toEqual([true, true]);
      expect(() => new RegExp(usage)).not.toThrow();
    }
    // Only the table has these: their products are counted in ways of their own.
    expect(Object.keys(rateUnits)).toEqual(expect.arrayContaining(unasked));
    expect(queryFor('rds:oracle:db.t3.small')).toBeNull();
    expect(queryFor('constructor' as never)).toBeNull();
  });

  it('quotes what stands for itself in an instance type', () => {
    expect(query('ec2:t3.micro').usage).toBe(String.raw`BoxUsage:t3\.micro`);
  });
});

describe('an answer of the price list', () => {
  it('is the price of the usage type in its region, and of no other product', () => {
    const texts = [hour('NatGateway-Hours', '0.059'), hour('RegionalNatGateway-Hours', '0.118')];
    expect(priceIn(texts, query('nat.hour'))).toEqual({ usd: 0.059, published: '2026-11-18T17:32:04Z' });
  });

  it('is for our unit: a million requests', () => {
    const text = listed(
      { service: 'AWSLambda', region: 'us-east-1', usage: 'Request', more: { group: 'AWS-Lambda-Requests' } },
      [{ unit: 'Requests', usd: '0.0000002000' }],
    );
    expect(priceIn([text], query('lambda.requests'))).toMatchObject({ usd: 0.2 });
  });

  it('is for our unit where the list counts in a larger one', () => {
    const text = listed({ service: 'AmazonEC2', region: 'us-east-1', usage: 'EBS:VolumeP-Throughput.gp3' }, [
      { unit: 'GiBps-mo', usd: '40.9600000000' },
    ]);
    expect(priceIn([text], query('ebs.gp3-throughput'))).toMatchObject({ usd: 0.04 });
  });

  it('tells provisioned concurrency from what runs on it', () => {
    const lambda = (usage: string, usd: string) =>
      listed({ service: 'AWSLambda', region: 'ap-southeast-1', usage }, [{ unit: 'Lambda-GB-Second', usd }]);
    const texts = [
      lambda('Lambda-Provisioned-GB-Second', '0.0000097222'),
      lambda('Lambda-Provisioned-Concurrency', '0.0000041667'),
      lambda('Lambda-Provisioned-Concurrency-ARM', '0.0000033334'),
    ];
    expect(priceIn(texts, query('lambda.provisioned-gb-second'))).toMatchObject({ usd: 0.0000041667 });
    expect(priceIn(texts, query('lambda.provisioned-arm-gb-second'))).toMatchObject({ usd: 0.0000033334 });
  });

  it('is the first price that is asked for something, after the free tier', () => {
    const text = listed({ service: 'AmazonDynamoDB', region: 'eu-west-1', usage: 'TimedStorage-ByteHrs' }, [
      { unit: 'GB-Mo', usd: '0.2830000000', from: '25' },
      { unit: 'GB-Mo', usd: '0.0000000000' },
    ]);
    expect(priceIn([text], query('dynamodb.storage'))).toMatchObject({ usd: 0.283 });
  });

  it('knows the names of regions that services put first', () => {
    const kms = (usage: string) => [
      JSON.stringify({
        product: { attributes: { usagetype: usage }, sku: 'X' },
        terms: { OnDemand: { t: { priceDimensions: { d: { unit: 'Keys', pricePerUnit: { USD: '1' } } } } } },
      }),
    ];
    expect(priceIn(kms('ap-southeast-1-KMS-Keys'), query('kms.key'))).toMatchObject({ usd: 1 });
    expect(priceIn(kms('KMS-Keys'), query('kms.key'))).toMatchObject({ usd: 1 });
    expect(priceIn(kms('Other-KMS-Keys'), query('kms.key'))).toEqual({ problem: 'the price list has none' });
  });

  it.each([
    ['nothing', [], 'the price list has none'],
    ['another unit', [hour('NatGateway-Hours', '0.059', 'GB')], 'the price list has none'],
    ['a price of nothing', [hour('NatGateway-Hours', '0')], 'the price list has none'],
    ['no number', [hour('NatGateway-Hours', 'ask us')], 'the price list has none'],
    [
      'two prices',
      [hour('NatGateway-Hours', '0.05'), hour('NatGateway-Hours', '0.06')],
      'the price list has 2 that may be meant',
    ],
    ['another shape', ['{"product":[]}', 'nonsense'], 'the answer has a shape that is not known'],
  ])('with %s in it is no price, and never zero', (_what, texts, problem) => {
    expect(priceIn(texts, query('nat.hour'))).toEqual({ problem });
  });
});

const cluster = resource('aws_rds_cluster', {
  cluster_identifier: 'c',
  engine: 'aurora-mysql',
  serverlessv2_scaling_configuration: [{ min_capacity: 0.5 }],
});
const instance = resource('aws_rds_cluster_instance', {
  cluster_identifier: 'c',
  instance_class: 'db.serverless',
});
const target = [instance, cluster, resource('aws_nat_gateway'), resource('aws_secretsmanager_secret')];

describe('a price book', () => {
  it.each<[string, PriceBook]>([
    ['that is the bundled table', { lookUp: async () => ({ problem: 'not asked' }) }],
    ['that has all', { lookUp: async () => ({ usd: 2, published: null }) }],
  ])('%s is asked once for each price that is looked for', async (_what, book) => {
    const lookUp = vi.fn<PriceBook['lookUp']>((region, key) => book.lookUp(region, key));
    const table = await tableFrom({ lookUp }, { target, region: 'ap-southeast-1' }, () => undefined);
    const asked = lookUp.mock.calls.map(([region, key]) => `${region} ${key}`);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toContain('ap-southeast-1 nat.hour');
    expect(asked).not.toContain('ap-southeast-1 alb.hour');
    expect(costDetails({ target, region: 'ap-southeast-1', prices: table }).cost.unknown).toEqual([]);
  });

  it('asks on for what only shows once the first prices are known', async () => {
    const lookUp = vi.fn<PriceBook['lookUp']>(async () => ({ usd: 1, published: null }));
    // A region that the bundled table does not have.
    const table = await tableFrom({ lookUp }, { target, region: 'eu-central-1' }, () => undefined);
    const { cost } = costDetails({ target, region: 'eu-central-1', prices: table });
    // 0.5 × 730 + 730 + 1
    expect(cost).toMatchObject({ monthlyTotal: 1096, unknown: [] });
  });
});

let server: PriceListServer | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
});

async function started(...options: Parameters<typeof startPriceList>): Promise<PriceListServer> {
  server = await startPriceList(...options);
  vi.stubEnv('AWS_ENDPOINT_URL', server.endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'sandbox');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'sandbox');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  return server;
}

describe('live prices', () => {
  const events: TransferEvent[] = [];
  const options = () => ({
    signal: new AbortController().signal,
    notify: (event: TransferEvent) => void events.push(event),
  });

  it('come over HTTP, page after page, and the bundled ones stand in where one is missing', async () => {
    events.length = 0;
    const { asked } = await started(sampleProducts);
    const input = { target, region: 'ap-southeast-1' };
    const table = await livePrices(input, options());
    const { cost } = costDetails({ ...input, prices: table });
    // 0.5 × 730 × 0.30 = 109.50; 730 × 0.06 = 43.80; 0.50
    expect(cost).toMatchObject({ monthlyTotal: 153.8, unknown: [] });
    expect(cost.resources.find(({ type }) => type === 'aws_rds_cluster_instance')?.basis).toBe(
      '0.5 ACU × 730 h × $0.30 = $109.50',
    );
    expect(asked.every(({ filters }) => filters['regionCode'] === 'ap-southeast-1')).toBe(true);
    // The storage of the cluster is not in the list, and is only a rate that is taken as idle.
    expect(events).toEqual([
      expect.objectContaining({
        type: 'note',
        level: 'warning',
        text: expect.stringContaining(
          'aurora.storage in ap-southeast-1: the price list has none; the bundled one of 2025 counts',
        ) as string,
      }),
    ]);
  });

  it('are not to be had of what is no price list', async () => {
    await started([], { status: 404, code: 'UnknownOperationException' });
    await expect(livePrices({ target, region: 'eu-west-1' }, options())).rejects.toMatchObject({
      code: 'prices-unavailable',
      hint: expect.stringContaining('--prices bundled') as string,
    });
  });

  it('are refused with the permission that lacks', async () => {
    await started([], { status: 400, code: 'AccessDeniedException' });
    await expect(livePrices({ target, region: 'eu-west-1' }, options())).rejects.toMatchObject({
      code: 'access-denied',
    });
  });
});
