/** What the resources of a plan or a state cost in a month, each with its arithmetic. */
import type { TargetResource } from '../proof/target.ts';
import { dollars, quantity, rate, rounded, total } from './money.ts';
import type { Cost, CostDetails, CostInput, ResourceCost, UsageAssumptions } from './model.ts';
import { type PriceKey, priceOf, unitOf } from './prices/model.ts';
import { createReader, type Reader, Unpriced } from './reader.ts';
import { ruleOf } from './rules/index.ts';
import type { CostRule, Meter, Part, RuleContext } from './rules/rule.ts';

type Estimate = Pick<CostInput, 'region' | 'regionIsGiven' | 'prices' | 'usage' | 'onPrice'>;

/** What one resource costs. `monthly` is null where nothing of it is known. */
interface Verdict {
  readonly monthly: number | null;
  readonly basis: string;
  readonly unknown: readonly string[];
}

const gone: ReadonlySet<TargetResource['action']> = new Set(['delete', 'forget', 'read']);

const readers = (resources: readonly TargetResource[]): Reader[] =>
  resources.filter(({ mode, action }) => mode === 'managed' && !gone.has(action)).map(createReader);

function reasonOf(error: unknown): string {
  if (error instanceof Unpriced) return error.message;
  throw error;
}

/** Runs what may not be priced; what it cannot say goes to `unknown`. */
function attempt<T>(read: () => T, unknown: string[]): T | undefined {
  try {
    return read();
  } catch (error) {
    unknown.push(reasonOf(error));
    return undefined;
  }
}

/** From version 6 on the provider lets each resource say its own region; of what is there the ARN tells it. */
function regionFor({ resource: { values } }: Reader, { region, regionIsGiven }: Estimate): string | null {
  const { region: own, arn } = values;
  if (typeof own === 'string' && own !== '') return own;
  if (regionIsGiven === true) return region;
  const told = typeof arn === 'string' && arn.startsWith('arn:') ? arn.split(':')[3] : undefined;
  return told === undefined || told === '' ? region : told;
}

function contextOf(at: Reader, all: readonly Reader[], estimate: Estimate): RuleContext {
  const { prices, onPrice } = estimate;
  const where = regionFor(at, estimate);
  return {
    all,
    price(key: PriceKey): number {
      if (where === null) throw new Unpriced('its region is not known');
      onPrice?.(where, key);
      if (!Object.hasOwn(prices.regions, where))
        throw new Unpriced(`there are no prices of ${where} in the table`);
      const price = priceOf(prices, where, key);
      if (!price) throw new Unpriced(`there is no price of ${key} in ${where} in the table`);
      return price.usd;
    },
  };
}

interface Metered {
  readonly parts: readonly Part[];
  /** Rates of what is taken as 0. */
  readonly idle: readonly string[];
}

function metered(
  meters: readonly Meter[],
  assumed: UsageAssumptions[string],
  context: RuleContext,
  unknown: string[],
): Metered {
  const parts: Part[] = [];
  const idle: string[] = [];
  for (const { id, key, unit, per = 1 } of meters) {
    const count = (Object.hasOwn(assumed, id) ? assumed[id] : undefined) ?? 0;
    const problems: string[] = [];
    const price = attempt(() => {
      if (key === undefined) throw new Unpriced(`there is no rate for ${unit} in the table`);
      return { usd: context.price(key), per: per === 1 ? '' : ` per ${unitOf(key)}` };
    }, problems);
    // Nothing times a rate that is not known still is nothing.
    if (count > 0) unknown.push(...problems);
    const shown = price ? `${rate(price.usd)}${price.per}` : 'a rate that is not in the table';
    const text = `${quantity(count)} ${unit} × ${shown}`;
    if (count === 0) idle.push(text);
    else if (price) parts.push({ amount: (count / per) * price.usd, text });
  }
  return { parts, idle };
}

function describe(parts: readonly Part[], idle: readonly string[], monthly: number): string {
  const sum = `${parts.map(({ text }) => text).join(' + ')} = ${dollars(monthly)}`;
  if (idle.length === 0) return parts.length === 0 ? 'free' : sum;
  if (parts.length === 0) return `pay per use, taken as idle: ${idle.join(' + ')} = ${dollars(0)}`;
  return `${sum}; by use, taken as none: ${idle.join(', ')}`;
}

function judge(rule: CostRule, at: Reader, context: RuleContext, usage: UsageAssumptions): Verdict {
  if (rule.kind === 'free') {
    return { monthly: 0, basis: rule.why === undefined ? 'free' : `free: ${rule.why}`, unknown: [] };
  }
  if (rule.kind === 'unpriced') return { monthly: null, basis: '', unknown: [rule.reason] };
  const unknown: string[] = [];
  const { type } = at.resource;
  const parts = (attempt(() => rule.fixed?.(at, context) ?? [], unknown) ?? []).flatMap(
    (part) => attempt(part, unknown) ?? [],
  );
  const meters = attempt(
    () => (typeof rule.meters === 'function' ? rule.meters(at) : (rule.meters ?? [])),
    unknown,
  );
  const assumed = Object.hasOwn(usage, type) ? usage[type] : undefined;
  const used = metered(meters ?? [], assumed ?? {}, context, unknown);
  const all = [...parts, ...used.parts];
  if (unknown.length > 0 && all.length === 0) return { monthly: null, basis: '', unknown };
  const monthly = rounded(all.reduce((sum, { amount }) => sum + amount, 0));
  const basis = describe(all, used.idle, monthly);
  return { monthly, basis: unknown.length > 0 ? `${basis}; without what is unknown` : basis, unknown };
}

function judgeAll(
  resources: readonly Reader[],
  estimate: Estimate,
  quoted?: CostInput['quoted'],
): Map<Reader, Verdict> {
  const verdicts = new Map<Reader, Verdict>();
  for (const at of resources) {
    const quote = quoted?.get(at.resource.address);
    if (quote) {
      verdicts.set(at, { ...quote, unknown: [] });
      continue;
    }
    const rule = ruleOf(at.resource.type) ?? {
      kind: 'unpriced' as const,
      reason: `nothing is known of what ${at.resource.type} costs`,
    };
    verdicts.set(at, judge(rule, at, contextOf(at, resources, estimate), estimate.usage ?? {}));
  }
  return verdicts;
}

/** What tells a thing that is there from every other: made anew, it has none of these yet. */
function identitiesOf({ resource }: Reader): string[] {
  const { type, values } = resource;
  return [values['arn'], values['id']].flatMap((value) =>
    typeof value === 'string' && value !== '' ? [`${type} ${value}`] : [],
  );
}

const withoutKeys = (address: string): string => address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '');

/** What costs in the source and has no counterpart in the target: the target uses it, or does without. */
function sourceOnly(
  source: ReadonlyMap<Reader, Verdict>,
  target: readonly Reader[],
  taken: ReadonlySet<string>,
): ResourceCost[] {
  const own = new Set(target.map(({ resource }) => withoutKeys(resource.address)));
  return [...source].flatMap(([at, { monthly }]) => {
    const { address, type } = at.resource;
    if (monthly === null || monthly === 0 || own.has(withoutKeys(address))) return [];
    if (identitiesOf(at).some((identity) => taken.has(identity))) return [];
    return [
      {
        address,
        type,
        monthly: 0,
        basis: `the source's alone, ${dollars(monthly)} there: adds ${dollars(0)}`,
      },
    ];
  });
}

/** `undefined` where there is nothing to compare with: figures of two kinds have no difference that means anything. */
function costBefore(input: CostInput): number | undefined {
  const before = readers(input.before ?? []);
  if (before.length === 0 || input.quoted !== undefined) return undefined;
  return total([...judgeAll(before, input).values()].map(({ monthly }) => monthly ?? 0));
}

/** `costOf`, with the reasons for what is unknown. */
export function costDetails(input: CostInput): CostDetails {
  const target = readers(input.target);
  const source = judgeAll(readers(input.source ?? []), input);
  const ofSource = new Set([...source.keys()].flatMap(identitiesOf));
  const ofTarget = new Set(target.flatMap(identitiesOf));
  const resources: ResourceCost[] = [];
  const added: number[] = [];
  const reasons = new Map<string, string>();
  for (const [at, { monthly, basis, unknown }] of judgeAll(target, input, input.quoted)) {
    const { address, type } = at.resource;
    if (unknown.length > 0) reasons.set(address, unknown.join('; '));
    if (monthly === null) continue;
    const shared = identitiesOf(at).some((identity) => ofSource.has(identity));
    if (!shared) added.push(monthly);
    resources.push({
      address,
      type,
      monthly,
      basis: shared && monthly > 0 ? `${basis}; the source's too: adds ${dollars(0)}` : basis,
    });
  }
  const monthlyTotal = total(resources.map(({ monthly }) => monthly));
  const before = costBefore(input);
  const cost: Cost = {
    currency: 'USD',
    monthlyTotal,
    monthlyDelta: total(added),
    ...(before === undefined ? {} : { monthlyChange: total([monthlyTotal, -before]) }),
    resources: [...resources, ...sourceOnly(source, target, ofTarget)],
    unknown: [...reasons.keys()],
  };
  return { cost, reasons };
}

/** Monthly cost of the target, and what it adds to the source. Pure: the same input, the same figures. */
export function costOf(input: CostInput): Cost {
  return costDetails(input).cost;
}

/** How a cost stands to a cap. */
export interface CapVerdict {
  readonly over: boolean;
  /** By how much, in US dollars; 0 where it is not over. */
  readonly by: number;
  /** Something is unknown, so that a cost under the cap may be over it all the same. */
  readonly uncertain: boolean;
}

/** Whether what the target adds is more than may be spent on it in a month. */
export function overCap(cost: Pick<Cost, 'monthlyDelta' | 'unknown'>, max: number): CapVerdict {
  const by = total([cost.monthlyDelta, -max]);
  return { over: by > 0, by: Math.max(0, by), uncertain: cost.unknown.length > 0 };
}
