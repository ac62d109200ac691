/** `docs/prices.md`, from the price table and the rules. */
import { dollars, hoursPerMonth, rate } from '../../src/cost/money.ts';
import {
  type PriceKey,
  priceOf,
  pricesIn,
  type PriceTable,
  type RegionPrices,
  unitOf,
} from '../../src/cost/prices/model.ts';
import { usageMeters } from '../../src/cost/rules/index.ts';

const pageName = (page: string): string =>
  page.replace(/^https:\/\/aws\.amazon\.com\//, '').replace(/\/pricing\/.*$/, '');

function section(prices: RegionPrices): string[] {
  const rows = pricesIn(prices).map(([key, { usd, source }]) => {
    const unit = unitOf(key);
    return `| \`${key}\` | ${rate(usd)} | ${unit} | [${pageName(source.page)}](${source.page}) | ${source.asOf} | ${source.readIn} |`;
  });
  return [
    `## ${prices.region}, ${prices.title}`,
    '',
    '| Price | USD | Per | Published on | As of | Read in |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ];
}

/** Half an ACU of Aurora and a NAT gateway, the two figures that the original description names. */
function worked(table: PriceTable): string[] {
  const cell = (region: string, key: PriceKey, factor: number, shown: string): string => {
    const price = priceOf(table, region, key)?.usd;
    if (price === undefined) return 'not in the table';
    return `${shown} × ${rate(price)} = ${dollars(factor * price)}`;
  };
  return Object.keys(table.regions)
    .toSorted()
    .map((region) => {
      const aurora = cell(region, 'aurora.acu', 0.5 * hoursPerMonth, `0.5 × ${hoursPerMonth}`);
      const nat = cell(region, 'nat.hour', hoursPerMonth, String(hoursPerMonth));
      return `| ${region} | ${aurora} | ${nat} |`;
    });
}

export function renderPrices(table: PriceTable): string {
  const regions = Object.values(table.regions).toSorted((a, b) => a.region.localeCompare(b.region, 'en'));
  const meters = Object.entries(usageMeters()).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  return [
    '# Prices',
    '',
    '<!-- Written by `npm run docs` from src/cost. Do not edit. -->',
    '',
    `What \`cost\` calculates with: on demand, in US dollars, without tax, free tiers, credits and discounts; a month has`,
    `${hoursPerMonth} hours. Instances run Linux. A price that is not listed is not guessed: the resource is then *unknown*, and so is`,
    'everything with a price in a region that has no section here.',
    '',
    '"Published on" is the page on which AWS publishes a price. The figures were not fetched from there but read in copies',
    'of price lists, in bills and in the sources of other tools, as said in the last column, and they are as old as the date says.',
    '',
    'With `--prices live` (or `costs.prices` in the configuration) the AWS Price List API is asked instead, for what is priced and nothing',
    'else; where it has no answer that can only mean one thing, the price below counts, and a warning says so. It takes the permission',
    '`pricing:GetProducts`.',
    '',
    'With `--prices infracost` the [Infracost](https://www.infracost.io) CLI is run where it is installed. It is given the resources without',
    'anything sensitive in them; what it has a price for counts, all else is priced by the table below.',
    '',
    '## Aurora and NAT',
    '',
    'The least an environment with Aurora Serverless v2 at a minimum of 0.5 ACU costs, for each instance of the cluster, and',
    'what a NAT gateway of its own would cost. The description of this tool says about $43 and about $32: those are the prices of',
    'us-east-1. An environment that uses the NAT gateway of its source adds $0.',
    '',
    '| Region | Aurora, 0.5 ACU | NAT gateway |',
    '| --- | --- | --- |',
    ...worked(table),
    '',
    '## Usage',
    '',
    'What is paid by use is taken as 0, the state of an environment that nobody uses. These meters can be given another',
    'quantity, for one resource in a month:',
    '',
    '| Type | Meters |',
    '| --- | --- |',
    ...meters.map(([type, ids]) => `| \`${type}\` | ${ids.map((id) => `\`${id}\``).join(', ')} |`),
    '',
    ...regions.flatMap(section),
  ].join('\n');
}
