/** Whether assumptions on usage are about something that is metered: a misspelt meter would be 0 and never noticed. */
import type { UsageAssumptions } from './model.ts';
import { usageMeters } from './rules/index.ts';

export interface UnknownUsage {
  /** As it is written: `aws_lambda_function` or `aws_lambda_function.requests`. */
  readonly written: string;
  /** What could be meant: types, or the meters of the type. */
  readonly known: readonly string[];
}

/** The first assumption that is about nothing; `null` if all are about something. */
export function unknownUsage(usage: UsageAssumptions): UnknownUsage | null {
  const meters = usageMeters();
  for (const [type, assumed] of Object.entries(usage)) {
    const known = Object.hasOwn(meters, type) ? meters[type] : undefined;
    if (known === undefined) return { written: type, known: Object.keys(meters).sort() };
    const strange = Object.keys(assumed).find((id) => !known.includes(id));
    if (strange !== undefined)
      return { written: `${type}.${strange}`, known: known.map((id) => `${type}.${id}`) };
  }
  return null;
}
