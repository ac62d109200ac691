/**
 * A stand-in for the AWS Price List API: answers `GetProducts` over HTTP as the service does, with products of the
 * shape that its documentation shows, and pages of two products each.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListedAttributes {
  readonly service: string;
  readonly family?: string;
  readonly region: string;
  readonly usage: string;
  readonly more?: Readonly<Record<string, string>>;
}

interface Dimension {
  readonly unit: string;
  readonly usd: string;
  readonly from?: string;
}

const region3: Readonly<Record<string, string>> = {
  'us-east-1': '',
  'ap-southeast-1': 'APS1-',
  'eu-west-1': 'EU-',
};

/** One product as `GetProducts` gives it: a JSON text. */
export function listed(
  { service, family, region, usage, more = {} }: ListedAttributes,
  dimensions: readonly Dimension[],
): string {
  const sku = Buffer.from(`${region}${usage}${JSON.stringify(more)}`)
    .toString('hex')
    .slice(-16)
    .toUpperCase();
  const term = `${sku}.JRTCKXETXF`;
  return JSON.stringify({
    product: {
      ...(family === undefined ? {} : { productFamily: family }),
      attributes: {
        regionCode: region,
        servicecode: service,
        locationType: 'AWS Region',
        usagetype: `${region3[region] ?? ''}${usage}`,
        operation: '',
        ...more,
      },
      sku,
    },
    serviceCode: service,
    terms: {
      OnDemand: {
        [term]: {
          priceDimensions: Object.fromEntries(
            dimensions.map(({ unit, usd, from = '0' }, position) => [
              `${term}.6YS6EN2CT${position}`,
              {
                unit,
                endRange: 'Inf',
                description: `$${usd} per ${unit}`,
                appliesTo: [],
                rateCode: `${term}.6YS6EN2CT${position}`,
                beginRange: from,
                pricePerUnit: { USD: usd },
              },
            ]),
          ),
          sku,
          effectiveDate: '2026-11-01T00:00:00Z',
          offerTermCode: 'JRTCKXETXF',
          termAttributes: {},
        },
      },
    },
    version: '20261118173204',
    publicationDate: '2026-11-18T17:32:04Z',
  });
}

interface Filter {
  readonly Type: string;
  readonly Field: string;
  readonly Value: string;
}

export interface Asked {
  readonly service: string;
  readonly filters: Readonly<Record<string, string>>;
}

export interface PriceListServer {
  readonly endpoint: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

const perPage = 2;

export async function startPriceList(
  products: readonly string[],
  refuse?: { readonly status: number; readonly code: string },
): Promise<PriceListServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = (status: number, body: object): void => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(body));
      };
      if (request.headers['x-amz-target'] !== 'AWSPriceListService.GetProducts')
        return answer(400, { __type: 'InvalidParameterException' });
      if (refuse) return answer(refuse.status, { __type: refuse.code, message: 'refused' });
      const { ServiceCode, Filters, NextToken } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        ServiceCode: string;
        Filters: readonly Filter[];
        NextToken?: string;
      };
      const filters = Object.fromEntries(Filters.map(({ Field, Value }) => [Field, Value]));
      if (NextToken === undefined) asked.push({ service: ServiceCode, filters });
      const fitting = products.filter((text) => {
        const { product, serviceCode } = JSON.parse(text) as {
          serviceCode: string;
          product: { productFamily?: string; attributes: Record<string, string> };
        };
        const attributes = { ...product.attributes, productFamily: product.productFamily };
        return (
          serviceCode === ServiceCode &&
          Object.entries(filters).every(([field, value]) => attributes[field as 'productFamily'] === value)
        );
      });
      const from = Number(NextToken ?? 0);
      const rest = fitting.length > from + perPage;
      answer(200, {
        FormatVersion: 'aws_v1',
        PriceList: fitting.slice(from, from + perPage),
        ...(rest ? { NextToken: String(from + perPage) } : {}),
      });
      return undefined;
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** What the tests' environments need, at prices that are easy to calculate with. */
export const sampleProducts: readonly string[] = ['ap-southeast-1', 'us-east-1'].flatMap((region) => [
  listed(
    {
      service: 'AmazonRDS',
      family: 'ServerlessV2',
      region,
      usage: 'Aurora:ServerlessV2Usage',
      more: { databaseEngine: 'Aurora MySQL' },
    },
    [{ unit: 'ACU-Hr', usd: '0.3000000000' }],
  ),
  listed(
    {
      service: 'AmazonRDS',
      family: 'ServerlessV2',
      region,
      usage: 'Aurora:ServerlessV2Usage',
      more: { databaseEngine: 'Aurora PostgreSQL' },
    },
    [{ unit: 'ACU-Hr', usd: '0.3000000000' }],
  ),
  listed(
    {
      service: 'AmazonRDS',
      family: 'ServerlessV2',
      region,
      usage: 'Aurora:ServerlessV2IOOptimizedUsage',
      more: { databaseEngine: 'Aurora MySQL' },
    },
    [{ unit: 'ACU-Hr', usd: '0.3900000000' }],
  ),
  listed({ service: 'AWSSecretsManager', family: 'Secret', region, usage: 'AWSSecretsManager-Secrets' }, [
    { unit: 'Secrets', usd: '0.5000000000' },
  ]),
  // An older offer has the gateway no more: the second one is asked.
  listed({ service: 'AmazonVPC', family: 'NAT Gateway', region, usage: 'NatGateway-Hours' }, [
    { unit: 'Hrs', usd: '0.0600000000' },
  ]),
  listed({ service: 'AmazonVPC', family: 'NAT Gateway', region, usage: 'RegionalNatGateway-Hours' }, [
    { unit: 'Hrs', usd: '0.1200000000' },
  ]),
  // A free tier first: it belongs to the account, not to an environment.
  listed({ service: 'AmazonDynamoDB', family: 'Database Storage', region, usage: 'TimedStorage-ByteHrs' }, [
    { unit: 'GB-Mo', usd: '0.0000000000' },
    { unit: 'GB-Mo', usd: '0.2850000000', from: '25' },
  ]),
  listed(
    {
      service: 'AWSLambda',
      family: 'Serverless',
      region,
      usage: 'Request',
      more: { group: 'AWS-Lambda-Requests' },
    },
    [{ unit: 'Requests', usd: '0.0000002000' }],
  ),
  listed({ service: 'AWSELB', family: 'Load Balancer-Application', region, usage: 'LoadBalancerUsage' }, [
    { unit: 'Hrs', usd: '0.0252000000' },
  ]),
  listed({ service: 'AWSELB', family: 'Load Balancer-Application', region, usage: 'TS-LoadBalancerUsage' }, [
    { unit: 'Hrs', usd: '0.0055000000' },
  ]),
]);
