import { resourceTypes } from '../../terraform/types/table.ts';
import { byUseRules } from './by-use.ts';
import { computeRules } from './compute.ts';
import { databaseRules } from './database.ts';
import { dynamodbRules } from './dynamodb.ts';
import { freeRules, isFreeByPrefix } from './free.ts';
import { monthlyRules } from './monthly.ts';
import { networkRules } from './network.ts';
import type { CostRule, CostRules } from './rule.ts';
import { unpricedRules } from './unpriced.ts';

/** By type. A type stands in one file only; a test holds that and that every type of the type table has a rule. */
export const costRuleSets: readonly CostRules[] = [
  databaseRules,
  dynamodbRules,
  computeRules,
  networkRules,
  monthlyRules,
  byUseRules,
  freeRules,
  unpricedRules,
];

const rules: ReadonlyMap<string, CostRule> = new Map(costRuleSets.flatMap((set) => Object.entries(set)));

export function ruleOf(type: string): CostRule | undefined {
  const rule = rules.get(type);
  if (rule) return rule;
  if (isFreeByPrefix(type)) return { kind: 'free' };
  // What only lives in the state, or on the machine that runs Terraform.
  if (resourceTypes.get(type)?.scope === 'local') return { kind: 'free', why: 'nothing in the cloud' };
  return undefined;
}

/** The meters that usage can be assumed for, by type: what `UsageAssumptions` may hold. */
export function usageMeters(): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const [type, rule] of rules) {
    if (rule.kind !== 'priced') continue;
    const fixedIds = typeof rule.meters === 'object' ? rule.meters.map(({ id }) => id) : [];
    const ids = rule.meterIds ?? fixedIds;
    if (ids.length > 0) found[type] = ids;
  }
  return found;
}
