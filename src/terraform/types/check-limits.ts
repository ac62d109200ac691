import type { Json, JsonObject } from '../../transfer/json.ts';
import type { NameLimit, ResourceTypeFacts } from './facts.ts';
import { generatedSuffixLength } from './limits.ts';
import { isUnset, valueAt } from './paths.ts';

export interface LimitProblem {
  readonly attribute: string;
  readonly value: string;
  /** What is wrong, as a clause about the value: "has 70 characters, 64 are allowed". */
  readonly problem: string;
}

/** Every name of the resource, and prefix of one, that its service or the provider refuses. */
export function checkLimits(facts: ResourceTypeFacts, values: JsonObject): readonly LimitProblem[] {
  return facts.limits.flatMap((limit) => {
    const value = text(valueAt(values, limit.attribute));
    if (value !== null) return nameProblems(limit, value);
    const prefix = text(valueAt(values, `${limit.attribute}_prefix`));
    return prefix === null ? [] : prefixProblems(limit, prefix);
  });
}

function nameProblems(limit: NameLimit, value: string): LimitProblem[] {
  const { attribute, maxLength, minLength = 1, pattern, allowed, source } = limit;
  // Code points: what the services count, not UTF-16 units.
  const length = Array.from(value).length;
  const found: string[] = [];
  if (length > maxLength) found.push(`has ${length} characters, at most ${maxLength} are allowed`);
  if (length < minLength) found.push(`has ${length} characters, at least ${minLength} are needed`);
  if (pattern !== undefined && !whole(pattern).test(value)) {
    found.push(`is not allowed: ${allowed ?? `see ${source}`}`);
  }
  return found.map((problem) => ({ attribute, value, problem }));
}

/** A prefix is judged by its length, and by its characters with what the provider would append. */
function prefixProblems(limit: NameLimit, prefix: string): LimitProblem[] {
  const attribute = `${limit.attribute}_prefix`;
  const maxLength = limit.maxPrefixLength ?? limit.maxLength - generatedSuffixLength;
  const found: LimitProblem[] = [];
  const length = Array.from(prefix).length;
  if (length > maxLength) {
    found.push({
      attribute,
      value: prefix,
      problem: `has ${length} characters, at most ${maxLength} are allowed before what Terraform appends`,
    });
  }
  if (
    limit.pattern !== undefined &&
    !whole(limit.pattern).test(`${prefix}${'0'.repeat(generatedSuffixLength)}`)
  ) {
    found.push({
      attribute,
      value: prefix,
      problem: `is not allowed: ${limit.allowed ?? `see ${limit.source}`}`,
    });
  }
  return found;
}

/** Case is the pattern's own matter; `u` so that a character outside the BMP is one. */
function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 'u');
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' && !isUnset(value) ? value : null;
}
