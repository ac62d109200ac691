import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costDetails, costOf, overCap } from '../../src/cost/cost.ts';
import { dollars, rate, rounded, total } from '../../src/cost/money.ts';
import { bundledPrices } from '../../src/cost/prices/table.ts';
import { costOfOne, resource } from './build.ts';

const nat = (id: string, name = 'this') => resource('aws_nat_gateway', { id }, { name, action: 'present' });
const input = { region: 'ap-southeast-1', prices: bundledPrices };

describe('the delta', () => {
  it('counts all that the target has of its own', () => {
    const cost = costOf({
      ...input,
      target: [nat('nat-2'), resource('aws_kms_key')],
      source: [nat('nat-1')],
    });
    expect(cost).toMatchObject({ monthlyTotal: 44.07, monthlyDelta: 44.07, unknown: [] });
  });

  it('adds nothing for a NAT gateway that only the source has', () => {
    const cost = costOf({ ...input, target: [resource('aws_kms_key')], source: [nat('nat-1')] });
    expect(cost).toMatchObject({ monthlyTotal: 1, monthlyDelta: 1 });
    expect(cost.resources).toContainEqual({
      address: 'aws_nat_gateway.this',
      type: 'aws_nat_gateway',
      monthly: 0,
      basis: "the source's alone, $43.07 there: adds $0.00",
    });
  });

  it('adds nothing for the very thing that the source has', () => {
    const cost = costOf({ ...input, target: [nat('nat-1')], source: [nat('nat-1', 'main')] });
    expect(cost).toMatchObject({ monthlyTotal: 43.07, monthlyDelta: 0 });
    expect(cost.resources).toHaveLength(1);
    expect(cost.resources[0]?.basis).toContain("the source's too: adds $0.00");
  });

  it('does not take what will be made for what is there', () => {
    const planned = resource('aws_nat_gateway', {}, { unknown: { id: true } });
    const cost = costOf({ ...input, target: [planned], source: [nat('nat-1')] });
    expect(cost.monthlyDelta).toBe(43.07);
  });
});

describe('which resources count', () => {
  it('leaves out what goes away and what is only read', () => {
    const target = [
      resource('aws_kms_key', {}, { action: 'delete' }),
      { ...resource('aws_kms_key', {}, { name: 'read' }), mode: 'data' as const },
    ];
    expect(costOf({ ...input, target })).toMatchObject({ monthlyTotal: 0, resources: [], unknown: [] });
  });
});

describe('regions', () => {
  it('does not price a region that is not in the table', () => {
    expect(costOfOne([resource('aws_nat_gateway')], { region: 'eu-central-1' })).toEqual({
      cost: undefined,
      reason: 'there are no prices of eu-central-1 in the table',
    });
    expect(costOfOne([resource('aws_nat_gateway')], { region: null }).reason).toBe('its region is not known');
  });

  it('still knows what is free and what is idle there', () => {
    expect(costOfOne([resource('aws_iam_role')], { region: null }).cost?.monthly).toBe(0);
    expect(costOfOne([resource('aws_sqs_queue')], { region: 'eu-central-1' }).cost).toMatchObject({
      monthly: 0,
      basis: 'pay per use, taken as idle: 0 requests × a rate that is not in the table = $0.00',
    });
  });

  it('goes by the region of the resource where it has one', () => {
    const away = resource('aws_nat_gateway', { region: 'eu-west-1' });
    expect(costOfOne([away], { region: 'us-east-1' }).cost?.monthly).toBe(35.04);
  });

  it.each([
    // The figure of the original description, about $43, is that of us-east-1.
    ['us-east-1', 43.8, '0.5 ACU × 730 h × $0.12 = $43.80'],
    ['eu-west-1', 51.1, '0.5 ACU × 730 h × $0.14 = $51.10'],
    ['ap-southeast-1', 73, '0.5 ACU × 730 h × $0.20 = $73.00'],
  ])('half an ACU of Aurora in %s', (region, monthly, basis) => {
    const cluster = resource('aws_rds_cluster', {
      cluster_identifier: 'c',
      engine: 'aurora-mysql',
      serverlessv2_scaling_configuration: [{ min_capacity: 0.5 }],
    });
    const instance = resource('aws_rds_cluster_instance', {
      cluster_identifier: 'c',
      instance_class: 'db.serverless',
    });
    expect(costOfOne([instance, cluster], { region }).cost).toMatchObject({ monthly, basis });
  });
});

describe('a cap', () => {
  const cost = { monthlyDelta: 73.4, unknown: [] };

  it('is broken by a cent', () => {
    expect(overCap(cost, 73.4)).toEqual({ over: false, by: 0, uncertain: false });
    expect(overCap(cost, 73.39)).toEqual({ over: true, by: 0.01, uncertain: false });
  });

  it('cannot be vouched for while something is unknown', () => {
    expect(overCap({ ...cost, unknown: ['aws_msk_cluster.this'] }, 100)).toMatchObject({
      over: false,
      uncertain: true,
    });
  });
});

describe('money', () => {
  it('rounds to cents as people do', () => {
    expect([rounded(1.005), rounded(16.425), rounded(0.059 * 730)]).toEqual([1.01, 16.43, 43.07]);
    expect([dollars(1234.5), dollars(-0.4), rate(0.12), rate(0.0000166667), rate(1)]).toEqual([
      '$1,234.50',
      '-$0.40',
      '$0.12',
      '$0.0000166667',
      '$1.00',
    ]);
  });

  it('sums without the noise of binary fractions', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 })), (cents) => {
        expect(total(cents.map((cent) => cent / 100))).toBe(cents.reduce((sum, cent) => sum + cent, 0) / 100);
      }),
    );
  });
});

describe('any input', () => {
  const types = [
    'aws_instance',
    'aws_lb',
    'aws_rds_cluster',
    'aws_dynamodb_table',
    'aws_ecs_service',
    'aws_x_y',
  ];
  const values = fc.dictionary(
    fc.constantFrom(
      'instance_type',
      'subnets',
      'engine',
      'billing_mode',
      'launch_type',
      'read_capacity',
      'id',
    ),
    fc.jsonValue() as fc.Arbitrary<never>,
  );

  it('is priced, free or unknown, and never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), values, fc.boolean(), (type, attributes, unknown) => {
        const target = [resource(type, attributes, { unknown })];
        const { cost, reasons } = costDetails({ ...input, target });
        expect(cost.resources.length + cost.unknown.length).toBeGreaterThan(0);
        expect([...reasons.keys()]).toEqual(cost.unknown);
        expect(Number.isFinite(cost.monthlyTotal)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
