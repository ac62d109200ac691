/**
 * The AWS Price List API. It lies in three regions and knows the prices of all.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
 */
import { ProvisionError } from '../transfer/errors.ts';
import type { AwsClients } from './clients.ts';
import { awsError } from './errors.ts';

export interface PriceListRequest {
  readonly service: string;
  readonly region: string;
  /** Attributes that must be equal. */
  readonly filters: Readonly<Record<string, string>>;
}

export interface PriceList {
  /** Every product that fits, as the JSON texts that the API gives. Pages to the end. */
  products(request: PriceListRequest): Promise<readonly string[]>;
}

/** More pages than any question of ours has; a list without an end would keep a command waiting. */
const mostPages = 20;

/** The nearest of the regions that have the API. */
export function priceListRegion(region: string | null): string {
  if (region?.startsWith('ap-') || region?.startsWith('me-')) return 'ap-south-1';
  return region?.startsWith('eu-') ? 'eu-central-1' : 'us-east-1';
}

/** What answers there need not be the price list: a proxy, or an endpoint of one's own that does not have it. */
function withoutAnswer(error: ProvisionError): ProvisionError {
  if (error.code !== 'unexpected') return error;
  return new ProvisionError('prices-unavailable', error.message, {
    cause: error,
    hint: 'Look at what AWS_ENDPOINT_URL and the proxy settings name, or use --prices bundled.',
  });
}

/** @param clients of a region that has the API: `priceListRegion` */
export function createPriceList(clients: AwsClients): PriceList {
  return {
    async products({ service, region, filters }) {
      const client = await clients.get('pricing');
      const found: string[] = [];
      let next: string | undefined;
      try {
        for (let page = 0; page < mostPages; page += 1) {
          const answer = await client.getProducts({
            ServiceCode: service,
            FormatVersion: 'aws_v1',
            MaxResults: 100,
            Filters: Object.entries({ ...filters, regionCode: region }).map(([Field, Value]) => ({
              Type: 'TERM_MATCH',
              Field,
              Value,
            })),
            ...(next === undefined ? {} : { NextToken: next }),
          });
          // The SDK hands each product out as a string object of its own kind.
          found.push(...(answer.PriceList ?? []).map(String));
          next = answer.NextToken;
          if (next === undefined || next === '') return found;
        }
      } catch (error) {
        throw withoutAnswer(awsError(error, `Asking for the prices of ${service}`));
      }
      throw new ProvisionError(
        'output-unreadable',
        `The price list of ${service} in ${region} does not end after ${mostPages} pages.`,
        { hint: 'Use the bundled prices: --prices bundled.' },
      );
    },
  };
}
