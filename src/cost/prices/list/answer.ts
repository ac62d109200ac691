/**
 * Reads answers of `GetProducts`: each product is a JSON text with its attributes and terms. Its shape:
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
 */
import { z } from 'zod';
import type { PriceQuery } from './queries.ts';

const dimension = z.looseObject({
  unit: z.string(),
  beginRange: z.string().optional(),
  pricePerUnit: z.record(z.string(), z.string()),
});

const product = z.looseObject({
  product: z.looseObject({
    productFamily: z.string().optional(),
    attributes: z.record(z.string(), z.string()),
    sku: z.string(),
  }),
  terms: z.looseObject({
    OnDemand: z
      .record(z.string(), z.looseObject({ priceDimensions: z.record(z.string(), dimension) }))
      .optional(),
  }),
  publicationDate: z.string().optional(),
});

export type ListedProduct = z.infer<typeof product>;

export type ListedPrice =
  { readonly usd: number; readonly published: string | null } | { readonly problem: string };

/** `undefined` for what has another shape: it is no answer then, and not a price of zero. */
export function parseProduct(text: string): ListedProduct | undefined {
  try {
    const parsed = product.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** `APS1-`, `EU-`, for KMS `ap-southeast-1-`; in us-east-1 often nothing. Never `Global-`, `TS-` or `Regional…`. */
const regionPrefix = String.raw`(?:EU-|[A-Z]{3}\d+-|[a-z]{2}(?:-[a-z]+)+-\d-)?`;

/**
 * The first price that is asked for something: free tiers belong to an account and not to one environment.
 * @returns dollars for one unit; `undefined` where nothing fits
 */
function onDemand({ terms }: ListedProduct, units: readonly string[]): number | undefined {
  const wanted = new Set(units.map((unit) => unit.toLowerCase()));
  const dimensions = Object.values(terms.OnDemand ?? {}).flatMap(({ priceDimensions }) =>
    Object.values(priceDimensions),
  );
  const asked = dimensions
    .filter(({ unit }) => wanted.has(unit.toLowerCase()))
    .map(({ beginRange = '0', pricePerUnit }) => ({
      from: Number(beginRange),
      usd: Number(pricePerUnit['USD'] ?? Number.NaN),
    }))
    .filter(({ usd }) => Number.isFinite(usd) && usd > 0)
    .toSorted((one, other) => one.from - other.from);
  return asked[0]?.usd;
}

/** The one price that the products of an answer agree on. */
export function priceIn(texts: readonly string[], query: PriceQuery): ListedPrice {
  const usage = new RegExp(`^${regionPrefix}(?:${query.usage})$`);
  const products = texts.flatMap((text) => parseProduct(text) ?? []);
  if (texts.length > 0 && products.length === 0)
    return { problem: 'the answer has a shape that is not known' };
  const matching = products.filter(({ product: { attributes } }) =>
    usage.test(attributes['usagetype'] ?? ''),
  );
  const priced = matching.flatMap((one) => {
    const usd = onDemand(one, query.units);
    return usd === undefined ? [] : [{ usd, published: one.publicationDate ?? null }];
  });
  const prices = new Set(priced.map(({ usd }) => usd));
  const [first] = priced;
  if (first === undefined) return { problem: 'the price list has none' };
  if (prices.size > 1) return { problem: `the price list has ${prices.size} that may be meant` };
  return { usd: Number((first.usd * (query.times ?? 1)).toPrecision(12)), published: first.published };
}
