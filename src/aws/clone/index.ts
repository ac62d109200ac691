import type { Cloner } from '../clone.ts';

export const cloners: readonly Cloner[] = [];

const byType: ReadonlyMap<string, Cloner> = new Map(cloners.map((each) => [each.type, each]));

/** Who makes a thing of the type; `null` where the direct engine cannot copy it. */
export function clonerOf(type: string): Cloner | null {
  return byType.get(type) ?? null;
}
