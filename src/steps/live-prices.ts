/**
 * Prices from the AWS Price List API, for what is really priced and nothing else: which prices that is shows when it
 * is reckoned. What the list does not tell is taken from the bundled table, and said.
 */
import { mapBounded } from '../aws/bounded.ts';
import { createClients } from '../aws/clients.ts';
import { createPriceList, type PriceList, priceListRegion } from '../aws/price-list.ts';
import { costDetails } from '../cost/cost.ts';
import type { CostInput } from '../cost/model.ts';
import { type ListedPrice, priceIn } from '../cost/prices/list/answer.ts';
import { queryFor } from '../cost/prices/list/queries.ts';
import { type Price, type PriceKey, priceOf, type PriceTable } from '../cost/prices/model.ts';
import { bundledPrices } from '../cost/prices/table.ts';
import type { TransferEvent } from '../transfer/host.ts';

/** Where prices come from. Bundled ones need no asking. */
export interface PriceBook {
  /** @returns the price, or why there is none. @throws ProvisionError where nobody could be asked */
  lookUp(region: string, key: PriceKey): Promise<ListedPrice>;
}

/** A price may ask for another one only once it is known: a node's price for that of its storage. */
const mostRounds = 4;

/** The API allows some ten calls a second for an account. */
const atOnce = 4;

interface Asked {
  readonly region: string;
  readonly key: PriceKey;
}

interface LiveOptions {
  readonly signal: AbortSignal;
  readonly notify: (event: TransferEvent) => void;
}

/** @throws ProvisionError `credentials-missing`, `access-denied`, `network-unreachable` and the like */
export async function livePrices(
  input: Omit<CostInput, 'prices' | 'onPrice'>,
  { signal, notify }: LiveOptions,
): Promise<PriceTable> {
  const clients = createClients({ signal, region: priceListRegion(input.region) });
  try {
    return await tableFrom(priceListBook(createPriceList(clients)), input, notify);
  } finally {
    clients.close();
  }
}

export function priceListBook(list: PriceList): PriceBook {
  return {
    async lookUp(region, key) {
      const query = queryFor(key);
      if (query === null) return { problem: 'how the price list names it is not known' };
      let last: ListedPrice = { problem: 'the price list has none' };
      for (const service of query.services) {
        const texts = await list.products({ service, region, filters: query.filters });
        last = priceIn(texts, query);
        if ('usd' in last) return last;
      }
      return last;
    },
  };
}

/** Asks the book for what the reckoning looks for, until it looks for nothing new. */
export async function tableFrom(
  book: PriceBook,
  input: Omit<CostInput, 'prices' | 'onPrice'>,
  notify: (event: TransferEvent) => void,
): Promise<PriceTable> {
  const answers = new Map<string, Asked & { readonly answer: ListedPrice }>();
  let table: PriceTable = bundledPrices;
  for (let round = 0; round < mostRounds; round += 1) {
    const asked = new Map<string, Asked>();
    costDetails({
      ...input,
      prices: table,
      onPrice: (region, key) => void asked.set(`${region} ${key}`, { region, key }),
    });
    const fresh = [...asked].filter(([id]) => !answers.has(id));
    if (fresh.length === 0) break;
    const found = await mapBounded(fresh, atOnce, async ([id, one]) => ({
      id,
      ...one,
      answer: await book.lookUp(one.region, one.key),
    }));
    for (const { id, ...one } of found) answers.set(id, one);
    table = tableOf([...answers.values()]);
  }
  tellFallbacks([...answers.values()], notify);
  return table;
}

function tableOf(answers: readonly (Asked & { readonly answer: ListedPrice })[]): PriceTable {
  const regions = new Map<string, Partial<Record<PriceKey, Price>>>();
  for (const { region, key, answer } of answers) {
    const prices = regions.get(region) ?? {};
    const price = 'usd' in answer ? listed(answer) : priceOf(bundledPrices, region, key);
    if (price !== undefined) prices[key] = price;
    regions.set(region, prices);
  }
  return {
    regions: Object.fromEntries(
      [...regions].map(([region, prices]) => [
        region,
        { region, title: bundledPrices.regions[region]?.title ?? region, prices },
      ]),
    ),
  };
}

const listed = ({ usd, published }: Extract<ListedPrice, { usd: number }>): Price => ({
  usd,
  source: {
    page: 'https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html',
    readIn: 'the AWS Price List API',
    asOf: (published ?? '').slice(0, 10),
  },
});

function tellFallbacks(
  answers: readonly (Asked & { readonly answer: ListedPrice })[],
  notify: (event: TransferEvent) => void,
): void {
  const told = answers.flatMap(({ region, key, answer }) => {
    if ('usd' in answer) return [];
    const bundled = priceOf(bundledPrices, region, key);
    return [
      bundled === undefined
        ? `${key} in ${region}: ${answer.problem}, and the bundled table has none either`
        : `${key} in ${region}: ${answer.problem}; the bundled one of ${bundled.source.asOf} counts`,
    ];
  });
  if (told.length === 0) return;
  notify({
    type: 'note',
    level: 'warning',
    text: `Not every price could be had live. ${told.join('. ')}.`,
    hint: 'docs/prices.md shows the bundled prices with their sources.',
  });
}
