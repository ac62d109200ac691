import { describe, expect, it } from 'vitest';
import { capFindings } from '../../src/cost/cap.ts';
import { costOf } from '../../src/cost/cost.ts';
import { bundledPrices } from '../../src/cost/prices/table.ts';
import { unknownUsage } from '../../src/cost/usage.ts';
import { resource } from './build.ts';

const priced = (...types: readonly string[]) =>
  costOf({
    target: types.map((type) => resource(type)),
    region: 'us-east-1',
    prices: bundledPrices,
  });

describe('a maximum', () => {
  it('says nothing of what fits', () => {
    // 730 h × $0.045 = $32.85
    expect(capFindings('feature-auth', priced('aws_nat_gateway'), { max: 32.85, from: 'costs.max' })).toEqual(
      [],
    );
  });

  it('names the figures and the dearest where more would be added', () => {
    const [finding, ...others] = capFindings('feature-auth', priced('aws_nat_gateway', 'aws_kms_key'), {
      max: 30,
      from: '--max-monthly',
    });
    expect(others).toEqual([]);
    // 32.85 + 1.00 = 33.85; 33.85 − 30.00 = 3.85
    expect(finding).toMatchObject({
      rule: 'cost-max',
      severity: 'error',
      subject: 'feature-auth',
      message:
        'feature-auth adds $33.85 a month; at most $30.00 may be added (--max-monthly): $3.85 too much.',
    });
    expect(finding?.hint).toContain('The dearest: aws_nat_gateway.this ($32.85), aws_kms_key.this ($1.00).');
  });

  it('warns that the figure is a lower bound while a price is unknown, and blocks nothing for that', () => {
    const findings = capFindings('feature-auth', priced('aws_msk_cluster', 'aws_kms_key'), {
      max: 30,
      from: 'costs.max',
    });
    expect(findings).toEqual([
      expect.objectContaining({
        severity: 'warning',
        message:
          'The price of aws_msk_cluster.this is not known: $1.00 is a lower bound, and whether $30.00 (costs.max) is enough cannot be said.',
      }),
    ]);
  });

  it('of nothing lets only what is free through', () => {
    const none = { max: 0, from: 'costs.max' };
    expect(capFindings('x', priced('aws_iam_role', 'aws_sqs_queue'), none)).toEqual([]);
    expect(capFindings('x', priced('aws_kms_key'), none)).toHaveLength(1);
  });
});

describe('assumed usage', () => {
  it('must be about a meter', () => {
    expect(unknownUsage({ aws_lambda_function: { requests: 1, gbSeconds: 2 } })).toBeNull();
    expect(unknownUsage({ aws_lambda_functions: { requests: 1 } })?.written).toBe('aws_lambda_functions');
    expect(unknownUsage({ aws_lambda_function: { request: 1 } })).toEqual({
      written: 'aws_lambda_function.request',
      known: ['aws_lambda_function.requests', 'aws_lambda_function.gbSeconds'],
    });
    expect(unknownUsage({ constructor: { requests: 1 } })?.written).toBe('constructor');
  });
});
