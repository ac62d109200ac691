import type { Json, JsonObject } from '../../transfer/json.ts';
import type { Condition, Expectation, ResourceTypeFacts, ReversalObstacle } from './facts.ts';
import { isUnset, valuesAt } from './paths.ts';

/**
 * True if one of the values at the condition's path is as expected. Nothing at the path counts as not set; a value
 * that is known only after the apply counts so too, because the settings asked about here are written as literals.
 */
export function holds(values: JsonObject, condition: Condition): boolean {
  const found = valuesAt(values, condition.attribute);
  return found.length === 0 ? fits(null, condition.when) : found.some((value) => fits(value, condition.when));
}

/** What would hinder the destroy of a resource with these values, or be left after it. */
export function obstaclesOf(facts: ResourceTypeFacts, values: JsonObject): readonly ReversalObstacle[] {
  return (facts.obstacles ?? []).filter(
    (obstacle) =>
      holds(values, obstacle) &&
      !(obstacle.unless && holds(values, { attribute: obstacle.unless.attribute, when: obstacle.unless.is })),
  );
}

function fits(value: Json, when: Expectation): boolean {
  if (when === 'absent') return isUnset(value);
  if (when === 'set') return !isUnset(value);
  if (typeof when !== 'object') return value === when;
  return 'not' in when ? value !== when.not : when.oneOf.some((one) => one === value);
}
