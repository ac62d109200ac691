/** The costs of what the real terraform wrote for examples/daily-report, worked out by hand. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { costDetails } from '../../src/cost/cost.ts';
import type { CostDetails } from '../../src/cost/model.ts';
import { bundledPrices } from '../../src/cost/prices/table.ts';
import { fromState, managedIn, targetOf, type TargetResource } from '../../src/proof/target.ts';
import { costBlocks } from '../../src/report/cost.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { parsePlan } from '../../src/terraform/plan.ts';
import { parseState } from '../../src/terraform/state.ts';

const golden = (name: string): Promise<string> =>
  readFile(join(import.meta.dirname, '..', 'golden', 'daily-report', name), 'utf8');

let plan: readonly TargetResource[];
let state: readonly TargetResource[];
let dev: readonly TargetResource[];
let details: CostDetails;

beforeAll(async () => {
  plan = targetOf({
    target: { plan: parsePlan(await golden('feature-auth.plan.json')), state: null },
  }).managed;
  state = targetOf({
    target: { plan: null, state: parseState(await golden('feature-auth.state.json')) },
  }).managed;
  dev = managedIn(parseState(await golden('dev.state.json'))).map((resource) => fromState(resource));
  details = costDetails({ target: plan, source: dev, region: 'ap-southeast-1', prices: bundledPrices });
});

const basisOf = ({ cost }: CostDetails, address: string): string | undefined =>
  cost.resources.find((resource) => resource.address === address)?.basis;

describe('feature-auth of the daily report, planned', () => {
  it('adds half an ACU of Aurora and a secret: 73.00 + 0.40', () => {
    const { cost } = details;
    expect(cost).toMatchObject({ currency: 'USD', monthlyTotal: 73.4, monthlyDelta: 73.4, unknown: [] });
    expect(cost.resources).toHaveLength(48);
    expect(cost.resources.filter(({ monthly }) => monthly > 0)).toEqual([
      {
        address: 'aws_rds_cluster_instance.aurora[0]',
        type: 'aws_rds_cluster_instance',
        monthly: 73,
        basis: '0.5 ACU × 730 h × $0.20 = $73.00',
      },
      {
        address: 'aws_secretsmanager_secret.bot_settings',
        type: 'aws_secretsmanager_secret',
        monthly: 0.4,
        basis: '1 secret × $0.40 = $0.40',
      },
    ]);
  });

  it('would cost what the original description says at the prices of us-east-1', () => {
    const { cost } = costDetails({ target: plan, source: dev, region: 'us-east-1', prices: bundledPrices });
    expect(cost.monthlyDelta).toBe(44.2);
    expect(cost.resources.find(({ type }) => type === 'aws_rds_cluster_instance')?.basis).toBe(
      '0.5 ACU × 730 h × $0.12 = $43.80',
    );
  });

  it('takes what is paid by use as idle, and says at which rates', () => {
    expect(basisOf(details, 'aws_lambda_function.line_bot')).toBe(
      'pay per use, taken as idle: 0 requests × $0.20 per million requests + 0 GB-seconds × $0.0000133334 = $0.00',
    );
    expect(basisOf(details, 'aws_cloudwatch_log_group.workflow')).toBe(
      'pay per use, taken as idle: 0 GB ingested × $0.70 + 0 GB stored × $0.03 = $0.00',
    );
    expect(basisOf(details, 'aws_rds_cluster.aurora[0]')).toBe(
      'pay per use, taken as idle: 0 GB stored × $0.11 + 0 I/O requests × $0.22 per million I/O requests = $0.00',
    );
    expect(basisOf(details, 'aws_dynamodb_table.watchlist')).toMatch(
      /^pay per use, taken as idle: .* = \$0\.00$/,
    );
    expect(basisOf(details, 'aws_iam_role.workflow')).toBe('free');
  });

  it('costs the same once it is there', () => {
    const applied = costDetails({
      target: state,
      source: dev,
      region: 'ap-southeast-1',
      prices: bundledPrices,
    });
    expect(applied.cost).toMatchObject({ monthlyTotal: 73.4, monthlyDelta: 73.4, unknown: [] });
  });

  it('adds nothing where both are the same things', () => {
    const same = costDetails({ target: dev, source: dev, region: 'ap-southeast-1', prices: bundledPrices });
    expect(same.cost).toMatchObject({ monthlyTotal: 73.4, monthlyDelta: 0 });
  });

  it('reads as a table of what costs', () => {
    const text = toMarkdown(costBlocks(details.cost, { reasons: details.reasons })).replaceAll('&#36;', '$');
    expect(text).toContain('0.5 ACU × 730 h × $0.20 = $73.00');
    expect(text).toContain('In all $73.40 a month (730 hours); added to what the source costs: $73.40.');
    expect(text).not.toContain('aws_iam_role.workflow');
  });
});
