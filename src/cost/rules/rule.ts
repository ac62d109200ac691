/** How a type is priced. Rules say what to multiply; the prices stand in `prices/`. */
import type { TargetResource } from '../../proof/target.ts';
import { hoursPerMonth, quantity, rate } from '../money.ts';
import type { PriceKey, RateKey } from '../prices/model.ts';
import type { Reader } from '../reader.ts';

/** One product of the arithmetic. */
export interface Part {
  readonly amount: number;
  readonly text: string;
}

export interface RuleContext {
  /** @throws Unpriced where the table has no price for the region */
  price(key: PriceKey): number;
  /** Managed resources of the same side, for what is priced by another resource's attributes. */
  readonly all: readonly Reader[];
}

/** What is paid by use, and assumed to be 0 unless `UsageAssumptions` say otherwise. */
export interface Meter {
  /** Key in `UsageAssumptions`. */
  readonly id: string;
  /** Not given where no table has a rate. */
  readonly key?: RateKey;
  /** What is counted: "requests". */
  readonly unit: string;
  /** How many of them the rate is for; 1 if not given. */
  readonly per?: number;
}

/** The same, where the rate in the table is that of another variety. */
export const withoutRate = ({ id, unit }: Meter): Meter => ({ id, unit });

export type CostRule =
  | { readonly kind: 'free'; readonly why?: string }
  | { readonly kind: 'unpriced'; readonly reason: string }
  | {
      readonly kind: 'priced';
      /** Each part by itself, so that one that is unknown leaves the others standing. */
      readonly fixed?: (at: Reader, context: RuleContext) => readonly (() => Part)[];
      readonly meters?: readonly Meter[] | ((at: Reader) => readonly Meter[]);
      /** Every meter id there is, where the meters depend on the resource. */
      readonly meterIds?: readonly string[];
    };

export type CostRules = Readonly<Record<string, CostRule>>;

type Factor = readonly [value: number, unit?: string];

/** `times(context, 'aurora.acu', [0.5, 'ACU'], month)` is `0.5 ACU × 730 h × $0.20`. */
export function times(context: RuleContext, key: PriceKey, ...factors: readonly Factor[]): Part {
  const price = context.price(key);
  const shown = factors.map(([value, unit]) => (unit ? `${quantity(value)} ${unit}` : quantity(value)));
  return {
    amount: factors.reduce((product, [value]) => product * value, price),
    text: [...shown, rate(price)].join(' × '),
  };
}

/** Several products of one thing, where none is known without the others: `100 GB × $0.08 + 500 IOPS × $0.005`. */
export function together(...parts: readonly Part[]): Part {
  return {
    amount: parts.reduce((sum, { amount }) => sum + amount, 0),
    text: parts.map(({ text }) => text).join(' + '),
  };
}

/**
 * What a gp3 volume has beyond what comes with it. The provider fills in what nobody set: unknown means just that.
 * @returns 0 where it has no more
 */
export function beyond(at: Reader, path: string, included: number): number {
  return at.isUnknown(path) ? 0 : Math.max(0, at.number(path, included) - included);
}

export const month: Factor = [hoursPerMonth, 'h'];

/** "1 node", "2 nodes". */
export function some(count: number, noun: string, plural = `${noun}s`): Factor {
  return [count, count === 1 ? noun : plural];
}

/** The one resource of these types that this one can mean, where the reference itself is not known yet. */
export function onlyOne(
  context: RuleContext,
  from: TargetResource,
  types: readonly string[],
): Reader | undefined {
  const candidates = context.all.filter(({ resource }) => types.includes(resource.type));
  const near = candidates.filter(({ resource }) => resource.modulePath === from.modulePath);
  const among = near.length > 0 ? near : candidates;
  return among.length === 1 ? among[0] : undefined;
}
