import { apSoutheast1 } from './ap-southeast-1.ts';
import { euWest1 } from './eu-west-1.ts';
import type { PriceTable, RegionPrices } from './model.ts';
import { usEast1 } from './us-east-1.ts';

const regions: readonly RegionPrices[] = [apSoutheast1, euWest1, usEast1];

/** The prices that come with the tool. Only what could be read somewhere with a date; the rest is unknown. */
export const bundledPrices: PriceTable = {
  regions: Object.fromEntries(regions.map((prices) => [prices.region, prices])),
};
