/** What a sweep hands over: what was looked at, what was found, what became of it, what could not be read. */
import type { FoundItem } from '../aws/adapter.ts';
import type { Sign } from './classify.ts';

/** One kind of thing in one region. */
export interface LookedAt {
  readonly service: string;
  readonly type: string;
  readonly region: string;
  /** How many there are, whoever they belong to. */
  readonly seen: number;
}

export interface Unreadable {
  readonly service: string;
  readonly type: string;
  readonly region: string;
  readonly reason: string;
  /** The IAM action that lacks, if that is the reason. */
  readonly permission: string | null;
}

/** Where a thing stands. `pending` is on its way out by itself: nothing is left to do. */
export type FoundState = 'found' | 'pending' | 'removed' | 'refused' | 'held-back' | 'failed';

export interface Found {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly arn: string | null;
  readonly region: string;
  readonly verdict: 'ours' | 'derived' | 'suspected';
  /** Why it counts as that. */
  readonly reason: string;
  readonly state: FoundState;
  /** Until when it is on its way out, or why it is still there. */
  readonly detail: string | null;
}

export interface SweepReceipt {
  readonly environment: string;
  readonly mode: 'look' | 'delete';
  /** True only if nothing of the environment is left, nothing looks like it, and everything could be read. */
  readonly clean: boolean;
  readonly looked: readonly LookedAt[];
  /** Of the environment, by its tag, its record, or derived from that. */
  readonly found: readonly Found[];
  /** Looks alike, or points at something of the environment: never removed without being named. */
  readonly suspected: readonly Found[];
  readonly removed: readonly Found[];
  /** Of the environment, and still there. */
  readonly left: readonly Found[];
  readonly unreadable: readonly Unreadable[];
}

/** A thing with where it is and whose, as it is carried through a sweep. */
export interface SweepThing {
  readonly item: FoundItem;
  readonly region: string;
  readonly verdict: Found['verdict'];
  readonly reason: string;
  /** What told it. */
  readonly by?: Sign | undefined;
}

export function toFound(thing: SweepThing, state: FoundState, detail: string | null): Found {
  const { item, region, verdict, reason } = thing;
  return {
    type: item.type,
    id: item.id,
    name: item.name,
    arn: item.arn ?? null,
    region,
    verdict,
    reason,
    state,
    detail,
  };
}

/** What stands in the way of calling it clean. */
const isOpen = ({ state }: Found): boolean => state !== 'removed' && state !== 'pending';

export function makeReceipt(
  environment: string,
  mode: SweepReceipt['mode'],
  looked: readonly LookedAt[],
  things: readonly Found[],
  unreadable: readonly Unreadable[],
): SweepReceipt {
  const left = things.filter((each) => each.verdict !== 'suspected' && isOpen(each));
  const suspected = things.filter(({ verdict }) => verdict === 'suspected');
  return {
    environment,
    mode,
    clean: left.length === 0 && !suspected.some(isOpen) && unreadable.length === 0,
    looked,
    found: things.filter(({ verdict }) => verdict !== 'suspected'),
    suspected,
    removed: things.filter(({ state }) => state === 'removed'),
    left,
    unreadable,
  };
}
