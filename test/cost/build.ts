/** Small inputs for the costs: a resource with a few values, and prices that are easy to calculate with. */
import { costDetails } from '../../src/cost/cost.ts';
import type { CostInput, ResourceCost } from '../../src/cost/model.ts';
import { bundledPrices } from '../../src/cost/prices/table.ts';
import type { TargetResource } from '../../src/proof/target.ts';
import type { Json, JsonObject } from '../../src/transfer/json.ts';

export function resource(
  type: string,
  values: JsonObject = {},
  more: { name?: string; unknown?: Json; action?: TargetResource['action']; modulePath?: string } = {},
): TargetResource {
  const { name = 'this', unknown = false, action = 'create', modulePath = '' } = more;
  const prefix = modulePath === '' ? '' : `module.${modulePath}.`;
  const address = `${prefix}${type}.${name}`;
  return {
    address,
    mode: 'managed',
    type,
    name,
    modulePath,
    action,
    values,
    unknown,
    isSensitive: () => false,
  };
}

type Options = Partial<Pick<CostInput, 'region' | 'regionIsGiven' | 'usage' | 'source' | 'prices'>>;

export interface Outcome {
  /** Undefined where nothing of it is priced. */
  readonly cost: ResourceCost | undefined;
  readonly reason: string | undefined;
}

/** What the first of these resources costs; the others are there to be looked at. */
export function costOfOne(resources: readonly TargetResource[], options: Options = {}): Outcome {
  const { cost, reasons } = costDetails({
    target: resources,
    region: 'us-east-1',
    prices: bundledPrices,
    ...options,
  });
  const address = resources[0]?.address ?? '';
  return { cost: cost.resources.find((one) => one.address === address), reason: reasons.get(address) };
}
