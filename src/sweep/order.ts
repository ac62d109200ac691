/** In which order things are removed, and what is held back where one of them stays. Pure. */
import type { FoundItem } from '../aws/adapter.ts';

/** The types before which each type has to be removed; `undefined` for types without an adapter. */
export type DependsOn = (type: string) => readonly string[] | undefined;

/**
 * Cuts the things into rounds: nothing in a round uses anything of an earlier one, so that what uses goes before
 * what is used. Within a round the order does not matter.
 */
export function removalRounds<T extends { readonly item: FoundItem }>(
  things: readonly T[],
  dependsOn: DependsOn,
): readonly (readonly T[])[] {
  const depths = new Map<string, number>();
  const depth = (type: string): number => {
    const before = depths.get(type);
    if (before !== undefined) return before;
    // Set first: a circle, which the contract of the adapters rules out, must not hang.
    depths.set(type, 0);
    const own = 1 + Math.max(-1, ...(dependsOn(type) ?? []).map(depth));
    depths.set(type, own);
    return own;
  };
  const rounds = new Map<number, T[]>();
  for (const thing of things) {
    const round = depth(thing.item.type);
    rounds.set(round, [...(rounds.get(round) ?? []), thing]);
  }
  return [...rounds.entries()].sort(([a], [b]) => b - a).map(([, round]) => round);
}

/**
 * The thing that stays and uses this one, or may: removing what it stands on would break it, and the service might
 * even allow it. Where neither says what it uses, the types decide.
 */
export function heldBackBy(
  item: FoundItem,
  staying: readonly FoundItem[],
  dependsOn: DependsOn,
): FoundItem | undefined {
  return staying.find((other) => {
    if (!reaches(other.type, item.type, dependsOn, new Set())) return false;
    if (other.uses === undefined && item.uses === undefined) return true;
    return names(other.uses ?? [], item) || names(item.uses ?? [], other);
  });
}

function reaches(from: string, to: string, dependsOn: DependsOn, seen: Set<string>): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  const next = dependsOn(from) ?? [];
  return next.includes(to) || next.some((type) => reaches(type, to, dependsOn, seen));
}

const names = (uses: readonly string[], { id, name, arn }: FoundItem): boolean =>
  uses.some((used) => used === id || used === name || used === arn);
