import type { Describer } from '../describe.ts';

export const describers: readonly Describer[] = [];

const byType: ReadonlyMap<string, Describer> = new Map(describers.map((each) => [each.type, each]));

/** Who reads the type as Terraform's state would hold it; `null` where nobody can. */
export function describerOf(type: string): Describer | null {
  return byType.get(type) ?? null;
}
