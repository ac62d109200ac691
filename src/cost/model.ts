import type { TargetResource } from '../proof/target.ts';
import type { PriceKey, PriceTable } from './prices/model.ts';

export interface ResourceCost {
  readonly address: string;
  readonly type: string;
  /** US dollars in a month of 730 hours, rounded to cents. */
  readonly monthly: number;
  /** The arithmetic in words: `0.5 ACU × 730 h × $0.20 = $73.00`. */
  readonly basis: string;
}

export interface Cost {
  readonly currency: 'USD';
  /** All that the target has, of what could be priced. */
  readonly monthlyTotal: number;
  /** What the target adds to what the source costs already: all its own resources, nothing for what it shares. */
  readonly monthlyDelta: number;
  /** By how much the plan changes what a target costs that is there already; negative where it saves. */
  readonly monthlyChange?: number;
  readonly resources: readonly ResourceCost[];
  /** Addresses whose price, or a part of it, is not known. They are never counted as zero. */
  readonly unknown: readonly string[];
}

/** What somebody else says that a resource costs: it counts instead of our own reckoning. */
export type QuotedCost = Pick<ResourceCost, 'monthly' | 'basis'>;

/** `Cost`, and why the unknown is unknown: for people. */
export interface CostDetails {
  readonly cost: Cost;
  /** By address. */
  readonly reasons: ReadonlyMap<string, string>;
}

/**
 * What one resource of a type is assumed to do in a month, by the id of the meter: `{ aws_lambda_function: {
 * requests: 1_000_000 } }`. What is not given is 0: an environment that lies idle. `usageMeters` lists the ids.
 */
export type UsageAssumptions = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface CostInput {
  /** Managed resources of the target, planned or there. */
  readonly target: readonly TargetResource[];
  /** The same of the source: what both have in common is shared, and adds nothing. */
  readonly source?: readonly TargetResource[];
  /** What the target has before the plan is applied; none where it is yet to be made. */
  readonly before?: readonly TargetResource[];
  readonly region: string | null;
  /** Somebody said that region: then no ARN says another. */
  readonly regionIsGiven?: boolean;
  readonly prices: PriceTable;
  readonly usage?: UsageAssumptions;
  /** Of the target, by address. */
  readonly quoted?: ReadonlyMap<string, QuotedCost>;
  /** Told of every price that is looked for, whether the table has it or not. */
  readonly onPrice?: (region: string, key: PriceKey) => void;
}
