import { describe, expect, it } from 'vitest';
import { priceOf, pricesIn, rateUnits, unitOf } from '../../src/cost/prices/model.ts';
import { bundledPrices } from '../../src/cost/prices/table.ts';
import { renderPrices } from '../../scripts/docs/prices.ts';

const entries = Object.values(bundledPrices.regions).flatMap((prices) =>
  pricesIn(prices).map(([key, price]) => ({ key, price })),
);

describe('the bundled prices', () => {
  it('hold the regions that the examples and most projects are in', () => {
    expect(Object.keys(bundledPrices.regions).toSorted()).toEqual([
      'ap-southeast-1',
      'eu-west-1',
      'us-east-1',
    ]);
  });

  it('have a page of AWS and a date each', () => {
    for (const { price } of entries) {
      expect(price.usd).toBeGreaterThan(0);
      expect(price.source.page).toMatch(
        /^https:\/\/aws\.amazon\.com\/[a-z0-9/-]+\/pricing\/(?:on-demand\/)?$/,
      );
      expect(price.source.asOf).toMatch(/^20\d\d(?:-\d\d){0,2}$/);
      expect(price.source.readIn).not.toBe('');
    }
  });

  it('have keys that some rule can ask for', () => {
    const byClass =
      /^(?:ec2:[a-z0-9-]+\.[a-z0-9]+|rds:(?:mysql|postgres):db\.|aurora:db\.|elasticache:(?:redis|valkey):cache\.|opensearch:.+\.search$)/;
    const strange = entries.filter(({ key }) => !Object.hasOwn(rateUnits, key) && !byClass.test(key));
    expect(strange).toEqual([]);
  });

  it('answers with nothing for what it does not hold', () => {
    expect(priceOf(bundledPrices, 'eu-central-1', 'nat.hour')).toBeUndefined();
    expect(priceOf(bundledPrices, 'constructor', 'nat.hour')).toBeUndefined();
    expect(priceOf(bundledPrices, 'us-east-1', 'ec2:none.of-these')).toBeUndefined();
    expect([unitOf('aurora.acu'), unitOf('ec2:t3.micro')]).toEqual(['ACU-hour', 'hour']);
  });
});

describe('docs/prices.md', () => {
  const text = renderPrices(bundledPrices);

  it('lists every price with unit, page and date', () => {
    expect(text).toContain('## ap-southeast-1, Asia Pacific (Singapore)');
    expect(text).toContain(
      '| `aurora.acu` | $0.20 | ACU-hour | [rds/aurora](https://aws.amazon.com/rds/aurora/pricing/) | 2025 |',
    );
    for (const { key } of entries) expect(text).toContain(`\`${key}\``);
  });

  it('works out the figures of the original description in every region', () => {
    expect(text).toContain('| us-east-1 | 0.5 × 730 × $0.12 = $43.80 | 730 × $0.045 = $32.85 |');
    expect(text).toContain('| ap-southeast-1 | 0.5 × 730 × $0.20 = $73.00 | 730 × $0.059 = $43.07 |');
  });

  it('lists what usage can be assumed', () => {
    expect(text).toContain('| `aws_lambda_function` | `requests`, `gbSeconds` |');
  });
});
