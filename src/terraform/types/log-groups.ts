import type { Json, JsonObject } from '../../transfer/json.ts';
import { holds } from './conditions.ts';
import type { ResourceTypeFacts } from './facts.ts';
import { isUnset, valueAt, valuesAt } from './paths.ts';

/**
 * Names of the log groups that the service makes by itself for a resource with these values, whether or not
 * something declares them. Empty where a value for a name is not known yet.
 */
export function servicesLogGroups(facts: ResourceTypeFacts, values: JsonObject): readonly string[] {
  const {
    servicesLogGroup: template,
    servicesLogGroupIf: condition,
    servicesLogGroupAttribute: instead,
  } = facts;
  if (template === undefined || (condition && !holds(values, condition))) return [];
  const named = instead === undefined ? undefined : valueAt(values, instead);
  if (typeof named === 'string' && named !== '') return [named];
  return expand(template, values);
}

/** One text for each combination of the values of the template's placeholders. */
function expand(template: string, values: JsonObject): readonly string[] {
  const [before, path, after] = split(template);
  if (path === null) return [before];
  const rests = expand(after, values);
  return valuesAt(values, path)
    .filter(isPart)
    .flatMap((value) => rests.map((rest) => `${before}${String(value)}${rest}`));
}

/** The text before the first `{path}`, the path, and what follows it. */
function split(template: string): [string, string | null, string] {
  const match = /^([^{]*)\{([^}]+)\}(.*)$/.exec(template);
  return match ? [match[1] ?? '', match[2] ?? '', match[3] ?? ''] : [template, null, ''];
}

function isPart(value: Json): value is string | number {
  return !isUnset(value) && (typeof value === 'string' || typeof value === 'number');
}
